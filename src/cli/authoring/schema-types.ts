/** The TypeScript type of what a structural schema allows. */
import { isFields, own, type Fields } from "../../machinery/object.ts";
import { propertyName } from "./literal-text.ts";

/**
 * `stored`: as a server answers it, with its defaults. `written`: as people write it, who may leave
 * out what has a default.
 */
export type TypeForm = "stored" | "written";

/** An object in which a server keeps no field. TypeScript's `{}` would be all but null. */
export const NOTHING = "{ readonly [name: string]: never }";

const WIDTH = 100;

/** No names but those of the language are used, so a kind may be called Record. */
export function typeText(schema: unknown, form: TypeForm, indent = ""): string {
  if (!isFields(schema)) return "unknown";
  const text = bareType(schema, form, indent);
  return own(schema, "nullable") === true && text !== "unknown" ? `${text} | null` : text;
}

function bareType(schema: Fields, form: TypeForm, indent: string): string {
  if (own(schema, "x-kubernetes-int-or-string") === true) return "number | string";
  const allowed = own(schema, "enum");
  if (Array.isArray(allowed) && allowed.length > 0) {
    return [...new Set(allowed.map((value) => JSON.stringify(value)))].join(" | ");
  }
  switch (own(schema, "type")) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return listType(typeText(own(schema, "items"), form, indent));
    case "object":
      return objectType(schema, form, indent);
    default:
      return "unknown";
  }
}

function listType(item: string): string {
  const isOne = /^\w+$/.test(item) || (item.startsWith("{") && item.endsWith("}"));
  return isOne ? `readonly ${item}[]` : `readonly (${item})[]`;
}

function objectType(schema: Fields, form: TypeForm, indent: string): string {
  const inner = `${indent}  `;
  const properties = Object.entries(fieldsOf(own(schema, "properties")));
  const required = own(schema, "required");
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  const lines = properties.map(([name, field]) => {
    const hasDefault = isFields(field) && own(field, "default") !== undefined;
    const isThere = hasDefault ? form === "stored" : names.includes(name);
    const type = typeText(field, form, inner);
    const key = `${propertyName(name)}${isThere ? "" : "?"}`;
    return `${commentText(field, inner)}${inner}readonly ${key}: ${type};\n`;
  });
  const rest = restType(schema, form, inner, properties.length);
  if (rest !== undefined) lines.push(`${inner}readonly [name: string]: ${rest};\n`);
  return lines.length === 0 ? NOTHING : `{\n${lines.join("")}${indent}}`;
}

/** Of fields that are not named; with named ones beside them nothing can be said. */
function restType(
  schema: Fields,
  form: TypeForm,
  indent: string,
  count: number,
): string | undefined {
  const additional = own(schema, "additionalProperties");
  if (isFields(additional) && count === 0) return typeText(additional, form, indent);
  const isOpen =
    isFields(additional) ||
    additional === true ||
    own(schema, "x-kubernetes-preserve-unknown-fields") === true ||
    own(schema, "x-kubernetes-embedded-resource") === true;
  return isOpen ? "unknown" : undefined;
}

/** Whether a field anywhere in the schema is filled in by the server. */
export function hasDefaults(schema: unknown): boolean {
  if (!isFields(schema)) return false;
  const below = [
    own(schema, "items"),
    own(schema, "additionalProperties"),
    ...Object.values(fieldsOf(own(schema, "properties"))),
  ];
  return below.some(
    (each) => isFields(each) && (own(each, "default") !== undefined || hasDefaults(each)),
  );
}

/** The description of a field as a doc comment. */
function commentText(schema: unknown, indent: string): string {
  const description = isFields(schema) ? own(schema, "description") : undefined;
  if (typeof description !== "string" || description.trim() === "") return "";
  const words = description
    .replaceAll("*/", "* /")
    .split(/\s+/)
    .filter((word) => word !== "");
  const whole = `${indent}/** ${words.join(" ")} */`;
  if (whole.length <= WIDTH) return `${whole}\n`;
  const lines: string[] = [];
  let line = `${indent} *`;
  for (const word of words) {
    if (line.length + 1 + word.length > WIDTH && line !== `${indent} *`) {
      lines.push(line);
      line = `${indent} *`;
    }
    line += ` ${word}`;
  }
  return `${indent}/**\n${[...lines, line].join("\n")}\n${indent} */\n`;
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}
