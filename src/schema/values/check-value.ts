/**
 * Holds a value against a schema, check by check in upstream's order, so that errors come out in
 * the order users know: type, alternatives, length, pattern, format, range, items, enum,
 * properties.
 *
 * On an update, a place that is what it was before forgives its errors (`Correlation`); only
 * places that can be found again in the old object can.
 *
 * Recursion is safe: values and schemas are bounded in depth when they are decoded. Large values
 * take long: the walk can be interrupted between the parts of a value, though not inside
 * alternatives.
 */
import { runAtOnce, type Interruptible } from "../../base/interruptible.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import { enforcedFormat } from "../formats/formats.ts";
import type { SchemaNode, ValueChecks } from "../schema-node.ts";
import { checkEnum } from "./check-enum.ts";
import { checkNumber } from "./check-number.ts";
import { checkFormat, checkText } from "./check-string.ts";
import { checkNull, checkType, typesOf } from "./check-type.ts";
import type { Correlation } from "./correlation.ts";
import { checkJunctors, hasJunctors } from "./junctors.ts";
import { canonicalText } from "./canonical-text.ts";
import { ValueErrors } from "./value-errors.ts";

/** Checks a value at `path`; where the old value is the same, errors are forgiven. */
export function* checkValue(
  value: unknown,
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  errors: ValueErrors,
): Interruptible<void> {
  const before = errors.size;
  yield* checkUnforgiving(value, node, path, correlation, errors);
  if (errors.size > before && correlation?.isUnchanged() === true) errors.truncate(before);
}

/** Parts of values between which the walk can be interrupted. */
const VISITS_IN_A_ROW = 256;

