import fc from "fast-check";
import { expect, test } from "vitest";
import { DecodeError } from "./json.ts";
import { decodeYaml, decodeYamlDocuments, encodeYaml } from "./yaml.ts";

function failureOf(text: string): DecodeError {
  try {
    decodeYaml(text);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  throw new Error("the text was accepted");
}

// As kubectl reads plain scalars: YAML 1.1, without dates and numbers to the base of 60.
for (const [text, value] of [
  ["0644", 420],
  ["0o17", 15],
  ["0x1f", 31],
  ["1_000", 1000],
  ["yes", true],
  ["y", true],
  ["Off", false],
  ["~", null],
  ["", null],
  ["1.5", 1.5],
  ["1e3", 1000],
  ["12:30:45", "12:30:45"],
  ["2024-01-01", "2024-01-01"],
  ["2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"],
  ["'yes'", "yes"],
  ["!!str 12", "12"],
  ["9007199254740991", 9007199254740991],
  ["-18446744073709552000", -18446744073709552000],
  ["999999999999999900000", 999999999999999900000],
] as const) {
  test(`YAML: ${JSON.stringify(text)} is ${JSON.stringify(value)}`, () => {
    expect(decodeYaml(`a: ${text}\n`).value).toEqual({ a: value });
  });
}

test("YAML: keys become strings", () => {
  const text = "1: a\ntrue: b\n1.5: c\nn: d\n'1_0': e\n";
  expect(decodeYaml(text).value).toEqual({ 1: "a", true: "b", "1.5": "c", false: "d", "1_0": "e" });
});

test("YAML: duplicate fields are reported, and the last one counts", () => {
  expect(decodeYaml("a: 1\nl:\n- b: 1\n  b: 2\na: 3\n")).toMatchObject({
    value: { a: 3, l: [{ b: 2 }] },
    duplicates: ["l[0].b", "a"],
  });
});

test("YAML: aliases and merge keys are resolved, and own fields win", () => {
  const text = "base: &base {a: 1, b: 2}\nuse:\n  <<: *base\n  b: 3\nsame: *base\n";
  expect(decodeYaml(text).value).toEqual({
    base: { a: 1, b: 2 },
    use: { a: 1, b: 3 },
    same: { a: 1, b: 2 },
  });
});

test("YAML: the earlier of several merged maps wins", () => {
  expect(decodeYaml("a: {<<: [{b: 1}, {b: 2, c: 3}]}").value).toEqual({ a: { b: 1, c: 3 } });
});

for (const [text, message, place] of [
  ["a: b: c", "nested mappings are not allowed in compact mappings", "1:4"],
  ["a:\n\t- b", "tabs are not allowed as indentation", "2:1"],
  ["a: *b", "unknown anchor 'b'", "1:4"],
  ["a: &a [1, *a]", "anchor 'a' value contains itself", "1:11"],
  ["a: {<<: 1}", "map merge requires map or sequence of maps as the value", "1:9"],
  ["a:\n  b: 9223372036854775808", "the integer 9223372036854775808 is too large", "2:6"],
  ["a: .nan", "unsupported value: NaN", "1:4"],
  ["? [a]\n: b", "a key must be a string, a number or a boolean", "1:3"],
  ["a: !!binary aGk=", "unresolved tag", "1:4"],
  ["- a\nb: c", "unexpected", "2:1"],
] as const) {
  test(`YAML: ${JSON.stringify(text)} is refused with line and column`, () => {
    const { message: actual, line, column } = failureOf(text);
    expect(actual).toContain(message);
    expect(actual).toMatch(/^yaml: /);
    expect(`${line}:${column}`).toBe(place);
  });
}

test("YAML: of several documents the first counts, whatever the others are", () => {
  expect(decodeYaml("a: 1\n---\n{{{").value).toEqual({ a: 1 });
  expect(decodeYaml("# about\n---\na: 1\n...\nb: 2").value).toEqual({ a: 1 });
  expect(decodeYaml("---\n---\na: 1").value).toBeNull();
});

test("YAML: a bomb of aliases is refused, not expanded", () => {
  const names = "abcdefghi".split("");
  const lines = names.map((name, index) => {
    const item = index === 0 ? "lol" : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 9 }, () => item).join(", ")}]`;
  });
  expect(failureOf(lines.join("\n")).message).toContain("excessive aliasing");
});

for (const [name, text] of [
  ["lists in brackets", "[".repeat(100_000)],
  ["maps in braces", "{a: ".repeat(100_000)],
  ["lists on one line", "- ".repeat(50_000)],
  ["keys on one line", "? ".repeat(50_000)],
  ["indented maps", Array.from({ length: 500 }, (_, n) => `${" ".repeat(n)}a:`).join("\n")],
  ["aliases of aliases", deepAliases(200)],
] as const) {
  test(`YAML: nesting beyond the limit is refused at once: ${name}`, () => {
    expect(failureOf(text).message).toBe("yaml: exceeded max depth of 100");
  });
}

test("YAML: a text with too much structure is refused before it takes long", () => {
  expect(failureOf(`a: [${",".repeat(3_000_000)}]`).message).toContain("200000 tokens");
  expect(failureOf("a:\n".repeat(1_000_000)).message).toContain("200000 tokens");
  const long = `a: |\n  ${"x".repeat(3_000_000)}\n`;
  expect(decodeYaml(long).value).toEqual({ a: `${"x".repeat(3_000_000)}\n` });
});

test("YAML: an integer of a million digits is refused without printing it", () => {
  const { message } = failureOf(`a: ${"1".repeat(1_000_000)}`);
  expect(message).toBe("yaml: the integer is too large to be kept exactly");
});

function deepAliases(depth: number): string {
  const lines = Array.from({ length: depth }, (_, n) => `- &a${n + 1} [*a${n}]`);
  return ["- &a0 x", ...lines].join("\n");
}

test("YAML: keys that mean something to JavaScript are ordinary keys", () => {
  const text = "__proto__: {polluted: 1}\nconstructor: 2\nm: {<<: {__proto__: {x: 1}}}\n";
  expect(JSON.stringify(decodeYaml(text).value)).toBe(
    '{"__proto__":{"polluted":1},"constructor":2,"m":{"__proto__":{"x":1}}}',
  );
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("YAML: documents come in order, with the line their content begins on", () => {
  const text = "# first\n\na: 1\n---\n# second\nb: 2\n---\n---\nc: 3\n";
  expect(decodeYamlDocuments(text).map(({ value, line }) => [value, line])).toEqual([
    [{ a: 1 }, 3],
    [{ b: 2 }, 6],
    [null, 7],
    [{ c: 3 }, 9],
  ]);
  expect(decodeYamlDocuments("")).toEqual([]);
});

test("YAML: JSON is read as JSON, and a flow mapping as YAML", () => {
  expect(decodeYaml('{"a": 1, "a": 2}')).toEqual({ value: { a: 2 }, duplicates: ["a"] });
  expect(decodeYaml("{a: yes}").value).toEqual({ a: true });
});

test("YAML: objects are printed as kubectl prints them", () => {
  const object = {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: "y", labels: {}, managedFields: [{ manager: "x", list: [[1], []] }] },
    data: {
      a: "1",
      b: "line\nline\n",
      c: "2026-11-22T23:56:12Z",
      d: "",
      e: "a: b",
      k10: "",
      k9: "",
    },
    nothing: null,
  };
  expect(encodeYaml(object)).toBe(`apiVersion: v1
data:
  a: "1"
  b: |
    line
    line
  c: "2026-11-22T23:56:12Z"
  d: ""
  e: "a: b"
  k9: ""
  k10: ""
kind: ConfigMap
metadata:
  labels: {}
  managedFields:
  - list:
    - - 1
    - []
    manager: x
  name: "y"
nothing: null
`);
});

test("YAML: what is printed reads back the same", () => {
  const anyText = fc.oneof(
    fc.constantFrom(
      "yes",
      "0644",
      "0o17",
      "~",
      "",
      "1e3",
      "12:30:45",
      "2024-01-01",
      "<<",
      "=",
      "-",
    ),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom("a", " ", "\n", "#", ":", "-", "'", '"', "\t", "%", "\\") }),
  );
  const anyValue = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      anyText,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
      fc.constantFrom(true, false, null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(anyText, tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(anyValue, (value) => {
      expect(decodeYaml(encodeYaml({ value })).value).toEqual({ value });
    }),
    { numRuns: 500 },
  );
});

test("a point alone is a text, as in the fields of managers", () => {
  expect(encodeYaml({ ".": {}, a: ".", b: ".5" })).toBe('.: {}\na: .\nb: ".5"\n');
  expect(decodeYaml(".: {}\na: .\nb: .5\n").value).toEqual({ ".": {}, a: ".", b: 0.5 });
});

test("YAML: an integer that a number would round is kept to its last digit", () => {
  expect(decodeYaml("a: 9223372036854775807\nb: [-9007199254740993, 5]").value).toEqual({
    a: 9223372036854775807n,
    b: [-9007199254740993n, 5],
  });
});
