"""The official Python client against the server KUBECONFIG names.

Says "ok NAME" or "FAIL NAME why" for each thing it tried.
"""

import logging
import sys
import tempfile
import threading
import time
import traceback

from kubernetes import client, config, dynamic, utils, watch
from kubernetes.client.rest import ApiException
from kubernetes.informer import SharedInformer
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.configmaplock import ConfigMapLock
from kubernetes.stream import portforward, stream

PATIENCE_SECONDS = 30
WEB_PORT = 8080
GROUP = "python.interop.test"


class Failed(Exception):
    """Something is not as it should be."""


def expect(what, got, want):
    if got != want:
        raise Failed(f"{what}: got {got!r}, want {want!r}")


def refused(status, ask, *arguments, **options):
    """Asks for what has to be refused, and answers the refusal."""
    try:
        ask(*arguments, **options)
    except ApiException as refusal:
        expect("status code", refusal.status, status)
        return refusal
    raise Failed(f"was not refused with {status}")


def eventually(what, is_so):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise Failed(f"never happened: {what}")
        time.sleep(0.05)


def is_gone(ask, *arguments):
    def look():
        try:
            ask(*arguments)
        except ApiException as refusal:
            if refusal.status == 404:
                return True
            raise
        return False

    return look


def config_map(name, data=None, labels=None):
    metadata = client.V1ObjectMeta(name=name, labels=labels)
    return client.V1ConfigMap(metadata=metadata, data=data)


def check_discovery(namespace):
    expect("version", client.VersionApi().get_code().minor, "36")
    groups = {group.name for group in client.ApisApi().get_api_versions().groups}
    expect("groups", {"apps", "batch", "rbac.authorization.k8s.io"} <= groups, True)
    names = {each.name for each in client.CoreV1Api().get_api_resources().resources}
    expect("resources", {"pods", "pods/exec", "nodes"} <= names, True)


def check_crud(namespace):
    core = client.CoreV1Api()
    core.create_namespaced_config_map(namespace, config_map("one", {"a": "1"}))
    refusal = refused(
        409, core.create_namespaced_config_map, namespace, config_map("one")
    )
    expect("reason", "AlreadyExists" in refusal.body, True)
    read = core.read_namespaced_config_map("one", namespace)
    read.data["b"] = "2"
    written = core.replace_namespaced_config_map("one", namespace, read)
    refused(409, core.replace_namespaced_config_map, "one", namespace, read)
    expect("data", written.data, {"a": "1", "b": "2"})
    listed = core.list_namespaced_config_map(
        namespace, field_selector="metadata.name=one"
    )
    expect("listed", [each.metadata.uid for each in listed.items], [read.metadata.uid])
    expect(
        "deleted",
        core.delete_namespaced_config_map("one", namespace).status,
        "Success",
    )
    refused(404, core.read_namespaced_config_map, "one", namespace)


def check_pages(namespace):
    core = client.CoreV1Api()
    for number in range(5):
        core.create_namespaced_config_map(
            namespace, config_map(f"page-{number}", labels={"paged": "yes"})
        )
    names, token = [], None
    while True:
        page = core.list_namespaced_config_map(
            namespace, label_selector="paged=yes", limit=2, _continue=token
        )
        names += [each.metadata.name for each in page.items]
        token = page.metadata._continue
        if not token:
            break
    expect("all pages", names, [f"page-{number}" for number in range(5)])


def check_patches(namespace):
    core = client.CoreV1Api()
    core.create_namespaced_config_map(namespace, config_map("one", {"a": "1"}))
    core.patch_namespaced_config_map("one", namespace, {"data": {"b": "2"}})
    steps = [
        {"op": "test", "path": "/data/a", "value": "1"},
        {"op": "remove", "path": "/data/a"},
    ]
    core.patch_namespaced_config_map("one", namespace, steps)
    applied = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"c": "3"}}
    after = core.patch_namespaced_config_map(
        "one",
        namespace,
        applied,
        field_manager="interop",
        _content_type="application/apply-patch+yaml",
    )
    expect("data", after.data, {"b": "2", "c": "3"})
    managers = {each.manager: each.operation for each in after.metadata.managed_fields}
    expect("managers", managers.get("interop"), "Apply")


def check_watch(namespace):
    core = client.CoreV1Api()
    core.create_namespaced_config_map(namespace, config_map("one"))
    core.delete_namespaced_config_map("one", namespace)
    version = core.list_namespaced_config_map(namespace).metadata.resource_version
    core.create_namespaced_config_map(namespace, config_map("two"))
    core.patch_namespaced_config_map("two", namespace, {"data": {"a": "1"}})
    core.delete_namespaced_config_map("two", namespace)
    seen = []
    for event in watch.Watch().stream(
        core.list_namespaced_config_map,
        namespace,
        resource_version=version,
        field_selector="metadata.name=two",
        timeout_seconds=2,
    ):
        seen.append((event["type"], event["object"].metadata.name))
    expect(
        "events", seen, [("ADDED", "two"), ("MODIFIED", "two"), ("DELETED", "two")]
    )


