import { expect, test } from "vitest";
import type { Context } from "../../../base/context.ts";
import { ConfigMap } from "../../../client/builtin.ts";
import type { Program } from "../../actors/process.ts";
import type { ChoiceClass } from "../../choices/choices.ts";
import { buildBase } from "../../scenario/build-system.ts";
import { create } from "../../scenario/operation.ts";
import type { System } from "../../world/run.ts";
import { eventually } from "../../oracles/invariants.ts";
import { SimulationError } from "../../report/simulation-error.ts";
import { simulate } from "../../simulate.ts";
import { exhaust, type Exhausted, type ExhaustOptions } from "./exhaust.ts";
import { reversalsOf } from "./races.ts";
import { areDependent, type Footprint, type Step } from "./step-trace.ts";

/** Reads a number and writes one that is greater by one: two of them may both read the same. */
const adds: Program = ({ client }) => ({
  name: "adds",
  run: async (context: Context) => {
    const key = { namespace: "default", name: "counter" };
    const { data } = await client.get(ConfigMap, key, context);
    const patch = { data: { count: String(Number(data?.["count"] ?? "0") + 1) } };
    await client.patch(ConfigMap, key, { kind: "merge", patch }, context);
    await new Promise<void>((resolve) => {
      context.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  },
});

/** Writes its name: the last one stands. */
function signs(name: string): Program {
  return ({ client }) => ({
    name: "signs",
    run: async (context: Context) => {
      const key = { namespace: "default", name: "counter" };
      const patch = { data: { count: name } };
      await client.patch(ConfigMap, key, { kind: "merge", patch }, context);
      await new Promise<void>((resolve) => {
        context.signal.addEventListener("abort", () => resolve(), { once: true });
      });
    },
  });
}

async function systemOf(programs: Readonly<Record<string, Program>>): Promise<System> {
  const counter = create(ConfigMap, { metadata: { name: "counter" }, data: { count: "0" } });
  return {
    base: await buildBase({ kinds: [], given: [counter] }),
    processes: Object.entries(programs).map(([name, program]) => ({ name, program })),
    operations: [],
    oracles: [
      () => ({
        name: "each is counted",
        atRest: ({ state }) => state.get(ConfigMap, "counter")?.data?.["count"] ?? "gone",
      }),
    ],
    needsReference: false,
    hasCollector: false,
    hasNodes: false,
  };
}

type Seen = Exhausted & { readonly outcomes: readonly string[] };

async function all(
  system: System,
  allowed: readonly ChoiceClass[],
  options: Partial<ExhaustOptions> = {},
): Promise<Seen> {
  const outcomes = new Set<string>();
  const exhausted = await exhaust(system, {
    seed: 1,
    allowed: new Set(allowed),
    hasBudget: (runs) => runs < 5_000,
    onRun: ({ violation }) => {
      outcomes.add(violation?.message ?? "");
      return true;
    },
    ...options,
  });
  return { ...exhausted, outcomes: [...outcomes].toSorted() };
}

const signers = await systemOf({ p: signs("p"), q: signs("q") });
const adders = await systemOf({ p: adds, q: adds });

test("the same outcomes are found with and without reduction, with far fewer runs", async () => {
  const whole = await all(signers, ["order"], { isReduced: false });
  const reduced = await all(signers, ["order"]);
  expect(whole).toMatchObject({ isComplete: true, outcomes: ["p", "q"], runs: 140, cut: 0 });
  expect(reduced).toMatchObject({ isComplete: true, outcomes: ["p", "q"] });
  expect(reduced.runs + reduced.cut).toBeLessThan(10);
});

test("an update is lost in some orders of two who read and write, and not in others", async () => {
  const { outcomes, isComplete, runs } = await all(adders, ["order"]);
  expect({ outcomes, isComplete }).toEqual({ outcomes: ["1", "2"], isComplete: true });
  expect(runs).toBeLessThan(20); // of 1,988 orders
});

test("of three who add, any number may be lost, and every outcome is found", async () => {
  const three = await all(await systemOf({ p: adds, q: adds, r: adds }), ["order"]);
  expect(three).toMatchObject({ isComplete: true, outcomes: ["1", "2", "3"] });
  expect(three.runs + three.cut).toBeLessThan(150);
});

test("each fault of each call is tried, and two at once where two are asked for", async () => {
  const alone = await systemOf({ p: signs("p") });
  const one = await all(alone, ["call"]);
  // The calm run, and nine fates of the write; a second life makes up for it.
  expect(one).toMatchObject({ isComplete: true, runs: 10, outcomes: ["p"] });
  const two = await all(alone, ["call"], { faultsMax: 2 });
  expect(two.isComplete).toBe(true);
  expect(two.runs).toBeGreaterThan(one.runs);
  expect(await all(alone, ["call"], { faultsMax: 0 })).toMatchObject({ runs: 1 });
});

test("a search whose budget is used up says that there is more", async () => {
  const { runs, isComplete } = await all(adders, ["order", "call"], { hasBudget: (n) => n < 3 });
  expect({ runs, isComplete }).toEqual({ runs: 3, isComplete: false });
});

test("an exhaustive simulation finds a tape that fails again, or says it is done", async () => {
  const counter = create(ConfigMap, { metadata: { name: "counter" }, data: { count: "0" } });
  const counts = (...wanted: readonly string[]) => {
    return eventually("each is counted", (state) => {
      return wanted.includes(state.get(ConfigMap, "counter")?.data?.["count"] ?? "");
    });
  };
  const options = {
    processes: { p: adds, q: adds },
    given: [counter],
    scenario: [],
    explore: "exhaustive",
    faults: ["order"],
    tapes: "",
  } as const;
  const done = await simulate({ ...options, invariants: [counts("1", "2")] });
  expect(done.exhausted).toEqual({ runs: done.runs, cut: 0, isComplete: true });
  const strict = { ...options, invariants: [counts("2")] };
  const error = await simulate(strict).catch((failure: unknown) => failure);
  if (!(error instanceof SimulationError)) throw error;
  expect(error.message).toContain("(exhaustive)");
  await expect(simulate({ ...strict, tape: error.tape })).rejects.toThrow("each is counted");
});

const footprint = (parts: Partial<Record<keyof Footprint, readonly string[]>>): Footprint => ({
  reads: new Set(parts.reads),
  writes: new Set(parts.writes),
  touches: new Set(parts.touches),
});

test("steps depend on each other where one reads what the other writes, or both touch one", () => {
  const list = footprint({ reads: ["pods "], touches: ["actor p"] });
  const write = footprint({ writes: ["pods "], touches: ["actor q", "revision"] });
  const other = footprint({ writes: ["secrets "], touches: ["actor r", "revision"] });
  expect(areDependent(list, write) && areDependent(write, list)).toBe(true);
  expect(areDependent(list, other)).toBe(false);
  expect(areDependent(list, { ...list, touches: new Set(["actor s"]) })).toBe(false);
  expect(areDependent(write, other)).toBe(true);
});

test("only what follows directly and could have come first is turned round", () => {
  const step = (actor: string, enabled: readonly string[], parts: Partial<Step> = {}): Step => ({
    id: actor,
    actor,
    group: 1,
    enabled,
    maker: undefined,
    footprint: footprint({ touches: ["revision"] }),
    ...parts,
  });
  const three = [step("p", ["p", "q", "r"]), step("q", ["q", "r"]), step("r", ["r"])];
  // r after p follows from p before q before r.
  expect(reversalsOf(three)).toEqual([
    { place: 0, ids: ["q"] },
    { place: 1, ids: ["r"] },
  ]);
  const made = [step("p", ["p", "x"]), step("q", ["q"], { maker: 0 })];
  expect(reversalsOf(made)).toEqual([]);
  const later = [step("p", ["p", "q"]), step("q", ["q"], { group: 2 })];
  expect(reversalsOf(later)).toEqual([]);
});
