/** What the server knows of a custom resource besides the strategy of its version. */
import type { CustomResourceSchema } from "../../schema/custom-resource-schema.ts";

export type CustomFacts = {
  /** Name of the definition. */
  readonly definition: string;
  /** Changes with everything that discovery and OpenAPI tell of the resource. */
  readonly fingerprint: string;
  /** The compiled schema; made when it is first asked for. */
  readonly schema: () => CustomResourceSchema;
  /** The version's `openAPIV3Schema` as it was sent, read anew each time; for OpenAPI. */
  readonly publishedSchema: () => unknown;
  /** Told with every answer: the version is deprecated. */
  readonly warnings: readonly string[];
  /** Whether the definition is going: nothing new is created. */
  readonly isTerminating: () => boolean;
  /** Name of the version in which objects are kept. */
  readonly storageVersion: string;
};
