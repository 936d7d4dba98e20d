import { expect, test } from "vitest";
import type { Method } from "../../machinery/request.ts";
import { aServer, type TestServer } from "../testing/test-server.ts";
import { BackendError } from "./backends.ts";
import { readAll } from "./forward.ts";
import { backendAnswer, fakeBackends, type FakeBackends } from "./testing.ts";

const container = { name: "c", image: "i", ports: [{ containerPort: 8080 }] };
const PODS = "/api/v1/namespaces/t/pods";
const SERVICES = "/api/v1/namespaces/t/services";

async function aPod(server: TestServer, name: string, podIP: string): Promise<void> {
  await server.call("POST", PODS, {
    body: { metadata: { name }, spec: { containers: [container] } },
  });
  const contentType = "application/merge-patch+json";
  const body = { status: { podIP, podIPs: [{ ip: podIP }] } };
  await server.call("PATCH", `${PODS}/${name}/status`, { body, contentType });
}

async function aService(server: TestServer, targetRef?: object): Promise<void> {
  const ports = [
    { name: "web", port: 80, targetPort: 8080 },
    { name: "admin", port: 81, targetPort: 9090 },
  ];
  await server.call("POST", SERVICES, { body: { metadata: { name: "s" }, spec: { ports } } });
  const slice = {
    metadata: { name: "s-1", labels: { "kubernetes.io/service-name": "s" } },
    addressType: "IPv4",
    ports: [{ name: "web", port: 8080 }],
    endpoints: [
      {
        addresses: ["127.64.0.9"],
        conditions: { ready: true },
        ...(targetRef === undefined ? {} : { targetRef }),
      },
    ],
  };
  const path = "/apis/discovery.k8s.io/v1/namespaces/t/endpointslices";
  await server.call("POST", path, { body: slice });
}

async function aServerWithPod(
  backends: FakeBackends = fakeBackends(() => backendAnswer(200, "hello")),
): Promise<{ readonly server: TestServer; readonly backends: FakeBackends }> {
  const server = await aServer({ backends });
  await aPod(server, "web", "127.64.0.9");
  return { server, backends };
}

async function bodyText(server: TestServer, method: Method, target: string): Promise<string> {
  const { body } = await server.send(method, target);
  if (body.kind === "bytes") return new TextDecoder().decode(body.bytes);
  if (body.kind !== "stream") return body.kind;
  return new TextDecoder().decode(await readAll(body.chunks, 1_000));
}

for (const { name, path, to } of [
  { name: "its first port", path: "web/proxy/a/b?x=1&y=2", to: "127.64.0.9:8080 /a/b?x=1&y=2" },
  { name: "a port", path: "web:9/proxy/", to: "127.64.0.9:9 /" },
  { name: "TLS", path: "https:web:443/proxy/a/", to: "tls 127.64.0.9:443 /a/" },
  { name: "a path with dots", path: "web/proxy/a/../../b//c", to: "127.64.0.9:8080 /b/c" },
  { name: "letters", path: "web/proxy/%C3%A9%20%3F", to: "127.64.0.9:8080 /%C3%A9%20%3F" },
]) {
  test(`a request for a pod and ${name} goes to ${to}`, async () => {
    const { server, backends } = await aServerWithPod();
    expect(await bodyText(server, "GET", `${PODS}/${path}`)).toBe("hello");
    const [call] = backends.calls;
    const { tls, host, port } = call?.backend ?? { tls: undefined, host: "", port: 0 };
    const scheme = tls === undefined ? "" : "tls ";
    expect(`${scheme}${host}:${port} ${call?.head.target ?? ""}`).toBe(to);
  });
}

for (const { name, target, code, message } of [
  {
    name: "a pod that is not there",
    target: `${PODS}/none/proxy/`,
    code: 404,
    message: 'pods "none" not found',
  },
  {
    name: "a name that is none",
    target: `${PODS}/ftp:web:80/proxy/`,
    code: 400,
    message: 'invalid pod request "ftp:web:80"',
  },
  {
    name: "a pod at an address of the machine itself",
    target: `${PODS}/local/proxy/`,
    code: 400,
    message: "address not allowed",
  },
  {
    name: "a pod without an address",
    target: `${PODS}/new/proxy/`,
    code: 400,
    message: "address not allowed",
  },
  {
    name: "a port the service does not have",
    target: `${SERVICES}/s:82/proxy/`,
    code: 503,
    message: 'no service port 82 found for service "s"',
  },
  {
    name: "a port nothing is behind",
    target: `${SERVICES}/s:admin/proxy/`,
    code: 503,
    message: 'no endpoints available for service "s"',
  },
  {
    name: "a service that is not there",
    target: `${SERVICES}/none/proxy/`,
    code: 404,
    message: 'services "none" not found',
  },
]) {
  test(`a request through ${name} is told: ${message}`, async () => {
    const { server } = await aServerWithPod();
    await aPod(server, "local", "127.0.0.1");
    const body = { metadata: { name: "new" }, spec: { containers: [container] } };
    await server.call("POST", PODS, { body });
    await aService(server, { kind: "Pod", namespace: "t", name: "web" });
    const answer = await server.call("GET", target);
    expect(answer.value).toMatchObject({ kind: "Status", code, message });
  });
}

