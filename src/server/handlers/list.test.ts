import { expect, test } from "vitest";
import { aServer, type TestServer } from "../testing/test-server.ts";

const MAPS = "/api/v1/namespaces/t/configmaps";

/** `l0` … `l6` in namespace `t`, labelled `n` 0 to 2, every second one also `even`. */
async function aServerWithMaps(): Promise<TestServer> {
  const server = await aServer();
  for (let index = 0; index < 7; index += 1) {
    const labels = { n: String(index % 3), ...(index % 2 === 0 ? { even: "y" } : {}) };
    await server.call("POST", MAPS, { body: { metadata: { name: `l${index}`, labels } } });
  }
  return server;
}

async function namesOf(server: TestServer, query: string): Promise<string> {
  const { status, value } = await server.call("GET", `${MAPS}?${query}`);
  if (status !== 200) return `${status} ${value.message.replace(/current: \d+/, "current: *")}`;
  return value.items.map((item: { metadata: { name: string } }) => item.metadata.name).join(" ");
}

function token(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}

for (const { query, names } of [
  { query: "", names: "l0 l1 l2 l3 l4 l5 l6" },
  { query: "labelSelector=n%3D1", names: "l1 l4" },
  { query: "labelSelector=n in (0,2),even", names: "l0 l2 l6" },
  { query: "labelSelector=!even", names: "l1 l3 l5" },
  { query: "fieldSelector=metadata.name%3Dl1", names: "l1" },
  { query: "fieldSelector=metadata.name!%3Dl1,metadata.namespace%3Dt", names: "l0 l2 l3 l4 l5 l6" },
  { query: "limit=2&resourceVersion=0", names: "l0 l1 l2 l3 l4 l5 l6" },
  { query: "limit=-1", names: "l0 l1 l2 l3 l4 l5 l6" },
  {
    query: "fieldSelector=data.i%3D1",
    names: '400 "data.i" is not a known field selector: only "metadata.name", "metadata.namespace"',
  },
  {
    query: "labelSelector=a b c",
    names: "400 unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
  },
  {
    query: "resourceVersion=abc",
    names:
      '400 invalid resource version: resourceVersion: Invalid value: "abc": ' +
      'strconv.ParseUint: parsing "abc": invalid syntax',
  },
  {
    query: "resourceVersion=18446744073709551616",
    names:
      '400 invalid resource version: resourceVersion: Invalid value: "18446744073709551616": ' +
      'strconv.ParseUint: parsing "18446744073709551616": value out of range',
  },
  {
    query: "limit=9223372036854775808",
    names: '400 strconv.ParseInt: parsing "9223372036854775808": value out of range',
  },
  {
    query: "continue=garbage",
    names:
      "400 invalid continue token: continue key is not valid: invalid character '\\u0081' " +
      "looking for beginning of value",
  },
  {
    query: "continue=a*b",
    names:
      "400 invalid continue token: continue key is not valid: illegal base64 data at input byte 1",
  },
  {
    query: `continue=${token({ v: "v2", rv: 1, start: "a" })}`,
    names:
      "400 invalid continue token: continue key is not valid: server does not recognize this " +
      "encoded version v2",
  },
  {
    query: `continue=${token({ v: "meta.k8s.io/v1", rv: 0, start: "a" })}`,
    names:
      "400 invalid continue token: continue key is not valid: incorrect encoded start " +
      "resourceVersion (version meta.k8s.io/v1)",
  },
  {
    query: `continue=${token({ v: "meta.k8s.io/v1", rv: 1 })}`,
    names:
      "400 invalid continue token: continue key is not valid: encoded start key empty " +
      "(version meta.k8s.io/v1)",
  },
  {
    query: `continue=${token({ v: "meta.k8s.io/v1", rv: 1, start: "../secrets/x" })}`,
    names: "400 invalid continue token: continue key is not valid: ../secrets/x",
  },
  {
    query: `continue=${token({ v: "meta.k8s.io/v1", rv: 1, start: "a" })}&resourceVersion=5`,
    names: "400 specifying resource version is not allowed when using continue",
  },
  {
    query: "resourceVersion=999999&resourceVersionMatch=Exact",
    names: "504 Timeout: Too large resource version: 999999, current: *",
  },
  {
    query: "resourceVersionMatch=Foo&continue=x&sendInitialEvents",
    names:
      '422 ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: ' +
      "resourceVersionMatch is forbidden unless resourceVersion is provided, " +
      "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is " +
      'provided, resourceVersionMatch: Unsupported value: "Foo": supported values: "Exact", ' +
      '"NotOlderThan", "", sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list]',
  },
  { query: "limit=abc", names: '400 strconv.ParseInt: parsing "abc": invalid syntax' },
  {
    query: "resourceVersionMatch=Exact",
    names:
      '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: ' +
      "resourceVersionMatch is forbidden unless resourceVersion is provided",
  },
  {
    query: "resourceVersion=0&resourceVersionMatch=Exact",
    names:
      '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: ' +
      'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
  },
  {
    query: "resourceVersion=1&resourceVersionMatch=Foo",
    names:
      '422 ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: ' +
      '"Foo": supported values: "Exact", "NotOlderThan", ""',
  },
  {
    query: "sendInitialEvents=true",
    names:
      '422 ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: ' +
      "sendInitialEvents is forbidden for list",
  },
]) {
  test(`list: ?${query}`, async () => {
    expect(await namesOf(await aServerWithMaps(), query)).toBe(names);
  });
}

