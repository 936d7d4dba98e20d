/**
 * How the fields of a message look on the wire and in JSON: the schemas that judge JSON, the table
 * of field numbers, and what is known about zeros, put together once for each message.
 */
import { assert } from "../../base/assert.ts";
import { jsonSchemaPropsSchema } from "../../apis/apiextensions/v1/schema.generated.ts";
import {
  resolveSchema,
  type SchemaSource,
  type StructuralSchema,
} from "../../schema/structural-schema.ts";
import { schemaName } from "../openapi/schema-names.ts";
import { FIELD_NUMBERS } from "./field-numbers.generated.ts";
import type { FieldNumbers } from "./field-numbers.ts";
import { HIDDEN_ZEROS, POINTERS, PRINTED_ZEROS, type FieldNames } from "./zero-facts.ts";

/** How one value is written. */
export type Form =
  | ScalarForm
  /** A value nobody here knows the shape of: its JSON in field 1 of a message. */
  | { readonly kind: "raw" }
  /** A list of texts in the place of one value: field 1 of a message. */
  | { readonly kind: "texts" }
  /** A JSON schema, or something simpler in its place. */
  | { readonly kind: "schema-or"; readonly or: SchemaOr; readonly shape: () => MessageShape }
  | { readonly kind: "message"; readonly shape: () => MessageShape };

export type ScalarForm = { [Kind in ScalarKind]: { readonly kind: Kind } }[ScalarKind];

type ScalarKind =
  | "text"
  | "bytes"
  | "flag"
  | "integer"
  | "double"
  | "time"
  | "micro-time"
  | "quantity"
  | "int-or-string";

/** What stands instead of a schema: a list of schemas, a flag, or a list of texts. */
export type SchemaOr = "list" | "flag" | "texts";

export type ValueField = {
  readonly kind: "one" | "list" | "map";
  readonly number: number;
  /** In JSON. */
  readonly name: string;
  /** Of the value, of each item, or of each value of the map. */
  readonly form: Form;
  /** Written only when it is there; anything else is also written when it is zero. */
  readonly isPointer: boolean;
  /** A zero that is read shows in JSON. */
  readonly printsZero: boolean;
};

/** A message whose fields stand, in JSON, among those of the message around it. */
export type InlineField = {
  readonly kind: "inline";
  readonly number: number;
  readonly shape: MessageShape;
};

export type MessageField = ValueField | InlineField;

export type MessageShape = {
  /** Ascending by number. */
  readonly fields: readonly MessageField[];
  readonly byNumber: ReadonlyMap<number, MessageField>;
};

type Properties = NonNullable<StructuralSchema["properties"]>;

const known = new WeakMap<Properties, MessageShape>();

/** Undefined: the schema describes no message, as those of custom resources do not. */
export function shapeOf(schema: StructuralSchema): MessageShape | undefined {
  const { properties } = schema;
  if (properties === undefined) return undefined;
  const made = known.get(properties);
  if (made !== undefined) return made;
  const name = schemaName(schema);
  const numbers =
    name !== undefined && Object.hasOwn(FIELD_NUMBERS, name) ? FIELD_NUMBERS[name] : undefined;
  if (name === undefined || numbers === undefined) return undefined;
  const shape = makeShape(properties, numbers, {
    pointers: namesIn(POINTERS, name),
    printedZeros: printedZeros(schema, name),
  });
  known.set(properties, shape);
  return shape;
}

/** For messages that are no kind's: which fields are pointers, and which zeros are printed. */
export function makeShape(
  properties: Properties,
  numbers: FieldNumbers,
  facts: {
    readonly pointers: ReadonlySet<string>;
    readonly printedZeros: ReadonlySet<string>;
  },
): MessageShape {
  const fields = Object.entries(numbers).flatMap(([name, entry]): readonly MessageField[] => {
    if (typeof entry !== "number") {
      const shape = makeShape(properties, entry.fields, facts);
      return [{ kind: "inline", number: entry.number, shape }];
    }
    const source = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (source === undefined) return [];
    const isPointer = facts.pointers.has(name);
    const printsZero = isPointer || facts.printedZeros.has(name);
    return [{ ...arityOf(name, source), number: entry, name, isPointer, printsZero }];
  });
  fields.sort((a, b) => a.number - b.number);
  return { fields, byNumber: new Map(fields.map((field) => [field.number, field])) };
}

function printedZeros(schema: StructuralSchema, name: string): ReadonlySet<string> {
  const hidden = namesIn(HIDDEN_ZEROS, name);
  const required = (schema.required ?? []).filter((field) => !hidden.has(field));
  return new Set([...required, ...namesIn(PRINTED_ZEROS, name)]);
}

function namesIn(facts: FieldNames, message: string): ReadonlySet<string> {
  const dot = message.lastIndexOf(".");
  const names = facts[message.slice(0, dot)]?.[message.slice(dot + 1)] ?? "";
  return new Set(names === "" ? [] : names.split(" "));
}

function arityOf(name: string, source: SchemaSource): Pick<ValueField, "kind" | "form"> {
  const schema = resolveSchema(source);
  if (schema.type === "array" && schema.items !== undefined) {
    return { kind: "list", form: formOf(name, schema.items) };
  }
  if (schema.additionalProperties !== undefined) {
    return { kind: "map", form: formOf(name, schema.additionalProperties) };
  }
  return { kind: "one", form: formOf(name, schema) };
}

function formOf(name: string, source: SchemaSource): Form {
  const schema = resolveSchema(source);
  const scalar = scalarKindOf(schema);
  if (scalar !== undefined) return { kind: scalar };
  if (schema.type === "array") return { kind: "texts" };
  if (schema.properties === undefined) return unknownFormOf(name, schema);
  return { kind: "message", shape: () => requiredShape(schema) };
}

/** The fields of a JSON schema that hold something else than a schema besides. */
const SCHEMA_FIELDS: Readonly<Record<string, SchemaOr>> = {
  items: "list",
  additionalItems: "flag",
  additionalProperties: "flag",
  dependencies: "texts",
};

/** Of two kinds of values without a schema, those called any value are parts of JSON schemas. */
function unknownFormOf(name: string, schema: StructuralSchema): Form {
  const or = Object.hasOwn(SCHEMA_FIELDS, name) ? SCHEMA_FIELDS[name] : undefined;
  if (schema.type !== "any" || or === undefined) return { kind: "raw" };
  return { kind: "schema-or", or, shape: () => requiredShape(jsonSchemaPropsSchema) };
}

function requiredShape(schema: StructuralSchema): MessageShape {
  const shape = shapeOf(schema);
  assert(shape !== undefined, `${schema.typeName ?? "a message"} has a table of fields`);
  return shape;
}

function scalarKindOf(schema: StructuralSchema): ScalarKind | undefined {
  switch (schema.format) {
    case "byte":
      return "bytes";
    case "date-time":
      return "time";
    case "micro-time":
    case "quantity":
    case "int-or-string":
      return schema.format;
    default:
      return SCALARS.get(schema.type);
  }
}

const SCALARS: ReadonlyMap<string, ScalarKind> = new Map([
  ["string", "text"],
  ["boolean", "flag"],
  ["integer", "integer"],
  ["number", "double"],
]);
