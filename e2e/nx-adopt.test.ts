/** An agent that is killed with signal 9 and followed by another: nothing is lost or run twice. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Pod } from "../src/client/builtin.ts";
import { createControlPlane, type ControlPlane } from "../src/control-plane/control-plane.ts";
import { eventually, processesOf } from "./setpoint-process.ts";

const PROGRAM = join(import.meta.dirname, "../src/cli/main.ts");
const NODE = "node-1";
/** Agents killed one after another while their pods start. */
const KILLS = 8;

let directory: string;
let plane: ControlPlane;
let agent: ChildProcess | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "setpoint-adopt-"));
  plane = await createControlPlane({ serve: {}, nodeMonitorGraceMs: 600_000 });
  await plane.serving().writeNodeKubeconfig(NODE, kubeconfigPath());
});

afterEach(async () => {
  await killAgent();
  await plane.close();
  for (const pid of processesOf(directory)) process.kill(pid, "SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

function kubeconfigPath(): string {
  return join(directory, "kubeconfig");
}

function startAgent(): void {
  const where = ["--directory", join(directory, "node"), "--kubeconfig", kubeconfigPath()];
  const args = [PROGRAM, "node", "--name", NODE, ...where, "--index", "9", "--on-stop", "leave"];
  agent = spawn(process.execPath, args, {
    stdio: ["ignore", openSync("/tmp/nx/agent.log", "a"), openSync("/tmp/nx/agent.log", "a")],
  });
}

async function killAgent(): Promise<void> {
  const child = agent;
  agent = undefined;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

/** A pod whose one process is `sleep <seconds>`: a number of its own makes it findable. */
async function createSleeper(name: string, seconds: string, script = ""): Promise<void> {
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "app",
          image: "host",
          command: ["sh", "-c", `${script} exec sleep ${seconds}`],
        },
      ],
    },
    status: {},
  };
  await plane.client.create(Pod, pod, plane.context);
}

function findPod(name: string): Promise<Pod> {
  return plane.client.get(Pod, { namespace: "default", name }, plane.context);
}

async function untilReady(name: string): Promise<Pod> {
  return eventually(async () => {
    const pod = await findPod(name);
    const ready = pod.status.conditions?.find(({ type }) => type === "Ready");
    expect(ready?.status).toBe("True");
    return pod;
  });
}

/** Processes whose command line is exactly `sleep <seconds>`. */
async function sleepers(seconds: string): Promise<readonly number[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = names.map(async (name) => {
    const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    return line === `sleep\0${seconds}\0` ? [Number(name)] : [];
  });
  return (await Promise.all(found)).flat();
}

function uniqueSeconds(index: number): string {
  return `${1_000_000 + process.pid}.${index}`;
}

test("containers run on under the next agent, with what they wrote meanwhile", async () => {
  const seconds = uniqueSeconds(1);
  const script = "(while :; do echo tick; sleep 0.1; done) &";
  startAgent();
  await createSleeper("web", seconds, script);
  const before = await untilReady("web");
  const pids = await eventually(async () => {
    const found = await sleepers(seconds);
    expect(found).toHaveLength(1);
    return found;
  });

  await killAgent();
  expect(await sleepers(seconds)).toEqual(pids);
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // it goes on writing, unread
  startAgent();
  const logs = join(directory, "node/logs");
  await eventually(async () => {
    const [name = ""] = await readdir(logs);
    const text = await readFile(join(logs, name, "app/0.log"), "utf8");
    expect(text.split("\n").length).toBeGreaterThan(20);
  });
  const after = await untilReady("web");
  expect(await sleepers(seconds)).toEqual(pids);
  expect(after.metadata.uid).toBe(before.metadata.uid);
  expect(after.status.containerStatuses).toEqual(before.status.containerStatuses);
  expect(after.status.podIP).toBe(before.status.podIP);
});

test("what was deleted or ended without an agent is cleaned up or started again", async () => {
  const [deleted, ended] = [uniqueSeconds(2), uniqueSeconds(3)];
  startAgent();
  await createSleeper("deleted", deleted);
  await createSleeper("ended", ended);
  await untilReady("deleted");
  await untilReady("ended");
  await eventually(async () => expect(await sleepers(ended)).toHaveLength(1));

  await killAgent();
  const key = { namespace: "default", name: "deleted" };
  await plane.client.delete(Pod, key, plane.context, { gracePeriodSeconds: 0 });
  for (const pid of await sleepers(ended)) process.kill(pid, "SIGKILL");
  await eventually(async () => expect(await sleepers(deleted)).toHaveLength(1));

  startAgent();
  await eventually(async () => {
    expect(await sleepers(deleted)).toEqual([]);
    expect(await readdir(join(directory, "node/runtime/pods"))).toHaveLength(1);
    expect(await readdir(join(directory, "node/logs"))).toHaveLength(1);
  });
  await eventually(async () => {
    const pod = await findPod("ended");
    expect(pod.status.containerStatuses?.[0]).toMatchObject({
      ready: true,
      restartCount: 1,
      lastState: { terminated: { exitCode: 137 } },
    });
    expect(await sleepers(ended)).toHaveLength(1);
  });
});

test("agents killed while they start pods leave each pod with exactly one process", async () => {
  for (let round = 0; round < KILLS; round += 1) {
    startAgent();
    await createSleeper(`pod-${round}`, uniqueSeconds(10 + round));
    await eventually(async () => {
      const present = await readdir(join(directory, "node/runtime/pods")).catch(() => []);
      expect(present.length).toBeGreaterThan(round); // it is about to start the new one
    });
    await new Promise((resolve) => setTimeout(resolve, round * 12)); // a little further each time
    await killAgent();
  }
  startAgent();
  for (let round = 0; round < KILLS; round += 1) await untilReady(`pod-${round}`);
  await eventually(async () => {
    for (let round = 0; round < KILLS; round += 1) {
      expect(await sleepers(uniqueSeconds(10 + round))).toHaveLength(1);
    }
  });
});
