import { expect, test } from "vitest";
import type { Context } from "../../base/context.ts";
import { VIRTUAL_EPOCH_MS } from "../../base/virtual/virtual-env.ts";
import { probeSystem, runWith, storyOf } from "../testing/probe.ts";
import type { Program } from "../actors/process.ts";
import type { Operation } from "../scenario/operation.ts";

const wait: Operation = { name: "wait", run: () => Promise.resolve() };
const WHEN = 'world: probe after "wait"';

/** What is told of the process when this is done to it. */
async function after(act: string): Promise<readonly string[]> {
  const { system } = await probeSystem(() => Promise.resolve("idle"), { operations: [wait] });
  return storyOf(await runWith(system, act === "" ? {} : { [WHEN]: act }), /^probe: /);
}

const ACTS: Readonly<Record<string, readonly string[]>> = {
  "": [],
  crash: ["probe: CRASHES for no reason", "probe: starts (life 2)"],
  "pause 40s": ["probe: PAUSES for 40000 ms"],
  "partition 30s": ["probe: IS CUT OFF for 30000 ms"],
  "lose connection": ["probe: LOSES ITS CONNECTION"],
  "clock +1h": ["probe: ITS CLOCK JUMPS by 3600000 ms"],
  "clock -10min": ["probe: ITS CLOCK JUMPS by -600000 ms"],
};

for (const [act, told] of Object.entries(ACTS)) {
  test(`${act === "" ? "nothing" : act}: this alone is done to the process`, async () => {
    expect(await after(act)).toEqual(["probe: starts (life 1)", ...told]);
  });
}

test("a clock that jumped is right again when all is mended, and timers came in time", async () => {
  const read: string[] = [];
  const { system } = await probeSystem(() => Promise.resolve("idle"), { operations: [wait] });
  const program: Program = ({ env }) => ({
    name: "clock",
    run: async ({ signal }: Context) => {
      for (const everyMs of [60_000, 600_000]) {
        await env.timers.sleep(everyMs, signal);
        const offMs = env.clock.now() - VIRTUAL_EPOCH_MS - env.clock.monotonic();
        read.push(`${env.clock.monotonic() / 1_000} s: off by ${offMs / 1_000} s`);
      }
      await env.timers.sleep(10 * 3_600_000, signal);
    },
  });
  const clocks = { ...system, processes: [{ name: "probe", program }] };
  await runWith(clocks, { [WHEN]: "clock -10min" });
  expect(read).toEqual(["60 s: off by -600 s", "660 s: off by 0 s"]);
});
