import { expect, test } from "vitest";
import { aChange, ofController, recordedFacts } from "../testing/recorded-facts.ts";
import { consequencesOf } from "./consequences.ts";

test("follows a change to all that it led to, and to nothing else", async () => {
  const facts = recordedFacts([
    aChange({ revision: 1 }),
    aChange({ revision: 2 }),
    aChange({ revision: 3, cause: ofController("a", [1]) }),
    aChange({ revision: 4, cause: ofController("b", [2]) }),
    aChange({ revision: 5, cause: ofController("c", [2, 3]) }),
  ]);
  const found = await consequencesOf(1, facts);
  expect(found?.led.map(({ change, from }) => [change.revision, from])).toEqual([
    [3, [1]],
    [5, [3]],
  ]);
  expect(found?.isCut).toBe(false);
  expect(await consequencesOf(9, facts)).toBeUndefined();
});
