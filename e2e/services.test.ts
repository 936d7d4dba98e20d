/** A Service answers at its own address, through a rollout and the loss of a node's agent. */
import { readdirSync, readlinkSync } from "node:fs";
import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import {
  eventually,
  processesOf,
  SetpointProcess,
  WEB_IMAGES,
  WEB_MANIFESTS,
} from "./setpoint-process.ts";

let setpoint: SetpointProcess | undefined;
afterEach(async () => {
  await setpoint?.dispose();
  setpoint = undefined;
});

function get(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, timeout: 5_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.end();
  });
}

function agentOf(node: string, plane: SetpointProcess): number {
  const named = new Set(processesOf(`--name\0${node}`));
  const [agent] = processesOf(plane.data).filter((pid) => named.has(pid));
  if (agent === undefined) throw new Error(`no agent of ${node}`);
  return agent;
}

function hasStoreOpen(pid: number): boolean {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`).endsWith(".mdb");
    } catch {
      return false; // it was closed while we looked
    }
  });
}

test("a rollout loses no request, another node takes over, a stop leaves nothing", async () => {
  const args = ["--nodes", "2", "--image-dir", WEB_IMAGES, "-f", WEB_MANIFESTS];
  setpoint = await SetpointProcess.start({ args, expected: /Ctrl-C stops everything/ });
  const plane = setpoint;
  const url = /curl (http:\/\/127\.96\.[0-9.]+:8080\/)/.exec(plane.output)?.[1];
  if (url === undefined) throw new Error(`no address of the Service in:\n${plane.output}`);

  let isRolling = true;
  const rollout = plane
    .setpoint("rollout", "restart", "deploy/web")
    .then(() => plane.setpoint("rollout", "status", "deploy/web"))
    .then((ran) => {
      isRolling = false;
      return ran;
    });
  const answered = new Set<string>();
  for (let count = 0; isRolling || count < 50; count += 1) {
    answered.add(/from (\S+)/.exec(await get(url))?.[1] ?? "");
  }
  expect((await rollout).stdout).toContain("successfully rolled out");
  expect(answered.size).toBeGreaterThanOrEqual(4); // pods of both generations, in turns

  process.kill(agentOf("node-1", plane), "SIGKILL");
  await eventually(async () => expect(await get(url)).toMatch(/^Hello from web-/), 10_000);

  // No container can reach the store through a descriptor it inherited.
  const open = processesOf(plane.data).filter((pid) => pid !== plane.pid && hasStoreOpen(pid));
  expect(open).toEqual([]);

  // What killed agents ran is stopped along with the rest; one is killed just before the stop.
  process.kill(agentOf("node-2", plane), "SIGKILL");
  expect(await plane.interrupt()).toBe(0);
  expect(processesOf(plane.data)).toEqual([]);
});
