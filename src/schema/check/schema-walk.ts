/** Looking through all schemas inside a schema, alternatives and unsupported members included. */
import { isFields, own } from "../../machinery/object.ts";
import { namedSchemasAt, schemaAt, schemasAt, type SchemaProps } from "../schema-props.ts";

/** Whether the schema, or any schema inside it, is as described. */
export function someSchema(props: SchemaProps, isWanted: (props: SchemaProps) => boolean): boolean {
  return isWanted(props) || inner(props).some((schema) => someSchema(schema, isWanted));
}

function inner(props: SchemaProps): readonly SchemaProps[] {
  const single = ["items", "not", "additionalProperties", "additionalItems"] as const;
  const listed = ["allOf", "anyOf", "oneOf"] as const;
  const named = ["properties", "patternProperties", "definitions"] as const;
  return [
    ...single.map((key) => schemaAt(props, key)).filter((schema) => schema !== undefined),
    ...listSchemas(own(props, "items")),
    ...listed.flatMap((key) => schemasAt(props, key)),
    ...named.flatMap((key) => namedSchemasAt(props, key).map(([, schema]) => schema)),
  ];
}

function listSchemas(items: unknown): readonly SchemaProps[] {
  return Array.isArray(items) ? items.filter(isFields) : [];
}
