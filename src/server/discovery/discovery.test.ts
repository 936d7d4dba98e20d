import { expect, test } from "vitest";
import { aServer } from "../testing/test-server.ts";
import { readFields, type WireField } from "../protobuf/wire.ts";
import { compareVersions } from "./version-order.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

test("discovery: the first form a client names that we have is the one it gets", async () => {
  const server = await aServer();
  const old = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";
  for (const { accept, kind } of [
    { accept: "application/json", kind: "APIGroupList" },
    { accept: `${AGGREGATED},${old},application/json`, kind: "APIGroupDiscoveryList" },
    { accept: `${old},application/json`, kind: "APIGroupList" },
    { accept: `application/json,${AGGREGATED}`, kind: "APIGroupList" },
  ]) {
    const { value } = await server.call("GET", "/apis", { headers: { accept } });
    expect(value.kind).toBe(kind);
  }
  expect((await server.call("GET", "/api")).value).toMatchObject({
    kind: "APIVersions",
    versions: ["v1"],
  });
});

test("discovery: who knows the content already is sent none", async () => {
  const server = await aServer();
  const first = await server.call("GET", "/apis", { headers: { accept: AGGREGATED } });
  expect(first.headers).toMatchObject({ "content-type": AGGREGATED });
  const etag = first.headers["etag"] ?? "";
  const headers = { accept: AGGREGATED, "if-none-match": etag };
  expect(await server.call("GET", "/apis", { headers })).toMatchObject({ status: 304 });
});

test("discovery: aggregated entries say what is really answered", async () => {
  const server = await aServer();
  const { value } = await server.call("GET", "/apis", { headers: { accept: AGGREGATED } });
  const apps = value.items.find(
    (item: { metadata: { name: string } }) => item.metadata.name === "apps",
  );
  expect(apps.versions[0]).toMatchObject({ version: "v1", freshness: "Current" });
  const deployments = apps.versions[0].resources.find(
    (each: { resource: string }) => each.resource === "deployments",
  );
  expect(deployments).toEqual({
    resource: "deployments",
    responseKind: { group: "", version: "", kind: "Deployment" },
    scope: "Namespaced",
    singularResource: "deployment",
    shortNames: ["deploy"],
    categories: ["all"],
    verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    subresources: [
      {
        subresource: "scale",
        responseKind: { group: "autoscaling", version: "v1", kind: "Scale" },
        verbs: ["get", "patch", "update"],
      },
      {
        subresource: "status",
        responseKind: { group: "", version: "", kind: "Deployment" },
        verbs: ["get", "patch", "update"],
      },
    ],
  });
});

test("discovery: the list of a version names foreign kinds by group and version", async () => {
  const server = await aServer();
  const { value } = await server.call("GET", "/api/v1");
  expect(value).toMatchObject({ kind: "APIResourceList", groupVersion: "v1" });
  const find = (name: string): unknown =>
    value.resources.find((each: { name: string }) => each.name === name);
  expect(find("pods")).toMatchObject({ namespaced: true, kind: "Pod", shortNames: ["po"] });
  expect(find("pods/eviction")).toMatchObject({ group: "policy", version: "v1", kind: "Eviction" });
  expect(find("namespaces")).toMatchObject({
    verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  });
  expect((await server.call("GET", "/apis/apps")).value).toMatchObject({
    kind: "APIGroup",
    preferredVersion: { groupVersion: "apps/v1" },
  });
});

test("discovery: stable versions come first, newer before older", () => {
  const versions = ["v1beta1", "v2alpha1", "v1", "v2", "v10", "v2beta2", "other"];
  expect(versions.toSorted(compareVersions)).toEqual([
    "v10",
    "v2",
    "v1",
    "v2beta2",
    "v1beta1",
    "v2alpha1",
    "other",
  ]);
});

