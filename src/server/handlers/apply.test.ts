import { describe, expect, test } from "vitest";
import type { ManagedFieldsEntry } from "../../machinery/object.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { ALLOWED, UNDECIDED, NO_RULES } from "../authz/authorizer.ts";
import { aServer, type Answer, type TestServer } from "../testing/test-server.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/t/deployments";
const APPLY = "application/apply-patch+yaml";
const MERGE = "application/merge-patch+json";

type Data = Readonly<Record<string, unknown>>;

function aMap(data: Data, more: Data = {}): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "s", ...more }, data };
}

function apply(
  server: TestServer,
  manager: string,
  config: object | string,
  query = "",
): Promise<Answer> {
  const body = typeof config === "string" ? config : JSON.stringify(config);
  const target = `${MAPS}/s?fieldManager=${manager}${query}`;
  return server.call("PATCH", target, { body, contentType: APPLY });
}

/** `m1 Apply f:data f:a; m2 Update …`, without times. */
function owners(answer: Answer): string {
  const entries: readonly ManagedFieldsEntry[] = answer.value.metadata.managedFields ?? [];
  return entries
    .map(({ manager, operation, subresource, fieldsV1 }) => {
      const endpoint = subresource === undefined ? "" : `/${subresource}`;
      return `${manager} ${operation}${endpoint} ${JSON.stringify(fieldsV1)}`;
    })
    .join("; ");
}

