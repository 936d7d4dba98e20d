/**
 * Watches: the changes of a collection as events, in order, each encoded once for all watchers.
 * A watcher that reads slowly holds up nobody: it pulls from the store at its own pace.
 */
import { withSignal, type Context } from "../../base/context.ts";
import { childSignal } from "../../base/signals.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { expired, notAcceptable, StatusError, type Status } from "../../machinery/status.ts";
import { INITIAL_EVENTS_END_ANNOTATION, type WatchEvent } from "../../machinery/watch-event.ts";
import {
  CompactedError,
  revision,
  revisionOf,
  type Change,
  type Entry,
  type Revision,
} from "../../store/store.ts";
import { JSON_TYPE } from "../answers.ts";
import { lastStateOf, objectOf, prepare } from "../registry/read.ts";
import { storePrefix, type Resource } from "../registry/resource.ts";
import { ANSWER_TYPES, negotiate, type View } from "./negotiation.ts";
import { watchOptions, type WatchOptions } from "./list-options.ts";
import { viewOf } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { parseSelection, type Selection } from "./selection.ts";
import { waitForRevision } from "./wait-for-revision.ts";

/** A watch with bookmarks gets a last one this long before it ends. */
export const LAST_BOOKMARK_MS = 2_000;
/** How often a watch from the future looks whether it has come. */
const FUTURE_POLL_MS = 1_000;
/** Initial events handed over at a time. */
const INITIAL_BATCH = 500;

/** Everything one watch is made of. */
type Watch = {
  readonly request: ObjectRequest;
  readonly options: WatchOptions;
  readonly selection: Selection;
  readonly view: View;
  readonly prefix: string;
};

export async function watchObjects(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  const { query, headers } = request.request;
  const format = negotiate(headers["accept"]);
  if (format.mediaType !== "json") throw notAcceptable(ANSWER_TYPES);
  const options = watchOptions(query);
  const watch: Watch = {
    request,
    options,
    selection: parseSelection(query, resource, info.isNamed ? info.name : ""),
    view: format.view,
    prefix: storePrefix(resource, info.namespace),
  };
  const asked = options.resourceVersion ?? 0;
  if (options.sendsInitialEvents && asked > 0) await waitForRevision(asked, deps, context);
  return {
    status: 200,
    headers: { "content-type": JSON_TYPE },
    warnings: [],
    body: { kind: "events", events: streamEvents(watch, deps, context) },
  };
}

/** The whole life of a watch. Ends at its timeout, or when the caller's signal aborts. */
async function* streamEvents(
  watch: Watch,
  deps: HandlerDeps,
  context: Context,
): AsyncGenerator<readonly WatchEvent[], void, undefined> {
  const child = childSignal(context.signal);
  const timeoutMs = timeoutOf(watch.options, deps);
  const { timers } = deps.env;
  let isBookmarkDue = false;
  const due = (): void => {
    isBookmarkDue = true;
  };
  const unsubscribe = watch.options.allowsBookmarks
    ? deps.bookmarks.subscribe(due)
    : (): void => undefined;
  const end = timers.after(timeoutMs, () => child.abort());
  const { life } = watch.request.resource;
  const retire = (): void => child.abort();
  life?.addEventListener("abort", retire, { once: true });
  if (life?.aborted === true) retire();
  const last = timers.after(timeoutMs - LAST_BOOKMARK_MS, () => {
    due();
    if (watch.options.allowsBookmarks) deps.store.progress();
  });
  try {
    const scope = withSignal(context, child.signal);
    const after = yield* initialEvents(watch, deps, scope);
    await untilReached(after, deps, scope);
    let hasColumns = true;
    for await (const batch of deps.store.watch({ prefix: watch.prefix, after }, scope)) {
      if (batch.kind === "progress") {
        if (!isBookmarkDue || !watch.options.allowsBookmarks) continue;
        isBookmarkDue = false;
        yield [bookmark(watch, batch.revision, false)];
        continue;
      }
      await prepare(batch.changes.flatMap(entriesOf), watch.request.resource, scope);
      const events = batch.changes
        .map((change) => eventOf(change, watch, deps, hasColumns))
        .filter((event) => event !== undefined);
      if (events.length === 0) continue;
      hasColumns = false;
      yield events;
    }
  } catch (error) {
    if (child.signal.aborted) return;
    yield [{ kind: "ERROR", status: watchFailure(error, watch, deps) }];
  } finally {
    unsubscribe();
    end.cancel();
    last.cancel();
    life?.removeEventListener("abort", retire);
    child.release();
  }
}

/** What is there now, if the watch begins with it; returns the revision to watch from. */
async function* initialEvents(
  watch: Watch,
  deps: HandlerDeps,
  context: Context,
): AsyncGenerator<readonly WatchEvent[], Revision, undefined> {
  const { options, request, selection } = watch;
  const from = options.resourceVersion ?? 0;
  if (from > 0 && !options.sendsInitialEvents) return revision(from);
  const range = await deps.store.range({ prefix: watch.prefix }, context);
  await prepare(range.entries, request.resource, context);
  const chosen = range.entries.filter((entry) => isSelected(entry, selection, request));
  for (let index = 0; index < chosen.length; index += INITIAL_BATCH) {
    yield chosen.slice(index, index + INITIAL_BATCH).map((entry, offset): WatchEvent => {
      const object = objectOf(entry, request.resource);
      const seen = viewOf(object, watch.view, request, deps.env, index + offset === 0);
      return { kind: "ADDED", object: seen };
    });
  }
  if (options.sendsInitialEvents && options.allowsBookmarks) {
    yield [bookmark(watch, range.revision, true)];
  }
  return range.revision;
}

