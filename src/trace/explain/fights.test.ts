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
      writers: [
        { actor: "a", user: "a", value: "1", revision: 5 },
        { actor: "b", user: "b", value: "2", revision: 4 },
      ],
      turns: 3,
      firstRevision: 1,
      lastRevision: 5,
      spanMs: 0,
    },
  ]);
});

test("a field that goes on, or that one hand changes to and fro, is not fought over", () => {
  expect(fightsIn(changes(["a", "1"], ["b", "2"], ["a", "3"], ["b", "4"], ["a", "5"]))).toEqual([]);
  expect(fightsIn(changes(["a", "1"], ["a", "2"], ["a", "1"], ["a", "2"], ["a", "1"]))).toEqual([]);
});
