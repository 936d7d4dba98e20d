/** Objects and kinds, seen: every form `get` prints, `describe`, `explain`, what the server has. */
import type { Group } from "../line.ts";

const PODS = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: one, labels: {app: a, tier: x}}
  spec: {nodeName: node-none, containers: [{name: web, image: "web:1"}]}
- apiVersion: v1
  kind: Pod
  metadata: {name: two, labels: {app: b}}
  spec:
    nodeSelector: {none: such}
    containers: [{name: web, image: "web:2"}, {name: side, image: "web:1"}]
`;

export const GET: readonly Group[] = [
  {
    name: "forms",
    files: { "pods.yaml": PODS },
    lines: [
      { run: "kubectl get pods", warns: "No resources found in forms namespace." },
      { run: "kubectl create -f pods.yaml", says: "pod/one created\npod/two created" },
      {
        run: "kubectl get pods",
        says: [
          /^NAME +READY +STATUS +RESTARTS +AGE\none +0\/1 +Pending +0 +\d+s\n/,
          /\ntwo +0\/2 +Pending +0 +\d+s\n$/,
        ],
      },
      {
        run: "kubectl get pods -o wide --no-headers",
        says: /^one +0\/1 +Pending +0 +\d+s +<none> +node-none +<none> +<none>\ntwo /,
      },
      { run: "kubectl get pods -o name", says: "pod/one\npod/two" },
      {
        run: "kubectl get pods,configmaps -o name",
        says: /^pod\/one\npod\/two\nconfigmap\/kube-root/,
      },
      {
        run: "kubectl get pod/two configmap/kube-root-ca.crt -o name",
        says: /^pod\/two\nconfigmap\//,
      },
      {
        run:
          "kubectl get pods -o jsonpath='{range " +
          ".items[*]}{.metadata.name}={.spec.containers[*].name};{end}'",
        says: "one=web;two=web side;",
      },
      {
        run:
          "kubectl get pods -o " +
          "jsonpath='{.items[?(@.metadata.labels.app==\"b\")].metadata.name}'",
        says: "two",
      },
      {
        run: "kubectl get pods -o go-template='{{range .items}}{{.metadata.name}} {{end}}'",
        says: "one two",
      },
      {
        run:
          "kubectl get pods -o " +
          "custom-columns=NAME:.metadata.name,IMAGES:.spec.containers[*].image",
        says: /^NAME +IMAGES\none +web:1\ntwo +web:2,web:1\n$/,
      },
      {
        run: "kubectl get pods --show-labels",
        says: /AGE +LABELS\none .* app=a,tier=x\ntwo .* app=b\n$/,
      },
      { run: "kubectl get pods -L app,tier", says: /AGE +APP +TIER\none .* a +x\ntwo .* b +\n$/ },
      { run: "kubectl get pods -l 'app in (b,c)' -o name", says: "pod/two" },
      { run: "kubectl get pods -l '!tier' -o name", says: "pod/two" },
      { run: "kubectl get pods -l 'app!=a,app' -o name", says: "pod/two" },
      {
        run: "kubectl get pods -l 'app in'",
        code: 1,
        warns: /unable to parse requirement: found '' expected: '\('\n$/,
      },
      { run: "kubectl get pods --field-selector spec.nodeName=node-none -o name", says: "pod/one" },
      { run: "kubectl get pods --field-selector metadata.name!=one -o name", says: "pod/two" },
      {
        run: "kubectl get pods --field-selector spec.nope=x",
        code: 1,
        warns:
          'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label ' +
          'selector "", field selector "spec.nope=x": field label not supported: spec.nope',
      },
      {
        run: "kubectl get pods --sort-by=.spec.containers[0].image -o name",
        says: "pod/one\npod/two",
      },
      { run: "kubectl get pods --sort-by='{.metadata.name}' --no-headers", says: /^one .*\ntwo / },
      { run: "kubectl get pods --chunk-size=1 -o name", says: "pod/one\npod/two" },
      { run: "kubectl get pods -A --no-headers", says: /(^|\n)forms +two +0\/2 / },
      {
        run: "kubectl get pod one -o yaml",
        says: /^apiVersion: v1\nkind: Pod\nmetadata:\n {2}creat/,
      },
      {
        run: "kubectl get pods -o json --output-watch-events -w --request-timeout=2s | head -c 15",
        says: '{"type":"ADDED"',
        warns: /.*/s,
      },
      {
        run: "kubectl get pods -w --no-headers --request-timeout=2s",
        says: /^one .*\ntwo .*\n$/,
        warns: /.*/s,
      },
      {
        run:
          "kubectl get pod one --watch-only -o name & sleep 1; kubectl label pod one new=1 " +
          "-o name; sleep 0.5; kill $!",
        says: "pod/one\npod/one",
        warns: /.*/s,
      },
      {
        run: "kubectl get pods --raw /api/v1",
        code: 1,
        warns: "error: arguments may not be passed when --raw is specified",
      },
      {
        run: "kubectl get --raw /api/v1/namespaces/$NS/pods | head -c 31",
        says: '{"kind":"PodList","apiVersion":',
      },
      { run: "kubectl get --raw /healthz", says: "ok" },
      {
        run: "kubectl get --raw '/readyz?verbose'",
        says: /\[\+\]ping ok\n[^]*readyz check passed\n$/,
      },
      { run: "kubectl get --raw /version", says: /"gitVersion": ?"v1\.36\./ },
      { run: "kubectl get --raw /openapi/v3", says: /"paths":\{/ },
      {
        run: "kubectl get --raw /nope",
        code: 1,
        warns: "Error from server (NotFound): the server could not find the requested resource",
      },
      {
        run: "kubectl get nothings",
        code: 1,
        warns: 'error: the server doesn\'t have a resource type "nothings"',
      },
      {
        run: "kubectl get pod three one",
        code: 1,
        says: /^NAME .*\none /,
        warns: 'Error from server (NotFound): pods "three" not found',
      },
      { run: "kubectl get pod three --ignore-not-found", says: "" },
      { run: "kubectl get pods.v1. one -o name", says: "pod/one" },
      { run: "kubectl get po,svc,cm -o name", says: /^pod\/one\npod\/two\n/ },
      {
        run: "kubectl get pod one --subresource=status -o jsonpath='{.status.phase}'",
        says: "Pending",
      },
      {
        run: "kubectl get pod one --subresource=scale",
        code: 1,
        warns: "Error from server (NotFound): the server could not find the requested resource",
      },
      { run: "kubectl get all -o name", says: "pod/one\npod/two" },
      {
        run: "kubectl get events --field-selector involvedObject.name=two",
        says: [
          /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/,
          /\n\S+ +Warning +FailedScheduling +pod\/two +0\/1 /,
        ],
        until: true,
      },
      {
        run: "kubectl events --for pod/two --types=Warning",
        says: [
          /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/,
          /\n\S+ .* +Warning +FailedScheduling +Pod\/two +/,
        ],
        warns: /.*/s,
      },
      {
        run: "kubectl label pod one app=c",
        code: 1,
        warns: /'app' already has a value \(a\), and --over/,
      },
      { run: "kubectl label pod one app=c --overwrite", says: "pod/one labeled" },
      { run: "kubectl label pod one app=c --overwrite", says: "pod/one not labeled" },
      { run: "kubectl label pods --all x=y", says: "pod/one labeled\npod/two labeled" },
      { run: "kubectl label pod one x-", says: "pod/one unlabeled" },
      { run: "kubectl label pod one --list", says: /(^|\n)app=c\n/ },
      { run: "kubectl annotate pod one a=b", says: "pod/one annotated" },
      { run: "kubectl annotate pod one --list", says: "a=b" },
      { run: "kubectl annotate pod one a-", says: "pod/one annotated" },
      {
        run: "kubectl label pod one 'x=not ok'",
        code: 1,
        warns: /error: invalid label value: "x=not ok": a valid label must be an empty string/,
      },
      {
        run: "kubectl delete pod one --grace-period=0 --force",
        says: /^pod "one" force deleted/,
        warns: /^Warning: Immediate deletion does not wait for confirmation/,
      },
      { run: "kubectl delete pods -l app=b", says: /^pod "two" deleted/ },
    ],
  },
  {
    name: "described",
    lines: [
      {
        run:
          "kubectl create deployment web --image=web:1 --port=8080 && kubectl rollout status " +
          "deployment web",
        says: /successfully rolled out\n$/,
      },
      { run: "kubectl expose deployment web --port=80 --target-port=8080", says: /exposed/ },
      {
        run: "kubectl describe deployment web",
        says: [
          /^Name: +web\nNamespace: +described\nCreationTimestamp: +\w+, \d+ \w+ \d+ [^\n]*\n/,
          /\nLabels: +app=web\n/,
          /\nAnnotations: +deployment\.kubernetes\.io\/revision: 1\nSelector: +app=web\n/,
          /\nReplicas: +1 desired \| 1 updated \| 1 total \| 1 available \| 0 unavailable\n/,
          /\nRollingUpdateStrategy: +25% max unavailable, 25% max surge\n/,
          /\nOldReplicaSets: +<none>\nNewReplicaSet: +web-\w+ \(1\/1 replicas created\)\n/,
          /\n {2}Normal +ScalingReplicaSet +\S+ +deployment-controller +Scaled up replica set /,
          /web-\w+ from 0 to 1\n$/,
        ],
      },
      {
        run: "kubectl describe replicasets",
        says: [
          /\nControlled By: +Deployment\/web\n/,
          /\n {2}Normal +SuccessfulCreate .* Created pod: web-/,
        ],
      },
      {
        run: "kubectl describe pods -l app=web",
        says: [
          /^Name: +web-\S+\nNamespace: +described\nPriority: +0\nService Account: +default\n/,
          /\nNode: +node-1\//,
          /\nStatus: +Running\nIP: +127\./,
          /\nControlled By: +ReplicaSet\/web-/,
          /\n {4}State: +Running\n {6}Started: +/,
          /\nQoS Class: +BestEffort\n/,
          /\nTolerations: +node\.kubernetes\.io\/not-ready:NoExecute op=Exists for 300s\n/,
          /\n {2}Normal +Scheduled +\S+ +default-scheduler +Successfully assigned described\/web-/,
        ],
      },
      {
        run: "kubectl describe service web",
        says: /\nEndpoints: +127\.[0-9.]+:8080\n/,
      },
      { run: "kubectl get endpointslices", says: /\nweb-\w+ +IPv4 +8080 +127\.[0-9.]+ +\d+s\n$/ },
      {
        run: "kubectl describe node node-1",
        says: [
          /^Name: +node-1\nRoles: +<none>\nLabels: +/,
          /\n {2}Ready +True +/,
          /\nAllocatable:\n {2}cpu: +/,
          /\nNon-terminated Pods: +\(\d+ in total\)\n/,
          /\n {2}Namespace +Name +CPU Requests +CPU Limits +/,
          /\nAllocated resources:\n/,
          /\n {2}Resource +Requests +Limits\n/,
        ],
      },
      {
        run: "kubectl describe namespace $NS",
        says: [
          /^Name: +described\nLabels: +kubernetes\.io\/metadata\.name=described\n/,
          /\nAnnotations: +<none>\nStatus: +Active\n\nNo resource quota\.\n\n/,
          /\nNo LimitRange resource\.\n$/,
        ],
      },
      {
        run: "kubectl describe configmap kube-root-ca.crt",
        says: /\nData\n====\nca\.crt:\n----\n-----BEGIN CERT/,
      },
      {
        run: "kubectl create secret generic s --from-literal=k=v && kubectl describe secret s",
        says: /\nType: {2}Opaque\n\nData\n====\nk: {2}1 bytes\n$/,
      },
      {
        run: "kubectl create quota q --hard=configmaps=5 && kubectl describe quota q",
        says: /\nName: +q\nNamespace: +described\nResource +Used +Hard\n-+ +-+ +-+\n/,
      },
      {
        run: "kubectl create ingress i --rule='foo.com/*=web:80' && kubectl describe ingress i",
        says: [/\nDefault backend: +<default>\nRules:\n/, /\n {2}foo\.com +\n +\/ +web:80 \(127\./],
      },
      {
        run: "kubectl autoscale deployment web --max=3 && kubectl describe hpa web",
        says: /\nReference: +Deployment\/web\n/,
        warns: /.*/s,
      },
      {
        run:
          "kubectl create cronjob c --image=web:1 --schedule='0 * * * *' -- date && kubectl " +
          "describe cronjob c",
        says: [/\nSchedule: +0 \* \* \* \*\nConcurrency Policy: +Allow\nSuspend: +False\n/],
      },
      {
        run: "kubectl create job j --image=web:1 -- date && kubectl describe job j",
        says: [/\nParallelism: +1\nCompletions: +1\nCompletion Mode: +NonIndexed\n/],
      },
      {
        run:
          "kubectl create pdb p --selector=app=web --max-unavailable=1 && kubectl describe " +
          "pdb p",
        says: [/\nMax unavailable: +1\nSelector: +app=web\nStatus:\n/],
      },
      {
        run: "kubectl describe priorityclass system-node-critical",
        says: /\nValue: +2000001000\n/,
      },
      {
        run: "kubectl describe serviceaccount default",
        says: /^Name: +default\nNamespace: +described\n/,
      },
      {
        run: "kubectl describe lease -n kube-node-lease node-1",
        says: /\n {2}Holder Identity: +node-1\n/,
      },
      { run: "kubectl describe pod we", says: /^Name: +web-/ },
      {
        run: "kubectl describe pod nope",
        code: 1,
        warns: 'Error from server (NotFound): pods "nope" not found',
      },
      { run: "kubectl logs deployment/web", says: /^listening on http:\/\/127\./ },
      {
        run: "kubectl logs -l app=web --prefix --timestamps",
        says: /^\[pod\/web-\S+\/web\] \d{4}-\d\d-\d\dT\S+ listening/,
      },
      { run: "kubectl logs deployment/web --tail=0", says: "" },
      { run: "kubectl logs deployment/web --since=1h --limit-bytes=9", says: "listening" },
      {
        run: "kubectl logs deployment/web -c nope",
        code: 1,
        warns: /^error: container nope is not valid for pod web-/,
      },
      {
        run: "kubectl logs deployment/web --previous",
        code: 1,
        warns: /previous terminated container "web" in pod "web-\S+" not found/,
      },
      { run: "kubectl top pods", code: 1, warns: "error: Metrics API not available" },
      { run: "kubectl top nodes", code: 1, warns: "error: Metrics API not available" },
      {
        run:
          "kubectl debug $(kubectl get pod -l app=web -o name) --image=web:1 -c dbg " +
          "--profile=general -- sleep 100",
        says: "",
      },
      {
        run: "kubectl get pods -l app=web -o jsonpath='{.items[0].spec.ephemeralContainers[*].name}'",
        says: "dbg",
      },
      {
        run:
          "kubectl debug $(kubectl get pod -l app=web -o name) --image=web:1 --copy-to=copy " +
          "--profile=general -- sleep 100",
        warns: /^(Defaulting debug container name to debugger-\w+\.\n)?$/,
      },
      { run: "kubectl get pod copy -o jsonpath='{.spec.containers[0].name}'", says: "web" },
    ],
  },
  {
    name: "server",
    lines: [
      {
        run: "kubectl version",
        says: /\nServer Version: v1\.36\.\d+/,
        warns: /^$|^WARNING: version diff/,
      },
      { run: "kubectl cluster-info", says: /^.*Kubernetes control plane.* is running at .*https:/ },
      {
        run: "kubectl api-resources",
        says: [
          /^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND\n/,
          /\npods +po +v1 +true +Pod\n/,
          /\ncronjobs +cj +batch\/v1 +true +CronJob\n/,
          /\nhorizontalpodautoscalers +hpa +autoscaling\/v2 +true +Horiz/,
          /\nevents +ev +events\.k8s\.io\/v1 +true +Event\n/,
          /\nstorageclasses +sc +storage\.k8s\.io\/v1 +false +StorageClass\n/,
        ],
      },
      {
        run: "kubectl api-resources --api-group=apps -o wide --sort-by=name",
        says: /\ndeployments +deploy +apps\/v1 +true +Deployment +create,delete,deletecollection/,
      },
      { run: "kubectl api-resources --namespaced=false -o name", says: /(^|\n)nodes\n/ },
      {
        run: "kubectl api-versions",
        says: /^admissionregistration\.k8s\.io\/v1\n[^]*\napps\/v1\n[^]*\nv1\n$/,
      },
      {
        run: "kubectl explain pod.spec.containers.image",
        says: /^KIND: +Pod\nVERSION: +v1\n\nFIELD: image <string>\n\n/,
      },
      {
        run: "kubectl explain deployment --recursive",
        says: [
          /^GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n/,
          /\n {2}spec\t<DeploymentSpec>\n/,
          /\n {4}replicas\t<integer>\n/,
        ],
      },
      { run: "kubectl explain pods --output=plaintext-openapiv2", says: /^KIND: +Pod\n/ },
      {
        run: "kubectl explain pod.nope",
        code: 1,
        warns: 'error: field "nope" does not exist',
      },
      {
        run: "kubectl config view --minify -o jsonpath='{.contexts[0].context.namespace}'",
        says: "server",
      },
      { run: "kubectl config current-context", says: "setpoint" },
      {
        run:
          "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k " +
          "-out c -subj /O=crew/CN=jane 2>/dev/null; " +
          "for n in a b; do printf 'apiVersion: certificates.k8s.io/v1\\nkind: " +
          "CertificateSigningRequest\\nmetadata: {name: %s}\\n" +
          "spec: {signerName: kubernetes.io/kube-apiserver-client, usages: [client auth], " +
          "request: %s}\\n---\\n' $n $(base64 -w0 c); done | kubectl create -f -",
        says:
          "certificatesigningrequest.certificates.k8s.io/a " +
          "created\ncertificatesigningrequest.certificates.k8s.io/b created",
      },
      {
        run: "kubectl get csr a",
        says: /^NAME +AGE +SIGNERNAME +REQUESTOR +REQUESTEDDURATION +CONDITION\na .* Pending\n$/,
      },
      {
        run: "kubectl certificate approve a",
        says: "certificatesigningrequest.certificates.k8s.io/a approved",
      },
      {
        run: "kubectl certificate deny b",
        says: "certificatesigningrequest.certificates.k8s.io/b denied",
      },
      { run: "kubectl get csr --no-headers", says: /^a .* Approved(,Issued)?\nb .* Denied\n$/ },
      {
        run: "kubectl certificate deny a",
        code: 1,
        warns: 'error: certificate signing request "a" is already Approved',
      },
      {
        run: "kubectl delete csr a b",
        says: /^certificatesigningrequest\.certificates\.k8s\.io "a" deleted/,
      },
    ],
  },
];