/** A watch from a revision that lies ahead is silent until the store gets there. */
async function untilReached(after: Revision, deps: HandlerDeps, context: Context): Promise<void> {
  while (deps.store.status().revision < after) {
    await deps.env.timers.sleep(FUTURE_POLL_MS, context.signal);
  }
}

type SharedEvents = WeakMap<Change, Map<string, WatchEvent>>;
const sharedEventsByResource = new WeakMap<Resource, SharedEvents>();

/** The entries that the events of a change are made of. */
function entriesOf(change: Change): readonly (Entry | undefined)[] {
  return change.kind === "put" ? [change.entry, change.previous] : [change.previous];
}

/** What a watcher with this selection is told of the change; undefined: nothing. */
function eventOf(
  change: Change,
  watch: Watch,
  deps: HandlerDeps,
  hasColumns: boolean,
): WatchEvent | undefined {
  const { request, selection } = watch;
  const { resource } = request;
  const previous = change.previous;
  const wasSelected = previous !== undefined && isSelected(previous, selection, request);
  const isNow = change.kind === "put" && isSelected(change.entry, selection, request);
  if (!wasSelected && !isNow) return undefined;
  const kind = isNow ? (wasSelected ? "MODIFIED" : "ADDED") : "DELETED";
  if (watch.view.kind === "object") return sharedEvent(change, kind, request);
  const object =
    change.kind === "put" && isNow
      ? objectOf(change.entry, resource)
      : deletedState(change, request);
  return { kind, object: viewOf(object, watch.view, request, deps.env, hasColumns) };
}

function sharedEvent(
  change: Change,
  kind: "ADDED" | "MODIFIED" | "DELETED",
  request: ObjectRequest,
): WatchEvent {
  const { resource } = request;
  const shared: SharedEvents = sharedEventsByResource.get(resource) ?? new WeakMap();
  sharedEventsByResource.set(resource, shared);
  const known = shared.get(change) ?? new Map<string, WatchEvent>();
  shared.set(change, known);
  const made = known.get(kind);
  if (made !== undefined) return made;
  const object =
    kind !== "DELETED" && change.kind === "put"
      ? objectOf(change.entry, resource)
      : deletedState(change, request);
  const event: WatchEvent = { kind, object };
  known.set(kind, event);
  return event;
}

function deletedState(change: Change, request: ObjectRequest): EncodedObject {
  const previous = change.kind === "put" ? (change.previous ?? change.entry) : change.previous;
  return lastStateOf(change, previous, revisionOf(change), request.resource);
}

function isSelected(entry: Entry, selection: Selection, request: ObjectRequest): boolean {
  return selection.isEverything || selection.selects(objectOf(entry, request.resource).value);
}

/** An empty object of the watched kind that only says how far the watch has come. */
function bookmark(watch: Watch, at: Revision, isInitialEventsEnd: boolean): WatchEvent {
  const { view, request } = watch;
  const resourceVersion = String(at);
  const annotations = isInitialEventsEnd ? { [INITIAL_EVENTS_END_ANNOTATION]: "true" } : undefined;
  const metadata = { resourceVersion, ...(annotations === undefined ? {} : { annotations }) };
  const object: ApiObject = { ...bookmarkKind(view, request), metadata };
  const encoded = EncodedObject.fromValue(object);
  return { kind: "BOOKMARK", resourceVersion, isInitialEventsEnd, object: encoded };
}

function bookmarkKind(
  view: View,
  request: ObjectRequest,
): { readonly kind: string; readonly apiVersion: string } {
  switch (view.kind) {
    case "object":
      return { kind: request.resource.kind, apiVersion: request.resource.apiVersion };
    case "metadata":
      return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${view.version}` };
    case "table":
      return { kind: "Table", apiVersion: `meta.k8s.io/${view.version}` };
  }
}

function timeoutOf(options: WatchOptions, deps: HandlerDeps): number {
  const { timeoutSeconds = 0 } = options;
  if (timeoutSeconds > 0) return timeoutSeconds * 1_000;
  // Spread, so that watches opened together do not end together.
  return deps.limits.watchMsMin * (1 + deps.env.random.next());
}

/** The last event of a watch that cannot go on. */
function watchFailure(error: unknown, watch: Watch, deps: HandlerDeps): Status {
  if (error instanceof StatusError) return error.status; // an object that cannot be converted
  if (!(error instanceof CompactedError)) throw error;
  const asked = watch.options.resourceVersion ?? 0;
  const current = deps.store.status().revision;
  return expired(`too old resource version: ${asked} (${current})`).status;
}
