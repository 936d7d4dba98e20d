import fc from "fast-check";
import { expect, test } from "vitest";
import { isFields, type Fields } from "../machinery/object.ts";
import { applyMergePatch } from "./merge-patch.ts";
import { PatchError } from "./patch-error.ts";
import { threeWayMergePatch } from "./three-way.ts";

// The examples of RFC 7386, appendix A.
for (const [document, patch, result] of [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', "{}"],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', "null", "null"],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
  ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
] as const) {
  test(`merge patch: ${document} with ${patch} is ${result}`, () => {
    const merged = applyMergePatch(JSON.parse(document), JSON.parse(patch));
    expect(JSON.stringify(merged)).toBe(result);
  });
}

const anyKey = fc.constantFrom("a", "b", "c", "__proto__", "constructor", "then");
const anyJson = fc.letrec<{ readonly value: unknown; readonly object: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, 0, 1, "", "x"),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc
    .uniqueArray(fc.tuple(anyKey, tie("value")), { selector: ([key]) => key, maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
}));

test("merge patch: applying it twice is applying it once", () => {
  fc.assert(
    fc.property(anyJson.value, anyJson.value, (document, patch) => {
      const once = applyMergePatch(document, patch);
      expect(JSON.stringify(applyMergePatch(once, patch))).toBe(JSON.stringify(once));
    }),
  );
});

test("merge patch: an empty one changes no object", () => {
  fc.assert(
    fc.property(anyJson.object, (document) => {
      expect(JSON.stringify(applyMergePatch(document, {}))).toBe(JSON.stringify(document));
    }),
  );
});

test("merge patch: arguments stay as they were", () => {
  fc.assert(
    fc.property(anyJson.value, anyJson.value, (document, patch) => {
      const before = JSON.stringify([document, patch]);
      applyMergePatch(document, patch);
      expect(JSON.stringify([document, patch])).toBe(before);
    }),
  );
});

/** Without fields that are null inside of lists: merge patches drop them. */
const anyObject = anyJson.object.map((object) => fieldsOf(applyMergePatch({}, object)));

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

test("three-way merge patch: afterwards nothing is left to do", () => {
  fc.assert(
    fc.property(anyObject, anyObject, anyObject, (original, modified, current) => {
      const patch = threeWayMergePatch(original, modified, current);
      const result = applyMergePatch(current, patch);
      expect(threeWayMergePatch(modified, modified, result)).toEqual({});
    }),
  );
});

test("three-way merge patch: removes what the author dropped and keeps what others set", () => {
  const original = { spec: { size: 1, color: "red" }, data: { a: "1" } };
  const modified = { spec: { size: 2 }, data: { a: "1" } };
  const current = { spec: { size: 1, color: "red", set: "by server" }, data: { a: "1" } };
  expect(threeWayMergePatch(original, modified, current)).toEqual({
    spec: { size: 2, color: null },
  });
});

test("merge patch: a value nested too deep is refused", () => {
  let deep: unknown = 1;
  for (let depth = 0; depth < 20_000; depth += 1) deep = { a: deep };
  expect(() => applyMergePatch({}, deep)).toThrow(PatchError);
});
