/** One command from manifest to running processes; Ctrl-C leaves nothing; a restart converges. */
import { afterAll, expect, test } from "vitest";
import {
  processesOf,
  run,
  SetpointProcess,
  WEB_IMAGES,
  WEB_MANIFESTS,
} from "./setpoint-process.ts";

const ARGS = ["--image-dir", WEB_IMAGES, "-f", WEB_MANIFESTS];
const ALL_READY = /All 3 objects are ready ([0-9.]+) s after the start/;

let last: SetpointProcess | undefined;
afterAll(() => last?.dispose());

test("up converges, the printed curl answers, Ctrl-C stops all, and again", async () => {
  const first = await SetpointProcess.start({ args: ARGS, expected: /Ctrl-C stops everything/ });
  last = first;
  expect(first.output).toMatch(ALL_READY);
  expect(await answerOf(first)).toMatch(/^Hello from web-.* \(version 1\)\n$/);

  expect(await first.interrupt()).toBe(0);
  expect(first.output).toContain("Stopped.");
  expect(processesOf(first.data)).toEqual([]);

  const second = await SetpointProcess.start({
    data: first.data,
    args: ARGS,
    expected: /Ctrl-C stops everything/,
  });
  last = second;
  expect(second.output).toContain("deployment.apps/web unchanged");
  expect(second.output).toMatch(ALL_READY);
  expect(await answerOf(second)).toMatch(/^Hello from web-/);
  expect(await second.interrupt()).toBe(0);
  expect(processesOf(second.data)).toEqual([]);
});

async function answerOf(setpoint: SetpointProcess): Promise<string> {
  const line = /curl (http:\S+)/.exec(setpoint.output);
  if (line?.[1] === undefined) throw new Error(`no curl line in:\n${setpoint.output}`);
  return (await run("curl", ["-sS", "--max-time", "5", line[1]])).stdout;
}
