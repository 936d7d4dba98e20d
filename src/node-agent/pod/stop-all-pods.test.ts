import { expect, test } from "vitest";
import type { Context } from "../../base/context.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { RuntimeError, type RuntimeContainer, type RuntimeSandbox } from "../runtime/runtime.ts";
import { STOP_MARGIN_MS, stopAllPods, type StoppingRuntime } from "./stop-all-pods.ts";

const STOP_GRACE_MS = 5_000;

/** A runtime with one running container for each pod; what it is asked goes to `asked`. */
function aRuntime(
  pods: readonly string[],
  stop: (pod: string, context: Context) => Promise<void>,
): { readonly runtime: StoppingRuntime; readonly asked: string[] } {
  const asked: string[] = [];
  const runtime: StoppingRuntime = {
    listSandboxes: () => Promise.resolve(pods.map(sandboxOf)),
    listContainers: ({ podUid = "" }) => Promise.resolve([containerOf(podUid)]),
    stopContainer: async (id, graceMs, context) => {
      asked.push(`stop ${id} ${graceMs}`);
      await stop(id, context);
    },
    stopSandbox: (id) => {
      asked.push(`sandbox ${id}`);
      return Promise.resolve();
    },
  };
  return { runtime, asked };
}

function sandboxOf(name: string): RuntimeSandbox {
  const pod = { uid: name, name, namespace: "default" };
  const place = { ip: "127.64.0.1", logDirectory: "/logs", createdAtMs: 0 };
  return { id: name, pod, attempt: 0, state: "ready", labels: {}, ...place };
}

function containerOf(pod: string): RuntimeContainer {
  return {
    id: pod,
    sandboxId: pod,
    podUid: pod,
    name: "app",
    attempt: 0,
    image: "host",
    imageId: "host",
    state: { kind: "running", startedAtMs: 0 },
    createdAtMs: 0,
    logFile: "/logs/app",
    terminationMessageFile: "/state/last",
    labels: {},
  };
}

test("one that cannot be stopped is told when all the others have stopped", async () => {
  const env = virtualEnv();
  const { runtime, asked } = aRuntime(["bad", "good"], async (pod, { signal }) => {
    if (pod === "bad") throw new RuntimeError("timeout", "it cannot be killed");
    await env.timers.sleep(1_000, signal);
  });
  let error: unknown;
  const ended = stopAllPods({ stopGraceMs: STOP_GRACE_MS }, { runtime, env }, aContext(env)).catch(
    (reason: unknown) => {
      error = reason;
    },
  );
  await env.advance(999);
  expect(error).toBeUndefined();
  await env.advance(1);
  await ended;
  expect(error).toMatchObject({ message: "it cannot be killed" });
  expect(asked).toEqual(["stop bad 5000", "stop good 5000", "sandbox bad", "sandbox good"]);
  expect(env.pendingTimers).toBe(0);
});

test("a runtime that does not answer does not hold up the end", async () => {
  const env = virtualEnv();
  const never = new Promise<void>(() => undefined);
  const { runtime } = aRuntime(["stuck"], () => never);
  const ended = stopAllPods({ stopGraceMs: STOP_GRACE_MS }, { runtime, env }, aContext(env));
  const refused = expect(ended).rejects.toThrow("some pods have not stopped within 15000 ms");
  await env.advance(STOP_GRACE_MS + STOP_MARGIN_MS);
  await refused;
});