test("list: pages are of one revision, whatever is written between them", async () => {
  const server = await aServerWithMaps();
  const first = await server.call("GET", `${MAPS}?limit=3`);
  expect(first.value.metadata).toMatchObject({ remainingItemCount: 4 });
  await server.call("DELETE", `${MAPS}/l5`);
  await server.call("POST", MAPS, { body: { metadata: { name: "l9" } } });

  const names: string[] = [];
  let token: string | undefined = first.value.metadata.continue;
  while (token !== undefined) {
    const page = await server.call("GET", `${MAPS}?limit=3&continue=${token}`);
    expect(page.value.metadata.resourceVersion).toBe(first.value.metadata.resourceVersion);
    names.push(
      ...page.value.items.map((item: { metadata: { name: string } }) => item.metadata.name),
    );
    token = page.value.metadata.continue;
  }
  expect(names).toEqual(["l3", "l4", "l5", "l6"]);
});

test("list: a limit counts what the selector picks", async () => {
  const server = await aServerWithMaps();
  const page = await server.call("GET", `${MAPS}?limit=2&labelSelector=even`);
  expect(page.value.items).toHaveLength(2);
  expect(page.value.metadata.remainingItemCount).toBeUndefined();
  const rest = await namesOf(server, `labelSelector=even&continue=${page.value.metadata.continue}`);
  expect(rest).toBe("l4 l6");
});

test("list: a forgotten page says how to go on", async () => {
  const server = await aServerWithMaps();
  const first = await server.call("GET", `${MAPS}?limit=3`);
  await server.call("DELETE", `${MAPS}/l4`);
  await server.store.compact(server.store.status().revision, server.context);

  const token: string = first.value.metadata.continue;
  const expired = await server.call("GET", `${MAPS}?limit=3&continue=${token}`);
  expect(expired).toMatchObject({ status: 410, value: { reason: "Expired" } });
  const rest = await namesOf(server, `continue=${expired.value.metadata.continue}`);
  expect(rest).toBe("l3 l5 l6");
});

test("list: tokens that are none of ours are refused", async () => {
  const server = await aServer();
  for (const token of ["garbage", btoa("{}"), btoa('{"v":"meta.k8s.io/v1","rv":0,"start":"a"}')]) {
    expect(await namesOf(server, `continue=${token}`)).toMatch(/^400 invalid continue token: /);
  }
});

test("list: a revision of the future is waited for, then refused", async () => {
  const server = await aServer();
  const pending = server.call("GET", `${MAPS}?resourceVersion=99999999`);
  await server.env.advance(5_000);
  expect(await pending).toMatchObject({
    status: 504,
    headers: { "retry-after": "1" },
    value: { details: { causes: [{ reason: "ResourceVersionTooLarge" }], retryAfterSeconds: 1 } },
  });
});

test("list: an exact revision shows the past", async () => {
  const server = await aServerWithMaps();
  const { value } = await server.call("GET", `${MAPS}/l1`);
  const { resourceVersion } = value.metadata;
  await server.call("DELETE", `${MAPS}/l0`);
  const query = `resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`;
  expect(await namesOf(server, query)).toBe("l0 l1");
});

test("list: items are without kind, and over all namespaces ordered by namespace", async () => {
  const server = await aServerWithMaps();
  const other = "/api/v1/namespaces/default/configmaps";
  await server.call("POST", other, { body: { metadata: { name: "z" } } });
  const { value } = await server.call("GET", "/api/v1/configmaps?limit=2");
  expect(value).toMatchObject({ kind: "ConfigMapList", apiVersion: "v1" });
  expect(value.items.map((item: object) => Object.keys(item)[0])).toEqual(["metadata", "metadata"]);
  expect(value.items[0].metadata).toMatchObject({ name: "z", namespace: "default" });
  const rest = await server.call("GET", `/api/v1/configmaps?continue=${value.metadata.continue}`);
  expect(rest.value.items).toHaveLength(6);
});

for (const [path, message] of [
  ["/api/v1/pods?fieldSelector=spec.x%3D1", "field label not supported: spec.x"],
  [
    "/api/v1/nodes?fieldSelector=metadata.namespace%3D1",
    "field label not supported: metadata.namespace",
  ],
  [
    "/apis/apps/v1/deployments?fieldSelector=spec.x%3D1",
    '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
  ],
] as const) {
  test(`list: ${path} is told which fields there are`, async () => {
    const server = await aServer();
    expect(await server.call("GET", path)).toMatchObject({ status: 400, value: { message } });
  });
}

test("get: a resource version that is no number is refused as a watch is", async () => {
  const server = await aServerWithMaps();
  expect(await server.call("GET", `${MAPS}/l1?resourceVersion=abc`)).toMatchObject({
    status: 500,
    value: {
      message:
        'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    },
  });
});
