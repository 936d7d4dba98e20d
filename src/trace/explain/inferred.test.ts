import { expect, test } from "vitest";
import { aCause, aChange, recordedFacts } from "../testing/recorded-facts.ts";
import { INFERENCE_MS_MAX, inferredCauses } from "./inferred.ts";

const program = "system:serviceaccount:team:operator";

test("a write is led to by what was shortly before it, not by what is long past", async () => {
  const cause = aCause({ user: program, actor: "curl", timeMs: 60_000 });
  const write = aChange({ revision: 3, cause });
  const after = (beforeMs: number): Promise<readonly number[]> => {
    const earlier = aChange({ revision: 2, cause: aCause({ timeMs: 60_000 - beforeMs }) });
    return inferredCauses(write, recordedFacts([earlier, write]));
  };
  expect(await after(INFERENCE_MS_MAX)).toEqual([2]);
  expect(await after(INFERENCE_MS_MAX + 1)).toEqual([]);
});

test("nothing is inferred of an object that the asker may not read", async () => {
  const object = { apiVersion: "", kind: "", namespace: "", name: "", uid: "" };
  const hidden = { object, isHidden: true } as const;
  const write = aChange({ revision: 3, ...hidden, cause: aCause({ user: program }) });
  const facts = recordedFacts([aChange({ revision: 2, ...hidden }), write]);
  expect(await inferredCauses(write, facts)).toEqual([]);
});
