import { expect, test } from "vitest";
import { ConfigMap } from "../../client/builtin.ts";
import type { ChoiceClass } from "../choices/choices.ts";
import type { MakeOracle } from "../oracles/oracle.ts";
import { create } from "../scenario/operation.ts";
import { play } from "../shrink/shrink.ts";
import { createA, probeSystem } from "../testing/probe.ts";
import type { RunResult, System } from "../world/run.ts";
import { explore, type Explored, type ExploreOptions, type Way } from "./explore.ts";

const operations = ["b", "c"].map((name) => create(ConfigMap, { metadata: { name } }));
const { system } = await probeSystem(createA, { operations });

type Told = { readonly way: Way; readonly result: RunResult };

async function explored(
  of: System,
  options: Partial<ExploreOptions> & { readonly runs: number },
): Promise<Explored & { readonly told: readonly Told[] }> {
  const told: Told[] = [];
  const { runs, ...others } = options;
  const found = await explore(of, {
    seed: 1,
    allowed: new Set<ChoiceClass>(["call", "world", "pace", "order"]),
    budget: { runs, hasTime: () => true },
    onRun: (result, way) => void told.push({ way, result }),
    ...others,
  });
  return { ...found, told };
}

const countOf = (told: readonly Told[], way: Way): number =>
  told.filter((run) => run.way === way).length;

test("first the calm run, then plans for at most half of the runs, then chance", async () => {
  const { told, runs } = await explored(system, { runs: 13 });
  expect(runs).toBe(13);
  expect(told.map(({ way }) => way)).toEqual([
    "calm",
    ...Array.from({ length: 6 }, () => "systematic"),
    ...Array.from({ length: 6 }, () => "random"),
  ]);
});

test("classes that are not allowed stay calm, and without time nothing more is run", async () => {
  const { told } = await explored(system, { runs: 40, allowed: new Set<ChoiceClass>(["pace"]) });
  const kinds = told.flatMap(({ result }) =>
    [...result.taken.keys()].map((name) => name.slice(0, 5)),
  );
  expect(new Set(kinds)).toEqual(new Set(["pace:"]));
  const budget = { runs: 40, hasTime: () => false };
  expect((await explored(system, { runs: 40, budget })).runs).toBe(1);
});

test("guided, half of the runs by chance vary earlier ones, the same ones each time", async () => {
  const first = await explored(system, { runs: 40, isGuided: true });
  const hashes = first.told.map(({ result }) => result.hash);
  expect([countOf(first.told, "guided"), countOf(first.told, "random")]).toEqual([10, 10]);
  const again = await explored(system, { runs: 40, isGuided: true });
  expect(again.told.map(({ result }) => result.hash)).toEqual(hashes);
});

test("a run that fails is the last, and its recording fails again as it did", async () => {
  const oracle: MakeOracle = () => ({
    name: "one fault at most",
    atRest: ({ kernel }) => (kernel.choices.taken.size > 1 ? "more than one" : undefined),
  });
  const fragile = { ...system, oracles: [oracle] };
  const allowed = new Set<ChoiceClass>(["world"]);
  for (const isGuided of [false, true]) {
    const { failure, runs, told } = await explored(fragile, { runs: 60, allowed, isGuided });
    if (failure === undefined) throw new Error("two faults were not found");
    expect(told).toHaveLength(runs);
    const { violation, hash } = await play(fragile, failure.recording);
    expect({ violation, hash }).toEqual({
      violation: failure.result.violation,
      hash: failure.result.hash,
    });
  }
});
