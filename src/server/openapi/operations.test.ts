import { expect, test } from "vitest";
import { DEFINITIONS, settled } from "../crd/testing.ts";
import { aServer, type TestServer } from "../testing/test-server.ts";

type Operation = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly consumes?: readonly string[];
  readonly produces?: readonly string[];
  readonly parameters?: readonly object[];
  readonly requestBody?: { readonly content: object };
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
  readonly "x-kubernetes-action"?: string;
};
type Document = {
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly definitions?: Readonly<Record<string, Definition>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Definition>> };
};
type Definition = {
  readonly properties: Readonly<Record<string, object>>;
  readonly "x-kubernetes-group-version-kind"?: readonly object[];
};

async function documentAt(server: TestServer, path: string): Promise<Document> {
  const { status, value } = await server.call("GET", path);
  expect(status).toBe(200);
  return (typeof value === "string" ? JSON.parse(value) : value) as Document;
}

test("openapi: operations are named as generators of clients know them", async () => {
  const server = await aServer();
  const v2 = await documentAt(server, "/openapi/v2");
  const checkNamed = (path: string, method: string, id: string, action?: string): void => {
    const operation = v2.paths[path]?.[method];
    expect([operation?.operationId, operation?.["x-kubernetes-action"]]).toEqual([id, action]);
  };
  const core = "/api/v1/namespaces/{namespace}";
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const jobs = "/apis/batch/v1/namespaces/{namespace}/jobs";
  checkNamed(jobs, "delete", "deleteBatchV1CollectionNamespacedJob", "deletecollection");
  checkNamed("/apis/batch/v1/jobs", "get", "listBatchV1JobForAllNamespaces", "list");
  checkNamed(`${rbac}/clusterroles/{name}`, "get", "readRbacAuthorizationV1ClusterRole", "get");
  checkNamed(`${core}/pods/{name}/log`, "get", "readCoreV1NamespacedPodLog", "get");
  checkNamed(`${core}/pods/{name}/exec`, "post", "connectCoreV1PostNamespacedPodExec", "connect");
  checkNamed(
    `${core}/pods/{name}/proxy/{path}`,
    "options",
    "connectCoreV1OptionsNamespacedPodProxyWithPath",
    "connect",
  );
  checkNamed(
    `${core}/pods/{name}/ephemeralcontainers`,
    "put",
    "replaceCoreV1NamespacedPodEphemeralcontainers",
    "put",
  );
  checkNamed("/api/v1/watch/pods", "get", "watchCoreV1PodListForAllNamespaces", "watchlist");
  checkNamed("/api/v1/watch/nodes/{name}", "get", "watchCoreV1Node", "watch");
  checkNamed("/apis/apps/", "get", "getAppsAPIGroup");
  checkNamed("/apis/apps/v1/", "get", "getAppsV1APIResources");
  checkNamed("/api/", "get", "getCoreAPIVersions");
  checkNamed("/version/", "get", "getCodeVersion");
  const all = Object.values(v2.paths).flatMap((item) =>
    Object.entries(item).flatMap(([key, each]) => (key === "parameters" ? [] : [each])),
  );
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
  expect(all.filter(({ responses }) => responses["401"] === undefined)).toEqual([]);
});

test("openapi: what operations take and answer is told", async () => {
  const server = await aServer();
  const { paths } = await documentAt(server, "/openapi/v3/api/v1");
  const pod = paths["/api/v1/namespaces/{namespace}/pods/{name}"];
  expect(Object.keys(pod?.["patch"]?.responses ?? {})).toEqual(["200", "201", "401"]);
  expect(Object.keys(pod?.["patch"]?.requestBody?.content ?? {})).toEqual([
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
  ]);
  expect(pod?.["delete"]?.responses["202"]?.content).toMatchObject({
    "application/vnd.kubernetes.protobuf": {
      schema: { $ref: "#/components/schemas/io.k8s.api.core.v1.Pod" },
    },
  });
  expect(pod?.["delete"]?.parameters).toContainEqual({
    name: "gracePeriodSeconds",
    in: "query",
    description: expect.any(String) as string,
    schema: { type: "integer", uniqueItems: true },
  });
  // What all operations of a path take stands at the path.
  expect(pod?.["parameters"]).toMatchObject([
    { name: "name", in: "path", required: true, description: "name of the Pod" },
    { name: "namespace", in: "path", required: true },
    { name: "pretty", in: "query" },
  ]);
});

