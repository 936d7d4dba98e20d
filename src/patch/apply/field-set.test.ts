import fc from "fast-check";
import { expect, test } from "vitest";
import {
  difference,
  equalSets,
  FieldSetBuilder,
  fieldsBelow,
  hasField,
  intersection,
  isEmptySet,
  leaves,
  NO_FIELDS,
  pathsOf,
  recursiveDifference,
  setText,
  union,
  type FieldSet,
} from "./field-set.ts";
import { decodeFieldSet, encodeFieldSet } from "./fields-v1.ts";
import {
  compareBytes,
  elementText,
  keyElement,
  readElement,
  sortedElements,
} from "./path-element.ts";
import { anySet, aSet } from "./testing/apply-model.ts";

const same = (a: FieldSet, b: FieldSet): void => {
  expect(setText(a)).toBe(setText(b));
  expect(equalSets(a, b)).toBe(true);
};

test("sets obey the laws of sets", () => {
  fc.assert(
    fc.property(anySet, anySet, anySet, (a, b, c) => {
      same(union(a, b), union(b, a));
      same(union(a, union(b, c)), union(union(a, b), c));
      same(intersection(a, b), intersection(b, a));
      same(union(a, NO_FIELDS), a);
      same(intersection(a, a), a);
      same(intersection(a, union(b, c)), union(intersection(a, b), intersection(a, c)));
      same(difference(a, union(b, c)), difference(difference(a, b), c));
      same(union(difference(a, b), intersection(a, b)), a);
      expect(isEmptySet(difference(a, a))).toBe(true);
      expect(isEmptySet(intersection(difference(a, b), b))).toBe(true);
    }),
  );
});

test("a set has exactly the paths that were put in", () => {
  fc.assert(
    fc.property(anySet, (set) => {
      const builder = new FieldSetBuilder();
      for (const path of pathsOf(set)) {
        expect(hasField(set, path)).toBe(true);
        builder.insert(path);
      }
      same(builder.set, set);
    }),
  );
});

test.each(["sent", "stored"] as const)("FieldsV1 that was %s comes back as it went", (origin) => {
  fc.assert(
    fc.property(anySet, (set) => {
      const encoded = encodeFieldSet(set);
      const decoded = decodeFieldSet(JSON.parse(JSON.stringify(encoded)), origin);
      if (decoded.kind !== "set") throw new Error(decoded.problem);
      same(decoded.set, set);
      expect(JSON.stringify(encodeFieldSet(decoded.set))).toBe(JSON.stringify(encoded));
    }),
  );
});

test("a difference keeps what is below a field, a recursive one takes it along", () => {
  const set = aSet(["a"], ["a", "b", "c"], ["d"]);
  expect(setText(difference(set, aSet(["a"])))).toBe(".d\n.a.b.c");
  expect(setText(recursiveDifference(set, aSet(["a"])))).toBe(".d");
  expect(setText(recursiveDifference(set, aSet(["a", "b"])))).toBe(".a\n.d");
});

test("leaves have nothing below them", () => {
  expect(setText(leaves(aSet(["a"], ["a", "b"], ["c"])))).toBe(".c\n.a.b");
});

test("operations that change nothing give the very same set", () => {
  const set = aSet(["a", "b"], ["c"]);
  expect(difference(set, aSet(["x"], ["a"]))).toBe(set);
  expect(union(set, NO_FIELDS)).toBe(set);
  expect(fieldsBelow(set, "f:zz")).toBe(NO_FIELDS);
});

test("FieldsV1 is written in upstream's order, a member with parts marked by a dot", () => {
  const set = aSet(
    ["spec", "ports", { port: 8080, protocol: "TCP" }],
    ["spec", "ports", { port: 80, protocol: "TCP" }, "port"],
    ["spec", "ports", { port: 80, protocol: "TCP" }],
    ["spec", "tags", ["b"]],
    ["spec", "tags", ["a"]],
    ["metadata"],
    ["metadata", "labels", "z"],
    ["metadata", "labels", "B"],
  );
  expect(JSON.stringify(encodeFieldSet(set))).toBe(
    '{"f:metadata":{".":{},"f:labels":{"f:B":{},"f:z":{}}},' +
      '"f:spec":{"f:ports":{"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:port":{}},' +
      '"k:{\\"port\\":8080,\\"protocol\\":\\"TCP\\"}":{}},' +
      '"f:tags":{"v:\\"a\\"":{},"v:\\"b\\"":{}}}}',
  );
});

for (const { title, value, text } of [
  {
    title: "keys in any order and spelling",
    value: { 'k:{"b":1, "a":"x"}': {} },
    text: '[a="x",b=1]',
  },
  { title: "steps of types nobody knows", value: { "z:1": {}, "f:a": {} }, text: ".a" },
  { title: "nothing", value: undefined, text: "" },
  { title: "a set that says it is a member itself", value: { ".": {}, "f:a": {} }, text: ".a" },
]) {
  test(`FieldsV1 of clients is understood: ${title}`, () => {
    const decoded = decodeFieldSet(value, "sent");
    expect(decoded.kind === "set" ? setText(decoded.set) : decoded.problem).toBe(text);
  });
}

for (const [value, problem] of [
  [{ a: {} }, "key must be 2 characters long:"],
  [{ "abc:": {} }, "missing colon: abc:"],
  [{ "k:x": {} }, "not a JSON object: k:x"],
  [{ "v:": {} }, "not a JSON value: v:"],
  [{ "i:x": {} }, "not an index: i:x"],
  [{ "f:a": 1 }, "f:a does not hold an object"],
  ["x", "fieldsV1 is not an object"],
] as const) {
  test(`FieldsV1 that makes no sense is told: ${JSON.stringify(value)}`, () => {
    expect(decodeFieldSet(value, "sent")).toEqual({ kind: "malformed", problem });
  });
}

test("steps sort by type, then by content: numbers as numbers, texts by their bytes", () => {
  const numbers = ["i:10", "i:9", "v:10", "v:9", 'k:{"p":10}', 'k:{"p":9}'];
  const elements = [...numbers, 'v:"a"', "f:é", "f:z"];
  expect(sortedElements(elements)).toEqual([
    "f:z",
    "f:é",
    'k:{"p":9}',
    'k:{"p":10}',
    "v:9",
    "v:10",
    'v:"a"',
    "i:9",
    "i:10",
  ]);
});

test("texts compare as their bytes do", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      const order = Buffer.compare(Buffer.from(a), Buffer.from(b));
      expect(Math.sign(compareBytes(a, b))).toBe(order);
    }),
  );
});

test("steps are printed as in refusals", () => {
  const key = keyElement([
    ["protocol", "TCP"],
    ["port", 80],
  ]);
  expect(elementText(key)).toBe('[port=80,protocol="TCP"]');
  expect(elementText('v:"a\\"b"')).toBe('[="a\\"b"]');
  expect(elementText("v:12345678")).toBe("[=1.2345678e+07]");
  expect(elementText("i:3")).toBe("[3]");
});

test("a step is spelled without characters that mean something in HTML", () => {
  const read = readElement('v:"<a>"');
  expect(read).toEqual({ kind: "element", element: 'v:"\\u003ca\\u003e"' });
});
