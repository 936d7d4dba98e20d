import fc from "fast-check";
import { expect, test } from "vitest";
import { CALM, Choices, type ChoiceClass } from "./choices.ts";
import { randomSource } from "./random-source.ts";
import { randomStream } from "./random-stream.ts";
import { replayed } from "./replayed.ts";

const OPTIONS = ["", "slow", "lost"] as const;
const everything = { keepsPoints: true };

/** What a source decides at these points, one after the other. */
function decided(choices: Choices, abouts: readonly string[]): readonly string[] {
  return abouts.map((about) => choices.choose("call", about, OPTIONS));
}

test("the same decision again has a number, so that each has a name of its own", () => {
  const choices = new Choices(CALM, everything);
  decided(choices, ["get a", "get b", "get a", "get a"]);
  expect(choices.points.map(({ name }) => name)).toEqual([
    "call: get a",
    "call: get b",
    "call: get a#2",
    "call: get a#3",
  ]);
});

test("only what is not calm is kept, and an option that is unknown by now is calm", () => {
  const wanted = { "call: a": "lost", "call: b": "an option of old", "call: c": "" };
  const choices = new Choices(replayed(new Map(Object.entries(wanted))), everything);
  expect(decided(choices, ["a", "b", "c", "d"])).toEqual(["lost", "", "", ""]);
  expect([...choices.taken]).toEqual([["call: a", "lost"]]);
  expect(choices.points).toHaveLength(4);
});

test("when all is mended nothing is a decision any more", () => {
  const choices = new Choices({ pick: () => "lost" }, everything);
  expect(decided(choices, ["a"])).toEqual(["lost"]);
  choices.heal();
  expect(decided(choices, ["a", "b"])).toEqual(["", ""]);
  expect(choices.points).toHaveLength(1);
});

test("a single option is no decision, and points are kept for who asks", () => {
  const choices = new Choices({ pick: () => "lost" }, { keepsPoints: false });
  expect(choices.choose("order", "alone", ["only"])).toBe("only");
  decided(choices, ["a"]);
  expect(choices.points).toEqual([]);
  expect(choices.taken.size).toBe(1);
});

test("what was taken by chance is taken again from the record, whatever came between", () => {
  const abouts = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 40 });
  fc.assert(
    fc.property(fc.nat(), abouts, (seed, names) => {
      const first = new Choices(randomSource(seed), everything);
      const options = decided(first, names);
      const again = new Choices(replayed(first.taken), everything);
      again.choose("pace", "something new", OPTIONS);
      expect(decided(again, names)).toEqual(options);
      expect(again.taken).toEqual(first.taken);
    }),
    { numRuns: 100 },
  );
});

test("the same seed decides the same, and never for a class that is not allowed", () => {
  const kinds: readonly ChoiceClass[] = ["call", "lag", "world"];
  const picks = (seed: number, allowed: ReadonlySet<ChoiceClass>): readonly string[] => {
    const source = randomSource(seed, { allowed });
    return Array.from({ length: 300 }, (_, nth) => {
      return kinds.map((kind) => source.pick(kind, `${nth}`, OPTIONS)).join();
    });
  };
  const all = new Set(kinds);
  expect(picks(7, all)).toEqual(picks(7, all));
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);
  const withoutCalls = seeds.flatMap((seed) => picks(seed, new Set<ChoiceClass>(["lag"])));
  expect(withoutCalls.every((picked) => /^,\w*,$/.test(picked))).toBe(true);
  expect(withoutCalls.some((picked) => picked !== ",,")).toBe(true);
});

test("each run is a mix of its own: classes and options are off in some of them", () => {
  const mixes = Array.from({ length: 200 }, (_, seed) => {
    const source = randomSource(seed);
    const picked = Array.from({ length: 500 }, () => source.pick("call", "", OPTIONS));
    return new Set(picked.filter((option) => option !== ""));
  });
  const counts = [0, 1, 2].map((size) => mixes.filter((mix) => mix.size === size).length);
  expect(Math.min(...counts)).toBeGreaterThan(10);
});

test("a draw for one purpose does not shift the draws for another", () => {
  const [alone, beside, other] = ["a", "a", "b"].map((purpose) => randomStream(3, purpose));
  const drawn = Array.from({ length: 50 }, () => {
    other?.next();
    return [alone?.next(), beside?.next()] as const;
  });
  expect(drawn.every(([a, b]) => a === b && a !== undefined && a >= 0 && a < 1)).toBe(true);
  expect(new Set(drawn.map(([a]) => a)).size).toBe(50);
  expect(randomStream(3, "b").next()).not.toBe(randomStream(4, "b").next());
});
