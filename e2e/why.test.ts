/**
 * Questions about what happened, asked of the built program: who led to a pod, what a deployment
 * waits for, who fights, what a change led to, how it was before.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  eventually,
  KUBECTL,
  SetpointProcess,
  WEB_IMAGES,
  WEB_MANIFESTS,
  type Ran,
} from "./setpoint-process.ts";

const ARGS = ["--image-dir", WEB_IMAGES, "-f", WEB_MANIFESTS];

/** Its readiness probe asks a port at which nobody listens. */
const BROKEN = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: broken }
spec:
  replicas: 2
  selector: { matchLabels: { app: broken } }
  template:
    metadata: { labels: { app: broken } }
    spec:
      containers:
        - name: server
          image: web:1
          readinessProbe: { tcpSocket: { port: 8999 }, periodSeconds: 1 }
`;

let plane: SetpointProcess;
beforeAll(async () => {
  plane = await SetpointProcess.start({ args: ARGS, expected: /Ctrl-C stops everything/ });
  const file = join(plane.data, "broken.yaml");
  writeFileSync(file, BROKEN);
  await said("apply", "-f", file);
}, 120_000);
afterAll(() => plane.dispose(), 60_000);

async function said(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr }: Ran = await plane.setpoint(...args);
  if (code !== 0) throw new Error(`setpoint ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** `status` of the answer with `-o json`. */
async function answered<T>(...args: readonly string[]): Promise<T> {
  return (JSON.parse(await said(...args, "-o", "json")) as { status: T }).status;
}

async function webPods(): Promise<readonly string[]> {
  const names = (await said("get", "pods", "-l", "app=web", "-o", "name")).trim().split("\n");
  expect(names).toHaveLength(3);
  return names;
}

describe("the past, explained", () => {
  test("why: the replacement of a pod goes back to who deleted the other one", async () => {
    const before = await webPods();
    const [victim = ""] = before;
    await said("delete", victim);
    const successor = await eventually(async () => {
      const now = await webPods();
      const made = now.find((name) => !before.includes(name));
      if (made === undefined) throw new Error("no successor yet");
      return made;
    });
    const story = await said("why", successor);
    expect(story).toMatch(/created by system:kube-controller-manager \(replicaset-controller\)/);
    expect(story).toMatch(
      new RegExp(`${victim.slice("pod/".length)} asked to go by setpoint-admin`),
    );
    expect(story).toContain("it was asked for: this is where it began");
    expect(story).toMatch(/reconcile \S+ of default\/web-\w+ by replicaset-controller: success/);
    expect(story).toMatch(/it had read ReplicaSet default\/web-\w+ at revision \d+/);
    const deleted = await said("why-deleted", victim);
    expect(deleted).toMatch(/ deleted by system:node:node-1/);
    expect(deleted).toContain("asked to go by setpoint-admin");
  }, 60_000);

  test("why-not-ready: names the probe that fails, and when it asks again", async () => {
    const lines = await eventually(async () => {
      const text = await said("why-not-ready", "deployment/broken");
      if (!text.includes("Readiness probe failed")) throw new Error(text);
      return text.split("\n");
    });
    expect(lines[0]).toMatch(/^Deployment default\/broken: 0 of 2 pods available/);
    expect(lines[1]).toMatch(/next: without progress until then, .*, at \d{4}-.*Z \(in 9m\d+s\)/);
    const text = lines.join("\n");
    expect(text).toMatch(
      /Pod default\/broken-\S+ and 1 more like it: container server runs, and its/,
    );
    expect(text).toMatch(/next: the readiness probe asks again, at .*Z \(.*\), every 1s/);
    expect(await said("why-not-ready", "deployment/web")).toMatch(/^it is ready: all of 3 pods/);
  }, 60_000);

  test("why-changed, history, diff, get --at: who set a field, and how it was", async () => {
    const marks = (await answered<{ history: { revision: number }[] }>("history", "deploy/web"))
      .history;
    const before = marks[0]?.revision ?? 0;
    await said("scale", "deployment/web", "--replicas", "4");
    await eventually(async () => expect(await said("get", "deploy/web")).toContain("4/4"));
    const why = await said("why-changed", "deployment/web", "spec.replicas");
    expect(why).toMatch(/^\S+Z @\d+ Deployment default\/web changed by .*: spec.replicas 3 -> 4/);
    expect(await said("history", "deploy/web", "--diff")).toContain("    ~ spec.replicas: 3 -> 4");
    const diff = await said("diff", "deploy/web", "--from", String(before));
    expect(diff).toContain("~ spec.replicas: 3 -> 4");
    expect(await said("get", "deploy/web", "--at", String(before))).toContain("3/3");
    const none = await plane.setpoint("get", "deploy/web", "--at", "1");
    expect(none.stderr).toContain("there was no Deployment web at revision 1");
    expect(none.code).not.toBe(0);
    await said("scale", "deployment/web", "--replicas", "3");
    await eventually(async () => expect(await said("get", "deploy/web")).toContain("3/3"));
  }, 60_000);

  test.skipIf(KUBECTL === undefined)(
    "who-fights: two that put a field back and forth",
    async () => {
      for (const replicas of ["1", "2", "1", "2", "1", "2"]) {
        const manager = replicas === "1" ? "one" : "two";
        const patch = JSON.stringify({ spec: { replicas: Number(replicas) } });
        const path = "deployment/broken";
        const ran = await plane.kubectl("patch", path, "-p", patch, "--field-manager", manager);
        expect(ran.stderr).toBe("");
      }
      const fights = await said("who-fights", "deployment/broken");
      expect(fights).toMatch(/^spec.replicas went back \d times in /);
      expect(fights).toMatch(/setpoint-admin \(one\) wants 1, the last time at @\d+/);
      expect(await said("who-fights", "deployment/web")).toBe("");
    },
    60_000,
  );

  test("blast-radius: all that one apply led to", async () => {
    const status = await answered<{ history: { revision: number; what: string }[] }>(
      "history",
      "deployment/broken",
    );
    const made = status.history.find(({ what }) => what === "created")?.revision ?? 0;
    const text = await said("blast-radius", String(made));
    expect(text).toMatch(/^\S+ @\d+ Deployment default\/broken created by setpoint-admin/);
    expect(text).toMatch(/└─ .*|├─ .* ReplicaSet default\/broken-\w+ created/);
    expect(text).toMatch(/ Pod default\/broken-\S+ created/);
    expect(text).toMatch(/\d+ changes followed\n$/);
  }, 30_000);

  test("hot and lag: what the controllers of the control plane do, and have seen", async () => {
    const hot = await said("hot");
    expect(hot).toMatch(/^CONTROLLER +RECONCILES +WITHOUT EFFECT/);
    expect(hot).toMatch(/\nreplicaset-controller +\d+ +\d+ \(\d+%\)/);
    const { lag } = await answered<{ lag: { kind: string; hasSynced: boolean }[] }>("lag");
    expect(lag).toContainEqual(expect.objectContaining({ kind: "Pod", hasSynced: true }));
  }, 30_000);

  test("what cannot be answered is said", async () => {
    const missing = await plane.setpoint("why", "pod/nobody");
    expect(missing.code).not.toBe(0);
    expect(missing.stderr).toContain("nothing is recorded of Pod default/nobody");
    const never = await plane.setpoint("blast-radius", "9999999");
    expect(never.stderr).toContain("revision 9999999 is not known: history goes ");
  }, 30_000);
});
