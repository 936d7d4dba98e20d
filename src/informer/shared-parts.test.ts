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
    fc.property(any, any, fc.boolean(), (like, frozen, isFrozen) => {
      const text = JSON.stringify(frozen);
      const value: unknown = isFrozen ? frozen : JSON.parse(text);
      const likeText = JSON.stringify(like);
      const shared = sharingParts(like, value);
      expect(JSON.stringify(shared)).toBe(text);
      expect(JSON.stringify(like)).toBe(likeText);
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

test("what is not frozen yet is not copied, and only what is new of it is frozen", () => {
  const like = deepFreeze({ spec: { image: "web" }, status: { n: 1 } });
  const next = { spec: { image: "web" }, status: { n: 2 } };
  const { spec } = next;
  expect(sharingParts(like, next)).toBe(next);
  expect(next.spec).toBe(like.spec);
  expect(Object.isFrozen(next) && Object.isFrozen(next.status)).toBe(true);
  expect(Object.isFrozen(spec)).toBe(false);
});

test("very deep values are taken as they are", () => {
  let deep: unknown = { end: true };
  for (let depth = 0; depth < SHARED_DEPTH_MAX * 100; depth += 1) deep = { deep };
  const value = deepFreeze({ deep });
  expect(sharingParts(deepFreeze({ deep: structuredClone({ deep }) }), value)).toEqual(value);
});
