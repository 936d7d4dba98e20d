import { expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";
import { aSite, aVersion, define, merge, SITES } from "./testing.ts";

const TABLE = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };

async function aServerWithSites(version: object = {}): Promise<TestServer> {
  const server = await aServer();
  await define(server, { versions: [aVersion(version)] });
  return server;
}

test("custom resources: what is unknown is dropped, what is absent filled in", async () => {
  const server = await aServerWithSites();
  const body = aSite("a", { spec: { tier: "gold", junk: 1 } });
  const made = await server.call("POST", SITES, { body });
  expect(made).toMatchObject({
    status: 201,
    warnings: ['unknown field "spec.junk"'],
    value: { kind: "Site", apiVersion: "example.dev/v1", metadata: { generation: 1 } },
  });
  expect(made.value.spec).toEqual({ tier: "gold", replicas: 1 });
  const strict = await server.call("POST", `${SITES}?fieldValidation=Strict`, { body });
  expect(strict).toMatchObject({
    status: 400,
    value: {
      message:
        'Site in version "v1" cannot be handled as a Site: strict decoding error: ' +
        'unknown field "spec.junk"',
    },
  });
});

test("custom resources: refusals are upstream's", async () => {
  const server = await aServerWithSites();
  await server.call("POST", SITES, { body: aSite("a") });
  for (const { method, path, options, status, message } of [
    {
      method: "POST",
      path: SITES,
      options: { body: '{"metadata":{"name":"x"}}' },
      status: 400,
      message:
        "the object provided is unrecognized (must be of type Site): Object 'Kind' is missing in " +
        `'{"metadata":{"name":"x"}}' ({"metadata":{"name":"x"}})`,
    },
    {
      method: "POST",
      path: SITES,
      options: { body: { ...aSite("x"), apiVersion: "example.dev/v2" } },
      status: 400,
      message:
        "the API version in the data (example.dev/v2) does not match the expected API version " +
        "(example.dev/v1)",
    },
    {
      method: "POST",
      path: SITES,
      options: { body: { ...aSite("x"), kind: "Other" } },
      status: 422,
      message: 'Other.example.dev "x" is invalid: kind: Invalid value: "Other": must be Site',
    },
    {
      method: "POST",
      path: SITES,
      options: { body: aSite("x", { spec: { replicas: -1 } }) },
      status: 422,
      message:
        'Site.example.dev "x" is invalid: spec.replicas: Invalid value: -1: spec.replicas in ' +
        "body should be greater than or equal to 0",
    },
    {
      method: "PUT",
      path: `${SITES}/a`,
      options: { body: aSite("a") },
      status: 422,
      message:
        'sites.example.dev "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be ' +
        "specified for an update",
    },
    {
      method: "GET",
      path: `${SITES}/a/status`,
      options: {},
      status: 404,
      message: 'sites.example.dev "a" not found',
    },
    {
      method: "GET",
      path: `${SITES}?fieldSelector=spec.tier%3Dx`,
      options: {},
      status: 400,
      message: "field label not supported: spec.tier",
    },
    {
      method: "POST",
      path: SITES,
      options: { body: "k8s", contentType: "application/vnd.kubernetes.protobuf" },
      status: 415,
      message:
        "the body of the request was in an unknown format - accepted media types include: " +
        "application/json, application/yaml",
    },
  ] as const) {
    expect(await server.call(method, path, options)).toMatchObject({ status, value: { message } });
  }
  const elsewhere = await server.call("GET", "/apis/example.dev/v1/namespaces/t/others");
  expect(elsewhere).toMatchObject({ status: 404, value: "404 page not found\n" });
});

test("custom resources: without the status subresource, the status is part of it", async () => {
  const server = await aServerWithSites();
  const body = aSite("a", { status: { replicas: 1 } });
  expect((await server.call("POST", SITES, { body })).value.status).toEqual({ replicas: 1 });
  const next = await server.call("PATCH", `${SITES}/a`, merge({ status: { replicas: 2 } }));
  expect(next.value).toMatchObject({ metadata: { generation: 2 }, status: { replicas: 2 } });
  const labelled = { metadata: { labels: { a: "b" } } };
  const same = await server.call("PATCH", `${SITES}/a`, merge(labelled));
  expect(same.value.metadata).toMatchObject({ generation: 2, labels: { a: "b" } });
});