/** The same without a generator, where there is nothing below. */
function checkScalar(
  value: unknown,
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  errors: ValueErrors,
): void {
  const before = errors.size;
  const format = checkItself(value, node, path, correlation, errors);
  if (format !== undefined) checkByKind(value, node, format, path, errors);
  if (errors.size > before && correlation?.isUnchanged() === true) errors.truncate(before);
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** The same, but only places below are forgiven. */
function* checkUnforgiving(
  value: unknown,
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  errors: ValueErrors,
): Interruptible<void> {
  const format = checkItself(value, node, path, correlation, errors);
  if (format === undefined) return;
  if (errors.budget.left % VISITS_IN_A_ROW === 0) yield;
  if (Array.isArray(value)) yield* checkItems(value, node, path, correlation, errors);
  checkByKind(value, node, format, path, errors);
  if (isFields(value)) yield* checkProperties(value, node, path, correlation, errors);
}

/** All but what the kind of the value asks for. The enforced format; undefined: that is all. */
function checkItself(
  value: unknown,
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  errors: ValueErrors,
): string | undefined {
  errors.budget.left -= 1;
  if (errors.budget.left < 0) {
    errors.complain("the object is too large to be validated against its schema");
    return undefined;
  }
  const { checks = NO_CHECKS } = node;
  if (value === null || value === undefined) {
    checkNull(node, path, errors);
    if (checks.enum !== undefined) checkEnum(null, checks.enum, path, errors);
    return undefined;
  }
  const types = typesOf(node);
  const format = enforcedFormat(checks.format ?? "", types.length === 1 ? (types[0] ?? "") : "");
  if (types.length > 0 || format !== "") {
    checkType(value, node, format, path, errors);
    errors.matches += 1;
  }
  if (hasJunctors(checks)) {
    const tried = (branch: SchemaNode): ValueErrors => {
      const own = new ValueErrors(errors.budget);
      runAtOnce(checkUnforgiving(value, branch, path, correlation, own));
      return own;
    };
    checkJunctors(checks, path, tried, errors);
  }
  errors.matches += 2;
  return format;
}

const NO_CHECKS: ValueChecks = {};

function checkByKind(
  value: unknown,
  node: SchemaNode,
  format: string,
  path: string,
  errors: ValueErrors,
): void {
  const { checks = NO_CHECKS } = node;
  if (typeof value === "string") {
    checkText(value, checks, path, errors);
    if (format !== "") checkFormat(value, format, path, errors);
    errors.matches += format === "" ? 1 : 2;
  } else if (typeof value === "number" || typeof value === "bigint") {
    checkNumber(value, node, format, path, errors);
    errors.matches += 1;
  } else if (Array.isArray(value)) errors.matches += 2;
  if (checks.enum !== undefined) checkEnum(value, checks.enum, path, errors);
  errors.matches += isFields(value) ? 3 : 2;
}

function* checkItems(
  items: readonly unknown[],
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  errors: ValueErrors,
): Interruptible<void> {
  const { checks = NO_CHECKS } = node;
  const { maxItems, minItems } = checks;
  if (node.items !== undefined) {
    for (const [index, item] of items.entries()) {
      const place = `${path}[${index}]`;
      const before = correlation?.item(index);
      if (!isContainer(item)) checkScalar(item, node.items, place, before, errors);
      else yield* checkValue(item, node.items, place, before, errors);
    }
  }
  if (minItems !== undefined && items.length < minItems) {
    errors.refuse(path, items.length, `should have at least ${minItems} items`);
  }
  if (maxItems !== undefined && items.length > maxItems) {
    tooMany(path, items.length, maxItems, "items", errors);
  }
  if (checks.uniqueItems === true && new Set(items.map(canonicalText)).size < items.length) {
    errors.refuse(path, "", "shouldn't contain duplicates");
  }
}

function* checkProperties(
  fields: Fields,
  node: SchemaNode,
  path: string,
  correlation: Correlation | undefined,
  errors: ValueErrors,
): Interruptible<void> {
  const { properties = {} } = node;
  checkCount(fields, node, path, errors);
  for (const key of Object.keys(fields)) {
    if (Object.hasOwn(properties, key)) continue;
    if (node.allowsAdditional === false) {
      const text = `${path}.${key} in body is a forbidden property`;
      errors.add({ type: "FieldValueInvalid", path, value: key, detail: text, text });
    } else if (node.additionalProperties !== undefined) {
      const field = fieldCorrelation(correlation, path, key);
      const value = fields[key];
      const place = `${path}.${key}`;
      if (!isContainer(value)) {
        checkScalar(value, node.additionalProperties, place, field, errors);
      } else yield* checkValue(value, node.additionalProperties, place, field, errors);
    }
  }
  for (const [name, schema] of Object.entries(properties)) {
    if (!Object.hasOwn(fields, name)) continue;
    const field = fieldCorrelation(correlation, path, name);
    const value = fields[name];
    const place = path === "" ? name : `${path}.${name}`;
    if (!isContainer(value)) checkScalar(value, schema, place, field, errors);
    else yield* checkValue(value, schema, place, field, errors);
  }
  for (const name of node.checks?.required ?? []) {
    if (Object.hasOwn(fields, name)) continue;
    const text = `${path}.${name} in body is required`;
    errors.add({ type: "FieldValueRequired", path: `${path}.${name}`, detail: "", text });
  }
}

function checkCount(fields: Fields, node: SchemaNode, path: string, errors: ValueErrors): void {
  const { minProperties, maxProperties } = node.checks ?? NO_CHECKS;
  if (minProperties === undefined && maxProperties === undefined) return;
  const count = Object.keys(fields).length;
  if (minProperties !== undefined && count < minProperties) {
    errors.refuse(path, count, `should have at least ${minProperties} properties`);
  }
  if (maxProperties !== undefined && count > maxProperties) {
    tooMany(path, count, maxProperties, "properties", errors);
  }
}

function tooMany(
  path: string,
  count: number,
  max: number,
  what: "items" | "properties",
  errors: ValueErrors,
): void {
  errors.add({
    type: "FieldValueTooMany",
    path,
    value: count,
    detail: `must have at most ${max} items`,
    text: `${path} in body should have at most ${max} ${what}`,
  });
}

/** `apiVersion` and `kind` are converted before they are compared: they forgive nothing. */
function fieldCorrelation(
  correlation: Correlation | undefined,
  path: string,
  name: string,
): Correlation | undefined {
  if (path === "" && (name === "apiVersion" || name === "kind")) return undefined;
  return correlation?.field(name);
}
