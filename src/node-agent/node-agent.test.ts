import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { Lease, Node, Pod, Service } from "../client/builtin.ts";
import { TransportError } from "../client/transport.ts";
import { fakeCluster, type FakeCluster } from "../controller-runtime/testing/fake-cluster.ts";
import { createNodeAgent } from "./node-agent.ts";
import type { NodeAgentOptions } from "./options.ts";
import { withDefaults } from "./options.ts";
import { FakeRuntime } from "./runtime/testing/fake-runtime.ts";
import { FakeLogFiles, FakeVolumes } from "./testing/fake-disk.ts";
import { FakeMachine } from "./testing/fake-machine.ts";
import { FakeProbeNetwork } from "./testing/fake-probe-network.ts";
import { aPod } from "./testing/views.ts";

let env: VirtualEnv;
let cluster: FakeCluster;
let runtime: FakeRuntime;
let machine: FakeMachine;
let logs: FakeLogFiles;
let running: { readonly stop: () => Promise<void> } | undefined;

beforeEach(() => {
  env = virtualEnv();
  cluster = fakeCluster(env);
  runtime = new FakeRuntime(env);
  machine = new FakeMachine();
  logs = new FakeLogFiles();
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(options: Partial<NodeAgentOptions> = {}): Promise<void> {
  const { client, recorder, informers } = cluster.deps;
  const agent = createNodeAgent(
    { nodeName: "node-1", ...options },
    {
      client,
      env,
      recorder,
      pods: informers.for(Pod),
      services: informers.for(Service).lister,
      runtime,
      volumes: new FakeVolumes(),
      network: new FakeProbeNetwork(),
      logs,
      machine,
      logRoot: "/logs",
      port: 10_250,
    },
  );
  const controller = new AbortController();
  const ended = agent.run(aContext(env, controller.signal));
  running = {
    stop: async () => {
      controller.abort(new Error("the test is over"));
      await env.settle();
      await env.advance(100); // containers end in virtual time
      await ended;
    },
  };
  await env.settle();
}

const nodeKey = { namespace: "", name: "node-1" };
const leaseKey = { namespace: "kube-node-lease", name: "node-1" };

function condition(type: string): string | undefined {
  const node = cluster.find(Node, nodeKey);
  return node?.status.conditions?.find((one) => one.type === type)?.status;
}

describe("a node", () => {
  test("is ready moments after its start, not a whole period later", async () => {
    await start();
    await env.runUntil(() => condition("Ready") === "True", 1_000);
  });

  test("that was called unreachable while it could not be heard says that it is not", async () => {
    await start();
    await env.runUntil(() => condition("Ready") === "True", 1_000);
    const { client } = cluster.deps;
    const patch = { status: { conditions: [{ type: "Ready", status: "Unknown" }] } };
    const how = { subresource: "status" } as const;
    await client.patch(Node, nodeKey, { kind: "strategic", patch }, aContext(env), how);
    expect(condition("Ready")).toBe("Unknown");
    await env.runUntil(() => condition("Ready") === "True", 10_000);
  });

  test("registers with what it is and has, and becomes ready", async () => {
    await start({ labels: { zone: "a" }, taints: [{ key: "k", effect: "NoSchedule" }] });
    await env.runUntil(() => condition("Ready") === "True", 30_000);
    expect(cluster.find(Node, nodeKey)).toMatchObject({
      metadata: {
        labels: {
          zone: "a",
          "kubernetes.io/hostname": "node-1",
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
        },
        annotations: { "setpoint.dev/runtime-tier": "virtual" },
      },
      spec: { taints: [{ key: "k", effect: "NoSchedule" }] },
      status: {
        capacity: { cpu: "4", memory: "8388608Ki", pods: "110" },
        allocatable: { memory: "8286208Ki" },
        addresses: [
          { type: "InternalIP", address: "127.0.0.1" },
          { type: "Hostname", address: "node-1" },
        ],
        daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
        nodeInfo: { containerRuntimeVersion: "fake://1.0", kubeletVersion: "v1.36.0" },
      },
    });
  });

  test("keeps what others wrote on it when it registers again", async () => {
    await start();
    await env.runUntil(() => condition("Ready") === "True", 30_000);
    await running?.stop();
    const node = cluster.find(Node, nodeKey);
    if (node === undefined) throw new Error("the node is registered");
    const metadata = { ...node.metadata, labels: { ...node.metadata.labels, mine: "1" } };
    const changed = { ...node, metadata, spec: { unschedulable: true } };
    await cluster.client.update(Node, changed, aContext(env));
    await start();
    await env.advance(20_000);
    expect(cluster.find(Node, nodeKey)).toMatchObject({
      metadata: { labels: { mine: "1" } },
      spec: { unschedulable: true },
    });
  });

  test("beats every 10 s, and says nothing else while nothing changes", async () => {
    await start();
    await env.advance(30_000);
    const before = cluster.requests.length;
    await env.advance(60_000);
    const later = cluster.requests.slice(before).map(({ verb, type }) => `${verb} ${type.kind}`);
    const writes = later.filter((request) => request !== "get Node");
    expect(writes).toEqual(Array(6).fill("update Lease"));
    expect(cluster.find(Lease, leaseKey)).toMatchObject({
      metadata: { ownerReferences: [{ kind: "Node", name: "node-1" }] },
      spec: {
        holderIdentity: "node-1",
        leaseDurationSeconds: 40,
        renewTime: "2026-01-01T00:01:30.000000Z",
      },
    });
  });

  test("reports its status again after 5 minutes although it is the same", async () => {
    await start();
    await env.runUntil(() => condition("Ready") === "True", 30_000);
    const count = () => cluster.requests.filter(({ verb }) => verb === "patch/status").length;
    const before = count();
    await env.advance(330_000);
    expect(count()).toBe(before + 1);
  });

  test("tells of pressure and of a runtime that is not ready, within 10 s", async () => {
    await start();
    await env.runUntil(() => condition("Ready") === "True", 30_000);
    machine.left = { ...machine.left, memoryBytes: 1_000, diskBytes: 0 };
    runtime.conditions = [
      { type: "RuntimeReady", isTrue: false, reason: "Broken", message: "no bwrap" },
    ];
    await env.advance(10_000);
    expect(condition("MemoryPressure")).toBe("True");
    expect(condition("DiskPressure")).toBe("True");
    expect(condition("PIDPressure")).toBe("False");
    expect(condition("Ready")).toBe("False");
  });

  test("is registered again when someone deletes it", async () => {
    await start();
    await env.runUntil(() => condition("Ready") === "True", 30_000);
    cluster.vanish(Node, nodeKey);
    machine.left = { ...machine.left, memoryBytes: 1_000 };
    await env.runUntil(() => condition("Ready") === "True", 30_000);
  });

  test("outlives an API that is away, and reports when it is back", async () => {
    await start();
    await env.runUntil(() => condition("Ready") === "True", 30_000);
    cluster.intercept(() => {
      throw new TransportError("refused", { isRefused: true });
    });
    await env.advance(120_000);
    cluster.intercept();
    await env.advance(10_000);
    const renewed = cluster.find(Lease, leaseKey)?.spec.renewTime ?? "";
    expect(renewed > "2026-01-01T00:02:00").toBe(true);
  });
});

describe("when the agent is told to stop", () => {
  test("containers run on by default", async () => {
    cluster.seed(Pod, aPod());
    await start();
    await env.runUntil(() => runtime.running().length === 1, 10_000);
    await running?.stop();
    expect(runtime.running()).toEqual(["app-0"]);
  });

  test("it can stop them, and the next agent starts them again", async () => {
    cluster.seed(Pod, aPod());
    await start({ onStop: "stop-pods" });
    await env.runUntil(() => runtime.running().length === 1, 10_000);
    await running?.stop();
    expect(runtime.running()).toEqual([]);
    const stopped = cluster.find(Pod, { namespace: "default", name: "web" });
    const ready = stopped?.status.conditions?.find(({ type }) => type === "Ready");
    expect(ready).toMatchObject({ status: "False", reason: "NodeStopped" });
    await start();
    await env.runUntil(() => runtime.running().includes("app-1"), 10_000);
  });
});

test("logs that have grown too large are rotated and reopened", async () => {
  cluster.seed(Pod, aPod());
  await start();
  await env.runUntil(() => runtime.running().length === 1, 10_000);
  const [container] = await runtime.listContainers({});
  logs.large.add(container?.logFile ?? "");
  await env.advance(20_000);
  expect(runtime.journal.filter((line) => line === "reopen app")).toHaveLength(1);
});

test("options that cannot be are refused by name", () => {
  expect(() => withDefaults({ nodeName: "Not A Name" })).toThrow("nodeName");
  expect(() => withDefaults({ nodeName: "n", leaseSeconds: 0 })).toThrow("leaseSeconds");
  expect(() => withDefaults({ nodeName: "n", logFilesMax: 1 })).toThrow("logFilesMax");
});