test("custom resources: with it, each endpoint takes its own part", async () => {
  const server = await aServerWithSites({ subresources: { status: {} } });
  const sent = { spec: { replicas: 2 }, status: { replicas: 1 } };
  const made = await server.call("POST", SITES, { body: aSite("a", sent) });
  expect(made.value.status).toBeUndefined();
  const change = {
    metadata: { labels: { a: "b" } },
    spec: { replicas: 9 },
    status: { replicas: 4 },
  };
  const told = await server.call("PATCH", `${SITES}/a/status`, merge(change));
  expect(told.value).toMatchObject({
    metadata: { generation: 1 },
    spec: { replicas: 2 },
    status: { replicas: 4 },
  });
  expect(told.value.metadata.labels).toBeUndefined();
  const asked = await server.call("PATCH", `${SITES}/a`, merge(change));
  expect(asked.value).toMatchObject({
    metadata: { generation: 2, labels: { a: "b" } },
    spec: { replicas: 9 },
    status: { replicas: 4 },
  });
});

test("custom resources: their scale reads and writes the fields it is told", async () => {
  const server = await aServerWithSites({
    subresources: {
      status: {},
      scale: {
        specReplicasPath: ".spec.size",
        statusReplicasPath: ".status.replicas",
        labelSelectorPath: ".status.selector",
      },
    },
    schema: {
      openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    },
  });
  await server.call("POST", SITES, { body: aSite("a") });
  expect(await server.call("GET", `${SITES}/a/scale`)).toMatchObject({
    status: 500,
    value: {
      message: 'Internal error occurred: the spec replicas field ".spec.size" does not exist',
    },
  });
  const status = { status: { replicas: 3, selector: "a=b" } };
  await server.call("PATCH", `${SITES}/a/status`, merge(status));
  const empty = await server.call("PATCH", `${SITES}/a/scale`, merge({ metadata: {} }));
  expect(empty).toMatchObject({
    status: 400,
    value: { message: 'the spec replicas field ".spec.size" cannot be empty' },
  });
  const set = await server.call("PATCH", `${SITES}/a/scale`, merge({ spec: { replicas: 5 } }));
  expect(set).toMatchObject({
    status: 200,
    value: {
      kind: "Scale",
      spec: { replicas: 5 },
      status: { replicas: 3, selector: "a=b" },
    },
  });
  expect((await server.call("GET", `${SITES}/a`)).value).toMatchObject({
    metadata: { generation: 2 },
    spec: { size: 5 },
  });
  const wrong = await server.call("PATCH", `${SITES}/a`, merge({ spec: { size: "x" } }));
  expect(wrong.value.message).toBe(
    'Site.example.dev "a" is invalid: .spec.size: Invalid value: 0: .spec.size accessor error: ' +
      "x is of the type string, expected int64",
  );
});

test("custom resources: tables have the columns of the version", async () => {
  const server = await aServerWithSites({
    additionalPrinterColumns: [
      { name: "Replicas", type: "integer", jsonPath: ".spec.replicas" },
      { name: "Host", type: "string", jsonPath: ".spec.host", priority: 1, description: "Where." },
      { name: "Made", type: "date", jsonPath: ".metadata.creationTimestamp" },
    ],
  });
  await server.call("POST", SITES, { body: aSite("a", { spec: { replicas: 2 } }) });
  await server.env.advance(65_000);
  const { value } = await server.call("GET", SITES, { headers: TABLE });
  expect(value.columnDefinitions.slice(1)).toEqual([
    {
      name: "Replicas",
      type: "integer",
      format: "",
      description: "Custom resource definition column (in JSONPath format): .spec.replicas",
      priority: 0,
    },
    { name: "Host", type: "string", format: "", description: "Where.", priority: 1 },
    {
      name: "Made",
      type: "date",
      format: "",
      description:
        "Custom resource definition column (in JSONPath format): .metadata.creationTimestamp",
      priority: 0,
    },
  ]);
  expect(value.rows[0].cells).toEqual(["a", 2, null, "65s"]);
});

test("custom resources: without columns there is the age", async () => {
  const server = await aServerWithSites();
  await server.call("POST", SITES, { body: aSite("a") });
  const { value } = await server.call("GET", SITES, { headers: TABLE });
  expect(value.columnDefinitions.map((each: { name: string }) => each.name)).toEqual([
    "Name",
    "Age",
  ]);
  expect(value.rows[0].cells).toEqual(["a", "0s"]);
});