test("openapi: fields say what they may be and are taken for", async () => {
  const server = await aServer();
  const { components } = await documentAt(server, "/openapi/v3/apis/apps/v1");
  const checkField = (definition: string, field: string, schema: object): void => {
    const told = components?.schemas?.[`io.k8s.${definition}`]?.properties[field];
    expect(told).toMatchObject(schema);
  };
  const ref = (name: string): object => ({ $ref: `#/components/schemas/io.k8s.${name}` });
  const meta = "apimachinery.pkg.apis.meta.v1";
  checkField("api.apps.v1.Deployment", "spec", {
    default: {},
    allOf: [ref("api.apps.v1.DeploymentSpec")],
  });
  checkField("api.core.v1.Container", "imagePullPolicy", {
    enum: ["Always", "IfNotPresent", "Never"],
  });
  checkField("api.core.v1.HostPathVolumeSource", "type", { enum: expect.arrayContaining([""]) });
  checkField(`${meta}.ObjectMeta`, "creationTimestamp", { allOf: [ref(`${meta}.Time`)] });
  checkField(`${meta}.ManagedFieldsEntry`, "fieldsV1", { allOf: [ref(`${meta}.FieldsV1`)] });
  const options = components?.schemas?.[`io.k8s.${meta}.DeleteOptions`];
  expect(options?.["x-kubernetes-group-version-kind"]).toEqual([
    { group: "", kind: "DeleteOptions", version: "v1" },
    { group: "apps", kind: "DeleteOptions", version: "v1" },
  ]);
});

test("openapi: custom resources tell of themselves in a document of their own", async () => {
  const server = await aServer();
  const group = "example.com";
  await server.call("POST", DEFINITIONS, {
    body: {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `sites.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { plural: "sites", kind: "Site" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: { size: { type: "integer", default: 3 } },
              },
            },
          },
        ],
      },
    },
  });
  await settled(server);
  const v3 = await documentAt(server, `/openapi/v3/apis/${group}/v1`);
  expect(v3.info).toEqual({ title: "Kubernetes CRD Swagger", version: "v0.1.0" });
  const path = `/apis/${group}/v1/namespaces/{namespace}/sites/{name}`;
  expect(Object.keys(v3.paths)).not.toContain(`/apis/${group}/v1/watch/sites`);
  expect(v3.paths[path]?.["patch"]).toMatchObject({
    operationId: "patchExampleComV1NamespacedSite",
    tags: ["exampleCom_v1"],
  });
  expect(Object.keys(v3.paths[path]?.["patch"]?.responses ?? {})).toEqual(["200", "401"]);
  const v2 = await documentAt(server, "/openapi/v2");
  expect(v2.paths[path]?.["get"]?.consumes).toEqual(["application/json", "application/yaml"]);
  expect(v2.definitions?.["com.example.v1.Site"]?.properties["size"]).toEqual({ type: "integer" });
  expect(v3.components?.schemas?.["com.example.v1.Site"]?.properties["size"]).toEqual({
    type: "integer",
    default: 3,
  });
});

test("openapi: paths that belong to no version have documents, too", async () => {
  const server = await aServer();
  const { value } = await server.call("GET", "/openapi/v3");
  const index = (typeof value === "string" ? JSON.parse(value) : value) as Document;
  const names = [
    "api",
    "apis",
    "apis/apps",
    "version",
    ".well-known/openid-configuration",
    "openid/v1/jwks",
  ];
  for (const name of names) {
    expect(Object.keys(index.paths)).toContain(name);
    const document = await documentAt(server, `/openapi/v3/${name}`);
    expect(Object.keys(document.paths)).toEqual([`/${name}/`]);
  }
});