test("openapi: documents are found by the hash of their content", async () => {
  const server = await aServer();
  const index = await server.call("GET", "/openapi/v3");
  const url: string = index.value.paths["apis/apps/v1"].serverRelativeURL;
  expect(url).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{32}$/);
  const document = await server.call("GET", url);
  expect(document.headers["cache-control"]).toBe("public, immutable");
  const wrong = await server.call("GET", "/openapi/v3/apis/apps/v1?hash=1");
  expect(wrong).toMatchObject({ status: 301, headers: { location: url } });

  const { paths, components } = JSON.parse(document.value);
  const { patch } = paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"];
  expect(patch).toMatchObject({
    "x-kubernetes-action": "patch",
    "x-kubernetes-group-version-kind": { group: "apps", version: "v1", kind: "Deployment" },
  });
  expect(patch.parameters.map((each: { name: string }) => each.name)).toContain("fieldValidation");
  const schemas = components.schemas;
  expect(schemas["io.k8s.api.core.v1.PodSpec"].properties.containers).toMatchObject({
    items: { allOf: [{ $ref: "#/components/schemas/io.k8s.api.core.v1.Container" }] },
    "x-kubernetes-patch-merge-key": "name",
    "x-kubernetes-patch-strategy": "merge",
  });
  expect(schemas["io.k8s.api.apps.v1.Deployment"]["x-kubernetes-group-version-kind"]).toEqual([
    { group: "apps", version: "v1", kind: "Deployment" },
  ]);
});

test("openapi: every reference leads somewhere", async () => {
  const server = await aServer();
  for (const path of ["api/v1", "apis/apps/v1", "apis/coordination.k8s.io/v1"]) {
    const { value } = await server.call("GET", `/openapi/v3/${path}`);
    const known = Object.keys(JSON.parse(value).components.schemas);
    const references = value.matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    const missing = [...references]
      .map(([, name]) => name)
      .filter((name) => !known.includes(name ?? ""));
    expect(missing).toEqual([]);
  }
});

/** The messages at the end of a path of field numbers. */
function messagesAt(message: Uint8Array, ...path: readonly number[]): readonly Uint8Array[] {
  const [number, ...rest] = path;
  if (number === undefined) return [message];
  return readFields(message)
    .filter((field): field is Extract<WireField, { kind: "bytes" }> => field.number === number)
    .flatMap((field) => messagesAt(field.bytes, ...rest));
}

test("openapi: older clients read the same in one protobuf message", async () => {
  const server = await aServer();
  const accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
  const answer = await server.send("GET", "/openapi/v2", { headers: { accept } });
  const bytes = answer.body.kind === "bytes" ? answer.body.bytes : new Uint8Array();
  const texts = (...path: readonly number[]): readonly string[] =>
    messagesAt(bytes, ...path).map((each) => new TextDecoder().decode(each));

  expect(texts(8, 2, 1)).toContain("/apis/apps/v1/namespaces/{namespace}/deployments/{name}");
  // paths, path, value, patch, parameters, parameter, non-body, query, name
  const parameters = texts(8, 2, 2, 8, 8, 1, 2, 3, 4);
  expect(new Set(parameters)).toEqual(
    new Set(["dryRun", "fieldManager", "fieldValidation", "force"]),
  );
  expect(texts(9, 1, 1)).toContain("io.k8s.api.core.v1.Container");
  const refused = await server.call("GET", "/openapi/v2", { headers: { accept: "text/html" } });
  expect(refused.status).toBe(406);
});

test("health: is well without words, or says what is", async () => {
  const server = await aServer({
    healthChecks: [{ name: "informers", kind: "ready", check: () => false }],
  });
  expect(await server.call("GET", "/livez")).toMatchObject({ status: 200, value: "ok" });
  expect(await server.call("GET", "/livez?verbose")).toMatchObject({
    value: "[+]ping ok\n[+]etcd ok\nlivez check passed\n",
  });
  const unready = await server.call("GET", "/readyz");
  expect(unready.status).toBe(500);
  expect(unready.value).toContain("[-]informers failed: reason withheld");
  expect(await server.call("GET", "/readyz?exclude=informers")).toMatchObject({ status: 200 });
  expect(await server.call("GET", "/livez/nope")).toMatchObject({ status: 404 });
  expect(await server.call("GET", "/livez/etcd")).toMatchObject({ status: 200, value: "ok" });
});

test("metrics: requests are counted by what they are about, never by name", async () => {
  const server = await aServer();
  await server.call("GET", "/api/v1/namespaces/t/pods/secret-name");
  await server.call("GET", "/api/v1/namespaces/t/made-up-resource");
  const { value, headers } = await server.call("GET", "/metrics");
  expect(headers["content-type"]).toContain("version=0.0.4");
  expect(value).toContain(
    'apiserver_request_total{code="404",group="",resource="pods",subresource="",verb="GET",' +
      'version="v1"} 1',
  );
  expect(value).not.toContain("secret-name");
  expect(value).not.toContain("made-up-resource");
  expect(value).toMatch(/^setpoint_store_revision \d+$/m);
});
