import { expect, test } from "vitest";
import { BackendError, type BackendAnswer, type BackendCall } from "../proxy/backends.ts";
import { backendAnswer, fakeBackends, type FakeBackends } from "../proxy/testing.ts";
import { aServer, type TestServer } from "../testing/test-server.ts";
import { API_SERVICES } from "./own-requests.ts";
import { LOOK_MS } from "./remote-keeper.ts";

const GROUP = "toys.example.com";
const ROOT = `/apis/${GROUP}/v1`;
const NAME = `v1.${GROUP}`;
const JSON_TYPE = { "content-type": "application/json" };
const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

const LIST = {
  kind: "APIResourceList",
  groupVersion: `${GROUP}/v1`,
  resources: [
    { name: "balls", singularName: "ball", namespaced: true, kind: "Ball", verbs: ["get"] },
    { name: "balls/status", singularName: "", namespaced: true, kind: "Ball", verbs: ["get"] },
  ],
};

/** A server that has the older discovery only, and one ball. */
function toys({ head }: BackendCall): BackendAnswer {
  const path = head.target.split("?")[0];
  if (path === ROOT) return backendAnswer(200, JSON.stringify(LIST), JSON_TYPE);
  if (path === "/apis") return backendAnswer(404);
  if (path === `${ROOT}/moved`) return backendAnswer(302, "", { location: "http://o/" });
  return backendAnswer(200, JSON.stringify({ kind: "Ball" }), { ...JSON_TYPE, "x-toys": "1" });
}

async function settled(server: TestServer, isDone: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 1_000; turns += 1) {
    if (await isDone()) return;
    await server.env.timers.yield();
  }
  throw new Error("it never came to be");
}

async function condition(server: TestServer): Promise<{ reason?: string; message?: string }> {
  const { value } = await server.call("GET", `${API_SERVICES}/${NAME}`);
  return value.status.conditions?.[0] ?? {};
}

async function anAggregator(
  backends: FakeBackends,
  parts: { readonly service?: object; readonly slice?: object } = { service: {}, slice: {} },
): Promise<TestServer> {
  const server = await aServer({ isAggregator: true, backends });
  const ports = [{ name: "https", port: 443, targetPort: 8443 }];
  if (parts.service !== undefined) {
    const body = { metadata: { name: "toys" }, spec: { ports, ...parts.service } };
    await server.call("POST", "/api/v1/namespaces/t/services", { body });
  }
  if (parts.slice !== undefined) {
    const labels = { "kubernetes.io/service-name": "toys" };
    const body = {
      metadata: { name: "toys", labels },
      addressType: "IPv4",
      ports: [{ name: "https", port: 8443 }],
      endpoints: [{ addresses: ["10.1.2.3"] }],
      ...parts.slice,
    };
    await server.call("POST", "/apis/discovery.k8s.io/v1/namespaces/t/endpointslices", { body });
  }
  const service = { namespace: "t", name: "toys" };
  const priorities = { groupPriorityMinimum: 17_750, versionPriority: 5 };
  const spec = { group: GROUP, version: "v1", service, caBundle: "eHh4", ...priorities };
  await server.call("POST", API_SERVICES, { body: { metadata: { name: NAME }, spec } });
  await settled(server, async () => (await condition(server)).reason !== undefined);
  return server;
}

test("requests go to the server that answers for their group, with the user's name", async () => {
  const backends = fakeBackends(toys);
  const server = await anAggregator(backends);
  expect(await condition(server)).toMatchObject({ reason: "Passed", message: "all checks passed" });
  const user = {
    name: "ann",
    uid: "7",
    groups: ["system:masters", "b"],
    extra: { "a.b/c": ["1", "2"] },
  };
  const target = `${ROOT}/namespaces/t/balls/x?a=b`;
  const answer = await server.call("PUT", target, { user, body: "{}" });
  expect(answer.value).toBe('{"kind":"Ball"}');
  expect(answer.headers).toMatchObject({ "x-toys": "1", "content-type": "application/json" });
  const call = backends.calls.at(-1);
  expect(call?.backend).toEqual({
    host: "10.1.2.3",
    port: 8443,
    authority: "10.1.2.3:8443",
    tls: {
      trust: { kind: "bundle", pem: "xxx" },
      serverName: "toys.t.svc",
      identity: "front-proxy",
    },
  });
  expect(call?.head).toMatchObject({
    method: "PUT",
    target,
    headers: {
      "x-remote-user": "ann",
      "x-remote-uid": "7",
      "x-remote-group": ["system:masters", "b"],
      "x-remote-extra-a.b%2Fc": ["1", "2"],
    },
  });
});

test("what a client says of itself is not passed on", async () => {
  const backends = fakeBackends(toys);
  const server = await anAggregator(backends);
  const headers = {
    "x-remote-uid": "0",
    "x-remote-extra-scopes": "all",
    authorization: "Bearer x",
  };
  await server.call("GET", `${ROOT}/balls`, { headers });
  const sent = Object.keys(backends.calls.at(-1)?.head.headers ?? {});
  expect(sent).not.toEqual(expect.arrayContaining(["x-remote-uid"]));
  expect(sent).not.toEqual(expect.arrayContaining(["x-remote-extra-scopes"]));
  expect(sent).not.toEqual(expect.arrayContaining(["authorization"]));
});

