/** What people are told of jobs that are accepted, and may still become too large to be tracked. */
import { isIndexed } from "./job-validation.ts";
import type { JobSpec } from "./types.generated.ts";

const COMPLETIONS_MANY = 100_000;
const PARALLELISM_MANY = 10_000;

export function jobSpecWarnings(field: string, spec: JobSpec): readonly string[] {
  const { completions = 0, parallelism = 0 } = spec;
  const isTooMany = completions > COMPLETIONS_MANY && parallelism > PARALLELISM_MANY;
  if (!isIndexed(spec) || !isTooMany) return [];
  return [
    `${field}: In Indexed Jobs with a number of completions higher than ${COMPLETIONS_MANY} and ` +
      `a parallelism higher than ${PARALLELISM_MANY}, Kubernetes might not be able to track ` +
      "completedIndexes when a big number of indexes fail",
  ];
}
