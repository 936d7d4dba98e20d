/** `get`: lists and objects as tables (the server's own columns), JSON, YAML or names. */
import type { ListOptions } from "../../client/client.ts";
import { collectionPath, objectPath } from "../../client/resource-path.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { encodeYaml } from "../../machinery/codec/yaml.ts";
import { groupResource } from "../../machinery/gvk.ts";
import {
  isFields,
  own,
  type ApiList,
  type ApiObject,
  type Fields,
} from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { exactly, objectAt, revisionAt, unlessForgotten } from "../past-objects.ts";
import { parseObjectArguments, type ObjectArgument } from "../object-arguments.ts";
import { formatTable, readTable, type PrintedTable } from "../printers/table.ts";
import { TableWatch } from "../printers/table-watch.ts";
import type { Session } from "../session.ts";
import { UserError } from "../user-error.ts";

export type OutputFormat = "table" | "wide" | "json" | "yaml" | "name";

export type GetOptions = {
  readonly format: OutputFormat;
  readonly isAllNamespaces: boolean;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly isWatching: boolean;
  readonly hasHeadings: boolean;
  readonly showLabels: boolean;
  /** A missing object is no error. */
  readonly ignoreNotFound: boolean;
  /** A revision, a time or how long ago, as people say it. Undefined: now. */
  readonly at: string | undefined;
};

/** The same with the moment found. */
type FoundOptions = GetOptions & { readonly revision: number | undefined };

const TABLE_ACCEPT = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

/** What is asked of one kind. */
type Query = {
  readonly type: ResourceType;
  readonly names: readonly string[];
  readonly namespace: string;
};

export async function get(
  session: Session,
  words: readonly string[],
  asked: GetOptions,
): Promise<void> {
  const queries = await queriesOf(session, parseObjectArguments(words, NAMES_OPTIONAL), asked);
  const { at } = asked;
  if (at !== undefined && asked.isWatching)
    throw new UserError("--at and --watch exclude each other");
  const revision = at === undefined ? undefined : await revisionAt(at, "--at", session);
  const options = { ...asked, revision };
  if (options.isWatching) {
    const [only, ...others] = queries;
    if (only === undefined || others.length > 0 || only.names.length > 1) {
      throw new UserError("--watch follows one kind or one object at a time");
    }
    await watchQuery(session, only, options);
    return;
  }
  if (options.format === "table" || options.format === "wide") {
    await printTables(session, queries, options);
    return;
  }
  const objects = await readObjects(session, queries, options);
  const isSingle = queries.length === 1 && queries[0]?.names.length === 1;
  printObjects(session, objects, options.format, isSingle);
}

const NAMES_OPTIONAL = { isNameRequired: false };

async function queriesOf(
  session: Session,
  wanted: readonly ObjectArgument[],
  options: GetOptions,
): Promise<readonly Query[]> {
  const mapper = await session.mapper();
  return wanted
    .flatMap(({ word, names }) => {
      const category = names.length === 0 ? mapper.inCategory(word) : [];
      return category.length > 0
        ? category.map((type) => ({ type, names }))
        : [{ type: mapper.resolve(word), names }];
    })
    .map(({ type, names }) => {
      if (options.isAllNamespaces && names.length > 0) {
        throw new UserError("a name and --all-namespaces exclude each other");
      }
      const isScoped = type.isNamespaced && !options.isAllNamespaces;
      return { type, names, namespace: isScoped ? session.namespace : "" };
    });
}

async function printTables(
  session: Session,
  queries: readonly Query[],
  options: FoundOptions,
): Promise<void> {
  let isFirst = true;
  let isEmpty = true;
  for (const query of queries) {
    const table = await readPrintedTable(session, query, queries.length > 1, options);
    if (table.rows.length === 0) continue;
    if (!isFirst) session.terminal.write("\n");
    isFirst = false;
    isEmpty = false;
    writeLines(session, formatTable(options.hasHeadings ? table.headings : [], table.rows));
  }
  if (isEmpty && !(options.ignoreNotFound && queries.some(({ names }) => names.length > 0))) {
    const isInNamespace = queries.some(({ namespace }) => namespace !== "");
    const where = isInNamespace ? ` in ${session.namespace} namespace` : "";
    session.terminal.warn(`No resources found${where}.\n`);
  }
}

