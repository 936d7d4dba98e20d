/** What can be asked of strings, bytes, lists and maps as such: their size, and what is in them. */
import { CelError } from "../cel-error.ts";
import { unknownTo } from "../eval/runtime-types.ts";
import { length } from "../eval/text.ts";
import { method, overload, type FunctionDeclaration } from "../functions.ts";
import { BYTES, INT, listOf, mapOf, parameter, STRING } from "../types.ts";
import { OPERATOR } from "../parser/ast.ts";
import type { CelResult, CelValue } from "../values.ts";

const A = parameter("A");
const B = parameter("B");
const LIST = listOf(A);
const MAP = mapOf(A, B);

export const CONTAINERS: readonly FunctionDeclaration[] = [
  // The evaluator indexes by itself, because the error depends on what is indexed.
  {
    name: OPERATOR.index,
    overloads: [overload("index_list", [LIST, INT], A), overload("index_map", [MAP, A], B)],
  },
  {
    name: "size",
    overloads: [
      overload("size_bytes", [BYTES], INT),
      method("bytes_size", [BYTES], INT),
      overload("size_list", [LIST], INT),
      method("list_size", [LIST], INT),
      overload("size_map", [MAP], INT),
      method("map_size", [MAP], INT),
      overload("size_string", [STRING], INT),
      method("string_size", [STRING], INT),
    ],
    run: ([value = null]) => sizeResult(value),
  },
];

function sizeResult(value: CelValue): CelResult {
  const size = sizeOf(value);
  return size === undefined ? unknownTo("size", value) : BigInt(size);
}

/** Characters, bytes, elements or entries; undefined if the value has no size. */
export function sizeOf(value: CelResult): number | undefined {
  if (typeof value === "string") return length(value);
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== "object" || value === null || value instanceof CelError) return undefined;
  return value.kind === "list" || value.kind === "map" ? value.size : undefined;
}
