/** `find` and `findAll`: the parts of a text that match a regular expression. */
import type { RE2JS } from "re2js";
import { CelError, noSuchOverload } from "../cel-error.ts";
import { FIND_COST } from "../cost/kubernetes-costs.ts";
import { ArrayList } from "../eval/lists.ts";
import { declare, method, type CelLibrary } from "../functions.ts";
import { INT, listOf, STRING } from "../types.ts";
import type { CelResult, CelValue } from "../values.ts";
import { compiledRegex } from "./regex-cache.ts";

export const REGEX_LIBRARY: CelLibrary = {
  name: "kubernetes.regex",
  functions: [
    declare("find", [method("string_find_string", [STRING, STRING], STRING, find)], FIND_COST),
    declare(
      "findAll",
      [
        method("string_find_all_string", [STRING, STRING], listOf(STRING), findAll),
        method("string_find_all_string_int", [STRING, STRING, INT], listOf(STRING), findAll),
      ],
      FIND_COST,
    ),
  ],
};

function find([text = null, pattern = null]: readonly CelValue[]): CelResult {
  if (typeof text !== "string" || typeof pattern !== "string") return noSuchOverload();
  const regex = compiledRegex(pattern);
  if (regex instanceof CelError) return new CelError(`Illegal regex: ${regex.message}`);
  const [match = ""] = matchesOf(regex, text, 1);
  return match;
}

function findAll([text = null, pattern = null, limit = -1n]: readonly CelValue[]): CelResult {
  if (typeof text !== "string" || typeof pattern !== "string") return noSuchOverload();
  if (typeof limit !== "bigint") return noSuchOverload();
  const regex = compiledRegex(pattern);
  if (regex instanceof CelError) return new CelError(`Illegal regex: ${regex.message}`);
  const most = limit < 0n ? text.length + 1 : Number(limit);
  return ArrayList.of(matchesOf(regex, text, most));
}

/** Matches from left to right. An empty match right behind another one is none. */
function matchesOf(regex: RE2JS, text: string, most: number): readonly string[] {
  const found: string[] = [];
  const matcher = regex.matcher(text);
  let previousEnd = -1;
  while (found.length < most && matcher.find()) {
    const match = matcher.group() ?? "";
    const end = matcher.end();
    if (match !== "" || end !== previousEnd) found.push(match);
    previousEnd = end;
  }
  return found;
}
