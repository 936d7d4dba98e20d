/**
 * JSON Schema (in the form of OpenAPI 3.0, as schema libraries give it) made structural: the form
 * that custom resource definitions must have. Types are said once and outside of `oneOf`, `anyOf`,
 * `allOf` and `not`; objects do not forbid further fields, because those are pruned; regular
 * expressions are those of RE2.
 *
 * What cannot be said in that form is refused with its path and a way out.
 */
import type { JSONSchemaProps } from "../../apis/apiextensions/v1/types.generated.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import { dropNumberLimits } from "./number-limits.ts";
import { SchemaError } from "./schema-error.ts";
import { foldUnions } from "./schema-unions.ts";

/** Kept as they are, at any place. */
const PLAIN = [
  "type",
  "format",
  "title",
  "description",
  "default",
  "nullable",
  "enum",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
  "required",
  "example",
] as const;

/** Formats that API servers check themselves; the patterns libraries add to them are not needed. */
const CHECKED_FORMATS: ReadonlySet<string> = new Set([
  "bsonobjectid",
  "byte",
  "cidr",
  "creditcard",
  "date",
  "date-time",
  "datetime",
  "duration",
  "email",
  "hexcolor",
  "hostname",
  "ipv4",
  "ipv6",
  "isbn",
  "isbn10",
  "isbn13",
  "mac",
  "password",
  "rgbcolor",
  "ssn",
  "uri",
  "uuid",
  "uuid3",
  "uuid4",
  "uuid5",
]);

/** Deeper than this is taken for a type that contains itself. */
const DEPTH_MAX = 64;

/** The schema in structural form. `path` is where it stands, for refusals. */
export function toStructural(source: Fields, path: string, depth = 0): JSONSchemaProps {
  if (depth > DEPTH_MAX || "$ref" in source) {
    throw new SchemaError(
      path,
      "a type that contains itself has no structural form; describe the inner value as unknown " +
        "(it is then kept as it is)",
    );
  }
  const schema = foldUnions(source, path);
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name.startsWith("x-kubernetes-")) kept[name] = value;
  }
  for (const name of PLAIN) if (schema[name] !== undefined) kept[name] = schema[name];
  if (kept["x-kubernetes-int-or-string"] === true) {
    delete kept["type"];
    return kept;
  }
  if (kept["type"] === "integer") {
    dropNumberLimits(kept);
    kept["format"] ??= "int64";
  }
  keepPattern(kept, path);
  Object.assign(kept, below(schema, path, depth), branchesOf(schema));
  const isOpen = kept["type"] === undefined && kept["enum"] === undefined;
  if (isOpen) return { ...kept, "x-kubernetes-preserve-unknown-fields": true };
  return { ...typeOfEnum(kept, path), ...kept };
}

/** Fields and items, each in structural form. */
function below(schema: Fields, path: string, depth: number): Fields {
  const { properties, items, additionalProperties } = schema;
  const found: Record<string, unknown> = {};
  if (isFields(properties)) {
    found["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, field]) => {
        const at = path === "" ? name : `${path}.${name}`;
        return [name, toStructural(isFields(field) ? field : {}, at, depth + 1)];
      }),
    );
  }
  if (isFields(items)) found["items"] = toStructural(items, `${path}[]`, depth + 1);
  if (schema["type"] === "array" && !isFields(items)) {
    throw new SchemaError(path, "a list says what its items are; tuples have no structural form");
  }
  if (properties === undefined && isFields(additionalProperties)) {
    found["additionalProperties"] = toStructural(additionalProperties, `${path}[*]`, depth + 1);
  } else if (additionalProperties === true || isFields(additionalProperties)) {
    found["x-kubernetes-preserve-unknown-fields"] = true; // fields that are named, and others
  }
  return found;
}

/** What `foldUnions` has left: constraints without types. */
function branchesOf({ oneOf, anyOf, allOf, not }: Fields): Fields {
  return Object.fromEntries(
    Object.entries({ oneOf, anyOf, allOf, not }).filter(([, value]) => value !== undefined),
  );
}

function keepPattern(kept: Record<string, unknown>, path: string): void {
  const { format, pattern } = kept;
  if (typeof pattern !== "string") return;
  if (typeof format === "string" && CHECKED_FORMATS.has(format)) delete kept["pattern"];
  else if (/\(\?<?[=!]|\\[1-9]|\\k</.test(pattern)) {
    throw new SchemaError(
      path,
      `the pattern ${pattern} looks around or back, which API servers (RE2) cannot; say it as a ` +
        "CEL rule instead",
    );
  }
}

/** An enumeration without a type has the one of its values. */
function typeOfEnum(kept: Fields, path: string): Fields {
  const { type, enum: values } = kept;
  if (type !== undefined || !Array.isArray(values)) return {};
  const types = new Set(values.map((value: unknown) => typeof value));
  const [only] = types;
  if (types.size === 1 && (only === "string" || only === "boolean" || only === "number")) {
    return { type: only };
  }
  throw new SchemaError(path, "the values of an enumeration are of one type");
}
