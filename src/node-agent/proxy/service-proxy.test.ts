import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { EndpointSlice, Service } from "../../client/builtin.ts";
import { fakeCluster, type FakeCluster } from "../../controller-runtime/testing/fake-cluster.ts";
import { CONNECTIONS_MAX, TAKEOVER_MS } from "./port-listener.ts";
import { createServiceProxy, LISTENERS_MAX, SYNC_MS_MIN } from "./service-proxy.ts";
import { FakeLoopback } from "./testing/fake-proxy-sockets.ts";
import { aService, aSlice } from "./testing/views.ts";

const AT = "127.96.0.7:80";
const KEY = { namespace: "default", name: "web" };

let env: VirtualEnv;
let cluster: FakeCluster;
let loopback: FakeLoopback;
let agents: { readonly name: string; readonly stop: () => Promise<void> }[];

beforeEach(() => {
  env = virtualEnv();
  cluster = fakeCluster(env);
  loopback = new FakeLoopback();
  agents = [];
});

afterEach(async () => {
  for (const agent of agents) await agent.stop();
});

async function start(name = "node-1"): Promise<void> {
  const { informers, recorder } = cluster.deps;
  const proxy = createServiceProxy({
    env,
    informers,
    recorder,
    sockets: loopback.socketsOf(name),
  });
  const controller = new AbortController();
  const ended = proxy.run(aContext(env, controller.signal));
  agents.push({
    name,
    stop: async () => {
      controller.abort(new Error("the test is over"));
      await ended;
    },
  });
  await env.advance(SYNC_MS_MIN);
}

async function given(service: Service, slice: EndpointSlice): Promise<void> {
  cluster.seed(Service, service);
  cluster.seed(EndpointSlice, slice);
  await env.advance(SYNC_MS_MIN);
}

/** One connection is made and its fate told. */
async function connected(from?: string): Promise<ReturnType<FakeLoopback["connect"]>> {
  const connection = loopback.connect(AT, from);
  await env.settle();
  return connection;
}