describe("apply", () => {
  test("makes the object, merges into it, and gives up what it does not name", async () => {
    const server = await aServer();
    const made = await apply(server, "m1", aMap({ a: "1", b: "1" }));
    expect(made.status).toBe(201);
    expect(owners(made)).toBe('m1 Apply {"f:data":{"f:a":{},"f:b":{}}}');
    expect(made.value.metadata.managedFields[0]).toMatchObject({
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      time: made.value.metadata.creationTimestamp,
    });
    const merged = await apply(server, "m2", aMap({ c: "1" }));
    expect(merged.status).toBe(200);
    expect(merged.value.data).toEqual({ a: "1", b: "1", c: "1" });
    const less = await apply(server, "m1", aMap({ b: "1" }));
    expect(less.value.data).toEqual({ b: "1", c: "1" });
    expect(owners(less)).toBe('m1 Apply {"f:data":{"f:b":{}}}; m2 Apply {"f:data":{"f:c":{}}}');
  });

  test("a second time writes nothing and keeps the time", async () => {
    const server = await aServer();
    const first = await apply(server, "m1", aMap({ a: "1" }));
    await server.env.advance(5_000);
    const second = await apply(server, "m1", aMap({ a: "1" }));
    expect(second.value).toEqual(first.value);
    const narrower = await apply(server, "m2", aMap({ a: "1" }));
    expect(narrower.value.metadata.managedFields[0]).toMatchObject({ manager: "m2" });
    expect(narrower.value.metadata.managedFields[0]).not.toHaveProperty("time");
  });

  test("of what another manager owns is a conflict, unless it is forced", async () => {
    const server = await aServer();
    await apply(server, "m1", aMap({ a: "1", b: "1" }));
    await server.call("PATCH", `${MAPS}/s?fieldManager=edit`, {
      body: JSON.stringify({ data: { c: "1" } }),
      contentType: MERGE,
    });
    const refused = await apply(server, "m2", aMap({ a: "2", b: "2", c: "2" }));
    expect(refused.value).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        "Apply failed with 3 conflicts: " +
        'conflicts with "edit" using v1:\n- .data.c\nconflicts with "m1":\n- .data.a\n- .data.b',
      details: {
        causes: [
          {
            reason: "FieldManagerConflict",
            message: 'conflict with "edit" using v1',
            field: ".data.c",
          },
          { reason: "FieldManagerConflict", message: 'conflict with "m1"', field: ".data.a" },
          { reason: "FieldManagerConflict", message: 'conflict with "m1"', field: ".data.b" },
        ],
      },
    });
    const forced = await apply(server, "m2", aMap({ a: "2" }), "&force=true");
    expect(owners(forced)).toBe(
      'm1 Apply {"f:data":{"f:b":{}}}; m2 Apply {"f:data":{"f:a":{}}}; ' +
        'edit Update {"f:data":{"f:c":{}}}',
    );
  });

  test("to an object without owners gives what is there to before-first-apply", async () => {
    const server = await aServer();
    await server.call("POST", MAPS, { body: aMap({ a: "1", b: "1" }) });
    const reset = [{ op: "replace", path: "/metadata/managedFields", value: [{}] }];
    const cleared = await server.call("PATCH", `${MAPS}/s`, {
      body: JSON.stringify(reset),
      contentType: "application/json-patch+json",
    });
    expect(cleared.value.metadata.managedFields).toBeUndefined();
    const untracked = await server.call("PUT", `${MAPS}/s`, { body: aMap({ a: "2", b: "1" }) });
    expect(untracked.value.metadata.managedFields).toBeUndefined();
    expect((await apply(server, "m1", aMap({ a: "3" }))).value.message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    );
    const applied = await apply(server, "m1", aMap({ a: "2", c: "1" }));
    expect(owners(applied)).toBe(
      'm1 Apply {"f:data":{"f:a":{},"f:c":{}}}; ' +
        'before-first-apply Update {"f:data":{".":{},"f:a":{},"f:b":{}}}',
    );
  });

  test("in YAML is understood, and refused with its fault when it cannot be", async () => {
    const server = await aServer();
    const text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: s\ndata:\n  a: x\n";
    expect((await apply(server, "m", text)).value.data).toEqual({ a: "x" });
    const broken = await apply(server, "m", "a: [");
    expect(broken.value.code).toBe(400);
    expect(broken.value.message).toMatch(/^error decoding YAML: error converting YAML to JSON: /);
  });

  test("with a key that stands there twice warns, or refuses when asked to be strict", async () => {
    const server = await aServer();
    const text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: s\ndata:\n  a: x\n  a: z\n";
    const doubt = 'line 7: key "a" already set in map';
    expect((await apply(server, "m", text)).warnings).toEqual([doubt]);
    expect((await apply(server, "m", text, "&fieldValidation=Ignore")).warnings).toEqual([]);
    expect((await apply(server, "m", text, "&fieldValidation=Strict")).value).toMatchObject({
      code: 400,
      message:
        "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n" +
        `  ${doubt}`,
    });
  });

  for (const { title, config, query = "", code, message } of [
    {
      title: "another kind",
      config: { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } },
      code: 400,
      message: "invalid object type: /v1, Kind=Secret",
    },
    {
      title: "no kind at all",
      config: { metadata: { name: "s" } },
      code: 400,
      message: "invalid object type: /, Kind=",
    },
    {
      title: "owners in the configuration",
      config: aMap({}, { managedFields: [] }),
      code: 400,
      message: "metadata.managedFields must be nil",
    },
    {
      title: "another name",
      config: aMap({}, { name: "other" }),
      code: 400,
      message: "the name of the object (other) does not match the name on the URL (s)",
    },
    {
      title: "a uid though there is no object",
      config: aMap({}, { uid: "11111111-1111-1111-1111-111111111111" }),
      code: 409,
      message:
        'Operation cannot be fulfilled on configmaps "s": uid mismatch: the provided object ' +
        "specified uid 11111111-1111-1111-1111-111111111111, and no existing object was found",
    },
    {
      title: "an unknown field",
      config: { ...aMap({}), foo: 1 },
      code: 500,
      message:
        "failed to create typed patch object (/s; /v1, Kind=ConfigMap): " +
        ".foo: field not declared in schema",
    },
    {
      title: "values of wrong types",
      config: aMap({ a: 1, b: "x" }, { labels: [], namespace: "t" }),
      code: 500,
      message:
        "failed to create typed patch object (t/s; /v1, Kind=ConfigMap): errors:\n" +
        "  .metadata.labels: expected map, got &{[]}\n" +
        "  .data.a: expected string, got &value.valueUnstructured{Value:1}",
    },
    {
      title: "something that is no object",
      config: "[1]",
      code: 400,
      message:
        "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot " +
        "unmarshal array into Go value of type map[string]interface {}",
    },
    {
      title: "an unprintable manager",
      config: aMap({}),
      query: "%07",
      code: 422,
      message:
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "m\\a": ' +
        "invalid character U+0007 (at position 1)",
    },
  ]) {
    test(`is refused with ${title}`, async () => {
      const server = await aServer();
      expect((await apply(server, "m", config, query)).value).toMatchObject({ code, message });
    });
  }

  test("needs a manager, and force needs an apply", async () => {
    const server = await aServer();
    const nameless = await apply(server, "", aMap({}));
    expect(nameless.value.message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: ' +
        "fieldManager: Required value: is required for apply patch",
    );
    const forced = await server.call("PATCH", `${MAPS}/s?force=true`, {
      body: "{}",
      contentType: MERGE,
    });
    expect(forced.value.message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: ' +
        "force: Forbidden: may not be specified for non-apply patch",
    );
  });

  test("of a uid or a version that is not the object's is refused", async () => {
    const server = await aServer();
    await apply(server, "m", aMap({}));
    const stale = await apply(server, "m", aMap({}, { resourceVersion: "1" }));
    expect(stale.value).toMatchObject({ code: 409, details: { name: "s", kind: "configmaps" } });
    const foreign = await apply(server, "m", aMap({}, { uid: "x" }));
    expect(foreign.value).toMatchObject({
      code: 422,
      message: 'ConfigMap "s" is invalid: metadata.uid: Invalid value: "x": field is immutable',
    });
    expect(foreign.value.details.causes).toHaveLength(2);
  });

  test("that makes an object takes the right to create", async () => {
    const onlyPatch: Authorizer = {
      authorize: (access) => (access.verb === "patch" ? ALLOWED : UNDECIDED),
      rulesOf: () => NO_RULES,
    };
    const server = await aServer({ authorizers: [onlyPatch] });
    const user = { name: "alice", groups: [] };
    const options = { body: JSON.stringify(aMap({})), contentType: APPLY, user };
    const target = `${MAPS}/s?fieldManager=m`;
    expect((await server.call("PATCH", target, options)).value).toMatchObject({
      code: 403,
      message:
        'configmaps "s" is forbidden: User "alice" cannot create resource "configmaps" ' +
        'in API group "" in the namespace "t"',
    });
    await apply(server, "m", aMap({ a: "1" }));
    expect((await server.call("PATCH", target, options)).status).toBe(200);
  });

  test("as a dry run writes nothing", async () => {
    const server = await aServer();
    const dry = await apply(server, "m", aMap({ a: "1" }), "&dryRun=All");
    expect(dry.status).toBe(201);
    expect(owners(dry)).toBe('m Apply {"f:data":{"f:a":{}}}');
    expect((await server.call("GET", `${MAPS}/s`)).status).toBe(404);
  });

  test("in a form that is not spoken here is refused", async () => {
    const server = await aServer();
    const contentType = "application/apply-patch+cbor";
    const target = `${MAPS}/s?fieldManager=m`;
    expect((await server.call("PATCH", target, { body: "x", contentType })).status).toBe(415);
  });
});

