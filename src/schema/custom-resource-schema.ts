/**
 * The contract of custom resources: what a version's `openAPIV3Schema` becomes, and what is asked
 * of it. A schema is checked once, when its definition is written (`checkOpenApiSchema` in
 * check/check-openapi-schema.ts), and compiled once, when its version is served
 * (`compileCustomResourceSchema` in compile.ts); every object then goes through these steps, each
 * a pure function:
 *
 * 1. `decodeCustomResource` (values/decode.ts): metadata coerced, unknown fields dropped and named.
 * 2. `defaultCustomResource` (values/default.ts): absent fields filled in. Also after each read.
 * 3. `validateCustomResource` (values/validate.ts): all errors of a create or an update.
 *
 * Beside them: `structuralSchemaOf` (structural-form.ts) for patches and server-side apply,
 * `parseJsonPath`, `columnCell` and `printedField` (json-path/) for columns and selectable fields,
 * `resolveFieldPath` (json-path/) for paths that must be in the schema, `scaleNumber` and
 * `scaleText` (values/scale.ts), and `publishedDefinition` (openapi/) for OpenAPI.
 *
 * A compiled schema is immutable and shares equal parts, so that large ones that repeat themselves
 * (pod templates in every second field) stay small. It keeps no descriptions.
 */
import type { FieldError } from "../machinery/status.ts";
import type { Fields } from "../machinery/object.ts";
import type { SchemaNode } from "./schema-node.ts";
import type { StructuralSchema } from "./structural-schema.ts";

/** A compiled schema. Made by `compileCustomResourceSchema`; looked into only by this room. */
export type CustomResourceSchema = {
  readonly root: SchemaNode;
};

/** What the room is told of metadata, which is the same for all kinds. */
export type MetadataKnowledge = {
  /** The structural schema of `ObjectMeta`. */
  readonly objectMeta: StructuralSchema;
  /**
   * Checks the metadata of an embedded resource; `field` is `spec.template.metadata`. It is
   * namespaced if it says so. Default: nothing is wrong with it.
   */
  readonly checkMetadata?: (metadata: Fields, field: string) => readonly FieldError[];
};

/** What the check of a schema depends on besides the schema. */
export type SchemaCheckOptions = {
  /**
   * What comes before `.openAPIV3Schema` in the paths of errors: `spec.validation` if all versions
   * have the same schema (also if there is only one), else `spec.versions[2].schema`.
   */
  readonly field: string;
  /** Whether the version has the status subresource: its root then takes fewer fields. */
  readonly hasStatus: boolean;
  /** On an update: the schemas of all versions before it. What they violate is not demanded. */
  readonly oldSchemas?: readonly unknown[];
  /** On an update: whether this version's schema is what it was; rules may then stay too costly. */
  readonly isUnchanged?: boolean;
  /** For defaults of embedded resources. Absent: their metadata is not looked into. */
  readonly metadata?: MetadataKnowledge;
};

/** What became of an object that was decoded. */
export type DecodedCustomResource =
  | {
      readonly kind: "decoded";
      readonly value: Fields;
      /** Fields that were dropped, in upstream's order: `spec.foo`, `spec.list[0].bar`. */
      readonly unknown: readonly string[];
    }
  /** Not even metadata could be read: a bad request. `problem` is upstream's text. */
  | { readonly kind: "refused"; readonly problem: string };

/** The paths of a version's scale subresource, as the definition has them. */
export type ScalePaths = {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
};

/** One validation of one object. */
export type ValidationRequest = {
  /** The object, decoded and defaulted. */
  readonly value: Fields;
  /** On an update: what is replaced, defaulted too. Its errors are forgiven where unchanged. */
  readonly old?: Fields;
  /** Set where only this part could be written: its schema is checked, with all rules. */
  readonly subresource?: "status";
  /** Errors of the caller's own checks of `metadata`; they come first. */
  readonly metadataErrors?: readonly FieldError[];
  readonly scale?: ScalePaths;
  /** Told of broken rules that do not count, because nothing changed where they are. */
  readonly warn?: (text: string) => void;
  /** Checks the metadata of embedded resources. Default: nothing is wrong with it. */
  readonly checkMetadata?: NonNullable<MetadataKnowledge["checkMetadata"]>;
};
