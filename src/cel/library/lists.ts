/** Functions on lists: sums, extremes and places of Kubernetes; cutting and sorting of cel-go. */
import { CelError, noSuchOverload } from "../cel-error.ts";
import { SCAN_COST } from "../cost/kubernetes-costs.ts";
import { equal } from "../eval/equality.ts";
import { elementsOf } from "../eval/lists.ts";
import { intResult, uintResult } from "../eval/numbers.ts";
import { isList } from "../eval/runtime-types.ts";
import { compare, isOrdered } from "../eval/order.ts";
import { declare, method, type CelLibrary, type Implementation } from "../functions.ts";
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  INT,
  listOf,
  parameter,
  STRING,
  TIMESTAMP,
  UINT,
  type CelType,
} from "../types.ts";
import { CelDuration, CelUint, type CelResult, type CelValue } from "../values.ts";

const A = parameter("A");
const SUMMABLE: readonly CelType[] = [INT, UINT, DOUBLE, DURATION];
const COMPARABLE: readonly CelType[] = [
  INT,
  UINT,
  DOUBLE,
  BOOL,
  DURATION,
  TIMESTAMP,
  STRING,
  BYTES,
];

/** What the sum of no elements is. */
const ZEROS: ReadonlyMap<string, CelValue> = new Map<string, CelValue>([
  ["int", 0n],
  ["uint", new CelUint(0n)],
  ["double", 0],
  ["duration", new CelDuration(0n)],
]);

export const LISTS_LIBRARY: CelLibrary = {
  name: "kubernetes.lists",
  functions: [
    declare(
      "isSorted",
      COMPARABLE.map((type) =>
        method(`list_${type.kind}_is_sorted_bool`, [listOf(type)], BOOL, onElements(isSorted)),
      ),
      SCAN_COST,
    ),
    declare(
      "sum",
      SUMMABLE.map((type) => {
        const zero = ZEROS.get(type.kind) ?? 0n;
        const run = onElements((elements) => sum(elements, zero));
        return method(`list_${type.kind}_sum_${type.kind}`, [listOf(type)], type, run);
      }),
      SCAN_COST,
    ),
    declare("max", extremes("max", 1), SCAN_COST),
    declare("min", extremes("min", -1), SCAN_COST),
    declare(
      "indexOf",
      [method("list_a_index_of_int", [listOf(A), A], INT, onElements(first))],
      SCAN_COST,
    ),
    declare(
      "lastIndexOf",
      [method("list_a_last_index_of_int", [listOf(A), A], INT, onElements(last))],
      SCAN_COST,
    ),
  ],
};

/** Work on the elements of a list. */
export function onElements(
  run: (elements: readonly CelValue[], args: readonly CelValue[]) => CelResult,
): Implementation {
  return ([list = null, ...args]) => {
    if (!isList(list)) return noSuchOverload();
    const elements = elementsOf(list);
    return elements instanceof CelError ? elements : run(elements, args);
  };
}

function extremes(name: string, sign: number): ReturnType<typeof method>[] {
  const run = onElements((elements) => extreme(elements, name, sign));
  return COMPARABLE.map((type) =>
    method(`list_${type.kind}_${name}_${type.kind}`, [listOf(type)], type, run),
  );
}

function isSorted(elements: readonly CelValue[]): CelResult {
  for (const [index, element] of elements.entries()) {
    if (!isOrdered(element)) return noSuchOverload();
    const previous = elements[index - 1];
    if (previous === undefined) continue;
    const difference = compare(previous, element);
    if (typeof difference === "number" && difference > 0) return false;
  }
  return true;
}

function sum(elements: readonly CelValue[], zero: CelValue): CelResult {
  let total = zero;
  for (const element of elements) {
    const next = added(total, element);
    if (next instanceof CelError) return next;
    total = next;
  }
  return total;
}

function added(total: CelValue, element: CelValue): CelResult {
  if (typeof total === "bigint" && typeof element === "bigint") return intResult(total + element);
  if (typeof total === "number" && typeof element === "number") return total + element;
  if (total instanceof CelUint && element instanceof CelUint) {
    return uintResult(total.value + element.value);
  }
  if (!(total instanceof CelDuration) || !(element instanceof CelDuration)) {
    return noSuchOverload();
  }
  const nanos = intResult(total.nanos + element.nanos);
  return nanos instanceof CelError ? nanos : new CelDuration(nanos);
}

function extreme(elements: readonly CelValue[], name: string, sign: number): CelResult {
  let found: CelValue | undefined;
  for (const element of elements) {
    if (!isOrdered(element)) return noSuchOverload();
    const difference = found === undefined ? sign : compare(element, found);
    if (typeof difference === "number" && Math.sign(difference) === sign) found = element;
  }
  return found ?? new CelError(`${name} called on empty list`);
}

function first(elements: readonly CelValue[], [item = null]: readonly CelValue[]): CelResult {
  return BigInt(elements.findIndex((element) => equal(element, item) === true));
}

function last(elements: readonly CelValue[], [item = null]: readonly CelValue[]): CelResult {
  return BigInt(elements.findLastIndex((element) => equal(element, item) === true));
}