describe("apply by kubectl", () => {
  const LAST = "kubectl.kubernetes.io/last-applied-configuration";

  async function appliedByClient(server: TestServer, live: Data, last: Data): Promise<void> {
    const annotations = { [LAST]: JSON.stringify(aMap(last)) };
    const body = { ...aMap(live), metadata: { name: "s", annotations } };
    const headers = { "user-agent": "kubectl/v1.36.0" };
    await server.call("POST", `${MAPS}?fieldManager=kubectl-client-side-apply`, { body, headers });
  }

  test("owns what its client-side apply left, and keeps its annotation up to date", async () => {
    const server = await aServer();
    await appliedByClient(server, { a: "1" }, { a: "1" });
    const taken = await apply(server, "kubectl", aMap({ a: "2" }));
    expect(taken.value.data).toEqual({ a: "2" });
    expect(JSON.parse(taken.value.metadata.annotations[LAST])).toEqual(aMap({ a: "2" }));
    expect(taken.value.metadata.annotations[LAST].endsWith("}\n")).toBe(true);
  });

  test("does not own what changed since, or what somebody else applies", async () => {
    const server = await aServer();
    await appliedByClient(server, { a: "9", b: "1" }, { a: "1", b: "1" });
    const refused = await apply(server, "kubectl", aMap({ a: "2", b: "2" }));
    expect(refused.value.message).toBe(
      "Apply failed with 1 conflict: " +
        'conflict with "kubectl-client-side-apply" using v1: .data.a',
    );
    expect((await apply(server, "other", aMap({ b: "2" }))).status).toBe(409);
  });
});

