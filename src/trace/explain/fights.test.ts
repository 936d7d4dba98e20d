import { expect, test } from "vitest";
import type { ChangeFact } from "../facts.ts";
import { aCause, aChange } from "../testing/recorded-facts.ts";
import { fightsIn } from "./fights.ts";

function changes(...blows: readonly (readonly [actor: string, value: string])[]): ChangeFact[] {
  return blows
    .map(([actor, after], index) =>
      aChange({
        revision: index + 1,
        cause: aCause({ actor, user: actor }),
        fields: [{ field: "spec.replicas", after }],
      }),
    )
    .toReversed();
}

test("two that put a field back again and again fight over it", () => {
  const history = changes(["a", "1"], ["b", "2"], ["a", "1"], ["b", "2"], ["a", "1"]);
  expect(fightsIn(history)).toEqual([
    {
      field: "spec.replicas",
      how: "put-back",
      writers: [
        { actor: "a", user: "a", value: "1", revision: 5 },
        { actor: "b", user: "b", value: "2", revision: 4 },
      ],
      turns: 3,
      firstRevision: 1,
      lastRevision: 5,
      spanMs: 0,
      lastMs: 0,
    },
  ]);
});

test("a field that goes on, or that one hand changes to and fro, is not fought over", () => {
  expect(fightsIn(changes(["a", "1"], ["b", "2"], ["a", "3"], ["b", "4"], ["a", "5"]))).toEqual([]);
  expect(fightsIn(changes(["a", "1"], ["a", "2"], ["a", "1"], ["a", "2"], ["a", "1"]))).toEqual([]);
});

test("writers who write in turn fight, though they never write the same twice", () => {
  const blows = [1, 2, 3, 4, 5].flatMap((n) => [["x", `A${n}`] as const, ["y", `B${n}`] as const]);
  expect(fightsIn(changes(...blows))).toMatchObject([
    { how: "new-values", turns: 8, writers: [{ value: "A5" }, { value: "B5" }], lastRevision: 10 },
  ]);
});

function timed(
  ...blows: readonly (readonly [actor: string, value: string, s: number])[]
): ChangeFact[] {
  const plain = changes(...blows.map(([actor, value]) => [actor, value] as const)).toReversed();
  return plain
    .map((change, index) => {
      const timeMs = (blows[index]?.[2] ?? 0) * 1_000;
      return { ...change, cause: { ...change.cause, timeMs } };
    })
    .toReversed();
}

test("a bystander who wrote before, between and after takes no part", () => {
  const history = timed(
    ["kubectl", "3", 0],
    ["alice", "4", 300],
    ["bob", "5", 301],
    ["alice", "4", 302],
    ["kubectl", "6", 303],
    ["bob", "5", 304],
    ["alice", "4", 305],
    ["bob", "5", 306],
    ["kubectl", "3", 400],
  );
  const [fight, ...others] = fightsIn(history);
  expect(others).toEqual([]);
  expect(fight).toMatchObject({ turns: 4, firstRevision: 2, lastRevision: 8, spanMs: 6_000 });
  expect(fight?.writers.map(({ actor }) => actor)).toEqual(["alice", "bob"]);
  expect(fight).toMatchObject({ lastMs: 306_000, since: { actor: "kubectl", revision: 9 } });
});

test("what was fought over long before, and again, is told as two fights", () => {
  const round = (start: number): readonly (readonly [string, string, number])[] =>
    [0, 1, 2].flatMap((n) => [
      ["a", "1", start + 2 * n] as const,
      ["b", "2", start + 2 * n + 1] as const,
    ]);
  const fights = fightsIn(timed(...round(0), ...round(5_000)));
  expect(fights.map(({ spanMs, turns }) => [spanMs, turns])).toEqual([
    [5_000, 4],
    [5_000, 4],
  ]);
  expect(fights[1]?.since).toBeUndefined();
});
