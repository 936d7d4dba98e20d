import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tests } from "@bufbuild/cel-spec/testdata/parsing.js";
import { NESTING_MAX, SOURCE_SIZE_MAX } from "../limits.ts";
import { macroTable } from "./macro.ts";
import { parse } from "./parser.ts";
import { Source } from "./source.ts";
import { STANDARD_MACROS } from "./standard-macros.ts";

const SYNTAX = { macros: macroTable(STANDARD_MACROS), quotedNames: false };

/** All complaints about a source, as one text. */
function complaints(text: string): string {
  const source = new Source(text);
  return source.display(parse(source, SYNTAX).issues);
}

/** Cases of cel-go that set other limits, or forbid the syntax of optionals. */
const OTHER_OPTIONS = /limit exceeded|recursion|unsupported syntax '|More than \d+ syntax/;
/** What only checking finds. */
const CHECKED = /undeclared reference|no matching overload|undefined field|not a (type|message)/;

describe("parsing", () => {
  test("words syntax errors as cel-go's parser does", () => {
    const cases = (tests.tests ?? []).filter(
      ({ error }) => error !== undefined && !OTHER_OPTIONS.test(error) && !CHECKED.test(error),
    );
    expect(cases.length).toBeGreaterThan(60);
    const given = cases.map(({ original }) => complaints(original.expr));
    const wanted = cases.map(({ error = "" }) => error.replaceAll("ERROR: :", "ERROR: <input>:"));
    expect(given).toEqual(wanted);
  });

  test("accepts what cel-go accepts", () => {
    const cases = (tests.tests ?? []).filter(
      ({ error, original }) => (error === undefined || CHECKED.test(error)) && original.expr !== "",
    );
    expect(cases.length).toBeGreaterThan(80);
    const refused = cases.filter(({ original }) => complaints(original.expr) !== "");
    expect(refused.map(({ original }) => original.expr)).toEqual([]);
  });

  test("refuses sources that are too long or too deep, and says so without a place", () => {
    expect(complaints(`'${"x".repeat(SOURCE_SIZE_MAX)}'`)).toBe(
      "ERROR: <input>:-1:0: expression code point size exceeds limit: size: 100002, limit 100000",
    );
    expect(complaints("(".repeat(NESTING_MAX + 1))).toBe(
      "ERROR: <input>:-1:0: expression recursion limit exceeded: 250",
    );
    expect(complaints(`1${" + 1".repeat(NESTING_MAX + 1)}`)).toBe(
      "ERROR: <input>:-1:0: max recursion depth exceeded",
    );
    expect(complaints(`a${".b".repeat(NESTING_MAX + 1)}`)).toBe(
      "ERROR: <input>:-1:0: max recursion depth exceeded",
    );
  });

  test("takes long rows of logical operators", () => {
    expect(complaints(`a${" || b".repeat(2000)}`)).toBe("");
  });

  test("never throws, whatever the source is", () => {
    const signs = "( ) [ ] { } , : ? . + - * / ! == in && ||".split(" ");
    const words = "a b 1 2u 1.5 's' b'x' null all has ` \" é".split(" ");
    const word = fc.constantFrom(...signs, ...words);
    const source = fc.oneof(
      fc.string(),
      fc.uint16Array({ maxLength: 30 }).map((units) => String.fromCharCode(...units)),
      fc.array(word, { maxLength: 30 }).map((chosen) => chosen.join(" ")),
    );
    fc.assert(
      fc.property(source, (text) => {
        complaints(text);
      }),
      { numRuns: 1000 },
    );
  });
});