describe("apply to parts", () => {
  const web = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", labels: { app: "web" } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "c", image: "nginx" }] },
      },
    },
  };

  async function applyTo(
    server: TestServer,
    endpoint: string,
    manager: string,
    config: object,
  ): Promise<Answer> {
    const target = `${DEPLOYMENTS}/web${endpoint}?fieldManager=${manager}`;
    return server.call("PATCH", target, { body: JSON.stringify(config), contentType: APPLY });
  }

  test("owns of the main endpoint no status, and of status nothing else", async () => {
    const server = await aServer();
    const status = { replicas: 7 };
    await applyTo(server, "", "main", { ...web, status });
    const config = { apiVersion: "apps/v1", kind: "Deployment", metadata: web.metadata };
    const answer = await applyTo(server, "/status", "st", { ...config, spec: web.spec, status });
    expect(answer.value.status).toEqual({ replicas: 7 });
    expect(owners(answer)).toMatch(/; st Apply\/status \{"f:status":\{"f:replicas":\{\}\}\}$/);
    expect(owners(answer)).not.toMatch(/main Apply.*f:status.*st Apply/);
  });

  test("status of an object that is not there is not found", async () => {
    const server = await aServer();
    expect((await applyTo(server, "/status", "st", web)).status).toBe(404);
  });

  test("a scale takes the replicas from who had them, and can be applied as well", async () => {
    const server = await aServer();
    await applyTo(server, "", "main", web);
    const scale = {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "web" },
      spec: { replicas: 5 },
    };
    const refused = await applyTo(server, "/scale", "hpa", scale);
    expect(refused.value.message).toBe(
      'Apply failed with 1 conflict: conflict with "main": .spec.replicas',
    );
    await applyTo(server, "/scale", "hpa&force=true", scale);
    const after = await server.call("GET", `${DEPLOYMENTS}/web`);
    expect(after.value.spec.replicas).toBe(5);
    expect(owners(after)).toMatch(/hpa Apply\/scale \{"f:spec":\{"f:replicas":\{\}\}\}/);
    expect(owners(after)).not.toMatch(/main Apply.*f:replicas.*f:selector/);
    const main = await applyTo(server, "", "main", web);
    expect(main.value.message).toBe(
      'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale": .spec.replicas',
    );
  });

  test("a container is found by its name, a port by number and protocol", async () => {
    const server = await aServer();
    await applyTo(server, "", "main", web);
    const containers = [{ name: "c", ports: [{ containerPort: 80 }] }];
    const extra = {
      ...web,
      metadata: { name: "web" },
      spec: { template: { spec: { containers } } },
    };
    const answer = await applyTo(server, "", "net", extra);
    expect(answer.value.spec.template.spec.containers).toMatchObject([
      { name: "c", image: "nginx", ports: [{ containerPort: 80, protocol: "TCP" }] },
    ]);
    const twice = [{ name: "c" }, { name: "c" }];
    const wrong = { ...extra, spec: { template: { spec: { containers: twice } } } };
    expect((await applyTo(server, "", "net", wrong)).value.message).toBe(
      "failed to create typed patch object (/web; apps/v1, Kind=Deployment): " +
        '.spec.template.spec.containers: duplicate entries for key [name="c"]',
    );
  });
});

describe("apply in another version", () => {
  test("drops what its manager applied before and names no more, metadata included", async () => {
    const server = await aServer();
    const applied = (version: string, parts: object): Promise<Answer> =>
      server.call(
        "PATCH",
        `/apis/autoscaling/${version}/namespaces/t/horizontalpodautoscalers/h?fieldManager=m`,
        {
          contentType: APPLY,
          body: JSON.stringify({
            apiVersion: `autoscaling/${version}`,
            kind: "HorizontalPodAutoscaler",
            ...parts,
          }),
        },
      );
    const scaleTargetRef = { kind: "Deployment", name: "x", apiVersion: "apps/v1" };
    const spec = { maxReplicas: 3, minReplicas: 2, scaleTargetRef };
    await applied("v1", { metadata: { name: "h", labels: { l: "1" } }, spec });
    const less = { maxReplicas: 3, scaleTargetRef };
    const answer = await applied("v2", { metadata: { name: "h" }, spec: less });
    expect(answer.status).toBe(200);
    expect(answer.value.metadata.labels).toBeUndefined();
    expect(answer.value.spec).toMatchObject({ ...less, minReplicas: 1 }); // as it is unless told
  });
});