describe("a service proxy", () => {
  test("listens for services while they are there", async () => {
    await start();
    await given(aService(), aSlice([]));
    cluster.seed(
      Service,
      aService({ clusterIP: "127.96.0.8", clusterIPs: ["127.96.0.8"] }, { name: "b", uid: "b" }),
    );
    await env.advance(SYNC_MS_MIN);
    expect(loopback.listening()).toEqual([`${AT} node-1`, "127.96.0.8:80 node-1"]);
    cluster.vanish(Service, { namespace: "default", name: "b" });
    await env.advance(SYNC_MS_MIN);
    expect(loopback.listening()).toEqual([`${AT} node-1`]);
    await agents[0]?.stop();
    expect(loopback.listening()).toEqual([]);
  });

  test("sends connections to the endpoints in turn, as they are at that moment", async () => {
    loopback.backends.add("127.64.0.1:8080").add("127.64.0.2:8080").add("127.64.0.3:8080");
    await start();
    await given(aService(), aSlice(["127.64.0.1", "127.64.0.2"]));
    const first = await connected();
    const second = await connected();
    expect([first.backend, second.backend]).toEqual(["127.64.0.1:8080", "127.64.0.2:8080"]);
    await given(aService(), aSlice(["127.64.0.3"]));
    expect((await connected()).backend).toBe("127.64.0.3:8080");
    expect(first.backend).toBe("127.64.0.1:8080"); // what is established stays
  });

  test("tries the next endpoint when one takes no connection", async () => {
    loopback.backends.add("127.64.0.2:8080");
    await start();
    await given(aService(), aSlice(["127.64.0.1", "127.64.0.2"]));
    const connection = await connected();
    expect(connection.tried).toEqual(["127.64.0.1:8080", "127.64.0.2:8080"]);
    expect(connection.state).toBe("open");
  });

  test("resets a connection that nobody takes", async () => {
    await start();
    await given(aService(), aSlice(["127.64.0.1"]));
    expect((await connected()).state).toBe("reset");
    await given(aService(), aSlice([]));
    expect((await connected()).state).toBe("reset");
  });

  test("sends a client where it was, if the service wants that", async () => {
    loopback.backends.add("127.64.0.1:8080").add("127.64.0.2:8080");
    await start();
    await given(aService({ sessionAffinity: "ClientIP" }), aSlice(["127.64.0.1", "127.64.0.2"]));
    const backends = [
      await connected("127.64.0.9"),
      await connected("127.64.0.8"),
      await connected("127.64.0.9"),
    ].map(({ backend }) => backend);
    expect(backends).toEqual(["127.64.0.1:8080", "127.64.0.2:8080", "127.64.0.1:8080"]);
  });

  test("resets the connections of a service that is deleted, or made anew", async () => {
    loopback.backends.add("127.64.0.1:8080");
    await start();
    await given(aService(), aSlice(["127.64.0.1"]));
    const first = await connected();
    cluster.vanish(Service, KEY);
    cluster.seed(Service, aService({}, { uid: "another" }));
    await env.advance(SYNC_MS_MIN);
    expect(first.state).toBe("reset");
    const second = await connected();
    expect(second.state).toBe("open");
    await agents[0]?.stop();
    expect(second.state).toBe("reset");
  });

  test("takes no more connections than it can hold, and again when some have ended", async () => {
    loopback.backends.add("127.64.0.1:8080");
    await start();
    await given(aService(), aSlice(["127.64.0.1"]));
    const all = Array.from({ length: CONNECTIONS_MAX }, () => loopback.connect(AT));
    await env.settle();
    expect(all.every(({ state }) => state === "open")).toBe(true);
    expect((await connected()).state).toBe("reset");
    expect((await connected()).state).toBe("reset");
    expect(env.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
    all[0]?.end();
    await env.settle();
    expect((await connected()).state).toBe("open");
  });

  test("serves as many ports as it may, and says that there are more", async () => {
    const half = Array.from({ length: LISTENERS_MAX / 2 + 1 }, (_, index) => ({
      name: `p${index}`,
      port: index + 1,
      protocol: "TCP",
    }));
    cluster.seed(Service, aService({ ports: half }));
    const other = { ports: half, clusterIP: "127.96.0.8", clusterIPs: ["127.96.0.8"] };
    cluster.seed(Service, aService(other, { name: "b", uid: "b" }));
    await start();
    expect(loopback.listening()).toHaveLength(LISTENERS_MAX);
    expect(env.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
  });
});

describe("several agents on a machine", () => {
  test("one serves; when it dies another takes over within seconds", async () => {
    loopback.backends.add("127.64.0.1:8080");
    await start("node-1");
    await given(aService(), aSlice(["127.64.0.1"]));
    await start("node-2");
    expect(loopback.listening()).toEqual([`${AT} node-1`]);
    loopback.kill("node-1");
    await env.advance(TAKEOVER_MS);
    expect(loopback.listening()).toEqual([`${AT} node-2`]);
    expect((await connected()).state).toBe("open");
  });

  test("one that waits gives up when the service goes", async () => {
    await start("node-1");
    await given(aService(), aSlice([]));
    await start("node-2");
    cluster.vanish(Service, KEY);
    await env.advance(SYNC_MS_MIN);
    const before = loopback.attempts;
    await env.advance(10 * TAKEOVER_MS);
    expect(loopback.attempts).toBe(before);
  });
});

describe("an address that cannot be had", () => {
  test("because ports are a privilege is told once, on the service", async () => {
    loopback.deniedPorts.add(80);
    await start();
    await given(aService({ ports: [{ port: 80 }, { port: 8080, name: "b" }] }), aSlice([]));
    await env.advance(60_000);
    expect(loopback.listening()).toEqual(["127.96.0.7:8080 node-1"]);
    expect(cluster.events).toMatchObject([
      {
        type: "Warning",
        reason: "ProxyPortDenied",
        gvk: { kind: "Service" },
        object: { metadata: { name: "web" } },
        message: expect.stringContaining(AT),
      },
    ]);
    expect(loopback.attempts).toBe(2);
  });

  test("for another reason is tried again until it can", async () => {
    loopback.failures.set(AT, "listen EADDRNOTAVAIL: address not available 127.96.0.7:80");
    await start();
    await given(aService(), aSlice([]));
    await env.advance(60_000);
    expect(env.lines.filter(({ level }) => level === "warn")).toMatchObject([
      { fields: { address: AT, service: "default/web", error: expect.stringContaining("EADDR") } },
    ]);
    loopback.failures.clear();
    await env.advance(TAKEOVER_MS);
    expect(loopback.listening()).toEqual([`${AT} node-1`]);
  });
});
