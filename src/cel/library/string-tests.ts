/** `contains`, `startsWith`, `endsWith` and `matches`. */
import { noSuchOverload } from "../cel-error.ts";
import { CONTAINS_COST, MATCHES_COST, PREFIX_COST } from "../cost/standard-costs.ts";
import { method, overload, type FunctionCost, type FunctionDeclaration } from "../functions.ts";
import { BOOL, STRING } from "../types.ts";
import type { CelResult, CelValue } from "../values.ts";
import { unknownTo } from "../eval/runtime-types.ts";
import { compiledRegex } from "./regex-cache.ts";
import { CelError } from "../cel-error.ts";

export const STRING_TESTS: readonly FunctionDeclaration[] = [
  test("contains", "contains_string", CONTAINS_COST, (text, part) => text.includes(part)),
  test("endsWith", "ends_with_string", PREFIX_COST, (text, part) => text.endsWith(part)),
  test("startsWith", "starts_with_string", PREFIX_COST, (text, part) => text.startsWith(part)),
  {
    name: "matches",
    overloads: [
      overload("matches", [STRING, STRING], BOOL),
      method("matches_string", [STRING, STRING], BOOL),
    ],
    run: matches,
    cost: MATCHES_COST,
  },
];

function test(
  name: string,
  id: string,
  cost: FunctionCost,
  holds: (text: string, part: string) => boolean,
): FunctionDeclaration {
  return {
    name,
    overloads: [method(id, [STRING, STRING], BOOL)],
    run: ([text = null, part = null]) =>
      typeof text === "string" && typeof part === "string" ? holds(text, part) : noSuchOverload(),
    cost,
  };
}

function matches([text = null, pattern = null]: readonly CelValue[]): CelResult {
  if (typeof text !== "string") return unknownTo("matches", text);
  if (typeof pattern !== "string") return noSuchOverload();
  const regex = compiledRegex(pattern);
  return regex instanceof CelError ? regex : regex.matcher(text).find();
}
