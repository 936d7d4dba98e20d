/**
 * What a place of a schema can hold at most, as upstream estimates it for the cost of rules: from
 * the limits the schema states, or else from what fits into one request.
 */
import { REQUEST_BYTES_MAX } from "../../cel/limits.ts";
import type { SchemaNode } from "../schema-node.ts";

export type TypeSizes = {
  /** Fewest bytes of the value as JSON. */
  readonly bytesMin: number;
  /** Most items, entries or characters; 0 for what has none. */
  readonly sizeMax: number;
};

const DURATION_BYTES_MIN = 3;
const DATE_BYTES = 12;
const DATE_TIME_BYTES_MIN = 21;
const TIME_TEXT_SIZE_MAX = 32;
const STRING_BYTES_MIN = 2;
/** A code point has up to four bytes. */
const BYTES_PER_CHARACTER_MAX = 4;

const known = new WeakMap<SchemaNode, TypeSizes | "hidden">();

/**
 * The sizes of a place; undefined if rules cannot see it, because the schema does not say what is
 * there. Computed once for each node.
 */
export function typeSizes(node: SchemaNode): TypeSizes | undefined {
  const present = known.get(node) ?? computed(node);
  known.set(node, present);
  return present === "hidden" ? undefined : present;
}

function computed(node: SchemaNode): TypeSizes | "hidden" {
  if (node.isIntOrString === true) return { bytesMin: 1, sizeMax: characters(node) };
  switch (node.type) {
    case "array":
      return arraySizes(node);
    case "object":
      return node.additionalProperties === undefined ? objectSizes(node) : mapSizes(node);
    case "string":
      return stringSizes(node);
    case "boolean":
      return { bytesMin: 4, sizeMax: 0 };
    case "number":
    case "integer":
      return { bytesMin: 1, sizeMax: 0 };
    case "":
      return "hidden";
  }
}

function arraySizes(node: SchemaNode): TypeSizes | "hidden" {
  const items = node.items === undefined ? undefined : typeSizes(node.items);
  if (items === undefined) return "hidden";
  const fitting = Math.floor((REQUEST_BYTES_MAX - 2) / (items.bytesMin + 1));
  return { bytesMin: 2, sizeMax: stated(node.checks?.maxItems) ?? fitting };
}

function mapSizes(node: SchemaNode): TypeSizes | "hidden" {
  const values = node.additionalProperties && typeSizes(node.additionalProperties);
  if (values === undefined) return "hidden";
  const fitting = Math.floor((REQUEST_BYTES_MAX - 2) / (values.bytesMin + 6));
  return { bytesMin: 2, sizeMax: stated(node.checks?.maxProperties) ?? fitting };
}

/** Required fields without a default are always there. */
function objectSizes(node: SchemaNode): TypeSizes {
  const required = new Set(node.checks?.required);
  let bytesMin = 2;
  for (const [name, property] of Object.entries(node.properties ?? {})) {
    if (!required.has(name) || property.default !== undefined) continue;
    const sizes = typeSizes(property);
    if (sizes !== undefined) bytesMin += name.length + sizes.bytesMin + 4;
  }
  return { bytesMin, sizeMax: 0 };
}

function stringSizes(node: SchemaNode): TypeSizes {
  const { format, maxLength } = node.checks ?? {};
  switch (format) {
    case "byte":
      return { bytesMin: STRING_BYTES_MIN, sizeMax: stated(maxLength) ?? REQUEST_BYTES_MAX - 2 };
    case "duration":
      return { bytesMin: DURATION_BYTES_MIN, sizeMax: TIME_TEXT_SIZE_MAX };
    case "date":
      return { bytesMin: DATE_BYTES, sizeMax: DATE_BYTES };
    case "date-time":
      return { bytesMin: DATE_TIME_BYTES_MIN, sizeMax: TIME_TEXT_SIZE_MAX };
    case undefined:
    default:
      return { bytesMin: STRING_BYTES_MIN, sizeMax: characters(node) };
  }
}

/** Bytes of a text: as many as its length allows, or its longest value, or a request. */
function characters(node: SchemaNode): number {
  const { maxLength, enum: values = [] } = node.checks ?? {};
  if (maxLength !== undefined) return (stated(maxLength) ?? 0) * BYTES_PER_CHARACTER_MAX;
  if (values.length === 0 || node.isIntOrString === true) return REQUEST_BYTES_MAX - 2;
  const sizes = values.map((value) => (typeof value === "string" ? bytesOf(value) : 0));
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}

function stated(limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : Math.max(0, limit);
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
