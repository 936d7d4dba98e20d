/**
 * Rolling forward and back within the budget, judged on every watch event there was, and a rollout
 * that outlives a kill -9 of the whole control plane.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "vitest";
import {
  eventually,
  KUBECTL,
  SetpointProcess,
  WEB_IMAGES,
  WEB_MANIFESTS,
} from "./setpoint-process.ts";

type Pod = {
  readonly metadata: {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
};
type PodEvent = { readonly type: string; readonly object: Pod };
type Deployment = {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number; readonly updatedReplicas?: number };
};

const ARGS = ["--image-dir", WEB_IMAGES];
const STARTED = /Ctrl-C stops everything/;

let setpoint: SetpointProcess | undefined;
afterEach(async () => {
  await setpoint?.dispose();
  setpoint = undefined;
});

/** Keeps every event of a watch on pods, from now until `stop()`. */
function recordPods(plane: SetpointProcess): {
  readonly events: readonly PodEvent[];
  readonly stop: () => void;
} {
  const args = ["get", "pods", "--watch", "--output-watch-events", "-o", "json"];
  const child = spawn(KUBECTL ?? "kubectl", ["--kubeconfig", plane.kubeconfig, ...args]);
  const events: PodEvent[] = [];
  let text = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    text += `${line}\n`;
    const event = parsed(text);
    if (event === undefined) return;
    events.push(event);
    text = "";
  });
  return { events, stop: () => void child.kill("SIGTERM") };
}

/** kubectl writes each event as JSON, on one line or on many. */
function parsed(text: string): PodEvent | undefined {
  try {
    return JSON.parse(text) as PodEvent;
  } catch {
    return undefined;
  }
}

/** The least number of ready pods after the full number was first reached. */
function leastReady(events: readonly PodEvent[], full: number): number {
  const ready = new Set<string>();
  let least = Number.POSITIVE_INFINITY;
  let wasFull = false;
  for (const { type, object } of events) {
    const { uid, deletionTimestamp } = object.metadata;
    const isReady =
      type !== "DELETED" &&
      deletionTimestamp === undefined &&
      object.status.conditions?.some((one) => one.type === "Ready" && one.status === "True") ===
        true;
    if (isReady) ready.add(uid);
    else ready.delete(uid);
    wasFull ||= ready.size >= full;
    if (wasFull) least = Math.min(least, ready.size);
  }
  return least;
}

async function images(plane: SetpointProcess): Promise<readonly string[]> {
  const { items } = await plane.kubectlJson<{ items: readonly Pod[] }>("get", "pods");
  return items
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .map((pod) => pod.spec.containers[0]?.image ?? "");
}

describe.skipIf(KUBECTL === undefined)("rollouts", () => {
  test("set image and undo never leave fewer ready than the budget allows", async () => {
    const args = [...ARGS, "-f", WEB_MANIFESTS];
    setpoint = await SetpointProcess.start({ args, expected: STARTED });
    const plane = setpoint;
    const recorder = recordPods(plane);

    await plane.kubectl("set", "image", "deployment/web", "web=web:2");
    const forward = await plane.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
    expect(forward.stdout).toContain("successfully rolled out");
    await eventually(async () => expect(await images(plane)).toEqual(["web:2", "web:2", "web:2"]));

    const undo = await plane.kubectl("rollout", "undo", "deployment/web");
    expect(undo.stdout).toContain("deployment.apps/web rolled back");
    const back = await plane.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
    expect(back.stdout).toContain("successfully rolled out");
    await eventually(async () => expect(await images(plane)).toEqual(["web:1", "web:1", "web:1"]));

    // Three old ones went on the way forward, three new ones on the way back.
    const { events } = recorder;
    await eventually(() => expect(events.filter(({ type }) => type === "DELETED")).toHaveLength(6));
    recorder.stop();
    // maxUnavailable is 25 % of 3, rounded down: none may be missing.
    expect(leastReady(events, 3)).toBeGreaterThanOrEqual(3);

    const { metadata } = await plane.kubectlJson<Deployment>("get", "deployment", "web");
    expect(metadata.annotations["deployment.kubernetes.io/revision"]).toBe("3");
  });

  test("a rollout goes on after a kill -9 of the whole control plane", async () => {
    const args = [...ARGS, "-f", WEB_MANIFESTS];
    setpoint = await SetpointProcess.start({ args, expected: STARTED });
    await setpoint.kubectl("scale", "deployment/web", "--replicas=6");
    await setpoint.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
    await setpoint.kubectl("set", "image", "deployment/web", "web=web:2");
    await eventually(async () => expect(await images(setpoint ?? fail())).toContain("web:2"));
    await setpoint.kill();

    // No manifests this time: they would set the image back.
    setpoint = await SetpointProcess.start({ data: setpoint.data, args: ARGS, expected: STARTED });
    const plane = setpoint;
    const status = await plane.kubectl("rollout", "status", "deployment/web", "--timeout=90s");
    expect(status.stderr).toBe("");
    expect(status.stdout).toContain("successfully rolled out");
    await eventually(async () =>
      expect(await images(plane)).toEqual(Array.from({ length: 6 }, () => "web:2")),
    );
  });
});

function fail(): never {
  throw new Error("the control plane is gone");
}