async function readPrintedTable(
  session: Session,
  query: Query,
  isMixed: boolean,
  options: FoundOptions,
): Promise<PrintedTable> {
  const tables = await readTables(session, query, options);
  const printed = tables.map((table) => readTable(table, tableOptions(query, isMixed, options)));
  return {
    headings: printed[0]?.headings ?? [],
    rows: printed.flatMap(({ rows }) => rows),
  };
}

function tableOptions(
  query: Query,
  isMixed: boolean,
  options: GetOptions,
): Parameters<typeof readTable>[1] {
  return {
    isWide: options.format === "wide",
    hasNamespace: options.isAllNamespaces && query.type.isNamespaced,
    showLabels: options.showLabels,
    namePrefix: isMixed ? `${kindPrefix(query.type)}/` : "",
  };
}

async function readTables(
  session: Session,
  query: Query,
  options: FoundOptions,
): Promise<readonly Fields[]> {
  const { type, namespace } = query;
  const path = collectionPath(type, namespace);
  const { revision } = options;
  if (query.names.length === 0) {
    const search = selectorQuery(options);
    if (revision === undefined) return [await readTableAt(session, path, search)];
    return [await readPastTable(session, { path, search, revision })];
  }
  const tables: Fields[] = [];
  for (const name of query.names) {
    if (revision !== undefined) {
      const search = new URLSearchParams({ fieldSelector: `metadata.name=${name}` });
      const table = await readPastTable(session, { path, search, revision });
      if (hasRows(table)) tables.push(table);
      else if (!options.ignoreNotFound) throw noneThen(type, name, revision);
      continue;
    }
    try {
      tables.push(await readTableAt(session, objectPath(type, { namespace, name }), noQuery()));
    } catch (error) {
      if (!(options.ignoreNotFound && isStatus(error, "NotFound"))) throw error;
    }
  }
  return tables;
}

async function readTableAt(
  session: Session,
  path: string,
  query: URLSearchParams,
): Promise<Fields> {
  const headers = { accept: TABLE_ACCEPT };
  const response = await session.client.request({ path, query, headers }, session.context);
  if (response.body.kind !== "object") throw new Error(`no table came from ${path}`);
  const value: unknown = response.body.object.value;
  return isFields(value) ? value : {};
}

function readPastTable(
  session: Session,
  asked: { readonly path: string; readonly search: URLSearchParams; readonly revision: number },
): Promise<Fields> {
  const { path, search, revision } = asked;
  for (const [name, value] of Object.entries(exactly(revision))) search.set(name, value);
  return unlessForgotten(revision, () => readTableAt(session, path, search));
}

function hasRows(table: Fields): boolean {
  const rows = own(table, "rows");
  return Array.isArray(rows) && rows.length > 0;
}

function noneThen({ kind }: ResourceType, name: string, revision: number): UserError {
  return new UserError(`there was no ${kind} ${name} at revision ${revision}`);
}

async function readObjects(
  session: Session,
  queries: readonly Query[],
  options: FoundOptions,
): Promise<readonly ApiObject[]> {
  const objects: ApiObject[] = [];
  const { revision } = options;
  for (const { type, names, namespace } of queries) {
    for (const name of names) {
      if (revision !== undefined) {
        const object = await objectAt(type, { namespace, name }, revision, session);
        if (object !== undefined) objects.push(object);
        else if (!options.ignoreNotFound) throw noneThen(type, name, revision);
        continue;
      }
      try {
        objects.push(await session.client.get(type, { namespace, name }, session.context));
      } catch (error) {
        if (!(options.ignoreNotFound && isStatus(error, "NotFound"))) throw error;
      }
    }
    if (names.length > 0) continue;
    const { labelSelector, fieldSelector } = options;
    const where = { namespace, labelSelector, fieldSelector };
    const list = (options: ListOptions): Promise<ApiList<ApiObject>> =>
      session.client.list(type, options, session.context);
    const found =
      revision === undefined
        ? await list(where)
        : await unlessForgotten(revision, () => list({ ...where, ...exactly(revision) }));
    objects.push(...found.items);
  }
  return objects;
}

