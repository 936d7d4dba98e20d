import { expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";
import {
  aDefinition,
  aSite,
  aVersion,
  conditionsOf,
  define,
  DEFINITIONS,
  merge,
  settled,
  SITES,
} from "./testing.ts";

const SITE_DEFINITION = `${DEFINITIONS}/sites.example.dev`;
const AGGREGATED = {
  accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
};

async function groupNames(server: TestServer): Promise<readonly string[]> {
  const { value } = await server.call("GET", "/apis", { headers: AGGREGATED });
  return value.items.map((each: { metadata: { name: string } }) => each.metadata.name);
}

test("definitions: a new one has no conditions, and is established right after", async () => {
  const server = await aServer();
  const made = await server.call("POST", DEFINITIONS, { body: aDefinition() });
  expect(made.value).toMatchObject({
    metadata: { generation: 1 },
    spec: {
      names: { plural: "sites", singular: "site", kind: "Site", listKind: "SiteList" },
      conversion: { strategy: "None" },
    },
    status: {
      conditions: null,
      acceptedNames: { plural: "", kind: "" },
      storedVersions: ["v1"],
    },
  });
  await settled(server);
  expect(await conditionsOf(server, "sites.example.dev")).toEqual([
    "NamesAccepted=True NoConflicts",
    "Established=True InitialNamesAccepted",
  ]);
});

test("definitions: whoever sees one established can use it", async () => {
  const server = await aServer();
  const watch = await server.watch(`${DEFINITIONS}?watch=1`);
  await server.call("POST", DEFINITIONS, { body: aDefinition() });
  const isEstablished = (): boolean =>
    JSON.stringify(watch.events.at(-1)).includes("InitialNamesAccepted") ||
    watch.events.some((event) => {
      if (event.kind === "ERROR") return false;
      return JSON.stringify(event.object.value).includes('"InitialNamesAccepted"');
    });
  while (!isEstablished()) await server.env.settle();
  expect(await server.call("POST", SITES, { body: aSite("a") })).toMatchObject({ status: 201 });
  await watch.stop();
});

test("definitions: discovery and its name change as they come and go", async () => {
  const server = await aServer();
  const before = await server.call("GET", "/apis", { headers: AGGREGATED });
  await define(server, {
    names: { shortNames: ["st"], categories: ["all"] },
    versions: [
      aVersion({ name: "v1beta1", storage: false }),
      aVersion({ subresources: { status: {}, scale: SCALE } }),
      aVersion({ name: "v2", served: false, storage: false }),
    ],
  });
  const after = await server.call("GET", "/apis", { headers: AGGREGATED });
  expect(after.headers["etag"]).not.toBe(before.headers["etag"]);
  const [group] = after.value.items.filter(
    (each: { metadata: { name: string } }) => each.metadata.name === "example.dev",
  );
  expect(group.versions.map((each: { version: string }) => each.version)).toEqual([
    "v1",
    "v1beta1",
  ]);
  expect(group.versions[0].resources).toEqual([
    {
      resource: "sites",
      responseKind: { group: "example.dev", version: "v1", kind: "Site" },
      scope: "Namespaced",
      singularResource: "site",
      verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
      shortNames: ["st"],
      categories: ["all"],
      subresources: [
        {
          subresource: "status",
          responseKind: { group: "example.dev", version: "v1", kind: "Site" },
          verbs: ["get", "patch", "update"],
        },
        {
          subresource: "scale",
          responseKind: { group: "autoscaling", version: "v1", kind: "Scale" },
          verbs: ["get", "patch", "update"],
        },
      ],
    },
  ]);
  const list = await server.call("GET", "/apis/example.dev/v1");
  expect(list.value.resources[0]).toMatchObject({ storageVersionHash: "n7XQpqFlPjk=" });
  await server.call("DELETE", SITE_DEFINITION);
  await settled(server);
  expect(await groupNames(server)).not.toContain("example.dev");
  expect((await server.call("GET", "/apis/example.dev")).status).toBe(404);
});

const SCALE = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };

