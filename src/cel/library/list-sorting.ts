/** cel-go's functions on lists: `slice`, `flatten`, `sort`, `sortBy`, `reverse`, `distinct`, … */
import { CelError, noSuchOverload } from "../cel-error.ts";
import { actualSize } from "../cost/actual-size.ts";
import {
  AMOUNT_MAX,
  exactly,
  LIST_COST,
  limit,
  ONE,
  plus,
  scaled,
  STRING_FACTOR,
  times,
} from "../cost/amount.ts";
import { equal } from "../eval/equality.ts";
import { ArrayList, elementsOf, tooLong } from "../eval/lists.ts";
import { compare, isOrdered } from "../eval/order.ts";
import { isList, typeNameOf } from "../eval/runtime-types.ts";
import {
  declare,
  method,
  overload,
  type CallEstimate,
  type CelLibrary,
  type EstimatedNode,
  type FunctionCost,
} from "../functions.ts";
import { RESULT_LENGTH_MAX } from "../limits.ts";
import { expanded, refused, type Expansion, type MacroCall } from "../parser/macro.ts";
import type { Nodes } from "../parser/nodes.ts";
import { listLoop, isAccumulatorName } from "../parser/standard-macros.ts";
import { ACCUMULATOR } from "../parser/ast.ts";
import type { CostEstimate } from "../program.ts";
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  parameter,
  STRING,
  TIMESTAMP,
  UINT,
  type CelType,
} from "../types.ts";
import type { CelResult, CelValue } from "../values.ts";
import { onElements } from "./lists.ts";

const T = parameter("T");
const LIST = listOf(T);
const SORTED = "@sortByAssociatedKeys";
const SORT_INPUT = "@__sortBy_input__";

/** With the names cel-go gives them in overloads. */
const COMPARABLE: readonly (readonly [string, CelType])[] = [
  ["int", INT],
  ["uint", UINT],
  ["double", DOUBLE],
  ["bool", BOOL],
  ["google.protobuf.Duration", DURATION],
  ["google.protobuf.Timestamp", TIMESTAMP],
  ["string", STRING],
  ["bytes", BYTES],
];

const SORT_COST: FunctionCost = {
  estimate({ overload: id, target, args: [keys] }) {
    const sorted = keys ?? target;
    if (sorted === undefined) return undefined;
    const isText = /^list_(string|bytes)_/.test(id);
    return listCost(isText ? 2 + STRING_FACTOR : 2, times(sorted.size, sorted.size));
  },
  actual({ args }) {
    const keys = args.at(-1) ?? null;
    return selfCompareCost(keys);
  },
};

export const LIST_SORTING_LIBRARY: CelLibrary = {
  name: "lists",
  functions: [
    declare("slice", [method("list_slice", [LIST, INT, INT], LIST, onElements(slice))], {
      estimate({ target, args: [start, end] }) {
        if (target === undefined) return undefined;
        const from = literalInt(start, 0);
        // Unsigned as upstream's: a range that ends before it begins wraps around.
        const size = literalInt(end, target.size.max) - from;
        return listCost(1, exactly(size < 0 ? AMOUNT_MAX : size));
      },
      actual: ({ result }) => 1 + LIST_COST + actualSize(result),
    }),
    declare(
      "flatten",
      [
        method(
          "list_flatten",
          [listOf(LIST)],
          LIST,
          onElements((all) => flatten(all, 1n)),
        ),
        method(
          "list_flatten_int",
          [listOf(DYN), INT],
          listOf(DYN),
          onElements((all, [depth = null]) =>
            typeof depth === "bigint" ? flatten(all, depth) : noSuchOverload(),
          ),
        ),
      ],
      {
        estimate({ target, args: [depth] }) {
          if (target === undefined) return undefined;
          return listCost(depth === undefined ? 1 : literalInt(depth, AMOUNT_MAX), target.size);
        },
        actual({ args: [list = null, depth = 1n] }) {
          const levels = typeof depth === "bigint" ? Number(depth) : 1;
          return limit(1 + LIST_COST + actualSize(list) * levels);
        },
      },
    ),
    declare(
      "sort",
      COMPARABLE.map(([name, type]) =>
        method(
          `list_${name}_sort`,
          [listOf(type)],
          listOf(type),
          onElements((elements) => sortBy(elements, elements)),
        ),
      ),
      SORT_COST,
    ),
    declare(
      SORTED,
      COMPARABLE.map(([name, type]) =>
        method(
          `list_${name}_sortByAssociatedKeys`,
          [LIST, listOf(type)],
          LIST,
          onElements((elements, [keys = null]) => sortByKeys(elements, keys)),
        ),
      ),
      SORT_COST,
    ),
    declare("lists.range", [overload("lists_range", [INT], listOf(INT), range)], {
      estimate: ({ args: [count] }) => listCost(1, exactly(literalInt(count, AMOUNT_MAX))),
      actual: ({ result }) => 1 + LIST_COST + actualSize(result),
    }),
    declare(
      "reverse",
      [
        method(
          "list_reverse",
          [LIST],
          LIST,
          onElements((elements) => ArrayList.of(elements.toReversed())),
        ),
      ],
      {
        estimate: ({ target }) => (target === undefined ? undefined : listCost(1, target.size)),
        actual: ({ result }) => 1 + LIST_COST + actualSize(result),
      },
    ),
    declare("distinct", [method("list_distinct", [LIST], LIST, onElements(distinct))], {
      estimate({ target }) {
        return target === undefined ? undefined : listCost(2, times(target.size, target.size));
      },
      actual: ({ args: [list = null] }) => selfCompareCost(list),
    }),
  ],
  macros: [{ name: "sortBy", isMethod: true, argumentCount: 2, expand: expandSortBy }],
};