def check_watch_of_the_past(namespace):
    core = client.CoreV1Api()
    stream_of = watch.Watch().stream(
        core.list_namespaced_config_map,
        namespace,
        resource_version="999999999",
        timeout_seconds=1,
    )
    try:
        for _event in stream_of:
            raise Failed("an event of the future")
    except ApiException as refusal:
        expect("too large a version", refusal.status in (410, 504), True)


def check_informer(namespace):
    core = client.CoreV1Api()
    core.create_namespaced_config_map(namespace, config_map("before"))
    informer = SharedInformer(core.list_namespaced_config_map, namespace=namespace)
    informer.start()
    try:
        names = lambda: {each.metadata.name for each in informer.cache.list()}
        eventually("what was there is known", lambda: "before" in names())
        core.create_namespaced_config_map(namespace, config_map("after"))
        core.delete_namespaced_config_map("before", namespace)
        eventually(
            "what happens is known",
            lambda: "after" in names() and "before" not in names(),
        )
    finally:
        informer.stop()


def check_dynamic(namespace):
    anything = dynamic.DynamicClient(client.ApiClient())
    deployments = anything.resources.get(api_version="apps/v1", kind="Deployment")
    expect("plural", deployments.name, "deployments")
    maps = anything.resources.get(api_version="v1", kind="ConfigMap")
    body = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "one"},
        "data": {"a": "1"},
    }
    maps.create(body=body, namespace=namespace)
    body["data"]["a"] = "2"
    maps.server_side_apply(
        body=body, namespace=namespace, field_manager="interop", force_conflicts=True
    )
    expect("applied", maps.get(name="one", namespace=namespace).data.a, "2")
    for event in maps.watch(namespace=namespace, name="one", timeout=2):
        expect("watched", event["object"].metadata.name, "one")
        break
    maps.delete(name="one", namespace=namespace)


def definition():
    size = client.V1JSONSchemaProps(type="integer", minimum=1, default=3)
    spec = client.V1JSONSchemaProps(type="object", properties={"size": size})
    whole = client.V1JSONSchemaProps(type="object", properties={"spec": spec})
    version = client.V1CustomResourceDefinitionVersion(
        name="v1",
        served=True,
        storage=True,
        schema=client.V1CustomResourceValidation(open_apiv3_schema=whole),
    )
    names = client.V1CustomResourceDefinitionNames(
        plural="gadgets", singular="gadget", kind="Gadget"
    )
    return client.V1CustomResourceDefinition(
        metadata=client.V1ObjectMeta(name=f"gadgets.{GROUP}"),
        spec=client.V1CustomResourceDefinitionSpec(
            group=GROUP, names=names, scope="Namespaced", versions=[version]
        ),
    )


def check_custom_resources(namespace):
    definitions = client.ApiextensionsV1Api()
    name = f"gadgets.{GROUP}"
    definitions.create_custom_resource_definition(definition())
    try:
        eventually(
            "the kind is established",
            lambda: any(
                each.type == "Established" and each.status == "True"
                for each in definitions.read_custom_resource_definition(
                    name
                ).status.conditions
                or []
            ),
        )
        use_gadgets(namespace)
    finally:
        definitions.delete_custom_resource_definition(name)
    eventually(
        "the kind is gone", is_gone(definitions.read_custom_resource_definition, name)
    )


def use_gadgets(namespace):
    custom = client.CustomObjectsApi()
    of_gadgets = (GROUP, "v1", namespace, "gadgets")
    gadget = {
        "apiVersion": f"{GROUP}/v1",
        "kind": "Gadget",
        "metadata": {"name": "one"},
        "spec": {},
    }
    made = custom.create_namespaced_custom_object(*of_gadgets, gadget)
    expect("default", made["spec"]["size"], 3)
    refused(
        422,
        custom.patch_namespaced_custom_object,
        *of_gadgets,
        "one",
        {"spec": {"size": 0}},
    )
    custom.patch_namespaced_custom_object(*of_gadgets, "one", {"spec": {"size": 4}})
    listed = custom.list_namespaced_custom_object(*of_gadgets)
    expect("listed", [each["spec"]["size"] for each in listed["items"]], [4])


def check_leader_election(namespace):
    led = threading.Event()

    def lead():
        led.set()

    lock = ConfigMapLock("leader", namespace, "interop")
    settings = electionconfig.Config(
        lock,
        lease_duration=17,
        renew_deadline=15,
        retry_period=1,
        onstarted_leading=lead,
        onstopped_leading=lambda: None,
    )
    run = leaderelection.LeaderElection(settings).run
    threading.Thread(target=run, daemon=True).start()
    expect("leads", led.wait(PATIENCE_SECONDS), True)


