/** What an alternative of `anyOf`, `allOf`, `oneOf` or `not` may not say. */
import type { FieldError } from "../../machinery/status.ts";
import { isFields, own } from "../../machinery/object.ts";
import { forbidden } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import {
  defaultAt,
  has,
  isSet,
  optionalTextAt,
  rulesAt,
  schemasAt,
  schemaAt,
  textAt,
  textsAt,
  type SchemaProps,
} from "../schema-props.ts";

/** Violations of the alternative itself, not of what is below it. */
export function checkNestedSchema(props: SchemaProps, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (name: string, isGiven: boolean, rule: string): void => {
    if (isGiven) errors.push(forbidden(child(path, name), `must be ${rule} to be structural`));
  };
  refuse("type", textAt(props, "type") !== "", "empty");
  refuse("additionalProperties", saysMore(props), "undefined");
  refuse("default", defaultAt(props) !== undefined, "undefined");
  refuse("title", textAt(props, "title") !== "", "empty");
  refuse("description", textAt(props, "description") !== "", "empty");
  refuse("nullable", isSet(props, "nullable"), "false");
  for (const name of FLAGS) refuse(name, isSet(props, name), "false");
  const keys = textsAt(props, "x-kubernetes-list-map-keys");
  refuse("x-kubernetes-list-map-keys", keys.length > 0, "empty");
  for (const name of TYPES) refuse(name, optionalTextAt(props, name) !== undefined, "undefined");
  refuse("x-kubernetes-validations", rulesAt(props).length > 0, "empty");
  if (hasProperty(props, "metadata")) {
    const field = at(child(path, "properties"), "metadata");
    errors.push(forbidden(field, "must not be specified in a nested context"));
  }
  return errors;
}

const FLAGS = [
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
] as const;
const TYPES = ["x-kubernetes-list-type", "x-kubernetes-map-type"] as const;

/** `additionalProperties: false` restricts nothing here. */
function saysMore(props: SchemaProps): boolean {
  const isSchema = schemaAt(props, "additionalProperties") !== undefined;
  return isSchema || isSet(props, "additionalProperties");
}

function hasProperty(props: SchemaProps, name: string): boolean {
  const properties = own(props, "properties");
  return isFields(properties) && Object.hasOwn(properties, name);
}

/** Whether the alternatives are exactly an integer and a string: the one exception. */
export function isIntOrStringAnyOf(props: SchemaProps): boolean {
  const [first, second, ...others] = schemasAt(props, "anyOf");
  if (first === undefined || second === undefined || others.length > 0) return false;
  return saysOnlyType(first, "integer") && saysOnlyType(second, "string");
}

function saysOnlyType(props: SchemaProps, type: string): boolean {
  return (
    Object.keys(props).every((key) => !has(props, key) || key === "type") &&
    textAt(props, "type") === type
  );
}
