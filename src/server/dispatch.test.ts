import { expect, test } from "vitest";
import type { Method } from "../machinery/request.ts";
import { aServer, ADMIN, type CallOptions, type TestServer } from "./testing/test-server.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";

type Step = {
  readonly name: string;
  readonly method: Method;
  readonly target: string;
  readonly options?: CallOptions;
  readonly status: number;
  /** Part of the answer's `message`, or the whole answer in part. */
  readonly message?: string;
  readonly answer?: object;
};

async function aServerWithMap(): Promise<TestServer> {
  const server = await aServer();
  await server.call("POST", MAPS, { body: { metadata: { name: "a" }, data: { x: "1" } } });
  return server;
}

// Each case runs against a server where namespace `t` holds the ConfigMap `a`.
const cases: readonly Step[] = [
  {
    name: "a create fills in kind, namespace and identity",
    method: "POST",
    target: MAPS,
    options: { body: { metadata: { name: "b" }, data: { k: "v" } } },
    status: 201,
    answer: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "b", namespace: "t", creationTimestamp: "2026-01-01T00:00:00Z" },
      data: { k: "v" },
    },
  },
  {
    name: "a name that is taken is a conflict",
    method: "POST",
    target: MAPS,
    options: { body: { metadata: { name: "a" } } },
    status: 409,
    message: 'configmaps "a" already exists',
  },
  {
    name: "a bad name is refused with its rule",
    method: "POST",
    target: MAPS,
    options: { body: { metadata: { name: "Bad_Name" } } },
    status: 422,
    message:
      'ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase',
  },
  {
    name: "an object needs a name",
    method: "POST",
    target: MAPS,
    options: { body: { metadata: {} } },
    status: 422,
    message: "metadata.name: Required value: name or generateName is required",
  },
  {
    name: "another kind is refused",
    method: "POST",
    target: MAPS,
    options: { body: { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } } },
    status: 400,
    message: 'Secret in version "v1" cannot be handled as a ConfigMap',
  },
  {
    name: "another version is refused",
    method: "POST",
    target: MAPS,
    options: { body: { apiVersion: "v2", kind: "ConfigMap", metadata: { name: "s" } } },
    status: 400,
    message: 'no kind "ConfigMap" is registered for version "v2"',
  },
  {
    name: "a wrong type is refused",
    method: "POST",
    target: MAPS,
    options: { body: { metadata: { name: "c" }, data: { x: 1 } } },
    status: 400,
    message:
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number',
  },
  {
    name: "an empty body is refused",
    method: "POST",
    target: MAPS,
    options: { body: "" },
    status: 400,
    message: "the object provided is unrecognized (must be of type ConfigMap)",
  },
  {
    name: "another namespace in the body is refused",
    method: "POST",
    target: MAPS,
    options: { body: { metadata: { name: "n", namespace: "other" } } },
    status: 400,
    message:
      "the namespace of the provided object does not match the namespace sent on the request",
  },
  {
    name: "a missing namespace is not found",
    method: "POST",
    target: "/api/v1/namespaces/missing/configmaps",
    options: { body: { metadata: { name: "n" } } },
    status: 404,
    message: 'namespaces "missing" not found',
  },
  {
    name: "a new object has no resourceVersion",
    method: "POST",
    target: MAPS,
    options: { body: { metadata: { name: "rv", resourceVersion: "5" } } },
    status: 500,
    message: "resourceVersion should not be set on objects to be created",
  },
  {
    name: "a bad label is refused",
    method: "POST",
    target: MAPS,
    options: { body: { metadata: { name: "l", labels: { "bad label!": "x" } } } },
    status: 422,
    message: 'metadata.labels: Invalid value: "bad label!": name part must consist of',
  },
  {
    name: "a finalizer without a domain is refused",
    method: "POST",
    target: MAPS,
    options: { body: { metadata: { name: "f", finalizers: ["nodomain"] } } },
    status: 422,
    message:
      'metadata.finalizers[0]: Invalid value: "nodomain": name is neither a standard finalizer',
  },
  {
    name: "an owner needs name and uid",
    method: "POST",
    target: MAPS,
    options: {
      body: { metadata: { name: "o", ownerReferences: [{ apiVersion: "v1", kind: "Pod" }] } },
    },
    status: 422,
    message: "metadata.ownerReferences.uid",
  },
  {
    name: "an unknown media type is refused",
    method: "POST",
    target: MAPS,
    options: { body: "{}", contentType: "text/plain" },
    status: 415,
    message: "the body of the request was in an unknown format",
  },
  {
    name: "a dry run answers like a write",
    method: "POST",
    target: `${MAPS}?dryRun=All`,
    options: { body: { metadata: { name: "dry" } } },
    status: 201,
    answer: { metadata: { name: "dry", namespace: "t" } },
  },
  {
    name: "another dry run than All is refused",
    method: "POST",
    target: `${MAPS}?dryRun=Some`,
    options: { body: { metadata: { name: "dry" } } },
    status: 422,
    message:
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: ' +
      'supported values: "All"',
  },
  {
    name: "a long field manager is refused",
    method: "POST",
    target: `${MAPS}?fieldManager=${"m".repeat(129)}`,
    options: { body: { metadata: { name: "fm" } } },
    status: 422,
    message: "fieldManager: Too long: may not be more than 128 bytes",
  },
  {
    name: "strict validation refuses unknown fields",
    method: "POST",
    target: `${MAPS}?fieldValidation=Strict`,
    options: { body: { metadata: { name: "u" }, foo: 1 } },
    status: 400,
    message: 'strict decoding error: unknown field "foo"',
  },
  {
    name: "strict validation refuses fields given twice",
    method: "POST",
    target: `${MAPS}?fieldValidation=Strict`,
    options: { body: '{"metadata":{"name":"d"},"data":{"a":"1","a":"2"}}' },
    status: 400,
    message: 'strict decoding error: duplicate field "data.a"',
  },
  {
    name: "an object is read back",
    method: "GET",
    target: `${MAPS}/a`,
    status: 200,
    answer: { kind: "ConfigMap", metadata: { name: "a" }, data: { x: "1" } },
  },
  {
    name: "a missing object is not found",
    method: "GET",
    target: `${MAPS}/none`,
    status: 404,
    answer: {
      kind: "Status",
      reason: "NotFound",
      message: 'configmaps "none" not found',
      details: { name: "none", kind: "configmaps" },
    },
  },
  {
    name: "an update without resourceVersion overwrites",
    method: "PUT",
    target: `${MAPS}/a`,
    options: { body: { metadata: { name: "a" }, data: { x: "2" } } },
    status: 200,
    answer: { data: { x: "2" } },
  },
  {
    name: "an update with an old resourceVersion conflicts",
    method: "PUT",
    target: `${MAPS}/a`,
    options: { body: { metadata: { name: "a", resourceVersion: "1" }, data: { x: "3" } } },
    status: 409,
    message:
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; ' +
      "please apply your changes to the latest version and try again",
  },
  {
    name: "an update of another uid conflicts",
    method: "PUT",
    target: `${MAPS}/a`,
    options: { body: { metadata: { name: "a", uid: "other" } } },
    status: 409,
    message: "Precondition failed: UID in precondition: other, UID in object meta: ",
  },
  {
    name: "an update keeps the name of its URL",
    method: "PUT",
    target: `${MAPS}/a`,
    options: { body: { metadata: { name: "b" } } },
    status: 400,
    message: "the name of the object (b) does not match the name on the URL (a)",
  },
  {
    name: "an update of nothing is not found",
    method: "PUT",
    target: `${MAPS}/nope`,
    options: { body: { metadata: { name: "nope" } } },
    status: 404,
    message: 'configmaps "nope" not found',
  },
  {
    name: "a merge patch replaces and removes",
    method: "PATCH",
    target: `${MAPS}/a`,
    options: {
      body: { data: { x: null, y: "9" } },
      contentType: "application/merge-patch+json",
    },
    status: 200,
    answer: { data: { y: "9" } },
  },
  {
    name: "a JSON patch is applied in order",
    method: "PATCH",
    target: `${MAPS}/a`,
    options: {
      body: [
        { op: "test", path: "/data/x", value: "1" },
        { op: "add", path: "/data/c", value: "3" },
      ],
      contentType: "application/json-patch+json",
    },
    status: 200,
    answer: { data: { x: "1", c: "3" } },
  },
  {
    name: "a JSON patch that does not fit is refused without saying why",
    method: "PATCH",
    target: `${MAPS}/a`,
    options: {
      body: [{ op: "test", path: "/data/x", value: "nope" }],
      contentType: "application/json-patch+json",
    },
    status: 422,
    answer: {
      reason: "Invalid",
      message: "the server rejected our request due to an error in our request",
      details: {},
    },
  },
  {
    name: "a strategic merge patch merges",
    method: "PATCH",
    target: `${MAPS}/a`,
    options: {
      body: { data: { d: "4" } },
      contentType: "application/strategic-merge-patch+json",
    },
    status: 200,
    answer: { data: { x: "1", d: "4" } },
  },
  {
    name: "a patch that is no JSON is refused",
    method: "PATCH",
    target: `${MAPS}/a`,
    options: { body: "not json", contentType: "application/merge-patch+json" },
    status: 400,
    message: "error decoding patch: invalid character 'o' in literal null (expecting 'u')",
  },
  {
    name: "a patch needs its media type",
    method: "PATCH",
    target: `${MAPS}/a`,
    options: { body: "{}", contentType: "application/json" },
    status: 415,
    message: "415: Unsupported Media Type",
  },
  {
    name: "a patch cannot rename",
    method: "PATCH",
    target: `${MAPS}/a`,
    options: {
      body: { metadata: { name: "other" } },
      contentType: "application/merge-patch+json",
    },
    status: 400,
    message: "the name of the object (other) does not match the name on the URL (a)",
  },
  {
    name: "a patch of an old resourceVersion conflicts",
    method: "PATCH",
    target: `${MAPS}/a`,
    options: {
      body: { metadata: { resourceVersion: "1" }, data: { z: "1" } },
      contentType: "application/merge-patch+json",
    },
    status: 409,
    message: "the object has been modified",
  },
  {
    name: "force is for apply alone",
    method: "PATCH",
    target: `${MAPS}/a?force=true`,
    options: { body: { data: {} }, contentType: "application/merge-patch+json" },
    status: 422,
    message:
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for ' +
      "non-apply patch",
  },
  {
    name: "a delete answers with a success and the uid",
    method: "DELETE",
    target: `${MAPS}/a`,
    status: 200,
    answer: {
      kind: "Status",
      status: "Success",
      details: { name: "a", kind: "configmaps", uid: expect.any(String) },
    },
  },
  {
    name: "a delete of another uid conflicts",
    method: "DELETE",
    target: `${MAPS}/a`,
    options: { body: { kind: "DeleteOptions", apiVersion: "v1", preconditions: { uid: "1" } } },
    status: 409,
    message: "the UID in the precondition (1) does not match the UID in record (",
  },
  {
    name: "an unknown propagation policy is refused",
    method: "DELETE",
    target: `${MAPS}/a?propagationPolicy=Sideways`,
    status: 422,
    message:
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Sideways"',
  },
  {
    name: "two ways to say what becomes of dependents are one too many",
    method: "DELETE",
    target: `${MAPS}/a`,
    options: { body: { orphanDependents: true, propagationPolicy: "Background" } },
    status: 422,
    message: "orphanDependents and deletionPropagation cannot be both set",
  },
  {
    name: "the default namespace stays",
    method: "DELETE",
    target: "/api/v1/namespaces/default",
    status: 403,
    message: 'namespaces "default" is forbidden: this namespace may not be deleted',
  },
  {
    name: "a post to a name is not allowed",
    method: "POST",
    target: `${MAPS}/a`,
    options: { body: { metadata: { name: "a" } } },
    status: 405,
    message: "the server does not allow this method on the requested resource",
  },
  {
    name: "HEAD of an object is not allowed",
    method: "HEAD",
    target: `${MAPS}/a`,
    status: 405,
  },
  {
    name: "an unknown resource is not found",
    method: "GET",
    target: "/api/v1/nope",
    status: 404,
    message: "the server could not find the requested resource",
  },
  {
    name: "an unknown subresource is not found",
    method: "GET",
    target: `${MAPS}/a/nope`,
    status: 404,
    message: "the server could not find the requested resource",
  },
  {
    name: "a text that nothing can be made of is not acceptable",
    method: "GET",
    target: `${MAPS}/a`,
    options: { headers: { accept: "text/html" } },
    status: 406,
    message: "406: Not Acceptable",
  },
  {
    name: "metadata alone can be asked for",
    method: "GET",
    target: `${MAPS}/a`,
    options: {
      headers: { accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" },
    },
    status: 200,
    answer: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" },
  },
  {
    name: "a table can be asked for",
    method: "GET",
    target: `${MAPS}?includeObject=None`,
    options: { headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" } },
    status: 200,
    answer: {
      kind: "Table",
      apiVersion: "meta.k8s.io/v1",
      rows: [{ cells: ["a", 1, "0s"], object: null }],
    },
  },
];

for (const step of cases) {
  test(`dispatch: ${step.name}`, async () => {
    const server = await aServerWithMap();
    const { status, value } = await server.call(step.method, step.target, step.options);
    expect({ status, message: value?.message }).toMatchObject({ status: step.status });
    if (step.message !== undefined) expect(value.message).toContain(step.message);
    if (step.answer !== undefined) expect(value).toMatchObject(step.answer);
  });
}

test("dispatch: paths of nobody are answered in plain text", async () => {
  const server = await aServer();
  for (const target of ["/nope", "/apis/nope/v1/x", "/apis/nope"]) {
    const answer = await server.call("GET", target);
    expect(answer).toMatchObject({ status: 404, value: "404 page not found\n" });
  }
});

test("dispatch: a stranger is refused in the words tools look for", async () => {
  const server = await aServer();
  const alice = { name: "alice", groups: ["system:authenticated"] };
  const list = await server.call("GET", MAPS, { user: alice });
  expect(list).toMatchObject({
    status: 403,
    value: {
      message:
        'configmaps is forbidden: User "alice" cannot list resource "configmaps" ' +
        'in API group "" in the namespace "t"',
      details: { kind: "configmaps" },
    },
  });
  const metrics = await server.call("GET", "/metrics", { user: alice });
  expect(metrics.value.message).toBe('forbidden: User "alice" cannot get path "/metrics"');
  expect(await server.call("GET", "/api", { user: alice })).toMatchObject({ status: 403 });
  expect(await server.call("GET", "/version", { user: alice })).toMatchObject({ status: 200 });
});

test("dispatch: a defect is logged with its request id and told by that id alone", async () => {
  const plugin = {
    name: "Broken",
    validate: ({ name }: { readonly name: string }) => {
      if (name === "x") throw new TypeError("secret detail");
    },
  };
  const server = await aServer({ admissionPlugins: [plugin] });
  const answer = await server.call("POST", MAPS, {
    body: { metadata: { name: "x" } },
    headers: { "audit-id": "id-1" },
  });
  expect(answer).toMatchObject({ status: 500, headers: { "audit-id": "id-1" } });
  expect(answer.value.message).toContain("id-1");
  expect(answer.value.message).not.toContain("secret");
  expect(server.env.lines.filter((line) => line.level === "error")).toHaveLength(1);
});

test("dispatch: a write that changes nothing makes no revision", async () => {
  const server = await aServerWithMap();
  const before = server.store.status().revision;
  await server.call("PUT", `${MAPS}/a`, { body: { data: { x: "1" }, metadata: { name: "a" } } });
  await server.call("PATCH", `${MAPS}/a`, {
    body: { data: { x: "1" } },
    contentType: "application/merge-patch+json",
  });
  expect(server.store.status().revision).toBe(before);
});

test("dispatch: patches that come together are all applied", async () => {
  const server = await aServerWithMap();
  const keys = Array.from({ length: 60 }, (_, index) => `k${index}`);
  const answers = await Promise.all(
    keys.map((key) =>
      server.call("PATCH", `${MAPS}/a`, {
        body: { data: { [key]: "v" } },
        contentType: "application/merge-patch+json",
      }),
    ),
  );
  expect(answers.filter((answer) => answer.status !== 200)).toEqual([]);
  const { value } = await server.call("GET", `${MAPS}/a`);
  expect(Object.keys(value.data)).toHaveLength(keys.length + 1);
});

test("dispatch: of two creates of one name, one is told that it exists", async () => {
  const server = await aServer();
  const answers = await Promise.all(
    [1, 2, 3].map(() => server.call("POST", MAPS, { body: { metadata: { name: "one" } } })),
  );
  expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
});

test("dispatch: every write keeps its cause", async () => {
  const server = await aServer();
  const cause = { ...server.context.cause, triggers: [1, 2], traceparent: "00-ab" };
  await server.call("POST", `${MAPS}?fieldManager=tester`, {
    body: { metadata: { name: "caused" } },
    context: { ...server.context, cause },
  });
  const [entry] = await server.store.history(
    "/registry/core/configmaps/t/caused",
    { limit: 1 },
    server.context,
  );
  expect(entry?.cause).toMatchObject({
    user: ADMIN.name,
    actor: "tester",
    verb: "create",
    triggers: [1, 2],
  });
});

test("dispatch: keys like __proto__ are stored and returned as they came", async () => {
  const server = await aServer();
  const text =
    '{"metadata":{"name":"p","annotations":{"constructor":"c"}},' +
    '"data":{"__proto__":"x","then":"y","toJSON":"z"}}';
  expect(await server.call("POST", MAPS, { body: text })).toMatchObject({ status: 201 });
  const { body } = await server.send("GET", `${MAPS}/p`);
  const bytes = body.kind === "object" ? body.object.bytes : new Uint8Array();
  const stored = JSON.parse(new TextDecoder().decode(bytes)) as { data: object };
  expect(Object.entries(stored.data)).toEqual([
    ["__proto__", "x"],
    ["then", "y"],
    ["toJSON", "z"],
  ]);
});

test("dispatch: generated names are tried again when they are taken", async () => {
  const server = await aServer();
  const made = await server.call("POST", MAPS, { body: { metadata: { generateName: "gen-" } } });
  expect(made.status).toBe(201);
  expect(made.value.metadata.name).toMatch(/^gen-[b-z2-9]{5}$/);
});