test("definitions: OpenAPI changes as they change", async () => {
  const server = await aServer();
  await define(server);
  const urlOf = async (): Promise<string> => {
    const index = await server.call("GET", "/openapi/v3");
    return index.value.paths["apis/example.dev/v1"]?.serverRelativeURL;
  };
  const first = await urlOf();
  const document = JSON.parse((await server.call("GET", first)).value);
  const kind = { group: "example.dev", version: "v1", kind: "Site" };
  expect(document.components.schemas["dev.example.v1.Site"]).toMatchObject({
    properties: { spec: { properties: { host: { maxLength: 10 } } } },
    "x-kubernetes-group-version-kind": [kind],
  });
  const { patch } = document.paths["/apis/example.dev/v1/namespaces/{namespace}/sites/{name}"];
  expect(patch["x-kubernetes-group-version-kind"]).toEqual(kind);
  expect(patch.parameters.map((each: { name: string }) => each.name)).toContain("fieldValidation");
  const known = Object.keys(document.components.schemas);
  const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
  expect([...references].filter(([, name]) => !known.includes(name ?? ""))).toEqual([]);

  const schema = { openAPIV3Schema: { type: "object", description: "Something else." } };
  const versions = [aVersion({ schema })];
  await server.call("PATCH", SITE_DEFINITION, merge({ spec: { versions } }));
  await settled(server);
  const second = await urlOf();
  expect(second).not.toBe(first);
  expect(await server.call("GET", first)).toMatchObject({
    status: 301,
    headers: { location: second },
  });
  const v2 = await server.call("GET", "/openapi/v2");
  const swagger = JSON.parse(v2.value);
  expect(swagger.definitions["dev.example.v1.Site"].description).toBe("Something else.");
  expect(swagger.definitions["dev.example.v1.SiteList"]).toBeDefined();
  await server.call("DELETE", SITE_DEFINITION);
  await settled(server);
  expect(await urlOf()).toBeUndefined();
});

test("definitions: names conflict inside a group, until their holder goes", async () => {
  const server = await aServer();
  await define(server, { names: { shortNames: ["st"] } });
  await define(server, { plural: "places", kind: "Place", names: { shortNames: ["st"] } });
  await define(server, { plural: "spots", kind: "Site" });
  await define(server, { group: "other.dev", names: { shortNames: ["st"] } });
  expect(await conditionsOf(server, "places.example.dev")).toEqual([
    "NamesAccepted=False ShortNamesConflict",
    "Established=False NotAccepted",
  ]);
  expect(await conditionsOf(server, "sites.other.dev")).toContain(
    "Established=True InitialNamesAccepted",
  );
  const { value } = await server.call("GET", `${DEFINITIONS}/spots.example.dev`);
  expect(value.status.acceptedNames).toEqual({ plural: "spots", kind: "" });
  expect(value.status.conditions[0]).toMatchObject({
    type: "NamesAccepted",
    status: "False",
    reason: "ListKindConflict",
    message: '"SiteList" is already in use',
  });
  expect(await server.call("GET", "/apis/example.dev/v1/places")).toMatchObject({ status: 404 });

  await server.call("DELETE", SITE_DEFINITION);
  await settled(server);
  expect(await conditionsOf(server, "places.example.dev")).toEqual([
    "NamesAccepted=True NoConflicts",
    "Established=True InitialNamesAccepted",
  ]);
  expect(await server.call("GET", "/apis/example.dev/v1/places")).toMatchObject({ status: 200 });
});

test("definitions: a deleted one first loses its objects, then goes", async () => {
  const server = await aServer();
  await define(server);
  const held = { metadata: { name: "held", finalizers: ["example.dev/hold"] } };
  await server.call("POST", SITES, { body: aSite("free") });
  await server.call("POST", SITES, { body: { ...aSite("held"), ...held } });
  const watch = await server.watch(`${SITES}?watch=1`);

  const deleted = await server.call("DELETE", SITE_DEFINITION);
  expect(deleted).toMatchObject({
    status: 200,
    value: {
      metadata: {
        generation: 1,
        finalizers: ["customresourcecleanup.apiextensions.k8s.io"],
      },
    },
  });
  expect(deleted.value.metadata.deletionGracePeriodSeconds).toBeUndefined();
  await settled(server);
  expect(await conditionsOf(server, "sites.example.dev")).toContain(
    "Terminating=True InstanceDeletionInProgress",
  );
  expect(watch.seen).toEqual(["ADDED free", "ADDED held", "DELETED free", "MODIFIED held"]);
  expect(await server.call("POST", SITES, { body: aSite("new") })).toMatchObject({
    status: 403,
    value: {
      message:
        'sites.example.dev "new" is forbidden: ' +
        "create not allowed while custom resource definition is terminating",
    },
  });
  const { value } = await server.call("GET", "/apis/example.dev/v1");
  expect(value.resources[0].verbs).not.toContain("create");

  await server.call("PATCH", `${SITES}/held`, merge({ metadata: { finalizers: null } }));
  await settled(server);
  expect((await server.call("GET", SITE_DEFINITION)).status).toBe(404);
  expect(watch.seen.at(-1)).toBe("DELETED held");
  expect(watch.isEnded()).toBe(true);
  expect(await server.call("GET", SITES)).toMatchObject({ value: "404 page not found\n" });

  await define(server); // a new one knows nothing of the old one's objects
  expect((await server.call("GET", SITES)).value.items).toEqual([]);
});

