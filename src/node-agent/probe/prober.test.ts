import { describe, expect, test } from "vitest";
import type { Container } from "../../apis/core/v1/types.generated.ts";
import { TaskGroup } from "../../base/task-group.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { FakeProbeNetwork } from "../testing/fake-probe-network.ts";
import { FakeRuntime } from "../runtime/testing/fake-runtime.ts";
import { aContainer, aPod } from "../testing/views.ts";
import { Prober, STARTING_MS, type ProberOptions } from "./prober.ts";

type World = {
  readonly env: VirtualEnv;
  readonly network: FakeProbeNetwork;
  readonly prober: Prober;
  readonly failures: string[];
  readonly changes: () => number;
  readonly stop: () => Promise<void>;
};

function aWorld(spec: Partial<Container>, options: Partial<ProberOptions> = {}): World {
  const env = virtualEnv();
  const network = new FakeProbeNetwork();
  const failures: string[] = [];
  let changes = 0;
  const prober = new Prober(
    {
      target: { pod: aPod(), container: aContainer(spec), containerId: "c", podIp: "127.64.0.1" },
      startedAtMs: env.clock.now(),
      remembered: undefined,
      onChange: () => {
        changes += 1;
      },
      onFailure: (kind, output) => failures.push(`${kind}: ${output}`),
      ...options,
    },
    { runtime: new FakeRuntime(env), network, env },
  );
  const context = aContext(env);
  const tasks = new TaskGroup(context.signal);
  prober.start(tasks, context);
  const stop = async (): Promise<void> => {
    tasks.abort();
    await tasks.join();
  };
  return { env, network, prober, failures, changes: () => changes, stop };
}

const tcpSocket = { port: 8080 };

describe("probes", () => {
  test("a container without probes is started and ready", () => {
    expect(aWorld({}).prober.state).toEqual({
      isStarted: true,
      isReady: true,
      condemnedBy: undefined,
    });
  });

  test("readiness begins false, then follows the probe after its thresholds", async () => {
    const probe = { tcpSocket, periodSeconds: 5, failureThreshold: 2, successThreshold: 2 };
    const { env, network, prober, stop } = aWorld({ readinessProbe: probe });
    network.open("127.64.0.1", 8080);
    await env.settle();
    expect(prober.state.isReady).toBe(false);
    await env.advance(5_000);
    expect(prober.state.isReady).toBe(true);
    network.close("127.64.0.1", 8080);
    await env.advance(5_000);
    expect(prober.state.isReady).toBe(true);
    await env.advance(5_000);
    expect(prober.state).toMatchObject({ isReady: false, condemnedBy: undefined });
    network.open("127.64.0.1", 8080);
    await env.advance(10_000);
    expect(prober.state.isReady).toBe(true);
    await stop();
  });

  test("liveness condemns after its threshold, and each failure is told", async () => {
    const livenessProbe = { httpGet: { port: 8080, path: "/live" }, initialDelaySeconds: 3 };
    const { env, network, prober, failures, changes, stop } = aWorld({ livenessProbe });
    network.answer("127.64.0.1", 8080, 500);
    await env.advance(2_999);
    expect(network.requests).toEqual([]);
    await env.advance(1);
    await env.advance(10_000);
    expect(prober.state.condemnedBy).toBeUndefined();
    await env.advance(10_000);
    expect(prober.state.condemnedBy).toBe("liveness");
    expect(changes()).toBe(1);
    expect(failures).toEqual(Array(3).fill("liveness: HTTP probe failed with statuscode: 500"));
    expect(network.requests[0]).toBe("http://127.64.0.1:8080/live");
    await stop();
  });

  test("the startup probe holds the others back", async () => {
    const { env, network, prober, stop } = aWorld({
      startupProbe: { tcpSocket, periodSeconds: 1, failureThreshold: 30 },
      livenessProbe: { httpGet: { port: 9090 }, failureThreshold: 1 },
    });
    await env.advance(5_000);
    expect(prober.state).toEqual({ isStarted: false, isReady: false, condemnedBy: undefined });
    expect(network.requests.some((request) => request.includes("9090"))).toBe(false);
    network.open("127.64.0.1", 8080);
    network.answer("127.64.0.1", 9090, 200);
    await env.advance(1_000);
    expect(prober.state).toEqual({ isStarted: true, isReady: true, condemnedBy: undefined });
    expect(network.requests.some((request) => request.includes("9090"))).toBe(true);
    await stop();
  });

  test("a startup probe that never succeeds condemns the container", async () => {
    const startupProbe = { tcpSocket, periodSeconds: 1, failureThreshold: 2 };
    const { env, prober, stop } = aWorld({ startupProbe });
    await env.advance(STARTING_MS);
    expect(prober.state.condemnedBy).toBeUndefined();
    await env.advance(1_000);
    expect(prober.state.condemnedBy).toBe("startup");
    await stop();
  });

  test("a program that does not listen yet is asked again soon, without complaint", async () => {
    const { env, network, prober, failures, stop } = aWorld({
      readinessProbe: { tcpSocket, periodSeconds: 10 },
      livenessProbe: { tcpSocket, periodSeconds: 10, failureThreshold: 1 },
    });
    await env.advance(1_500);
    network.open("127.64.0.1", 8080);
    await env.advance(200);
    expect(prober.state).toEqual({ isStarted: true, isReady: true, condemnedBy: undefined });
    expect(failures).toEqual([]);
    network.close("127.64.0.1", 8080);
    await env.advance(10_000);
    expect(prober.state.condemnedBy).toBe("liveness");
    await stop();
  });

  test("a command that fails is believed at once", async () => {
    const { env, failures, stop } = aWorld({ livenessProbe: { exec: { command: ["x"] } } });
    await env.settle();
    expect(failures).toEqual(["liveness: no container c"]);
    await stop();
  });

  test("an answer that does not come in time is a failure", async () => {
    const readinessProbe = { httpGet: { port: 8080 }, timeoutSeconds: 2 };
    const { env, network, failures, stop } = aWorld({ readinessProbe });
    network.hang("127.64.0.1", 8080);
    await env.advance(2_000);
    expect(failures).toEqual(["readiness: no answer within 2s"]);
    await stop();
  });

  test("ports can be named, and gRPC is refused in words", async () => {
    const named = aWorld({
      ports: [{ name: "web", containerPort: 8080 }],
      readinessProbe: { tcpSocket: { port: "web" } },
    });
    named.network.open("127.64.0.1", 8080);
    await named.env.settle();
    expect(named.prober.state.isReady).toBe(true);
    await named.stop();
    const grpc = aWorld({ readinessProbe: { grpc: { port: 1 } } });
    await grpc.env.settle();
    expect(grpc.failures[0]).toContain("grpc probes are not supported");
    await grpc.stop();
  });

  test("what the API remembers of a container holds until the first result", async () => {
    const remembered = { isStarted: true, isReady: true };
    const { env, prober, stop } = aWorld(
      { readinessProbe: { tcpSocket, failureThreshold: 1 } },
      { remembered },
    );
    expect(prober.state.isReady).toBe(true);
    await env.advance(STARTING_MS);
    expect(prober.state.isReady).toBe(false);
    await stop();
  });
});
