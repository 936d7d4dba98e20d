/** Ranges, multiples and formats of numbers. */
import { floatText } from "../go-text.ts";
import type { SchemaNode, ValueChecks } from "../schema-node.ts";
import type { ValueErrors } from "./value-errors.ts";

const INT64_LIMIT = 2 ** 63;
const INT32_LIMIT = 2 ** 31;
/** Beyond this, a number rounds to infinity as a 32-bit float. */
const FLOAT32_LIMIT = 3.4028235677973366e38;

/** Checks a number; counts as one check. */
export function checkNumber(
  value: number | bigint,
  node: SchemaNode,
  format: string,
  path: string,
  errors: ValueErrors,
): void {
  const { checks = NO_CHECKS } = node;
  const range = node.isIntOrString === true ? undefined : rangeOf(node, format);
  checkRange(value, range, "Checked", path, errors);
  if (checks.multipleOf !== undefined) {
    checkRange(checks.multipleOf, range, "MultipleOf", path, errors);
    checkMultiple(value, checks.multipleOf, path, errors);
  }
  if (checks.minimum !== undefined) {
    checkRange(checks.minimum, range, "Minimum boundary", path, errors);
    checkMinimum(value, checks.minimum, checks, path, errors);
  }
  if (checks.maximum !== undefined) {
    checkRange(checks.maximum, range, "Maximum boundary", path, errors);
    checkMaximum(value, checks.maximum, checks, path, errors);
  }
  errors.matches += 1;
}

const NO_CHECKS: ValueChecks = {};

/** What a type and format can hold; undefined if any number will do. */
type NumberRange = {
  readonly name: string;
  readonly holds: (value: number | bigint) => boolean;
};

function rangeOf(node: SchemaNode, format: string): NumberRange | undefined {
  if (node.type === "integer") return INTEGERS[format === "int32" ? 0 : format === "int64" ? 1 : 2];
  return node.type === "number" && format === "float" ? FLOATS : undefined;
}

const holdsInt64 = integersBelow(INT64_LIMIT);

const INTEGERS: readonly NumberRange[] = [
  { name: "integer with format int32", holds: integersBelow(INT32_LIMIT) },
  { name: "integer with format int64", holds: holdsInt64 },
  { name: "integer (default format)", holds: holdsInt64 },
];

const FLOATS: NumberRange = {
  name: "number with format float",
  holds: (value) => Math.abs(Number(value)) < FLOAT32_LIMIT,
};

function integersBelow(limit: number): (value: number | bigint) => boolean {
  return (value) => isWhole(value) && value >= -limit && value < limit;
}

function isWhole(value: number | bigint): boolean {
  return typeof value === "bigint" || Number.isInteger(value);
}

function checkRange(
  value: number | bigint,
  range: NumberRange | undefined,
  what: string,
  path: string,
  errors: ValueErrors,
): void {
  if (range === undefined || range.holds(value)) return;
  errors.complain(`${what} value must be of type ${range.name} in ${path}`);
}

/** Upstream compares integers with the whole part of a boundary. */
function boundary(value: number | bigint, limit: number): number {
  return isWhole(value) ? Math.trunc(limit) : limit;
}

function checkMaximum(
  value: number | bigint,
  maximum: number,
  { exclusiveMaximum }: ValueChecks,
  path: string,
  errors: ValueErrors,
): void {
  const limit = boundary(value, maximum);
  if (exclusiveMaximum === true ? value < limit : value <= limit) return;
  const relation = exclusiveMaximum === true ? "less than" : "less than or equal to";
  errors.refuse(path, value, `should be ${relation} ${floatText(limit)}`);
}

function checkMinimum(
  value: number | bigint,
  minimum: number,
  { exclusiveMinimum }: ValueChecks,
  path: string,
  errors: ValueErrors,
): void {
  const limit = boundary(value, minimum);
  if (exclusiveMinimum === true ? value > limit : value >= limit) return;
  const relation = exclusiveMinimum === true ? "greater than" : "greater than or equal to";
  errors.refuse(path, value, `should be ${relation} ${floatText(limit)}`);
}

function checkMultiple(
  value: number | bigint,
  multipleOf: number,
  path: string,
  errors: ValueErrors,
): void {
  const factor = boundary(value, multipleOf);
  if (factor <= 0) {
    const text = `factor MultipleOf declared for ${path} must be positive: ${floatText(factor)}`;
    errors.add({ type: "FieldValueInvalid", path, value: factor, detail: text, text });
    return;
  }
  if (isMultiple(value, factor)) return;
  errors.refuse(path, value, `should be a multiple of ${floatText(factor)}`);
}

function isMultiple(value: number | bigint, factor: number): boolean {
  if (typeof value === "bigint") return value % BigInt(factor) === 0n;
  if (Number.isInteger(value) && Number.isInteger(factor)) return value % factor === 0;
  return isNearlyWhole(factor < 1 ? (1 / factor) * value : value / factor);
}

/** Whole, but for what floating point arithmetic loses. */
function isNearlyWhole(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const whole = Math.trunc(value);
  if (value === whole) return true;
  if (whole === 0) return false;
  const difference = Math.abs(value - whole);
  const size = Math.abs(value) + Math.abs(whole);
  return difference / size < 1e-9;
}
