/** The public conformance suite of CEL, with what this room does otherwise and why. */
import { describe, expect, test } from "vitest";
import { runCase, specCases } from "./testing/cel-spec.ts";

/** Nothing is evaluated without being checked first, in Kubernetes neither. */
const UNCHECKED = [
  "basic/variables/unbound_is_runtime_error",
  "basic/functions/unbound_is_runtime_error",
  "comparisons/eq_literal/not_eq_list_length",
  "comparisons/eq_literal/eq_mixed_types",
  "comparisons/eq_literal/eq_list_elem_mixed_types",
  "comparisons/ne_literal/ne_mixed_types",
  "logic/conditional/mixed_type",
  "logic/AND/short_circuit_type_left",
  "logic/AND/short_circuit_type_right",
  "logic/OR/short_circuit_type_left",
  "logic/OR/short_circuit_type_right",
  ...[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
  ].map((word) => `parse/receiver_function_names/${word}`),
];

/** Kubernetes 1.36 formats by version 2 of the strings library; the suite wants version 4. */
const OLDER_FORMAT = [
  "scientific notation formatting clause",
  "default precision for scientific notation",
  "positive infinity support for scientific notation",
  "negative infinity support for scientific notation",
  "NaN support for decimal",
  "positive infinity support for decimal",
  "negative infinity support for decimal",
  "positive infinity support for fixed-point",
  "negative infinity support for fixed-point",
  "list support for string",
  "map support for string",
  "map support (all key types)",
  "dyntype support for scientific notation",
  "dyntype NaN/infinity support",
  "dyntype support for lists",
  "dyntype support for maps",
  "scientific notation formatting clause in a string variable",
].map((name) => `string_ext/format/${name}`);

/** cel-go 0.26, which Kubernetes 1.36 has, does the same as this room. */
const AS_CEL_GO = [
  "fields/qualified_identifier_resolution/map_key_float",
  "fields/qualified_identifier_resolution/map_value_repeat_key",
  "fields/qualified_identifier_resolution/map_value_repeat_key_heterogeneous",
  "optionals/optionals/map_null_entry_no_such_key",
  "optionals/optionals/map_present_key_invalid_field",
  "string_ext/value_errors/indexof_out_of_range",
  "string_ext/value_errors/lastindexof_out_of_range",
  "type_deductions/legacy_nullable_types/null_assignable_to_abstract_parameter_candidate",
];

const EXCEPTIONS: ReadonlySet<string> = new Set([...UNCHECKED, ...OLDER_FORMAT, ...AS_CEL_GO]);

describe("the conformance suite of cel-spec", () => {
  const { cases, leftOut } = specCases();

  test("every case that is not an exception passes", () => {
    const problems = cases
      .filter(({ path }) => !EXCEPTIONS.has(path))
      .flatMap((specCase) => {
        const problem = runCase(specCase);
        return problem === undefined ? [] : [`${specCase.path}: ${problem}`];
      });
    expect(problems).toEqual([]);
  });

  test("every exception is one", () => {
    const exceptions = cases.filter(({ path }) => EXCEPTIONS.has(path));
    expect(exceptions.length).toBe(EXCEPTIONS.size);
    expect(exceptions.filter((specCase) => runCase(specCase) === undefined)).toEqual([]);
  });

  test("the suite does not shrink", () => {
    expect({ run: cases.length, leftOut }).toEqual({ run: 1422, leftOut: 922 });
  });
});
