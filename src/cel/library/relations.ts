/** Equality, order, membership and the logical operators, as far as they are declared. */
import { CelError, noSuchOverload } from "../cel-error.ts";
import { contains, equal } from "../eval/equality.ts";
import { unknownTo } from "../eval/runtime-types.ts";
import { compare, isOrdered } from "../eval/order.ts";
import {
  overload,
  type FunctionCost,
  type FunctionDeclaration,
  type Implementation,
  type Overload,
} from "../functions.ts";
import { COMPARISON_COST, EQUALITY_COST, MEMBERSHIP_COST } from "../cost/standard-costs.ts";
import { OPERATOR } from "../parser/ast.ts";
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  INT,
  listOf,
  mapOf,
  parameter,
  STRING,
  TIMESTAMP,
  UINT,
  type CelType,
} from "../types.ts";
import type { CelResult, CelValue } from "../values.ts";

const A = parameter("A");
const B = parameter("B");

export const RELATIONS: readonly FunctionDeclaration[] = [
  { name: OPERATOR.conditional, overloads: [overload("conditional", [BOOL, A, A], A)] },
  { name: OPERATOR.and, overloads: [overload("logical_and", [BOOL, BOOL], BOOL)] },
  { name: OPERATOR.or, overloads: [overload("logical_or", [BOOL, BOOL], BOOL)] },
  { name: OPERATOR.not, overloads: [overload("logical_not", [BOOL], BOOL)], run: not },
  {
    name: OPERATOR.notStrictlyFalse,
    overloads: [overload("not_strictly_false", [BOOL], BOOL)],
  },
  {
    name: OPERATOR.equals,
    overloads: [overload("equals", [A, A], BOOL)],
    run: ([left = null, right = null]) => equal(left, right),
    cost: EQUALITY_COST,
  },
  {
    name: OPERATOR.notEquals,
    overloads: [overload("not_equals", [A, A], BOOL)],
    // Values that cannot be compared are not equal.
    run: ([left = null, right = null]) => equal(left, right) !== true,
    cost: COMPARISON_COST,
  },
  order(OPERATOR.less, "less", (difference) => difference < 0),
  order(OPERATOR.lessEquals, "less_equals", (difference) => difference <= 0),
  order(OPERATOR.greater, "greater", (difference) => difference > 0),
  order(OPERATOR.greaterEquals, "greater_equals", (difference) => difference >= 0),
  {
    name: OPERATOR.in,
    overloads: [
      overload("in_list", [A, listOf(A)], BOOL),
      overload("in_map", [A, mapOf(A, B)], BOOL),
    ],
    run: isIn,
    cost: MEMBERSHIP_COST,
  },
];

function order(
  name: string,
  verb: string,
  holds: (difference: number) => boolean,
): FunctionDeclaration {
  const cost: FunctionCost = COMPARISON_COST;
  return { name, overloads: orderOverloads(verb), run: orderRun(name, holds), cost };
}

function orderRun(name: string, holds: (difference: number) => boolean): Implementation {
  return ([left = null, right = null]) => {
    if (!isOrdered(left)) return unknownTo(name, left);
    const difference = compare(left, right);
    return difference instanceof CelError ? difference : holds(difference);
  };
}

/** In the order in which cel-go declares them. */
function orderOverloads(verb: string): readonly Overload[] {
  const pair = (suffix: string, left: CelType, right: CelType = left): Overload =>
    overload(`${verb}_${suffix}`, [left, right], BOOL);
  return [
    pair("bool", BOOL),
    pair("int64", INT),
    pair("int64_double", INT, DOUBLE),
    pair("int64_uint64", INT, UINT),
    pair("uint64", UINT),
    pair("uint64_double", UINT, DOUBLE),
    pair("uint64_int64", UINT, INT),
    pair("double", DOUBLE),
    pair("double_int64", DOUBLE, INT),
    pair("double_uint64", DOUBLE, UINT),
    pair("string", STRING),
    pair("bytes", BYTES),
    pair("timestamp", TIMESTAMP),
    pair("duration", DURATION),
  ];
}

function not([value = null]: readonly CelValue[]): CelResult {
  return typeof value === "boolean" ? !value : noSuchOverload();
}

function isIn([value = null, container = null]: readonly CelValue[]): CelResult {
  if (typeof container !== "object" || container === null || container instanceof Uint8Array) {
    return noSuchOverload();
  }
  if (container.kind === "list") return contains(container, value);
  if (container.kind !== "map") return noSuchOverload();
  const found = container.get(value);
  return found instanceof CelError ? found : found !== undefined;
}
