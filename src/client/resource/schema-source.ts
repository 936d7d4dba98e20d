/**
 * Where the schema of a resource comes from. Any library that implements the two "standard schema"
 * interfaces (https://standardschema.dev) will do, zod 4 for one; so will a structural schema as
 * CRDs have it. Nothing of such a library is imported here.
 */
import type { JSONSchemaProps } from "../../apis/apiextensions/v1/types.generated.ts";

/** A schema value of a library: says its types, and itself as JSON Schema. */
export type StandardSchema<Input = unknown, Output = Input> = {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly jsonSchema: {
      readonly input: (options: {
        readonly target: "openapi-3.0";
      }) => Readonly<Record<string, unknown>>;
    };
  };
};

/** A structural schema with the types of what it describes. */
export type StructuralSchema<Input = unknown, Output = Input> = {
  readonly structural: JSONSchemaProps;
  /** Never set: carry the types through inference. */
  readonly __input?: Input;
  readonly __output?: Output;
};

/** What `defineResource` takes for spec and status. */
export type SchemaSource = StandardSchema | StructuralSchema;

/** What people write: fields with defaults may be left out. */
export type InputOf<S> =
  S extends StandardSchema<infer Input> ? Input : S extends StructuralSchema<infer I> ? I : never;

/** What a server answers: defaults are filled in. */
export type OutputOf<S> =
  S extends StandardSchema<infer _, infer Output>
    ? Output
    : S extends StructuralSchema<infer _, infer O>
      ? O
      : never;

/**
 * A structural schema as it stands in a CRD, for those who have one. The types are the caller's
 * word: nothing checks them against the schema.
 */
export function structural<Output, Input = Output>(
  schema: JSONSchemaProps,
): StructuralSchema<Input, Output> {
  return { structural: schema };
}

export function isStandardSchema(source: SchemaSource): source is StandardSchema {
  return "~standard" in source;
}
