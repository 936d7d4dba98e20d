/** Deleted pods, killed processes, lost nodes: the declared state comes back. */
import { afterEach, describe, expect, test } from "vitest";
import {
  eventually,
  KUBECTL,
  processesOf,
  SetpointProcess,
  WEB_IMAGES,
  WEB_MANIFESTS,
} from "./setpoint-process.ts";

type Pod = {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly containerID?: string;
    }[];
  };
};
type List<T> = { readonly items: readonly T[] };

const ARGS = ["--image-dir", WEB_IMAGES, "-f", WEB_MANIFESTS];

let setpoint: SetpointProcess | undefined;
afterEach(async () => {
  await setpoint?.dispose();
  setpoint = undefined;
});

async function start(...more: readonly string[]): Promise<SetpointProcess> {
  const expected = /Ctrl-C stops everything/;
  setpoint = await SetpointProcess.start({ args: [...ARGS, ...more], expected });
  return setpoint;
}

async function readyPods(from: SetpointProcess): Promise<readonly Pod[]> {
  const { items } = await from.kubectlJson<List<Pod>>("get", "pods");
  return items.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
  );
}

/** The web servers that run under `data`: their command line names the script, their folder it. */
function serversOf(data: string): readonly number[] {
  const inData = new Set(processesOf(data));
  return processesOf("server.mjs").filter((pid) => inData.has(pid));
}

describe.skipIf(KUBECTL === undefined)("healing, seen with kubectl", () => {
  test("a deleted pod and a killed process are replaced, and events tell it", async () => {
    const plane = await start();
    const before = await readyPods(plane);
    expect(before).toHaveLength(3);
    const [victim] = before;
    if (victim === undefined) throw new Error("no pod");

    const deleted = await plane.kubectl("delete", "pod", victim.metadata.name);
    expect(deleted.stdout).toContain(`pod "${victim.metadata.name}" deleted`);
    await eventually(async () => {
      const now = await readyPods(plane);
      expect(now).toHaveLength(3);
      expect(now.map(({ metadata }) => metadata.uid)).not.toContain(victim.metadata.uid);
    });

    const [server] = serversOf(plane.data);
    if (server === undefined) throw new Error("no server process was found");
    process.kill(server, "SIGKILL");
    await eventually(async () => {
      const now = await readyPods(plane);
      expect(now).toHaveLength(3);
      const restarts = now.map((pod) => pod.status.containerStatuses?.[0]?.restartCount ?? 0);
      expect(restarts.toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
    });

    const events = (await plane.kubectl("get", "events")).stdout;
    for (const reason of [
      "ScalingReplicaSet",
      "SuccessfulCreate",
      "Scheduled",
      "Started",
      "Killing",
    ]) {
      expect(events).toContain(reason);
    }
  });

  test("pods of a lost node move, and nothing runs twice when it returns", async () => {
    const plane = await start("--nodes", "3", "--node-monitor-grace", "6s", "--evict-after", "2s");
    await eventually(async () => {
      const nodes = (await readyPods(plane)).map((pod) => pod.spec.nodeName);
      expect(new Set(nodes)).toEqual(new Set(["node-1", "node-2", "node-3"]));
    });

    const [agent] = agentsOf(plane.data, "node-2");
    if (agent === undefined) throw new Error("no agent of node-2");
    process.kill(agent, "SIGKILL");
    await plane.says(/The agent of node-2 ended/, 10_000);
    await eventually(async () => {
      const pods = await readyPods(plane);
      expect(pods).toHaveLength(3);
      expect(pods.map((pod) => pod.spec.nodeName)).not.toContain("node-2");
    }, 60_000);

    const command = /Start it again with:\s+(.*)/.exec(plane.output)?.[1];
    if (command === undefined) throw new Error(`no command in:\n${plane.output}`);
    const { spawn } = await import("node:child_process");
    const agentAgain = spawn("sh", ["-c", `exec ${command}`], { stdio: "ignore" });
    try {
      await eventually(async () => {
        const { items } = await plane.kubectlJson<List<Pod>>("get", "pods");
        expect(items).toHaveLength(3); // the evicted pod is gone for good
        expect(serversOf(plane.data)).toHaveLength(3);
        const node = await plane.kubectl("get", "node", "node-2");
        expect(node.stdout).toMatch(/node-2\s+Ready/);
      }, 60_000);
    } finally {
      agentAgain.kill("SIGTERM");
    }
  });
});

function agentsOf(data: string, name: string): readonly number[] {
  const named = new Set(processesOf(`--name\0${name}`));
  return processesOf(data).filter((pid) => named.has(pid));
}