test("custom resources: lists and watches are selected by the fields of the version", async () => {
  const server = await aServerWithSites({ selectableFields: [{ jsonPath: ".spec.tier" }] });
  const gold = await server.watch(`${SITES}?watch=1&fieldSelector=spec.tier%3Dgold`);
  for (const [name, tier] of [
    ["a", "gold"],
    ["b", "silver"],
  ] as const) {
    await server.call("POST", SITES, { body: aSite(name, { spec: { tier } }) });
  }
  const { value } = await server.call("GET", `${SITES}?fieldSelector=spec.tier%3Dgold`);
  expect(value.metadata).toMatchObject({ continue: "" });
  expect(value.items.map((each: { metadata: { name: string } }) => each.metadata.name)).toEqual([
    "a",
  ]);
  expect(value.items[0]).toMatchObject({ kind: "Site", apiVersion: "example.dev/v1" });
  await server.call("PATCH", `${SITES}/a`, merge({ spec: { tier: "silver" } }));
  await server.env.settle();
  expect(gold.seen).toEqual(["ADDED a", "DELETED a"]);
  await gold.stop();
});

test("custom resources: cluster-wide ones have no namespace", async () => {
  const server = await aServer();
  await define(server, { scope: "Cluster" });
  const path = "/apis/example.dev/v1/sites";
  expect(await server.call("POST", path, { body: aSite("a") })).toMatchObject({ status: 201 });
  expect(await server.call("GET", `${path}/a`)).toMatchObject({ status: 200 });
  expect(await server.call("GET", `${SITES}/a`)).toMatchObject({
    status: 404,
    value: "404 page not found\n",
  });
});

test("custom resources: who writes with an old schema's words is told by the new one", async () => {
  const server = await aServerWithSites();
  await server.call("POST", SITES, { body: aSite("a", { spec: { host: "0123456789" } }) });
  const shorter = aVersion();
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/sites.example.dev";
  const properties = {
    spec: {
      type: "object",
      properties: { host: { type: "string", maxLength: 5 }, size: { type: "integer", default: 7 } },
    },
  };
  const schema = { openAPIV3Schema: { type: "object", properties } };
  await server.call("PATCH", path, merge({ spec: { versions: [{ ...shorter, schema }] } }));
  await server.env.settle();
  const read = await server.call("GET", `${SITES}/a`);
  expect(read.value.spec).toEqual({ host: "0123456789", size: 7 }); // replicas are unknown now
  const unchanged = await server.call("PATCH", `${SITES}/a`, merge({ spec: { size: 8 } }));
  expect(unchanged).toMatchObject({ status: 200, value: { spec: { size: 8 } } });
  const longer = await server.call("PATCH", `${SITES}/a`, merge({ spec: { host: "abcdef" } }));
  expect(longer.status).toBe(422);
});

test("custom resources: integers of 64 bits are kept to the last digit", async () => {
  const rules = [{ rule: "self.nanos == oldSelf.nanos" }];
  const properties = {
    spec: {
      type: "object",
      "x-kubernetes-preserve-unknown-fields": true,
      "x-kubernetes-validations": rules,
      properties: { nanos: { type: "integer", format: "int64", minimum: 5 } },
    },
  };
  const columns = {
    additionalPrinterColumns: [{ name: "N", type: "integer", jsonPath: ".spec.x" }],
  };
  const schema = { openAPIV3Schema: { type: "object", properties } };
  const server = await aServerWithSites({ schema, ...columns });
  const text = (nanos: string, more = ""): string =>
    `{"apiVersion":"example.dev/v1","kind":"Site","metadata":{"name":"a"},` +
    `"spec":{"nanos":${nanos},"x":-9223372036854775808}${more}}`;
  const made = await server.call("POST", SITES, { body: text("9223372036854775807") });
  const kept = { nanos: 9223372036854775807n, x: -9223372036854775808n };
  expect(made).toMatchObject({ status: 201, value: { spec: kept } });
  const merged = await server.call("PATCH", `${SITES}/a`, merge({ spec: { y: 1 } }));
  expect(merged).toMatchObject({ status: 200, value: { spec: { ...kept, y: 1 } } });
  const applied = await server.call("PATCH", `${SITES}/a?fieldManager=m&force=true`, {
    contentType: "application/apply-patch+yaml",
    body: text("9223372036854775807"),
  });
  expect(applied).toMatchObject({ status: 200, value: { spec: kept } });
  const changed = await server.call("PATCH", `${SITES}/a`, {
    contentType: "application/merge-patch+json",
    body: '{"spec":{"nanos":9223372036854775806}}',
  });
  expect(changed.status).toBe(422); // a rule sees the last digit
  const small = await server.call("POST", SITES, { body: text("-9007199254740993") });
  expect(small.status).toBe(422);
  expect((await server.call("GET", SITES, { headers: TABLE })).status).toBe(200);
  const stored = await server.send("GET", `${SITES}/a`);
  const { object } = stored.body as unknown as { readonly object: { readonly bytes: Uint8Array } };
  expect(new TextDecoder().decode(object.bytes)).toContain('"nanos":9223372036854775807');
});
