/**
 * Whether a schema is structural: every place says what type it has, and the alternatives of
 * `anyOf` and its like only restrict values, they add no places and no types.
 */
import type { FieldError } from "../../machinery/status.ts";
import { invalid, forbidden, required } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import { patternProblem } from "../patterns.ts";
import {
  has,
  isSet,
  namedSchemasAt,
  schemaAt,
  schemasAt,
  textAt,
  type SchemaProps,
} from "../schema-props.ts";
import { checkNestedSchema, isIntOrStringAnyOf } from "./nested-schema.ts";
import { checkMetadataRestrictions } from "./metadata-restrictions.ts";

/** What a place is: the object, an item of a list, a field or a value of a map. */
export type Level = "root" | "item" | "field";

const PRESERVE = "x-kubernetes-preserve-unknown-fields";
const EMBEDDED = "x-kubernetes-embedded-resource";
const INT_OR_STRING = "x-kubernetes-int-or-string";

/** All violations below `path`, unsorted. */
export function checkInvariants(
  props: SchemaProps,
  level: Level,
  path: string,
): readonly FieldError[] {
  const items = schemaAt(props, "items");
  const additional = schemaAt(props, "additionalProperties");
  const errors: FieldError[] = [];
  if (textAt(props, "type") === "array" && items === undefined) {
    errors.push(required(child(path, "items"), "must be specified"));
  }
  if (items !== undefined) errors.push(...checkInvariants(items, "item", child(path, "items")));
  for (const [name, schema] of namedSchemasAt(props, "properties")) {
    errors.push(...checkInvariants(schema, "field", at(child(path, "properties"), name)));
  }
  if (has(props, "additionalProperties") && level === "root") {
    errors.push(forbidden(child(path, "additionalProperties"), "must not be used at the root"));
  }
  if (additional !== undefined) {
    errors.push(...checkInvariants(additional, "field", child(path, "additionalProperties")));
  }
  return [
    ...errors,
    ...extensionErrors(props, path),
    ...checkAlternatives(props, path, exceptionsOf(props)),
    ...typeErrors(props, level, path),
    ...checkMetadataRestrictions(props, level, path),
    ...emptyResourceErrors(props, path),
  ];
}

/** Which alternatives are the exception that says "an integer or a string". */
type Exceptions = { readonly anyOf: boolean; readonly firstAllOf: boolean };

const NO_EXCEPTIONS: Exceptions = { anyOf: false, firstAllOf: false };

/** The alternatives of a place, and its pattern. */
function checkAlternatives(
  props: SchemaProps,
  path: string,
  exceptions: Exceptions,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const key of ["anyOf", "allOf", "oneOf"] as const) {
    if (key === "anyOf" && exceptions.anyOf) continue;
    for (const [index, schema] of schemasAt(props, key).entries()) {
      const isException = key === "allOf" && index === 0 && exceptions.firstAllOf;
      const own = { anyOf: isException, firstAllOf: false };
      errors.push(...checkAlternative(schema, at(child(path, key), index), own));
    }
  }
  const not = schemaAt(props, "not");
  if (not !== undefined) errors.push(...checkAlternative(not, child(path, "not"), NO_EXCEPTIONS));
  return [...errors, ...patternErrors(props, path)];
}

/** One alternative, or a place inside one. */
function checkAlternative(
  props: SchemaProps,
  path: string,
  exceptions: Exceptions,
): readonly FieldError[] {
  const items = schemaAt(props, "items");
  const errors = [...checkAlternatives(props, path, exceptions)];
  if (items !== undefined) {
    errors.push(...checkAlternative(items, child(path, "items"), NO_EXCEPTIONS));
  }
  for (const [name, schema] of namedSchemasAt(props, "properties")) {
    const place = at(child(path, "properties"), name);
    errors.push(...checkAlternative(schema, place, NO_EXCEPTIONS));
  }
  return [...errors, ...checkNestedSchema(props, path)];
}

function patternErrors(props: SchemaProps, path: string): readonly FieldError[] {
  const pattern = textAt(props, "pattern");
  const problem = pattern === "" ? undefined : patternProblem(pattern);
  if (problem === undefined) return [];
  const detail = `must be a valid regular expression, but isn't: ${problem}`;
  return [invalid(child(path, "pattern"), pattern, detail)];
}

function extensionErrors(props: SchemaProps, path: string): readonly FieldError[] {
  if (!isSet(props, INT_OR_STRING)) return [];
  const excluded = [PRESERVE, EMBEDDED].filter((name) => isSet(props, name));
  const detail = `must be false if ${INT_OR_STRING} is true`;
  return excluded.map((name) => invalid(child(path, name), true, detail));
}

function exceptionsOf(props: SchemaProps): Exceptions {
  const [first] = schemasAt(props, "allOf");
  return {
    anyOf: isIntOrStringAnyOf(props),
    firstAllOf: first !== undefined && isIntOrStringAnyOf(first),
  };
}

const MISSING_TYPE: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function typeErrors(props: SchemaProps, level: Level, path: string): readonly FieldError[] {
  const type = textAt(props, "type");
  const field = child(path, "type");
  const errors: FieldError[] = [];
  if (isSet(props, EMBEDDED) && type !== "object") {
    const detail = `must be object if ${EMBEDDED} is true`;
    errors.push(type === "" ? required(field, detail) : invalid(field, type, detail));
  } else if (type === "" && !isSet(props, INT_OR_STRING) && !isSet(props, PRESERVE)) {
    errors.push(required(field, MISSING_TYPE[level]));
  }
  if (isSet(props, EMBEDDED) && has(props, "additionalProperties")) {
    const detail = `must not be used if ${EMBEDDED} is set`;
    errors.push(forbidden(child(path, "additionalProperties"), detail));
  }
  if (level === "root" && type !== "" && type !== "object") {
    errors.push(invalid(field, type, "must be object at the root"));
  }
  return errors;
}

function emptyResourceErrors(props: SchemaProps, path: string): readonly FieldError[] {
  const isOpen = !isSet(props, EMBEDDED) || isSet(props, PRESERVE);
  if (isOpen || namedSchemasAt(props, "properties").length > 0) return [];
  const detail = `must not be empty if ${EMBEDDED} is true without ${PRESERVE}`;
  return [required(child(path, "properties"), detail)];
}
