import * as fc from "fast-check";
import { expect, test } from "vitest";
import { deepFreeze } from "../base/freeze.ts";
import { SHARED_DEPTH_MAX, sharingParts } from "./shared-parts.ts";

const json = fc.jsonValue({ maxDepth: 5 }).map(deepFreeze);

test("what comes out is equal to what came in, frozen, whatever it is compared with", () => {
  const key = fc.constantFrom("a", "b", "__proto__", "constructor", "toString");
  const text = fc.constantFrom("short", "a text that is long enough to share");
  const part = fc.dictionary(key, fc.oneof(text, fc.array(text), fc.dictionary(key, text)));
  const any = fc.oneof(json, part.map(deepFreeze));
  fc.assert(
    fc.property(any, any, (like, value) => {
      const shared = sharingParts(like, value);
      expect(JSON.stringify(shared)).toBe(JSON.stringify(value));
      const pending: unknown[] = [shared];
      while (pending.length > 0) {
        const next = pending.pop();
        expect(Object.isFrozen(next)).toBe(true);
        if (typeof next === "object" && next !== null) pending.push(...Object.values(next));
      }
    }),
    { numRuns: 2_000 },
  );
});

test("equal parts are taken from the other, and the other itself if all is equal", () => {
  const like = deepFreeze({ spec: { image: "web" }, list: [{ a: 1 }, { b: 2 }], status: { n: 1 } });
  const next = deepFreeze({ spec: { image: "web" }, list: [{ a: 1 }, { b: 3 }], status: { n: 2 } });
  const shared = sharingParts<typeof like>(like, next);
  expect(shared).toEqual(next);
  expect(shared.spec).toBe(like.spec);
  expect(shared.list[0]).toBe(like.list[0]);
  expect(shared.status).not.toBe(like.status);
  expect(sharingParts<typeof like>(like, structuredClone(like))).toBe(like);
});

test("very deep values are taken as they are", () => {
  let deep: unknown = { end: true };
  for (let depth = 0; depth < SHARED_DEPTH_MAX * 100; depth += 1) deep = { deep };
  const value = deepFreeze({ deep });
  expect(sharingParts(deepFreeze({ deep: structuredClone({ deep }) }), value)).toEqual(value);
});