MANIFESTS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: from-yaml}
data: {a: "1"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: from-yaml}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
"""


def check_create_from_yaml(namespace):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(MANIFESTS)
        file.flush()
        utils.create_from_yaml(client.ApiClient(), file.name, namespace=namespace)
        try:
            utils.create_from_yaml(client.ApiClient(), file.name, namespace=namespace)
            raise Failed("made twice")
        except utils.FailToCreateError as refusal:
            reasons = {each.status for each in refusal.api_exceptions}
            expect("second time", reasons, {409})
    deployment = client.AppsV1Api().read_namespaced_deployment("from-yaml", namespace)
    expect("replicas", deployment.spec.replicas, 0)


def running_pod(namespace):
    """The example application, once it serves."""
    core = client.CoreV1Api()
    eventually(
        "there is a default service account",
        lambda: any(
            each.metadata.name == "default"
            for each in core.list_namespaced_service_account(namespace).items
        ),
    )
    ip = client.V1EnvVar(
        name="POD_IP",
        value_from=client.V1EnvVarSource(
            field_ref=client.V1ObjectFieldSelector(field_path="status.podIP")
        ),
    )
    probe = client.V1Probe(
        period_seconds=1,
        http_get=client.V1HTTPGetAction(path="/healthz", port=WEB_PORT),
    )
    container = client.V1Container(
        name="web", image="web:1", env=[ip], readiness_probe=probe
    )
    core.create_namespaced_pod(
        namespace,
        client.V1Pod(
            metadata=client.V1ObjectMeta(name="web"),
            spec=client.V1PodSpec(
                containers=[container], termination_grace_period_seconds=1
            ),
        ),
    )
    for event in watch.Watch().stream(
        core.list_namespaced_pod, namespace, timeout_seconds=PATIENCE_SECONDS
    ):
        conditions = event["object"].status.conditions or []
        if any(each.type == "Ready" and each.status == "True" for each in conditions):
            return core
    raise Failed("the pod was never ready")


def check_pod_log(namespace):
    core = running_pod(namespace)
    # Read as it came: this client decodes a text as it would write bytes in a program.
    log = core.read_namespaced_pod_log("web", namespace, _preload_content=False)
    expect("log", log.data.startswith(b"listening on"), True)


def check_exec(namespace):
    core = running_pod(namespace)
    connection = stream(
        core.connect_get_namespaced_pod_exec,
        "web",
        namespace,
        command=["sh", "-c", "read line; echo got $line; echo told >&2; exit 7"],
        stdin=True,
        stdout=True,
        stderr=True,
        tty=False,
        _preload_content=False,
    )
    connection.write_stdin("a line\n")
    connection.run_forever(timeout=PATIENCE_SECONDS)
    expect("output", connection.read_stdout(), "got a line\n")
    expect("errors", connection.read_stderr(), "told\n")
    expect("exit code", connection.returncode, 7)
    connection.close()


def check_port_forward(namespace):
    core = running_pod(namespace)
    forward = portforward(
        core.connect_get_namespaced_pod_portforward,
        "web",
        namespace,
        ports=str(WEB_PORT),
    )
    socket = forward.socket(WEB_PORT)
    socket.settimeout(PATIENCE_SECONDS)
    socket.sendall(b"GET /healthz HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
    answer = b""
    while data := socket.recv(4096):
        answer += data
    socket.close()
    expect("status line", answer.split(b"\r\n")[0], b"HTTP/1.1 200 OK")
    expect("body", answer.split(b"\r\n\r\n")[1], b"ok\n")
    expect("error", forward.error(WEB_PORT), None)


def check_evict(namespace):
    core = running_pod(namespace)
    eviction = client.V1Eviction(metadata=client.V1ObjectMeta(name="web"))
    core.create_namespaced_pod_eviction("web", namespace, eviction)
    eventually("the pod is gone", is_gone(core.read_namespaced_pod, "web", namespace))


def check_jobs_and_reviews(namespace):
    may = client.V1SelfSubjectAccessReview(
        spec=client.V1SelfSubjectAccessReviewSpec(
            resource_attributes=client.V1ResourceAttributes(
                namespace=namespace, verb="delete", resource="pods"
            )
        )
    )
    review = client.AuthorizationV1Api().create_self_subject_access_review(may)
    expect("may", review.status.allowed, True)
    who = client.AuthenticationV1Api().create_self_subject_review({})
    expect("groups", "system:masters" in who.status.user_info.groups, True)


CHECKS = [
    check_discovery,
    check_crud,
    check_pages,
    check_patches,
    check_watch,
    check_watch_of_the_past,
    check_informer,
    check_dynamic,
    check_custom_resources,
    check_leader_election,
    check_create_from_yaml,
    check_jobs_and_reviews,
    check_pod_log,
    check_exec,
    check_port_forward,
    check_evict,
]


def main(wanted):
    logging.disable(logging.INFO)
    config.load_kube_config()
    core = client.CoreV1Api()
    failed = False
    for check in CHECKS:
        name = check.__name__.removeprefix("check_").replace("_", "-")
        if wanted and wanted not in name:
            continue
        metadata = client.V1ObjectMeta(generate_name="interop-python-")
        made = core.create_namespace(client.V1Namespace(metadata=metadata))
        started = time.monotonic()
        try:
            check(made.metadata.name)
            print(f"ok {name} ({(time.monotonic() - started) * 1000:.0f} ms)", flush=True)
        except Exception as problem:
            failed = True
            print(f"FAIL {name} {problem}", flush=True)
            traceback.print_exc()
        finally:
            core.delete_namespace(made.metadata.name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
