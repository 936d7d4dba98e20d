/** Loops with two variables: index and element of lists, key and value of maps. */
import { CelError, noSuchOverload } from "../cel-error.ts";
import { isError, isMap } from "../eval/runtime-types.ts";
import { EntryMap } from "../eval/maps.ts";
import { show } from "../eval/show.ts";
import { declare, overload, type CelLibrary } from "../functions.ts";
import { ACCUMULATOR, type Expr } from "../parser/ast.ts";
import { expanded, refused, type Expansion, type Macro, type MacroCall } from "../parser/macro.ts";
import type { Nodes } from "../parser/nodes.ts";
import {
  filteredStep,
  isAccumulatorName,
  listLoop,
  quantifierLoop,
  type Loop,
} from "../parser/standard-macros.ts";
import { mapOf, parameter } from "../types.ts";
import type { CelResult, CelValue } from "../values.ts";

const INSERT = "cel.@mapInsert";
const K = parameter("K");
const V = parameter("V");
const MAP = mapOf(K, V);

/** The body of a loop, given what comes behind its variables. */
type Body = (rest: readonly Expr[], key: string, offset: number, nodes: Nodes) => Loop | undefined;

export const TWO_VARIABLE_LIBRARY: CelLibrary = {
  name: "two-variable-comprehensions",
  macros: [
    macro("all", 3, quantifier("all")),
    macro("exists", 3, quantifier("exists")),
    macro("existsOne", 3, quantifier("existsOne")),
    macro("exists_one", 3, quantifier("existsOne")),
    macro("transformList", 3, transformList),
    macro("transformList", 4, transformList),
    macro("transformMap", 3, transformMap),
    macro("transformMap", 4, transformMap),
    macro("transformMapEntry", 3, transformMapEntry),
    macro("transformMapEntry", 4, transformMapEntry),
  ],
  functions: [
    declare(INSERT, [
      overload("@mapInsert_map_key_value", [MAP, K, V], MAP, insertOne),
      overload("@mapInsert_map_map", [MAP, MAP], MAP, insertAll),
    ]),
  ],
};

function macro(name: string, argumentCount: number, body: Body): Macro {
  const expand = (call: MacroCall, nodes: Nodes): Expansion => expandLoop(call, body, nodes);
  return { name, isMethod: true, argumentCount, expand };
}

function expandLoop({ target, args, offset }: MacroCall, body: Body, nodes: Nodes): Expansion {
  const [first, second, ...rest] = args;
  if (target === undefined || first === undefined || second === undefined) return { kind: "none" };
  if (first.kind !== "ident") return refused(first.id, "argument must be a simple name");
  if (second.kind !== "ident") return refused(second.id, "argument must be a simple name");
  if (first.name === second.name) {
    return refused(second.id, `duplicate variable name: ${first.name}`);
  }
  for (const variable of [first, second]) {
    if (isAccumulatorName(variable.name)) {
      return refused(variable.id, "iteration variable overwrites accumulator variable");
    }
  }
  const loop = body(rest, first.name, offset, nodes);
  if (loop === undefined) return { kind: "none" };
  return expanded({
    kind: "comprehension",
    id: nodes.id(offset),
    range: target,
    variable: first.name,
    variable2: second.name,
    accumulator: ACCUMULATOR,
    ...loop,
  });
}

function quantifier(kind: Parameters<typeof quantifierLoop>[0]): Body {
  return ([predicate], _, offset, nodes) =>
    predicate && quantifierLoop(kind, predicate, offset, nodes);
}

function transformList(
  rest: readonly Expr[],
  _: string,
  offset: number,
  nodes: Nodes,
): Loop | undefined {
  const { transform, filter } = partsOf(rest);
  return transform && listLoop(transform, filter, offset, nodes);
}

function transformMap(
  rest: readonly Expr[],
  key: string,
  offset: number,
  nodes: Nodes,
): Loop | undefined {
  const { transform, filter } = partsOf(rest);
  return transform && mapLoop([nodes.ident(offset, key), transform], filter, offset, nodes);
}

function transformMapEntry(
  rest: readonly Expr[],
  _: string,
  offset: number,
  nodes: Nodes,
): Loop | undefined {
  const { transform, filter } = partsOf(rest);
  return transform && mapLoop([transform], filter, offset, nodes);
}

function partsOf(rest: readonly Expr[]): {
  readonly transform: Expr | undefined;
  readonly filter: Expr | undefined;
} {
  return { transform: rest.at(-1), filter: rest.length === 2 ? rest[0] : undefined };
}

function mapLoop(
  inserted: readonly Expr[],
  filter: Expr | undefined,
  offset: number,
  nodes: Nodes,
): Loop {
  const step = nodes.call(offset, INSERT, nodes.accumulator(offset), ...inserted);
  return {
    init: nodes.map(offset),
    condition: nodes.literal(offset, true),
    step: filteredStep(step, filter, offset, nodes),
    result: nodes.accumulator(offset),
  };
}

function insertOne([map = null, key = null, value = null]: readonly CelValue[]): CelResult {
  return map instanceof EntryMap ? inserted(map, key, value) : noSuchOverload();
}

function insertAll([map = null, added = null]: readonly CelValue[]): CelResult {
  if (!(map instanceof EntryMap) || !isMap(added)) return noSuchOverload();
  let result = map;
  for (const key of added.keys()) {
    const value = added.get(key) ?? null;
    if (isError(value)) return value;
    const next = inserted(result, key, value);
    if (next instanceof CelError) return next;
    result = next;
  }
  return result;
}

function inserted(map: EntryMap, key: CelValue, value: CelValue): EntryMap | CelError {
  const next = map.insert(key, value);
  return next ?? new CelError(`insert failed: key ${show(key)} already exists`);
}