function literalInt(node: EstimatedNode | undefined, otherwise: number): number {
  const value = node?.literal?.value;
  if (typeof value !== "bigint") return otherwise;
  return value < 0n ? 0 : Number(value);
}

function listCost(factor: number, size: CostEstimate): CallEstimate {
  return { cost: plus(scaled(size, factor), ONE, exactly(LIST_COST)), size };
}

function selfCompareCost(list: CelValue): number {
  const size = actualSize(list);
  const head = isList(list) && size > 0 ? list.at(0) : null;
  const isText = typeof head === "string" || head instanceof Uint8Array;
  return Math.floor(size * size * (isText ? 2 + STRING_FACTOR : 2)) + 1 + LIST_COST;
}

function slice(
  elements: readonly CelValue[],
  [start = null, end = null]: readonly CelValue[],
): CelResult {
  if (typeof start !== "bigint" || typeof end !== "bigint") return noSuchOverload();
  const call = `cannot slice(${start}, ${end})`;
  if (start < 0n || end < 0n) return new CelError(`${call}, negative indexes not supported`);
  if (start > end) {
    return new CelError(`${call}, start index must be less than or equal to end index`);
  }
  if (end > BigInt(elements.length)) {
    return new CelError(`${call}, list is length ${elements.length}`);
  }
  return ArrayList.of(elements.slice(Number(start), Number(end)));
}

function flatten(elements: readonly CelValue[], depth: bigint): CelResult {
  if (depth < 0n) return new CelError("level must be non-negative");
  let level = elements;
  for (let round = 0n; round < depth; round += 1n) {
    const next: CelValue[] = [];
    let isNested = false;
    for (const element of level) {
      if (!isList(element)) next.push(element);
      else {
        const inner = elementsOf(element);
        if (inner instanceof CelError) return inner;
        isNested = true;
        for (const value of inner) next.push(value);
      }
      if (next.length > RESULT_LENGTH_MAX) return tooLong();
    }
    level = next;
    if (!isNested) break;
  }
  return ArrayList.of(level);
}

function sortByKeys(elements: readonly CelValue[], keys: CelValue): CelResult {
  if (!isList(keys)) return noSuchOverload();
  const values = elementsOf(keys);
  return values instanceof CelError ? values : sortBy(elements, values);
}

function sortBy(elements: readonly CelValue[], keys: readonly CelValue[]): CelResult {
  if (elements.length !== keys.length) {
    const what = `${SORTED}() expected a list of the same size as the associated keys list`;
    const sizes = `${elements.length} and ${keys.length} elements respectively`;
    return new CelError(`${what}, but got ${sizes}`);
  }
  const [head] = keys;
  if (head === undefined) return ArrayList.of([]);
  if (!isOrdered(head)) return new CelError("list elements must be comparable");
  const type = typeNameOf(head);
  if (keys.some((key) => typeNameOf(key) !== type)) {
    return new CelError("list elements must have the same type");
  }
  const order = keys.map((_, index) => index);
  const sorted = order.toSorted((a, b) => {
    const difference = compare(keys[a] ?? null, keys[b] ?? null);
    return typeof difference === "number" ? difference : 0;
  });
  return ArrayList.of(sorted.map((index) => elements[index] ?? null));
}

function range([count = null]: readonly CelValue[]): CelResult {
  if (typeof count !== "bigint") return noSuchOverload();
  if (count > BigInt(RESULT_LENGTH_MAX)) return tooLong();
  const size = count < 0n ? 0 : Number(count);
  return ArrayList.of(Array.from({ length: size }, (_, index) => BigInt(index)));
}

function distinct(elements: readonly CelValue[]): CelResult {
  const unique: CelValue[] = [];
  for (const element of elements) {
    if (!unique.some((known) => equal(known, element) === true)) unique.push(element);
  }
  return ArrayList.of(unique);
}

/** `list.sortBy(x, key)` names the list, makes its keys, and sorts it by them. */
function expandSortBy({ target, args, offset }: MacroCall, nodes: Nodes): Expansion {
  const [variable, key] = args;
  if (target === undefined || variable === undefined || key === undefined) return { kind: "none" };
  if (!/^(list|select|ident|comprehension|call)$/.test(target.kind)) {
    const what = "list, identifier, comprehension, call or select expression";
    return refused(target.id, `sortBy can only be applied to a ${what}`);
  }
  if (variable.kind !== "ident") return refused(variable.id, "argument is not an identifier");
  if (isAccumulatorName(variable.name)) {
    return refused(variable.id, "iteration variable overwrites accumulator variable");
  }
  const keys = {
    kind: "comprehension" as const,
    id: nodes.id(offset),
    range: nodes.ident(offset, SORT_INPUT),
    variable: variable.name,
    accumulator: ACCUMULATOR,
    ...listLoop(key, undefined, offset, nodes),
  };
  return expanded({
    kind: "comprehension",
    id: nodes.id(offset),
    range: nodes.list(offset),
    variable: "#unused",
    accumulator: SORT_INPUT,
    init: target,
    condition: nodes.literal(offset, false),
    step: nodes.ident(offset, SORT_INPUT),
    result: nodes.methodCall(offset, SORTED, nodes.ident(offset, SORT_INPUT), keys),
  });
}
