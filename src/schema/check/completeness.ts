/** Whether everything that alternatives restrict is also specified outside of them. */
import type { FieldError } from "../../machinery/status.ts";
import { required } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import { namedSchemasAt, schemaAt, schemasAt, type SchemaProps } from "../schema-props.ts";

/** Places that are restricted but not specified: of `props` itself, as upstream, at the root. */
export function checkCompleteness(props: SchemaProps, path: string): readonly FieldError[] {
  return alternatives(props, props, path, path);
}

/** `nested` restricts the place that `spine` specifies. */
function alternatives(
  nested: SchemaProps,
  spine: SchemaProps,
  spinePath: string,
  path: string,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const not = schemaAt(nested, "not");
  if (not !== undefined) errors.push(...below(not, spine, spinePath, child(path, "not")));
  for (const key of ["allOf", "anyOf", "oneOf"]) {
    for (const [index, schema] of schemasAt(nested, key).entries()) {
      errors.push(...below(schema, spine, spinePath, at(child(path, key), index)));
    }
  }
  return errors;
}

function below(
  nested: SchemaProps,
  spine: SchemaProps | undefined,
  spinePath: string,
  path: string,
): readonly FieldError[] {
  if (spine === undefined) return [required(spinePath, `because it is defined in ${path}`)];
  const errors = [...alternatives(nested, spine, spinePath, path)];
  const items = schemaAt(nested, "items");
  if (items !== undefined) {
    const place = child(spinePath, "items");
    errors.push(...below(items, schemaAt(spine, "items"), place, child(path, "items")));
  }
  const specified = schemaAt(spine, "properties") ?? {};
  for (const [name, schema] of namedSchemasAt(nested, "properties")) {
    const place = at(child(spinePath, "properties"), name);
    const nestedPath = at(child(path, "properties"), name);
    errors.push(...below(schema, schemaAt(specified, name), place, nestedPath));
  }
  return errors;
}
