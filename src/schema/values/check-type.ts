/** Whether a value has the type, and the format of that type, that a schema asks for. */
import { quoted } from "../../machinery/go-quote.ts";
import type { NodeType, SchemaNode } from "../schema-node.ts";
import type { ValueErrors } from "./value-errors.ts";

/** Types as upstream's validator sees them, and the format it knows a value by. */
type Seen = { readonly type: string; readonly format: string };

/** The types a node allows; none if it allows all. */
export function typesOf(node: SchemaNode): readonly string[] {
  return node.isIntOrString === true ? INT_OR_STRING : TYPES[node.type];
}

const INT_OR_STRING: readonly string[] = ["integer", "string"];

/** Made once: this is asked of every value. */
const TYPES: Readonly<Record<NodeType, readonly string[]>> = {
  "": [],
  object: ["object"],
  array: ["array"],
  string: ["string"],
  integer: ["integer"],
  number: ["number"],
  boolean: ["boolean"],
};

/** Checks the type of a value that is not null; counts as one check. */
export function checkType(
  value: unknown,
  node: SchemaNode,
  format: string,
  path: string,
  errors: ValueErrors,
): void {
  const types = typesOf(node);
  const seen = seenAs(value);
  const isWhole = seen.type === "integer";
  const fits = types.includes(seen.type) || (isWhole && types.includes("number"));
  const isTextual = typeof value === "string" || Array.isArray(value);
  if (!isTextual && format !== "" && !fits && seen.format !== format) {
    wrongType(path, format, seen.format, errors);
  } else if (isTextual && format !== "" && !isNumeric(types)) {
    errors.matches += 1; // the format will judge it
  } else if (fits) {
    errors.matches += 1;
  } else {
    wrongType(path, types.join(","), seen.type, errors);
  }
}

/** Checks that null is allowed. */
export function checkNull(node: SchemaNode, path: string, errors: ValueErrors): void {
  const types = typesOf(node);
  if (types.length === 0 || node.isNullable === true) errors.matches += 1;
  else wrongType(path, types.join(","), "null", errors);
}

/** `spec.x in body must be of type integer: "string"`. */
export function wrongType(
  path: string,
  expected: string,
  found: string,
  errors: ValueErrors,
): void {
  const text = `${path} in body must be of type ${expected}: ${quoted(found)}`;
  errors.add({ type: "FieldValueTypeInvalid", path, value: found, detail: text, text });
}

function isNumeric(types: readonly string[]): boolean {
  return types.includes("number") || types.includes("integer");
}

function seenAs(value: unknown): Seen {
  switch (typeof value) {
    case "string":
      return SEEN.string;
    case "boolean":
      return SEEN.boolean;
    case "bigint":
      return SEEN.integer;
    case "number":
      return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? SEEN.integer : SEEN.number;
    default:
      return Array.isArray(value) ? SEEN.array : SEEN.object;
  }
}

const SEEN = {
  string: { type: "string", format: "" },
  boolean: { type: "boolean", format: "" },
  integer: { type: "integer", format: "int64" },
  number: { type: "number", format: "float64" },
  array: { type: "array", format: "" },
  object: { type: "object", format: "" },
} as const;
