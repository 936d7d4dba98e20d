/** Other views of objects: tables as kubectl prints them, and metadata alone. */
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiObject, ListMeta } from "../../machinery/object.ts";
import { badRequest } from "../../machinery/status.ts";
import type { Resource } from "../registry/resource.ts";
import type { MetaVersion } from "./negotiation.ts";

/** How much of each object a table row carries. */
export type IncludeObject = "Metadata" | "Object" | "None";

const INCLUDES: readonly IncludeObject[] = ["Metadata", "Object", "None"];

/** Throws 400 for a value nobody knows. */
export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const text = query.get("includeObject") ?? "";
  if (text === "") return "Metadata";
  const include = INCLUDES.find((each) => each === text);
  if (include === undefined) {
    throw badRequest(`unrecognized includeObject value: ${JSON.stringify(text)}`);
  }
  return include;
}

export type TableOptions = {
  readonly version: MetaVersion;
  readonly include: IncludeObject;
  readonly nowMs: number;
  /** Watches print the columns only once. */
  readonly hasColumns: boolean;
};

/** A table with one row an object. */
export function tableOf(
  objects: readonly ApiObject[],
  metadata: ListMeta,
  resource: Resource,
  options: TableOptions,
): EncodedObject {
  const { strategy } = resource;
  const columnDefinitions = strategy.columns.map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? "",
    description: column.description,
    priority: column.priority,
  }));
  const rows = objects.map((object) => ({
    cells: strategy.row(object, options.nowMs),
    ...rowObject(object, resource, options),
  }));
  return EncodedObject.fromValue({
    kind: "Table",
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata,
    columnDefinitions: options.hasColumns ? columnDefinitions : null,
    rows,
  } as ApiObject);
}

/** The metadata of an object, as a kind of its own. */
export function metadataOf(object: ApiObject, version: MetaVersion): EncodedObject {
  return EncodedObject.fromValue(partialMetadata(object, version));
}

function rowObject(object: ApiObject, resource: Resource, options: TableOptions): object {
  switch (options.include) {
    case "None":
      return { object: null };
    case "Metadata":
      return { object: partialMetadata(object, options.version) };
    case "Object":
      return { object: { ...object, apiVersion: resource.apiVersion, kind: resource.kind } };
  }
}

function partialMetadata(object: ApiObject, version: MetaVersion): ApiObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: `meta.k8s.io/${version}`,
    metadata: object.metadata,
  };
}
