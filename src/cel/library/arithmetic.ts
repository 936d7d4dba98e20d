/** `+`, `-`, `*`, `/`, `%` and the minus sign. */
import { CelError, noSuchOverload } from "../cel-error.ts";
import { CONCATENATION_COST } from "../cost/standard-costs.ts";
import { concatenate } from "../eval/lists.ts";
import { unknownTo } from "../eval/runtime-types.ts";
import { INT_MIN, intResult, uintResult } from "../eval/numbers.ts";
import {
  overload,
  type FunctionDeclaration,
  type Implementation,
  type Overload,
} from "../functions.ts";
import { RESULT_SIZE_MAX } from "../limits.ts";
import { OPERATOR } from "../parser/ast.ts";
import {
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
import { CelDuration, CelTimestamp, CelUint, type CelResult, type CelValue } from "../values.ts";
import { NANOS_PER_SECOND, SECONDS_MAX, SECONDS_MIN } from "./civil-time.ts";

const LIST_OF_A = listOf(parameter("A"));

/** What an operator does with two values of each kind it knows. */
type Arithmetic = {
  readonly name: string;
  readonly int?: (left: bigint, right: bigint) => CelResult;
  readonly uint?: (left: bigint, right: bigint) => CelResult;
  readonly double?: (left: number, right: number) => number;
  /** Strings, bytes, lists, times. Undefined: the operator does not know values like `left`. */
  readonly other?: (left: CelValue, right: CelValue) => CelResult | undefined;
};

export const ARITHMETIC: readonly FunctionDeclaration[] = [
  {
    name: OPERATOR.add,
    overloads: [
      overload("add_bytes", [BYTES, BYTES], BYTES),
      overload("add_double", [DOUBLE, DOUBLE], DOUBLE),
      overload("add_duration_duration", [DURATION, DURATION], DURATION),
      overload("add_duration_timestamp", [DURATION, TIMESTAMP], TIMESTAMP),
      overload("add_timestamp_duration", [TIMESTAMP, DURATION], TIMESTAMP),
      overload("add_int64", [INT, INT], INT),
      overload("add_list", [LIST_OF_A, LIST_OF_A], LIST_OF_A),
      overload("add_string", [STRING, STRING], STRING),
      overload("add_uint64", [UINT, UINT], UINT),
    ],
    run: operator({
      name: OPERATOR.add,
      int: (left, right) => intResult(left + right),
      uint: (left, right) => uintResult(left + right),
      double: (left, right) => left + right,
      other: add,
    }),
    cost: CONCATENATION_COST,
  },
  {
    name: OPERATOR.subtract,
    overloads: [
      overload("subtract_double", [DOUBLE, DOUBLE], DOUBLE),
      overload("subtract_duration_duration", [DURATION, DURATION], DURATION),
      overload("subtract_int64", [INT, INT], INT),
      overload("subtract_timestamp_duration", [TIMESTAMP, DURATION], TIMESTAMP),
      overload("subtract_timestamp_timestamp", [TIMESTAMP, TIMESTAMP], DURATION),
      overload("subtract_uint64", [UINT, UINT], UINT),
    ],
    run: operator({
      name: OPERATOR.subtract,
      int: (left, right) => intResult(left - right),
      uint: (left, right) => uintResult(left - right),
      double: (left, right) => left - right,
      other: subtract,
    }),
  },
  {
    name: OPERATOR.multiply,
    overloads: numberOverloads("multiply", [DOUBLE, INT, UINT]),
    run: operator({
      name: OPERATOR.multiply,
      int: (left, right) => intResult(left * right),
      uint: (left, right) => uintResult(left * right),
      double: (left, right) => left * right,
    }),
  },
  {
    name: OPERATOR.divide,
    overloads: numberOverloads("divide", [DOUBLE, INT, UINT]),
    run: operator({
      name: OPERATOR.divide,
      int: (left, right) =>
        right === 0n ? new CelError("division by zero") : intResult(left / right),
      uint: (left, right) =>
        right === 0n ? new CelError("division by zero") : new CelUint(left / right),
      double: (left, right) => left / right,
    }),
  },
  {
    name: OPERATOR.modulo,
    overloads: numberOverloads("modulo", [INT, UINT]),
    run: operator({
      name: OPERATOR.modulo,
      int: remainder,
      uint: (left, right) =>
        right === 0n ? new CelError("modulus by zero") : new CelUint(left % right),
    }),
  },
  {
    name: OPERATOR.negate,
    overloads: [overload("negate_double", [DOUBLE], DOUBLE), overload("negate_int64", [INT], INT)],
    run: negate,
  },
];

function numberOverloads(verb: string, types: readonly CelType[]): readonly Overload[] {
  const suffix = (type: CelType): string => (type.kind === "double" ? "double" : `${type.kind}64`);
  return types.map((type) => overload(`${verb}_${suffix(type)}`, [type, type], type));
}

function operator(arithmetic: Arithmetic): Implementation {
  return ([left = null, right = null]) => {
    if (typeof left === "bigint" && arithmetic.int !== undefined) {
      return typeof right === "bigint" ? arithmetic.int(left, right) : noSuchOverload();
    }
    if (typeof left === "number" && arithmetic.double !== undefined) {
      return typeof right === "number" ? arithmetic.double(left, right) : noSuchOverload();
    }
    if (left instanceof CelUint && arithmetic.uint !== undefined) {
      if (!(right instanceof CelUint)) return noSuchOverload();
      return arithmetic.uint(left.value, right.value);
    }
    return arithmetic.other?.(left, right) ?? unknownTo(arithmetic.name, left);
  };
}

function remainder(left: bigint, right: bigint): CelResult {
  if (right === 0n) return new CelError("modulus by zero");
  if (left === INT_MIN && right === -1n) return new CelError("integer overflow");
  return left % right;
}

function negate([value = null]: readonly CelValue[]): CelResult {
  if (typeof value === "bigint") return intResult(-value);
  if (typeof value === "number") return -value;
  if (value instanceof CelDuration) return durationResult(-value.nanos);
  return typeof value === "boolean" ? noSuchOverload() : unknownTo(OPERATOR.negate, value);
}

function add(left: CelValue, right: CelValue): CelResult | undefined {
  if (typeof left === "string") {
    if (typeof right !== "string") return noSuchOverload();
    return left.length + right.length > RESULT_SIZE_MAX ? tooLarge() : left + right;
  }
  if (left instanceof Uint8Array) {
    return right instanceof Uint8Array ? joinedBytes(left, right) : noSuchOverload();
  }
  if (left instanceof CelDuration) {
    if (right instanceof CelDuration) return durationResult(left.nanos + right.nanos);
    if (right instanceof CelTimestamp) return shifted(right, left.nanos);
    return noSuchOverload();
  }
  if (left instanceof CelTimestamp) {
    return right instanceof CelDuration ? shifted(left, right.nanos) : noSuchOverload();
  }
  if (typeof left !== "object" || left === null || left.kind !== "list") return undefined;
  if (typeof right !== "object" || right === null || right instanceof Uint8Array) {
    return noSuchOverload();
  }
  return right.kind === "list" ? concatenate(left, right) : noSuchOverload();
}

function subtract(left: CelValue, right: CelValue): CelResult | undefined {
  if (left instanceof CelDuration) {
    if (!(right instanceof CelDuration)) return noSuchOverload();
    return durationResult(left.nanos - right.nanos);
  }
  if (!(left instanceof CelTimestamp)) return undefined;
  if (right instanceof CelDuration) return shifted(left, -right.nanos);
  if (right instanceof CelTimestamp) return durationResult(left.nanos - right.nanos);
  return noSuchOverload();
}

function joinedBytes(left: Uint8Array, right: Uint8Array): CelResult {
  if (left.length + right.length > RESULT_SIZE_MAX) return tooLarge();
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}

/** A string or bytes larger than memory allows. */
export function tooLarge(): CelError {
  return new CelError(`result is larger than ${RESULT_SIZE_MAX} characters`);
}

function durationResult(nanos: bigint): CelResult {
  const checked = intResult(nanos);
  return checked instanceof CelError ? checked : new CelDuration(checked);
}

function shifted(timestamp: CelTimestamp, nanos: bigint): CelResult {
  const moved = timestamp.nanos + nanos;
  const first = BigInt(SECONDS_MIN) * NANOS_PER_SECOND;
  const end = BigInt(SECONDS_MAX + 1) * NANOS_PER_SECOND;
  if (moved < first || moved >= end) return new CelError("timestamp overflow");
  return new CelTimestamp(moved, timestamp.zoneSeconds);
}
