/**
 * The shape of an object: one description for built-in kinds (from generated tables) and custom
 * resources (from their definitions), read by strict decoding, defaulting, patches and OpenAPI.
 */

export type SchemaType = "object" | "array" | "string" | "integer" | "number" | "boolean" | "any";

export type StructuralSchema = {
  readonly type: SchemaType;
  /** Of an object: the name of its type upstream, e.g. `DeploymentSpec`, for decode errors. */
  readonly typeName?: string;
  /** `int32`, `int64`, `double`, `byte`, `date-time`, `quantity`, `int-or-string`, … */
  readonly format?: string;
  /** Fields of an object. Absent for maps and for objects that keep unknown fields. */
  readonly properties?: Readonly<Record<string, SchemaSource>>;
  /** Values of a map. */
  readonly additionalProperties?: SchemaSource;
  /** Elements of an array. */
  readonly items?: SchemaSource;
  readonly required?: readonly string[];
  /**
   * Fields that typed writers write even when they are empty, besides `required`: structs as `{}`,
   * times and lists as null, scalars as their zero. Of built-in kinds only.
   */
  readonly writtenWhenEmpty?: readonly string[];
  /** Fields that typed writers write as null when there is nothing in them. The same. */
  readonly writtenNull?: readonly string[];
  /** Optional scalars whose zero says something else than that they are missing. The same. */
  readonly keptWhenZero?: readonly string[];
  readonly listType?: "atomic" | "set" | "map";
  readonly listKeys?: readonly string[];
  readonly mapType?: "atomic" | "granular";
  /** Strategic merge: `merge`, `replace`, `retainKeys`; several joined by commas. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  readonly isNullable?: boolean;
  /** Unknown fields are kept (RawExtension, FieldsV1, preserve-unknown-fields). */
  readonly keepsUnknown?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
};

/** A schema, or a thunk for one that is shared or recursive. */
export type SchemaSource = StructuralSchema | (() => StructuralSchema);

/** The schema behind a source. */
export function resolveSchema(source: SchemaSource): StructuralSchema {
  return typeof source === "function" ? source() : source;
}