function printObjects(
  session: Session,
  objects: readonly ApiObject[],
  format: OutputFormat,
  isSingle: boolean,
): void {
  if (format === "name") {
    writeLines(session, objects.map(objectName));
    return;
  }
  const [first] = objects;
  if (isSingle && first === undefined) return;
  const list = {
    apiVersion: "v1",
    kind: "List",
    metadata: { resourceVersion: "" },
    items: objects,
  };
  const shown: unknown = isSingle && first !== undefined ? withoutNoise(first) : list;
  const isYaml = format === "yaml";
  session.terminal.write(isYaml ? encodeYaml(shown) : `${JSON.stringify(shown, null, 4)}\n`);
}

/** managedFields fill the screen and are hidden, as kubectl hides them. */
function withoutNoise(object: ApiObject): ApiObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

async function watchQuery(session: Session, query: Query, options: GetOptions): Promise<void> {
  const isTable = options.format === "table" || options.format === "wide";
  const fieldSelector = [
    options.fieldSelector,
    ...query.names.map((name) => `metadata.name=${name}`),
  ]
    .filter((part) => part !== "")
    .join(",");
  const search = selectorQuery({ ...options, fieldSelector });
  search.set("watch", "true");
  const path = collectionPath(query.type, query.namespace);
  const headers = { accept: isTable ? TABLE_ACCEPT : "application/json" };
  const rows = new TableWatch({ ...tableOptions(query, false, options), ...options });
  while (!session.context.signal.aborted) {
    const request = { path, query: search, headers };
    const response = await session.client.request(request, session.context);
    if (response.body.kind !== "events") throw new Error(`no events came from ${path}`);
    for await (const batch of response.body.events) {
      for (const event of batch) {
        const object = objectOfEvent(event);
        if (object === undefined) continue;
        // A watch that the server ends goes on from here.
        search.set("resourceVersion", object.metadata.resourceVersion ?? "");
        if (isTable) writeLines(session, rows.linesOf(fieldsOf(object)));
        else printObjects(session, [object], options.format, true);
      }
    }
  }
}

function fieldsOf(object: unknown): Fields {
  return isFields(object) ? object : {};
}

function objectOfEvent(event: WatchEvent): ApiObject | undefined {
  if (event.kind === "ERROR") throw new UserError(event.status.message ?? "the watch ended");
  return event.kind === "BOOKMARK" ? undefined : event.object.value;
}

function selectorQuery(options: {
  readonly labelSelector: string;
  readonly fieldSelector: string;
}): URLSearchParams {
  const query = noQuery();
  if (options.labelSelector !== "") query.set("labelSelector", options.labelSelector);
  if (options.fieldSelector !== "") query.set("fieldSelector", options.fieldSelector);
  return query;
}

function noQuery(): URLSearchParams {
  return new URLSearchParams();
}

function writeLines(session: Session, lines: readonly string[]): void {
  if (lines.length > 0) session.terminal.write(`${lines.join("\n")}\n`);
}

/** `deployment.apps`, `pod`: how kubectl prefixes names. */
export function kindPrefix(type: { readonly group: string; readonly kind: string }): string {
  return groupResource({ group: type.group, resource: type.kind.toLowerCase() });
}

/** `deployment.apps/web`. */
export function objectName(object: ApiObject): string {
  const group = object.apiVersion?.includes("/") === true ? object.apiVersion.split("/")[0] : "";
  const kind = object.kind ?? "";
  return `${kindPrefix({ group: group ?? "", kind })}/${String(own(object.metadata, "name"))}`;
}
