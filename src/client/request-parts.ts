/** Queries, headers and bodies of requests, made from call options. */
import type { DeleteOptions, ListOptions, Patch, WriteOptions } from "./client.ts";

/** The query of a list, a watch or a deletion of a collection. */
export function listQuery(options: ListOptions): URLSearchParams {
  const query = new URLSearchParams();
  const set = (name: string, value: string | number | undefined): void => {
    if (value !== undefined && value !== "") query.set(name, String(value));
  };
  set("labelSelector", options.labelSelector);
  set("fieldSelector", options.fieldSelector);
  set("limit", options.limit);
  set("continue", options.continue);
  set("resourceVersion", options.resourceVersion);
  set("resourceVersionMatch", options.resourceVersionMatch);
  return query;
}

/** The query of a create, update or patch. */
export function writeQuery(options: WriteOptions, fieldManager: string): URLSearchParams {
  const query = new URLSearchParams({ fieldManager: options.fieldManager ?? fieldManager });
  if (options.dryRun === true) query.set("dryRun", "All");
  if (options.fieldValidation !== undefined) query.set("fieldValidation", options.fieldValidation);
  return query;
}

/** `DeleteOptions` as the API reads them from a body. */
export function deleteBody(options: DeleteOptions): unknown {
  const { gracePeriodSeconds, propagationPolicy, preconditions, dryRun } = options;
  return {
    apiVersion: "v1",
    kind: "DeleteOptions",
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(preconditions === undefined ? {} : { preconditions }),
    ...(dryRun === true ? { dryRun: ["All"] } : {}),
  };
}

const PATCH_TYPES: Readonly<Record<Patch["kind"], string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

export function patchHeaders(patch: Patch): Readonly<Record<string, string>> {
  return { "content-type": PATCH_TYPES[patch.kind] };
}

export function patchValue(patch: Patch): unknown {
  switch (patch.kind) {
    case "json":
      return patch.operations;
    case "merge":
    case "strategic":
      return patch.patch;
    case "apply":
      return patch.object;
  }
}
