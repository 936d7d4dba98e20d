/**
 * Of `metadata`, a schema can restrict the names and nothing else: the rest is the server's. The
 * types of `apiVersion` and `kind` are given, too.
 */
import { isFields, own } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import { forbidden, invalid } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import { isSet, namedSchemasAt, schemaAt, textAt, type SchemaProps } from "../schema-props.ts";
import type { Level } from "./structural-invariants.ts";

/** Violations of a place; it is a resource at the root, or if it says so. */
export function checkMetadataRestrictions(
  props: SchemaProps,
  level: Level,
  path: string,
): readonly FieldError[] {
  const isResource = level === "root" || isSet(props, "x-kubernetes-embedded-resource");
  const properties = schemaAt(props, "properties") ?? {};
  const errors: FieldError[] = [];
  for (const name of ["kind", "apiVersion"]) {
    const schema = schemaAt(properties, name);
    if (!isResource || schema === undefined || textAt(schema, "type") === "string") continue;
    const field = child(at(child(path, "properties"), name), "type");
    errors.push(invalid(field, textAt(schema, "type"), "must be string"));
  }
  const metadata = schemaAt(properties, "metadata");
  if (metadata === undefined) return errors;
  const field = at(child(path, "properties"), "metadata");
  if (isResource && textAt(metadata, "type") !== "object") {
    errors.push(invalid(child(field, "type"), textAt(metadata, "type"), "must be object"));
  }
  if (level === "root" && saysMoreThanNames(metadata)) {
    const detail =
      "must not specify anything other than name and generateName, " +
      "but metadata is implicitly specified";
    errors.push(forbidden(field, detail));
  }
  return errors;
}

function saysMoreThanNames(metadata: SchemaProps): boolean {
  const names = namedSchemasAt(metadata, "properties").map(([name]) => name);
  if (names.some((name) => name !== "name" && name !== "generateName")) return true;
  const free: readonly string[] = ["type", "default", "properties"];
  return Object.keys(metadata).some((key) => !free.includes(key) && !isZero(own(metadata, key)));
}

function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isFields(value) && Object.keys(value).length === 0;
}
