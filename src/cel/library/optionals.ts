/** Values that may be absent: `optional.of(x)`, `a.?b.orValue(c)`, `optMap`, … */
import { CelError, noSuchOverload } from "../cel-error.ts";
import { ArrayList } from "../eval/lists.ts";
import { actualSize } from "../cost/actual-size.ts";
import { show } from "../eval/show.ts";
import { numberOf } from "../eval/equality.ts";
import { declare, method, overload, type CelLibrary } from "../functions.ts";
import { OPERATOR } from "../parser/ast.ts";
import { expanded, refused, type Expansion, type Macro, type MacroCall } from "../parser/macro.ts";
import type { Nodes } from "../parser/nodes.ts";
import {
  BOOL,
  DYN,
  INT,
  listOf,
  mapOf,
  optionalOf,
  parameter,
  STRING,
  type CelType,
} from "../types.ts";
import { CelDuration, CelOptional, NONE, type CelResult, type CelValue } from "../values.ts";
import { binding } from "./bindings.ts";
import { onElements } from "./lists.ts";

const K = parameter("K");
const V = parameter("V");
const OPTIONAL = optionalOf(V);
const LIST = listOf(V);
const MAP = mapOf(K, V);
const LIST_OF_OPTIONALS = listOf(OPTIONAL);

export const OPTIONALS_LIBRARY: CelLibrary = {
  name: "optional",
  macros: [optionalMacro("optMap"), optionalMacro("optFlatMap")],
  types: new Map<string, CelType>([["optional_type", optionalOf(DYN)]]),
  functions: [
    declare("optional.of", [
      overload("optional_of", [V], OPTIONAL, ([value = null]) => new CelOptional(value)),
    ]),
    declare("optional.ofNonZeroValue", [
      overload("optional_ofNonZeroValue", [V], OPTIONAL, ([value = null]) =>
        isZero(value) ? NONE : new CelOptional(value),
      ),
    ]),
    declare("optional.none", [overload("optional_none", [], OPTIONAL, () => NONE)]),
    declare("value", [method("optional_value", [OPTIONAL], V, valueOf)]),
    declare("hasValue", [
      method("optional_hasValue", [OPTIONAL], BOOL, ([value = null]) =>
        value instanceof CelOptional ? value.value !== undefined : noSuchOverload(),
      ),
    ]),
    // The evaluator does these by itself: the alternative is only looked at if it is needed.
    declare("or", [method("optional_or_optional", [OPTIONAL, OPTIONAL], OPTIONAL)]),
    declare("orValue", [method("optional_orValue_value", [OPTIONAL, V], V)]),
    declare(OPERATOR.optionalSelect, [overload("select_optional_field", [DYN, STRING], OPTIONAL)]),
    declare(OPERATOR.optionalIndex, [
      overload("list_optindex_optional_int", [LIST, INT], OPTIONAL),
      overload("optional_list_optindex_optional_int", [optionalOf(LIST), INT], OPTIONAL),
      overload("map_optindex_optional_value", [MAP, K], OPTIONAL),
      overload("optional_map_optindex_optional_value", [optionalOf(MAP), K], OPTIONAL),
    ]),
    declare(OPERATOR.index, [
      overload("optional_list_index_int", [optionalOf(LIST), INT], OPTIONAL),
      overload("optional_map_index_value", [optionalOf(MAP), K], OPTIONAL),
    ]),
    declare("last", [
      method(
        "list_last",
        [LIST],
        OPTIONAL,
        onElements((elements) => optional(elements.at(-1))),
      ),
    ]),
    declare("first", [
      method(
        "list_first",
        [LIST],
        OPTIONAL,
        onElements(([element]) => optional(element)),
      ),
    ]),
    declare("optional.unwrap", [
      overload("optional_unwrap", [LIST_OF_OPTIONALS], LIST, onElements(unwrap)),
    ]),
    declare("unwrapOpt", [
      method("optional_unwrapOpt", [LIST_OF_OPTIONALS], LIST, onElements(unwrap)),
    ]),
  ],
};

function optional(value: CelValue | undefined): CelOptional {
  return value === undefined ? NONE : new CelOptional(value);
}

function valueOf([value = null]: readonly CelValue[]): CelResult {
  if (!(value instanceof CelOptional)) return noSuchOverload();
  return value.value ?? absent(value);
}

/** Null is a value, too; only undefined is the absence of one. */
function absent(value: CelOptional): CelResult {
  return value.value === null ? null : new CelError("optional.none() dereference");
}

function unwrap(elements: readonly CelValue[]): CelResult {
  const values: CelValue[] = [];
  for (const element of elements) {
    if (!(element instanceof CelOptional)) {
      return new CelError(`value ${show(element)} is not optional`);
    }
    if (element.value !== undefined) values.push(element.value);
  }
  return ArrayList.of(values);
}

/** Whether a value is nothing of its kind: 0, "", [], null, … */
function isZero(value: CelValue): boolean {
  const number = numberOf(value);
  if (number !== undefined) return Number(number) === 0;
  if (value === null || value === false) return true;
  if (value instanceof CelDuration) return value.nanos === 0n;
  if (value instanceof CelOptional) return value.value === undefined || isZero(value.value);
  if (typeof value === "string" || value instanceof Uint8Array) return value.length === 0;
  if (typeof value !== "object") return false;
  return (value.kind === "list" || value.kind === "map") && actualSize(value) === 0;
}

/** `x.optMap(v, e)` is `x.hasValue() ? optional.of(e) : optional.none()` with `v` for the value. */
function optionalMacro(name: "optMap" | "optFlatMap"): Macro {
  return {
    name,
    isMethod: true,
    argumentCount: 2,
    expand: (call, nodes) => expandOptional(name, call, nodes),
  };
}

function expandOptional(
  name: "optMap" | "optFlatMap",
  { target, args, offset }: MacroCall,
  nodes: Nodes,
): Expansion {
  const [variable, body] = args;
  if (target === undefined || variable === undefined || body === undefined) {
    return { kind: "none" };
  }
  if (variable.kind !== "ident") {
    return refused(variable.id, `${name}() variable name must be a simple identifier`);
  }
  const hasValue = nodes.methodCall(offset, "hasValue", target);
  const value = nodes.methodCall(offset, "value", nodes.copy(target));
  const bound = binding(variable.name, value, body, offset, nodes);
  const result = name === "optMap" ? nodes.call(offset, "optional.of", bound) : bound;
  const none = nodes.call(offset, "optional.none");
  return expanded(nodes.call(offset, OPERATOR.conditional, hasValue, result, none));
}
