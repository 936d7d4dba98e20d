/**
 * Lists: one consistent revision over all pages, selected by labels and fields, in key order. Items
 * are the store's bytes; they are parsed only when a selector or another view needs to look inside.
 */
import type { Context } from "../../base/context.ts";
import type { ListMeta } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { badRequest, expired, StatusError } from "../../machinery/status.ts";
import {
  CompactedError,
  revision,
  type Entry,
  type RangeOptions,
  type RangeResult,
  type Revision,
} from "../../store/store.ts";
import {
  ContinueTokenError,
  decodeContinuation,
  encodeContinuation,
  type Continuation,
} from "../registry/continue-token.ts";
import { itemOf, objectOf, prepare } from "../registry/read.ts";
import { storePrefix, type Resource } from "../registry/resource.ts";
import {
  isFutureRevision,
  REVISION_TOO_OLD,
  tooLargeResourceVersion,
} from "../registry/store-errors.ts";
import { listOptions } from "./list-options.ts";
import { formatOf } from "./negotiation.ts";
import { Pace } from "./pace.ts";
import { renderList, type ListedObject } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { nameOf, parseSelection, type Selection } from "./selection.ts";
import { waitForRevision } from "./wait-for-revision.ts";
import { isSelected } from "./watch-events.ts";

/** Entries read at a time while a selector leaves most of them out. */
const SCAN_PAGE = 1_000;

export async function listObjects(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  formatOf(request); // refuse before anything is read
  const { query } = request.request;
  const selection = parseSelection(query, resource, nameOf(request));
  const prefix = storePrefix(resource, info.namespace);
  const from = await startOf(query, deps, context);
  const isSingle = selection.name !== "" && (info.namespace !== "" || !resource.isNamespaced);
  // One name is looked up, not searched for: there are no pages.
  const page = isSingle
    ? await readPage(
        `${prefix}${selection.name}`,
        { ...from, after: "", limit: 0 },
        selection,
        request,
        deps,
        context,
      )
    : await readPage(prefix, from, selection, request, deps, context);
  return renderList(request, page.metadata, listedOf(page.entries, resource), deps.env);
}

/** What a page is read from. */
type Start = {
  readonly at: Revision | undefined;
  readonly after: string;
  /** 0: all. */
  readonly limit: number;
};

/** The objects of a page, and what its list says of itself. */
export type Page = { readonly entries: readonly Entry[]; readonly metadata: ListMeta };

async function startOf(
  query: URLSearchParams,
  deps: HandlerDeps,
  context: Context,
): Promise<Start> {
  const { resourceVersion, match, limit, continueToken } = listOptions(query);
  if (continueToken !== "") {
    const { revision: at, after } = readToken(continueToken);
    const given = query.get("resourceVersion") ?? "";
    if (given !== "" && given !== "0") {
      throw badRequest("specifying resource version is not allowed when using continue");
    }
    return { at: at === undefined ? undefined : revision(at), after, limit };
  }
  // At "any version" a page would make no sense to continue: everything is sent at once.
  if (resourceVersion === 0) return { at: undefined, after: "", limit: 0 };
  if (resourceVersion === undefined) return { at: undefined, after: "", limit };
  const isExact = match === "Exact" || (match === "" && limit > 0);
  if (isExact) return { at: revision(resourceVersion), after: "", limit };
  await waitForRevision(resourceVersion, deps, context);
  return { at: undefined, after: "", limit };
}

function readToken(token: string): Continuation {
  try {
    return decodeContinuation(token);
  } catch (error) {
    if (error instanceof ContinueTokenError) {
      throw badRequest(`invalid continue token: ${error.message}`);
    }
    throw error;
  }
}

async function readPage(
  prefix: string,
  start: Start,
  selection: Selection,
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<Page> {
  const chosen: Entry[] = [];
  const pace = new Pace(deps.env);
  let { at, after } = start;
  for (;;) {
    const wanted = start.limit === 0 ? undefined : start.limit - chosen.length;
    const range = await readRange(prefix, { at, after, wanted }, selection, deps, context);
    await prepare(range.entries, request.resource, context);
    at = range.revision;
    let taken = 0;
    for (const entry of range.entries) {
      if (wanted !== undefined && taken === wanted) break;
      after = entry.key.slice(prefix.length);
      if (!selection.isEverything) await pace.step();
      if (!isSelected(entry, selection, request.resource)) continue;
      chosen.push(entry);
      taken += 1;
    }
    const lastRead = range.entries.at(-1)?.key.slice(prefix.length);
    const hasMore = range.remaining > 0 || (lastRead !== undefined && lastRead !== after);
    const isFull = start.limit > 0 && chosen.length >= start.limit;
    if (!hasMore) return { entries: chosen, metadata: { resourceVersion: String(at) } };
    if (isFull) return { entries: chosen, metadata: metadataOf(at, after, range, selection) };
  }
}

function metadataOf(
  at: Revision,
  after: string,
  range: RangeResult,
  selection: Selection,
): ListMeta {
  return {
    resourceVersion: String(at),
    continue: encodeContinuation({ revision: at, after }),
    // Only without a selector do we know how many of the rest would be sent.
    ...(selection.isEverything ? { remainingItemCount: range.remaining } : {}),
  };
}

async function readRange(
  prefix: string,
  from: {
    readonly at: Revision | undefined;
    readonly after: string;
    readonly wanted: number | undefined;
  },
  selection: Selection,
  deps: HandlerDeps,
  context: Context,
): Promise<RangeResult> {
  const { at, after, wanted } = from;
  const isScan = wanted !== undefined && !selection.isEverything;
  const limit = isScan ? SCAN_PAGE : wanted;
  const options: RangeOptions = {
    prefix,
    ...(after === "" ? {} : { after: prefix + after }),
    ...(at === undefined ? {} : { at }),
    ...(limit === undefined ? {} : { limit }),
  };
  try {
    return await deps.store.range(options, context);
  } catch (error) {
    if (error instanceof CompactedError) throw expiredPage(after);
    if (isFutureRevision(error)) throw tooLargeResourceVersion(String(at), error.current);
    throw error;
  }
}

/** A page of a forgotten revision: the client may go on with newer, inconsistent pages. */
function expiredPage(after: string): StatusError {
  if (after === "") return expired(REVISION_TOO_OLD);
  const error = expired(
    "The provided continue parameter is too old to display a consistent list result. You can " +
      "start a new list without the continue parameter, or use the continue token in this " +
      "response to retrieve the remainder of the results. Continuing with the provided token " +
      "results in an inconsistent list - objects that were created, modified, or deleted between " +
      "the time the first chunk was returned and now may show up in the list.",
  );
  const token = encodeContinuation({ revision: undefined, after });
  return new StatusError({ ...error.status, metadata: { continue: token } });
}

/** The objects of a collection that a request would list, with their kinds: to act on them. */
export async function selectObjects(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<Page> {
  const { resource, info } = request;
  const { query } = request.request;
  const selection = parseSelection(query, resource);
  const start = await startOf(query, deps, context);
  const prefix = storePrefix(resource, info.namespace);
  return readPage(prefix, start, selection, request, deps, context);
}

/** Entries as a list shows them. */
export function listedOf(entries: readonly Entry[], resource: Resource): readonly ListedObject[] {
  return entries.map((entry) => ({
    object: () => objectOf(entry, resource),
    item: () => itemOf(entry, resource),
  }));
}
