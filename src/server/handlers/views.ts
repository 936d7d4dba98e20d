/** Other views of objects: tables as kubectl prints them, and metadata alone. */
import { exactText } from "../../machinery/codec/exact-json.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiObject, ListMeta } from "../../machinery/object.ts";
import { badRequest, plainRefusal } from "../../machinery/status.ts";
import type { Resource } from "../registry/resource.ts";
import { goPackage } from "./go-names.ts";
import type { MetaVersion, View } from "./negotiation.ts";
import type { ObjectRequest } from "./request.ts";

/** How much of each object a table row carries. */
export type IncludeObject = "Metadata" | "Object" | "None";

const INCLUDES: readonly IncludeObject[] = ["Metadata", "Object", "None"];

/** Throws 400 for a value nobody knows. */
export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const text = query.get("includeObject") ?? "";
  if (text === "") return "Metadata";
  const include = INCLUDES.find((each) => each === text);
  if (include === undefined) {
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: ` +
        `${JSON.stringify(text)}: must be 'Metadata', 'Object', 'None', or empty`,
    );
  }
  return include;
}

/** Throws 406 when the metadata of a list is asked of an object, or the other way round. */
export function checkView(view: View, of: "object" | "list", { resource }: ObjectRequest): void {
  if (view.kind !== "metadata" || view.isList === (of === "list")) return;
  const asked = view.isList ? "PartialObjectMetadataList" : "PartialObjectMetadata";
  const found = of === "list" ? "a list" : "not a list";
  throw plainRefusal(
    406,
    "NotAcceptable",
    `you requested ${asked}, but the requested object is ${found} (${typeName(resource, of)})`,
  );
}

/** What upstream calls the type in which it handles objects of the resource. */
function typeName(resource: Resource, of: "object" | "list"): string {
  if (resource.custom !== undefined) {
    return of === "list" ? "*unstructured.UnstructuredList" : "*unstructured.Unstructured";
  }
  return `*${goPackage(resource.group)}.${of === "list" ? resource.listKind : resource.kind}`;
}

export type TableOptions = {
  readonly version: MetaVersion;
  readonly include: IncludeObject;
  readonly nowMs: number;
  /** Watches print the columns only once. */
  readonly hasColumns: boolean;
};

const encoder = new TextEncoder();

/** A table that grows by one row an object. Long ones are never encoded in one go. */
export class TableWriter {
  readonly #resource: Resource;
  readonly #metadata: ListMeta;
  readonly #options: TableOptions;
  readonly #rows: object[] = [];
  readonly #pieces: Uint8Array[] = [];

  constructor(resource: Resource, metadata: ListMeta, options: TableOptions) {
    this.#resource = resource;
    this.#metadata = metadata;
    this.#options = options;
  }

  add(object: ApiObject): void {
    const row = rowOf(object, this.#resource, this.#options);
    const separator = this.#rows.length === 0 ? "" : ",";
    this.#rows.push(row);
    this.#pieces.push(encoder.encode(separator + exactText(row)));
  }

  finish(): { readonly object: EncodedObject; readonly encoded: readonly Uint8Array[] } {
    const empty = tableObject(this.#resource, this.#metadata, this.#options, []);
    const head = JSON.stringify(empty).slice(0, -"]}".length);
    return {
      object: EncodedObject.fromValue({ ...empty, rows: this.#rows } as ApiObject),
      encoded: [encoder.encode(head), ...this.#pieces, encoder.encode("]}")],
    };
  }
}

/** A table with one row an object. */
export function tableOf(
  objects: readonly ApiObject[],
  metadata: ListMeta,
  resource: Resource,
  options: TableOptions,
): EncodedObject {
  const rows = objects.map((object) => rowOf(object, resource, options));
  return EncodedObject.fromValue(tableObject(resource, metadata, options, rows));
}

/** The metadata of an object, as a kind of its own. */
export function metadataOf(object: ApiObject, version: MetaVersion): EncodedObject {
  return EncodedObject.fromValue(partialMetadata(object, version));
}

/** A bookmark in a table: an object that is nothing but its metadata has empty cells. */
export function bookmarkTable(
  metadata: ApiObject["metadata"],
  resource: Resource,
  options: TableOptions,
): EncodedObject {
  const { resourceVersion = "" } = metadata;
  const cells = resource.strategy.columns.map(emptyCell);
  const object = partialMetadata({ metadata }, options.version);
  return EncodedObject.fromValue(
    tableObject(resource, { resourceVersion }, options, [{ cells, object }]),
  );
}

/** What a column shows of an object with nothing in it. */
function emptyCell({ name, type }: { readonly name: string; readonly type: string }): unknown {
  if (type === "integer" || type === "number" || name === "Data") return 0;
  return name === "Age" ? "<unknown>" : "";
}

function tableObject(
  resource: Resource,
  metadata: ListMeta,
  options: TableOptions,
  rows: readonly object[],
): ApiObject {
  const columnDefinitions = resource.strategy.columns.map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? "",
    description: column.description,
    priority: column.priority,
  }));
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${options.version}`,
    metadata,
    columnDefinitions: options.hasColumns ? columnDefinitions : null,
    rows,
  } as ApiObject;
}

function rowOf(object: ApiObject, resource: Resource, options: TableOptions): object {
  const cells = resource.strategy.row(object, options.nowMs);
  switch (options.include) {
    case "None":
      return { cells, object: null };
    case "Metadata":
      return { cells, object: partialMetadata(object, options.version) };
    case "Object": {
      const { apiVersion, kind } = resource;
      return { cells, object: { ...object, apiVersion, kind } };
    }
  }
}

function partialMetadata(object: ApiObject, version: MetaVersion): ApiObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: `meta.k8s.io/${version}`,
    metadata: object.metadata,
  };
}
