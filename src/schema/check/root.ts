/** What is special about the root of a schema. */
import type { FieldError } from "../../machinery/status.ts";
import { forbidden, invalid } from "../field-errors.ts";
import { child } from "../field-path.ts";
import { isSet, textAt, type SchemaProps } from "../schema-props.ts";
import { goMembers, goSchema } from "./go-schema.ts";

/** Members the root can have beside a status subresource, by upstream's names. */
const ALLOWED_WITH_STATUS: readonly string[] = [
  "Description",
  "Type",
  "Format",
  "Title",
  "Maximum",
  "ExclusiveMaximum",
  "Minimum",
  "ExclusiveMinimum",
  "MaxLength",
  "MinLength",
  "Pattern",
  "MaxItems",
  "MinItems",
  "UniqueItems",
  "MultipleOf",
  "Required",
  "Items",
  "Properties",
  "ExternalDocs",
  "Example",
  "XPreserveUnknownFields",
  "XValidations",
];

/** Violations of the root itself. */
export function checkRoot(
  props: SchemaProps,
  path: string,
  hasStatus: boolean,
): readonly FieldError[] {
  const errors = hasStatus ? [...statusErrors(props, path)] : [];
  if (isSet(props, "nullable")) {
    errors.push(forbidden(child(path, "nullable"), "nullable cannot be true at the root"));
  }
  return errors;
}

/** With a status subresource, `status` is validated alone: nothing above it may say more. */
function statusErrors(props: SchemaProps, path: string): readonly FieldError[] {
  for (const name of goMembers(props)) {
    const type = textAt(props, "type");
    if (name === "Type" && type !== "object") {
      const detail =
        'only "object" is allowed as the type at the root of the schema ' +
        "if the status subresource is enabled";
      return [invalid(child(path, "type"), type, detail)];
    }
    if (ALLOWED_WITH_STATUS.includes(name)) continue;
    const detail =
      `only [${ALLOWED_WITH_STATUS.join(" ")}] fields are allowed at the root of the schema ` +
      "if the status subresource is enabled";
    return [invalid(path, goSchema(props), detail)];
  }
  return [];
}
