/** What the server knows of a custom resource besides the strategy of its version. */
import type { CustomResourceSchema } from "../../schema/custom-resource-schema.ts";

export type CustomFacts = {
  /** Name and uid of the definition. */
  readonly definition: string;
  readonly uid: string;
  /** Changes with everything that discovery and OpenAPI tell of the resource. */
  readonly fingerprint: string;
  readonly schema: CustomResourceSchema;
  /** The version's `openAPIV3Schema` as it was sent, for OpenAPI; undefined if it has none. */
  readonly publishedSchema: unknown;
  /** Told with every answer: the version is deprecated. */
  readonly warnings: readonly string[];
  /** Whether the definition is going: nothing new is created. */
  readonly isTerminating: boolean;
  /** Name of the version in which objects are kept. */
  readonly storageVersion: string;
};
