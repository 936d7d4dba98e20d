/** What embedded resources must have: an apiVersion, a kind, and sound metadata if any. */
import { dns1035LabelProblem } from "../../machinery/names.ts";
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import { fieldNode } from "../compile.ts";
import type { ValidationRequest } from "../custom-resource-schema.ts";
import { at, child } from "../field-path.ts";
import { TRAIT, type SchemaNode } from "../schema-node.ts";

type CheckMetadata = NonNullable<ValidationRequest["checkMetadata"]>;

/** Errors of all embedded resources of a value. */
export function checkEmbedded(
  value: unknown,
  node: SchemaNode | undefined,
  path: string,
  checkMetadata: CheckMetadata,
): readonly FieldError[] {
  if (node === undefined || (node.traits & TRAIT.embedded) === 0) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      checkEmbedded(item, node.items, at(path, index), checkMetadata),
    );
  }
  if (!isFields(value)) return [];
  const { properties = {} } = node;
  const own = node.isEmbedded === true ? checkResource(value, path, checkMetadata) : [];
  const below = Object.entries(value).flatMap(([name, member]) => {
    const place = Object.hasOwn(properties, name) ? child(path, name) : at(path, name);
    return checkEmbedded(member, fieldNode(node, name), place, checkMetadata);
  });
  return [...own, ...below];
}

/** Errors of one resource inside another. */
export function checkResource(
  fields: Fields,
  path: string,
  checkMetadata: CheckMetadata,
): readonly FieldError[] {
  const metadata = own(fields, "metadata");
  return [
    ...missing(fields, path),
    ...apiVersionErrors(own(fields, "apiVersion"), child(path, "apiVersion")),
    ...kindErrors(own(fields, "kind"), child(path, "kind")),
    ...(isFields(metadata) ? checkMetadata(withName(metadata), child(path, "metadata")) : []),
  ];
}

function missing(fields: Fields, path: string): readonly FieldError[] {
  const absent = ["apiVersion", "kind"].filter((name) => !Object.hasOwn(fields, name));
  return absent.map((name) => ({
    field: child(path, name),
    type: "FieldValueRequired",
    detail: "",
  }));
}

/** Templates have no name yet; the name is not what is checked. */
function withName(metadata: Fields): Fields {
  const name = own(metadata, "name");
  return name === undefined || name === "" ? { ...metadata, name: "fakename" } : metadata;
}

function apiVersionErrors(value: unknown, field: string): readonly FieldError[] {
  if (value === undefined) return [];
  if (typeof value !== "string") return [invalid(field, value, "must be a string")];
  if (value === "") return [invalid(field, value, "must not be empty")];
  if (value.split("/").length <= 2) return [];
  return [invalid(field, value, `unexpected GroupVersion string: ${value}`)];
}

function kindErrors(value: unknown, field: string): readonly FieldError[] {
  if (value === undefined) return [];
  if (typeof value !== "string") return [invalid(field, value, "must be a string")];
  if (value === "") return [invalid(field, value, "must not be empty")];
  const problem = dns1035LabelProblem(value.toLowerCase());
  if (problem === undefined) return [];
  const detail = `may have mixed case, but should otherwise match: ${problem}`;
  return [invalid(field, value, detail)];
}

function invalid(field: string, value: unknown, detail: string): FieldError {
  return { field, type: "FieldValueInvalid", value, detail };
}
