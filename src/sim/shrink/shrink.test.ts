import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { ConfigMap } from "../../client/builtin.ts";
import type { MakeOracle } from "../oracles/oracle.ts";
import { create } from "../scenario/operation.ts";
import { probeSystem } from "../testing/probe.ts";
import type { System } from "../world/run.ts";
import { play, shrink, type Recording } from "./shrink.ts";

const NAMES = ["a", "b", "c"] as const;
const operations = NAMES.map((name) => create(ConfigMap, { metadata: { name } }));
/** One point of decision of the class "pace" after each, and three moments of the environment. */
const POINTS = [
  ...NAMES.map((name) => `pace: after "create ConfigMap ${name}"`),
  ...NAMES.map((name) => `world: probe after "create ConfigMap ${name}"`),
  "world: probe late 1",
];

/** Finds fault when all of these were done and all of these decisions taken. */
type Need = { readonly done: ReadonlySet<string>; readonly taken: ReadonlyMap<string, string> };

function systemThatNeeds(system: System, need: Need): System {
  const oracle: MakeOracle = () => ({
    name: "what is needed came together",
    atRest: ({ state, kernel }) => {
      const isDone = [...need.done].every((name) => state.get(ConfigMap, name) !== undefined);
      const isTaken = [...need.taken].every(
        ([name, option]) => kernel.choices.taken.get(name) === option,
      );
      return isDone && isTaken ? "it came together" : undefined;
    },
  });
  const other: MakeOracle = () => ({
    name: "something else",
    atRest: ({ kernel }) => (kernel.choices.taken.size === 1 ? "another fault" : undefined),
  });
  return { ...system, oracles: [oracle, other] };
}

const OPTION: Readonly<Record<string, string>> = { pace: "10ms", world: "lose connection" };

function optionOf(name: string): string {
  return OPTION[name.slice(0, name.indexOf(":"))] ?? "";
}

let system: System;

beforeAll(async () => {
  ({ system } = await probeSystem(() => Promise.resolve("nothing"), { operations }));
});

test("what is left fails for the same oracle, and nothing of it can be left out", async () => {
  const subset = (all: readonly string[]) => fc.subarray([...all]);
  await fc.assert(
    fc.asyncProperty(subset(POINTS), subset(NAMES), async (points, names) => {
      fc.pre(points.length > 1);
      // A decision is only passed where its operation is done.
      const told = points.map((name) => /ConfigMap (\w)/.exec(name)?.[1]);
      const done = new Set([...names, ...told.filter((name) => name !== undefined)]);
      const taken = new Map(points.map((name) => [name, optionOf(name)]));
      const needing = systemThatNeeds(system, { done, taken });
      const everything = new Map(POINTS.map((name) => [name, optionOf(name)]));
      const recording: Recording = {
        seed: 1,
        taken: everything,
        skipped: new Set(),
        ordersEvents: false,
      };
      const result = await play(needing, recording);
      const shrunk = await shrink(needing, { recording, result });
      expect(shrunk.result.violation?.oracle).toBe("what is needed came together");
      expect(new Map(shrunk.recording.taken)).toEqual(taken);
      const kept = operations.filter((_, place) => !shrunk.recording.skipped.has(place));
      expect(kept.map(({ name }) => name.slice(-1))).toEqual(
        NAMES.filter((name) => done.has(name)),
      );
    }),
    { numRuns: 3, seed: 5 },
  );
});

test("decisions are made as mild as they can be", async () => {
  const point = 'world: probe after "create ConfigMap a"';
  const pace = 'pace: after "create ConfigMap a"';
  const oracle: MakeOracle = () => ({
    name: "late",
    atRest: ({ kernel }) => (kernel.choices.taken.has(restart) ? "restarted late" : undefined),
  });
  const restart = "world: probe is started again after";
  const makes = await probeSystem(
    async (client, context) => {
      await client.list(ConfigMap, {}, context);
      return "listed";
    },
    { operations, oracles: [oracle] },
  );
  const taken = new Map([
    ["call: probe: list configmaps", "crash before effect"],
    [restart, "10min"],
    [point, "pause 40s"],
    [pace, "10ms"],
  ]);
  const recording: Recording = { seed: 1, taken, skipped: new Set(), ordersEvents: false };
  const result = await play(makes.system, recording);
  expect(result.violation?.oracle).toBe("late");
  const shrunk = await shrink(makes.system, { recording, result });
  expect(Object.fromEntries(shrunk.recording.taken)).toEqual({
    "call: probe: list configmaps": "crash before effect",
    [restart]: "20s",
  });
  expect(shrunk.recording.skipped).toEqual(new Set([0, 1, 2]));
});

test("a budget of runs is kept, and what was found by then is answered", async () => {
  const need = { done: new Set(["a"]), taken: new Map([[POINTS[0] ?? "", "10ms"]]) };
  const needing = systemThatNeeds(system, need);
  const taken = new Map(POINTS.map((name) => [name, optionOf(name)]));
  const recording: Recording = { seed: 1, taken, skipped: new Set(), ordersEvents: false };
  const result = await play(needing, recording);
  const shrunk = await shrink(needing, { recording, result }, { runsMax: 0 });
  expect(shrunk.recording.taken).toEqual(taken);
  expect(shrunk.result).toBe(result);
});