for (const port of ["80", "web"]) {
  test(`a service is reached by its port ${port}, at a pod that is behind it`, async () => {
    const { server, backends } = await aServerWithPod();
    await aService(server, { kind: "Pod", namespace: "t", name: "web" });
    expect(await bodyText(server, "GET", `${SERVICES}/s:${port}/proxy/x`)).toBe("hello");
    expect(backends.calls[0]?.backend).toMatchObject({ host: "127.64.0.9", port: 8080 });
  });
}

test("an endpoint that is no pod is not proxied to", async () => {
  const { server } = await aServerWithPod();
  await aService(server);
  const answer = await server.call("GET", `${SERVICES}/s:web/proxy/x`);
  expect(answer.value.message).toBe('no endpoints available for service "s"');
});

test("a node is asked through its agent, with the certificate for agents", async () => {
  const { server, backends } = await aServerWithPod();
  const status = {
    addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
  };
  await server.call("POST", "/api/v1/nodes", { body: { metadata: { name: "n" }, status } });
  expect(await bodyText(server, "GET", "/api/v1/nodes/n/proxy/pods")).toBe("hello");
  expect(backends.calls[0]?.backend).toMatchObject({
    port: 10_250,
    tls: { identity: "node-client", trust: { kind: "agents" } },
  });
  const other = await server.call("GET", "/api/v1/nodes/n:22/proxy/");
  expect(other.value.message).toBe("address not allowed");
});

test("every method and the body go through; what is between neighbours does not", async () => {
  const { server, backends } = await aServerWithPod();
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const) {
    const body = method === "POST" ? "sent" : undefined;
    const headers = { connection: "close, x-mine", "x-mine": "1", "x-other": "2", te: "gzip" };
    const answer = await server.send(method, `${PODS}/web/proxy/a`, { body, headers });
    expect(answer.status).toBe(200);
  }
  const { calls } = backends;
  expect(calls.map(({ head }) => head.method)).toEqual([
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "HEAD",
    "OPTIONS",
  ]);
  expect(new TextDecoder().decode(calls[0]?.body)).toBe("sent");
  expect(calls[0]?.head.headers).toEqual({
    host: "127.64.0.9:8080",
    "x-other": "2",
    "x-forwarded-uri": `${PODS}/web/proxy/a`,
  });
});

test("a path that does not end is sent to one that does", async () => {
  const { server } = await aServerWithPod();
  const { status, headers } = await server.send("GET", `${PODS}/web/proxy?a=b`);
  expect([status, headers["location"]]).toEqual([301, `${PODS}/web/proxy/?a=b`]);
});

test("links of answers lead back through the proxy", async () => {
  const page = '<!-- <a href="/c"> --><a HREF="/x?y" b>z</a><img src=/i><a href="http://o/">';
  const { server } = await aServerWithPod(
    fakeBackends(({ head }) =>
      head.target === "/page"
        ? backendAnswer(200, page, { "content-type": "text/html; charset=utf-8" })
        : backendAnswer(302, "", { location: "http://127.64.0.9:8080/there?q" }),
    ),
  );
  const proxy = `${PODS}/web/proxy`;
  const { headers } = await server.send("GET", `${proxy}/here`);
  expect(headers["location"]).toBe(`${proxy}/there?q`);
  expect(await bodyText(server, "GET", `${proxy}/page`)).toBe(
    `<!-- <a href="/c"> --><a HREF="${proxy}/x?y" b>z</a><img src=${proxy}/i><a href="http://o/">`,
  );
});

test("a backend that does not answer is an unavailable service", async () => {
  const { server } = await aServerWithPod(
    fakeBackends(() => Promise.reject(new BackendError("dial tcp: connection refused"))),
  );
  const { value } = await server.call("GET", `${PODS}/web/proxy/`);
  expect(value).toMatchObject({
    code: 503,
    reason: "ServiceUnavailable",
    message: "error trying to reach service: dial tcp: connection refused",
  });
});

test("a request for another protocol becomes a connection", async () => {
  const { server } = await aServerWithPod();
  const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-key": "k" };
  const { body } = await server.send("GET", `${PODS}/web/proxy/ws`, { headers });
  expect(body).toMatchObject({
    kind: "relay",
    backend: { host: "127.64.0.9", port: 8080 },
    head: { method: "GET", target: "/ws", headers },
  });
});

test("who may not use the proxy is refused by its own name", async () => {
  const { server, backends } = await aServerWithPod();
  const user = { name: "eve", groups: ["system:authenticated"] };
  const { value } = await server.call("POST", `${PODS}/web:80/proxy/`, { user });
  expect(value.message).toBe(
    'pods "web:80" is forbidden: User "eve" cannot create resource "pods/proxy" in API group "" ' +
      'in the namespace "t"',
  );
  expect(backends.calls).toEqual([]);
});
