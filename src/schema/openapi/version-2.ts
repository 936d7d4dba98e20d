/** A schema without what OpenAPI version 2, or those who read it, cannot cope with. */
import { setField, type MutableFields } from "../../machinery/json-value.ts";
import { isFields, own } from "../../machinery/object.ts";
import {
  isSet,
  namedSchemasAt,
  schemaAt,
  textAt,
  textsAt,
  type SchemaProps,
} from "../schema-props.ts";

const PRESERVE = "x-kubernetes-preserve-unknown-fields";
const JUNCTORS: readonly string[] = ["allOf", "anyOf", "oneOf", "not"];

/**
 * The same schema for version 2: no alternatives, no null, no defaults, and nothing said of what is
 * inside a place that can be null or keeps unknown fields, because readers would refuse the rest.
 */
export function forVersion2(props: SchemaProps): SchemaProps {
  const isOpen = isSet(props, "nullable") || isSet(props, PRESERVE);
  const dropped = [...JUNCTORS, "nullable", "default", ...(isOpen ? ["items", "properties"] : [])];
  const kept: MutableFields = {};
  for (const [key, value] of Object.entries(props)) {
    if (!dropped.includes(key)) setField(kept, key, value);
  }
  if (isUntyped(props, isOpen)) delete kept["type"];
  const required = requiredOf(props);
  if (required.length > 0) kept["required"] = required;
  else delete kept["required"];
  return withInner(kept);
}

function isUntyped(props: SchemaProps, isOpen: boolean): boolean {
  const type = textAt(props, "type");
  if (isSet(props, "nullable")) return true;
  if (type === "array") return isOpen || schemaAt(props, "items") === undefined;
  return type === "object" && isSet(props, PRESERVE);
}

/** What can be null need not be there. */
function requiredOf(props: SchemaProps): readonly string[] {
  const values = schemaAt(props, "additionalProperties");
  if (values !== undefined && isSet(values, "nullable")) return [];
  const isKept = !isSet(props, "nullable") && !isSet(props, PRESERVE);
  const properties = isKept ? (schemaAt(props, "properties") ?? {}) : {};
  return textsAt(props, "required").filter((name) => {
    const property = schemaAt(properties, name);
    return property === undefined || !isSet(property, "nullable");
  });
}

function withInner(props: MutableFields): SchemaProps {
  const named = namedSchemasAt(props, "properties");
  if (named.length > 0) {
    const properties: MutableFields = {};
    for (const [name, schema] of named) setField(properties, name, forVersion2(schema));
    props["properties"] = properties;
  }
  for (const key of ["items", "additionalProperties"] as const) {
    const schema = own(props, key);
    if (isFields(schema)) props[key] = forVersion2(schema);
  }
  return props;
}
