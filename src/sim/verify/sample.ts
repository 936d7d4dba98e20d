/**
 * Values that a structural schema allows: the least, the most, and by chance. What a schema says
 * beyond its types (rules, patterns without an example here) only a server can judge: samples are
 * proposals.
 */
import type { JSONSchemaProps } from "../../apis/apiextensions/v1/types.generated.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import { matchPattern } from "../../schema/patterns.ts";
import type { RandomStream } from "../choices/random-stream.ts";

/** How a value is chosen: as little as there may be, as much, or either. */
export type Taste = "least" | "most" | { readonly chance: RandomStream };

/** Elements of a list or map, where the schema allows more. */
const ITEMS_MAX = 3;
/** Characters of a text, where the schema allows more. */
const LENGTH_MAX = 63;
/** The greatest number where the schema knows none. */
const NUMBER_MAX = 5;
/** Deeper values are left out. */
const DEPTH_MAX = 12;

/** A value of the schema. `undefined`: nothing is proposed, and the field is left out. */
export function sampleOf(schema: JSONSchemaProps, taste: Taste, depth = 0): unknown {
  if (depth > DEPTH_MAX) return undefined;
  if (schema.enum !== undefined) return ofMany(schema.enum, taste);
  if (schema["x-kubernetes-int-or-string"] === true) return integerOf(schema, taste);
  switch (schema.type) {
    case "object":
      return objectOf(schema, taste, depth);
    case "array":
      return arrayOf(schema, taste, depth);
    case "string":
      return textOf(schema, taste);
    case "integer":
      return integerOf(schema, taste);
    case "number":
      return numberOf(schema, taste);
    case "boolean":
      return ofMany([false, true], taste);
    default:
      return isFields(schema.properties) ? objectOf(schema, taste, depth) : undefined;
  }
}

/** One for each bound that a field of the schema has: that field there, all others least. */
export function* boundarySamples(schema: JSONSchemaProps): Generator<unknown> {
  const least = sampleOf(schema, "least");
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    for (const taste of ["least", "most"] as const) {
      const value = sampleOf(field, taste);
      if (value !== undefined && isFields(least)) yield { ...least, [name]: value };
    }
    if (field.type !== "object" || !isFields(least)) continue;
    for (const inner of boundarySamples(field)) yield { ...least, [name]: inner };
  }
}

function objectOf(schema: JSONSchemaProps, taste: Taste, depth: number): Fields {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isWanted = taste === "most" || (taste !== "least" && taste.chance.next() < 0.5);
    const value = required.has(name) || isWanted ? sampleOf(field, taste, depth + 1) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  const { additionalProperties: values } = schema;
  const others = isSchema(values)
    ? Array.from(
        { length: countOf(schema.minProperties, schema.maxProperties, taste) },
        (_, nth) => {
          return [`key-${nth}`, sampleOf(values, taste, depth + 1)] as const;
        },
      ).filter(([, value]) => value !== undefined)
    : [];
  return Object.fromEntries([...fields, ...others]);
}

/** Elements differ where they can, for lists that are sets or maps. */
function arrayOf(
  { items, minItems, maxItems, ...schema }: JSONSchemaProps,
  taste: Taste,
  depth: number,
): readonly unknown[] {
  if (!isSchema(items)) return [];
  const count = countOf(minItems, maxItems, taste);
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const made = Array.from({ length: count }, (_, nth) => {
    const item = sampleOf(items, taste, depth + 1);
    return isFields(item) ? { ...item, ...keyed(items, keys, nth) } : differing(item, nth);
  });
  return made.filter((item) => item !== undefined);
}

function keyed(items: JSONSchemaProps, keys: readonly string[], nth: number): Fields {
  return Object.fromEntries(
    keys.map((key) => {
      const sample = items.properties?.[key];
      return [key, differing(sample === undefined ? "" : sampleOf(sample, "least"), nth)];
    }),
  );
}

function differing(value: unknown, nth: number): unknown {
  if (nth === 0) return value;
  if (typeof value === "string") return `${value.slice(0, LENGTH_MAX - 2)}-${nth}`;
  return typeof value === "number" ? value + nth : value;
}

function countOf(least = 0, most = ITEMS_MAX, taste: Taste): number {
  const max = Math.max(least, Math.min(most, ITEMS_MAX));
  return within(least, max, taste);
}

function textOf(schema: JSONSchemaProps, taste: Taste): string | undefined {
  const { minLength = 0, maxLength = LENGTH_MAX, pattern, format } = schema;
  if (schema.default !== undefined && typeof schema.default === "string" && taste === "least") {
    return schema.default;
  }
  const given = format === undefined ? undefined : FORMATS[format];
  if (given !== undefined) return given;
  const fits = (text: string): boolean =>
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || matchPattern(pattern, text).kind === "match");
  const max = Math.max(minLength, Math.min(maxLength, LENGTH_MAX));
  const texts = ["a".repeat(minLength), "a".repeat(max), ...EXAMPLES].filter(fits);
  if (taste === "most") return texts.toSorted((a, b) => b.length - a.length)[0];
  return ofMany(texts, taste);
}

/** By format: what a server takes. */
const FORMATS: Readonly<Record<string, string>> = {
  "date-time": "2026-01-01T00:00:00Z",
  byte: "YQ==",
  cidr: "10.0.0.0/8",
  date: "2026-01-01",
  duration: "1m30s",
  email: "someone@example.com",
  hostname: "example.com",
  ipv4: "10.0.0.1",
  ipv6: "fd00::1",
  mac: "00:00:5e:00:53:01",
  uri: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

/** What patterns mostly ask for. */
const EXAMPLES: readonly string[] = [
  "web web:1 a-b A Web 1 10 1.2.3 v1 1Gi 100m 30s 5m 10% example.com https://example.com / /a a/b",
  "a@example.com 10.0.0.1 #fff a=b 2026-01-01 en-US sha256:0 key_1",
]
  .flatMap((line) => line.split(" "))
  .concat("0 0 * * *", "");

function integerOf(schema: JSONSchemaProps, taste: Taste): number {
  const [least, most] = rangeOf(schema);
  return stepped(Math.round(within(Math.ceil(least), Math.floor(most), taste)), schema, least);
}

function numberOf(schema: JSONSchemaProps, taste: Taste): number {
  const [least, most] = rangeOf(schema);
  return stepped(within(least, most, taste), schema, least);
}

function rangeOf(schema: JSONSchemaProps): readonly [number, number] {
  const step = schema.type === "number" ? 0.5 : 1;
  const given = schema.minimum ?? Math.min(0, schema.maximum ?? 0);
  const least = given + (schema.exclusiveMinimum === true ? step : 0);
  const most = schema.maximum ?? Math.max(least, NUMBER_MAX);
  return [least, Math.max(least, most - (schema.exclusiveMaximum === true ? step : 0))];
}

function stepped(value: number, { multipleOf }: JSONSchemaProps, least: number): number {
  if (multipleOf === undefined || multipleOf <= 0) return value;
  const down = Math.floor(value / multipleOf) * multipleOf;
  return down < least ? down + multipleOf : down;
}

function within(least: number, most: number, taste: Taste): number {
  if (taste === "least") return least;
  if (taste === "most") return most;
  return least + Math.floor(taste.chance.next() * (most - least + 1));
}

function ofMany<T>(values: readonly T[], taste: Taste): T | undefined {
  if (taste === "least") return values[0];
  if (taste === "most") return values.at(-1);
  return values[Math.floor(taste.chance.next() * values.length)];
}

function isSchema(value: unknown): value is JSONSchemaProps {
  return isFields(value);
}