test("definitions: who waits too long for objects is told, and waits on", async () => {
  const server = await aServer();
  await define(server);
  const held = { metadata: { name: "held", finalizers: ["example.dev/hold"] } };
  await server.call("POST", SITES, { body: { ...aSite("held"), ...held } });
  await server.call("DELETE", SITE_DEFINITION);
  await settled(server);
  const told = await server.watch(`${DEFINITIONS}?watch=1`);
  await server.env.advance(60_000);
  await settled(server);
  expect(
    JSON.stringify(told.events.map((event) => event.kind !== "ERROR" && event.object.value)),
  ).toContain("InstanceDeletionCheck");
  await server.call("PATCH", `${SITES}/held`, merge({ metadata: { finalizers: null } }));
  await server.env.advance(5_000);
  await settled(server);
  expect((await server.call("GET", SITE_DEFINITION)).status).toBe(404);
  await told.stop();
});

test("definitions: watches of a kind end when it is served differently", async () => {
  const server = await aServer();
  await define(server);
  const watch = await server.watch(`${SITES}?watch=1`);
  const labelled = merge({ metadata: { labels: { a: "b" } } });
  await server.call("PATCH", SITE_DEFINITION, labelled);
  await settled(server);
  expect(watch.isEnded()).toBe(false);
  const versions = [aVersion({ schema: { openAPIV3Schema: { type: "object" } } })];
  await server.call("PATCH", SITE_DEFINITION, merge({ spec: { versions } }));
  await settled(server);
  expect(watch.isEnded()).toBe(true);
});

test("definitions: a version that is served no longer is gone at once", async () => {
  const server = await aServer();
  const both = [aVersion(), aVersion({ name: "v2", storage: false })];
  await define(server, { versions: both });
  await server.call("POST", SITES, { body: aSite("a") });
  const path = "/apis/example.dev/v2/namespaces/t/sites";
  expect((await server.call("GET", `${path}/a`)).value.apiVersion).toBe("example.dev/v2");
  const versions = [aVersion(), aVersion({ name: "v2", storage: false, served: false })];
  await server.call("PATCH", SITE_DEFINITION, merge({ spec: { versions } }));
  await settled(server);
  expect(await server.call("GET", path)).toMatchObject({ status: 404 });
});

test("definitions: a deprecated version says so", async () => {
  const server = await aServer();
  await define(server, {
    versions: [
      aVersion(),
      aVersion({ name: "v1beta1", storage: false, deprecated: true }),
      aVersion({
        name: "v1alpha1",
        storage: false,
        deprecated: true,
        deprecationWarning: "Old!",
      }),
    ],
  });
  for (const [version, warnings] of [
    ["v1", []],
    ["v1beta1", ["example.dev/v1beta1 Site is deprecated; use example.dev/v1 Site"]],
    ["v1alpha1", ["Old!"]],
  ] as const) {
    const path = `/apis/example.dev/${version}/namespaces/t/sites`;
    expect((await server.call("GET", path)).warnings).toEqual(warnings);
  }
});

test("definitions: groups of Kubernetes itself say whether they are approved", async () => {
  const server = await aServer();
  const annotations = { "api-approved.kubernetes.io": "unapproved, a test" };
  const definition = aDefinition({ group: "made-up.k8s.io" });
  const body = { ...definition, metadata: { ...definition.metadata, annotations } };
  expect((await server.call("POST", DEFINITIONS, { body })).status).toBe(201);
  await settled(server);
  expect(await conditionsOf(server, "sites.made-up.k8s.io")).toEqual([
    "NamesAccepted=True NoConflicts",
    "Established=True InitialNamesAccepted",
    "KubernetesAPIApprovalPolicyConformant=False UnapprovedAnnotation",
  ]);
});

test("definitions: a hundred at once are all established and served", async () => {
  const server = await aServer();
  const plurals = Array.from({ length: 100 }, (_, index) => `things${index}`);
  await Promise.all(
    plurals.map((plural) =>
      server.call("POST", DEFINITIONS, { body: aDefinition({ plural, kind: `Thing${plural}` }) }),
    ),
  );
  for (let turn = 0; turn < 20; turn += 1) await settled(server);
  const list = await server.call("GET", "/apis/example.dev/v1");
  expect(list.value.resources).toHaveLength(100);
  const { value } = await server.call("GET", DEFINITIONS);
  const texts: readonly string[] = value.items.map((each: object) => JSON.stringify(each));
  expect(texts.filter((text) => text.includes('"InitialNamesAccepted"'))).toHaveLength(100);
});

test("definitions: what is there when a server begins is served from the start", async () => {
  const first = await aServer();
  await define(first);
  await first.call("POST", SITES, { body: aSite("a") });
  const second = await aServer({ store: first.store, env: first.env });
  expect((await second.call("GET", `${SITES}/a`)).value.metadata.name).toBe("a");
});