test("a watch is passed on as it comes, an upgrade as a connection", async () => {
  const server = await anAggregator(fakeBackends(toys));
  const watch = await server.send("GET", `${ROOT}/balls?watch=true`);
  expect(watch.body.kind).toBe("stream");
  const headers = { connection: "Upgrade", upgrade: "SPDY/3.1" };
  const { body } = await server.send("POST", `${ROOT}/namespaces/t/balls/x/kick`, { headers });
  expect(body).toMatchObject({ kind: "relay", head: { headers: { "x-remote-user": "admin" } } });
});

test("who may not is refused here, and a redirect is not passed on", async () => {
  const server = await anAggregator(fakeBackends(toys));
  const user = { name: "eve", groups: ["system:authenticated"] };
  expect((await server.call("GET", `${ROOT}/balls`, { user })).status).toBe(403);
  const moved = await server.call("GET", `${ROOT}/moved`);
  expect([moved.status, moved.value]).toEqual([
    502,
    "the backend attempted to redirect this request, which is not permitted\n",
  ]);
});

for (const { name, parts, reason, message } of [
  {
    name: "no service",
    parts: {},
    reason: "ServiceNotFound",
    message: 'service/toys in "t" is not present',
  },
  {
    name: "no such port",
    parts: { service: { ports: [{ name: "http", port: 80 }] }, slice: {} },
    reason: "ServicePortError",
    message: 'service/toys in "t" is not listening on port 443',
  },
  {
    name: "no endpoint slices",
    parts: { service: {} },
    reason: "EndpointsNotFound",
    message: 'cannot find endpointslices for service/toys in "t"',
  },
  {
    name: "no endpoint that is ready",
    parts: { service: {}, slice: { endpoints: [] } },
    reason: "MissingEndpoints",
    message: 'endpointslices for service/toys in "t" have no addresses with port name "https"',
  },
]) {
  test(`a server with ${name} is unavailable: ${reason}`, async () => {
    const server = await anAggregator(fakeBackends(toys), parts);
    expect(await condition(server)).toMatchObject({ status: "False", reason, message });
    const answer = await server.call("GET", `${ROOT}/balls`);
    expect([answer.status, answer.value]).toEqual([503, "service unavailable\n"]);
  });
}

test("a server that comes later is found, and one that goes is stale", async () => {
  let isThere = false;
  const refused = new BackendError("dial tcp 10.1.2.3:8443: connect: connection refused");
  const backends = fakeBackends((call) => (isThere ? toys(call) : Promise.reject(refused)));
  const server = await anAggregator(backends);
  const url = `https://10.1.2.3:8443${ROOT}`;
  expect(await condition(server)).toMatchObject({
    reason: "FailedDiscoveryCheck",
    message: `failing or missing response from ${url}: Get "${url}": ${refused.message}`,
  });
  for (const [next, reason, freshness] of [
    [true, "Passed", "Current"],
    [false, "FailedDiscoveryCheck", "Stale"],
  ] as const) {
    isThere = next;
    await server.env.advance(LOOK_MS);
    await settled(server, async () => (await condition(server)).reason === reason);
    const group = await discovered(server);
    expect(group.versions[0]).toMatchObject({ freshness, resources: [{ resource: "balls" }] });
  }
});

async function discovered(server: TestServer): Promise<{ versions: readonly object[] }> {
  const { value } = await server.call("GET", "/apis", { headers: { accept: AGGREGATED } });
  return value.items.find((item: { metadata: { name: string } }) => item.metadata.name === GROUP);
}

test("discovery tells what other servers serve, in their place among our own", async () => {
  const server = await anAggregator(fakeBackends(toys));
  await settled(server, async () => JSON.stringify(await discovered(server)).includes("balls"));
  expect(await discovered(server)).toEqual({
    metadata: { name: GROUP },
    versions: [
      {
        version: "v1",
        freshness: "Current",
        resources: [
          {
            resource: "balls",
            responseKind: { group: GROUP, version: "v1", kind: "Ball" },
            scope: "Namespaced",
            singularResource: "ball",
            verbs: ["get"],
            subresources: [
              {
                subresource: "status",
                responseKind: { group: GROUP, version: "v1", kind: "Ball" },
                verbs: ["get"],
              },
            ],
          },
        ],
      },
    ],
  });
  const { value } = await server.call("GET", "/apis");
  const names = value.groups.map((group: { name: string }) => group.name);
  expect(names.slice(0, 5)).toEqual([
    "apiregistration.k8s.io",
    "apps",
    "events.k8s.io",
    GROUP,
    "authentication.k8s.io",
  ]);
  const group = await server.call("GET", `/apis/${GROUP}`);
  expect(group.value).toMatchObject({ kind: "APIGroup", preferredVersion: { version: "v1" } });
  await server.call("DELETE", `${API_SERVICES}/${NAME}`);
  await settled(server, async () => (await server.call("GET", `/apis/${GROUP}`)).status === 404);
});
