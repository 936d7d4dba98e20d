/**
 * Watches: the changes of a collection as events, in order, each encoded once for all watchers.
 * A watcher that reads slowly holds up nobody: it pulls from the store at its own pace.
 */
import { withSignal, type Context } from "../../base/context.ts";
import { childSignal } from "../../base/signals.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { expired, StatusError, type Status } from "../../machinery/status.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import { CompactedError, revision, type Change, type Revision } from "../../store/store.ts";
import { JSON_TYPE } from "../answers.ts";
import { PROTOBUF_TYPE } from "../protobuf/decode-body.ts";
import { prepare } from "../registry/read.ts";
import { storePrefix } from "../registry/resource.ts";
import { streamFormatOf } from "./negotiation.ts";
import { watchOptions, type WatchOptions } from "./list-options.ts";
import { Pace } from "./pace.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { nameOf, parseSelection } from "./selection.ts";
import { includeObjectOf } from "./views.ts";
import { waitForRevision } from "./wait-for-revision.ts";
import {
  addedEvent,
  bookmarkEvent,
  entriesOf,
  eventOf,
  isSelected,
  protobufEvent,
  type Audience,
} from "./watch-events.ts";

/** A watch with bookmarks gets a last one this long before it ends; a shorter one gets none. */
export const LAST_BOOKMARK_MS = 2_000;
/** How often a watch from the future looks whether it has come. */
const FUTURE_POLL_MS = 1_000;
/** Initial events handed over at a time. */
const INITIAL_BATCH = 500;

/** Everything one watch is made of. */
type Watch = Audience & { readonly options: WatchOptions; readonly prefix: string };

export function watchObjects(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  const { query } = request.request;
  const { mediaType, view } = streamFormatOf(request);
  const options = watchOptions(query);
  const selection = parseSelection(query, resource, nameOf(request));
  if (view.kind === "table") includeObjectOf(query); // refuse before the stream begins
  const prefix = storePrefix(resource, info.namespace);
  const events = streamEvents({ request, options, selection, view, prefix }, deps, context);
  const answer = { status: 200, warnings: [] };
  if (mediaType === "json") {
    const headers = { "content-type": JSON_TYPE };
    return Promise.resolve({ ...answer, headers, body: { kind: "events", events } });
  }
  const headers = { "content-type": `${PROTOBUF_TYPE};stream=watch` };
  const body = { kind: "events", events, frame: protobufEvent } as const;
  return Promise.resolve({ ...answer, headers, body });
}

/** The whole life of a watch. Ends at its timeout, or when the caller's signal aborts. */
async function* streamEvents(
  watch: Watch,
  deps: HandlerDeps,
  context: Context,
): AsyncGenerator<readonly WatchEvent[], void, undefined> {
  const child = childSignal(context.signal);
  const clock = startClock(watch, deps, () => child.abort());
  try {
    const scope = withSignal(context, child.signal);
    const after = yield* initialEvents(watch, deps, scope);
    await untilReached(after, deps, scope);
    let hasColumns = true;
    for await (const batch of deps.store.watch({ prefix: watch.prefix, after }, scope)) {
      if (batch.kind === "progress") {
        if (clock.takeDue()) yield [bookmarkEvent(batch.revision, false, watch, deps)];
        continue;
      }
      const { conversion } = watch.request.resource;
      if (conversion !== undefined) {
        await prepare(batch.changes.flatMap(entriesOf), watch.request.resource, scope);
      }
      const events = watch.selection.isEverything
        ? eventsOf(batch.changes, watch, hasColumns, deps)
        : await selectedEvents(batch.changes, watch, hasColumns, deps);
      if (events.length === 0) continue;
      hasColumns = false;
      yield events;
    }
  } catch (error) {
    if (child.signal.aborted) return;
    yield [{ kind: "ERROR", status: failureOf(error, watch) }];
  } finally {
    clock.stop();
    child.release();
  }
}

type WatchClock = {
  /** Whether it is time for a bookmark; it is not time again at once. */
  readonly takeDue: () => boolean;
  readonly stop: () => void;
};

/** What ends a watch in time, and what is to be said before. */
function startClock(watch: Watch, deps: HandlerDeps, end: () => void): WatchClock {
  const { options, prefix, request } = watch;
  const { timers } = deps.env;
  const timeoutMs = timeoutOf(options, deps);
  let isDue = false;
  const due = (): void => {
    isDue = true;
  };
  const unsubscribe = options.allowsBookmarks ? deps.bookmarks.subscribe(due) : undefined;
  const ends = timers.after(Math.max(timeoutMs, 0), end);
  const hasLast = options.allowsBookmarks && timeoutMs > LAST_BOOKMARK_MS;
  const last = timers.after(hasLast ? timeoutMs - LAST_BOOKMARK_MS : timeoutMs, () => {
    if (!hasLast) return;
    due();
    deps.store.progress(prefix); // each watch ends in its time: the others are none of its business
  });
  const { life } = request.resource;
  life?.addEventListener("abort", end, { once: true });
  if (life?.aborted === true) end();
  return {
    takeDue: () => {
      const isTime = isDue && options.allowsBookmarks;
      isDue = false;
      return isTime;
    },
    stop: () => {
      unsubscribe?.();
      ends.cancel();
      last.cancel();
      life?.removeEventListener("abort", end);
    },
  };
}

/** What is there now, if the watch begins with it; returns the revision to watch from. */
async function* initialEvents(
  watch: Watch,
  deps: HandlerDeps,
  context: Context,
): AsyncGenerator<readonly WatchEvent[], Revision, undefined> {
  const { start } = watch.options;
  switch (start.kind) {
    case "after":
      return revision(start.resourceVersion);
    case "now":
      return deps.store.status().revision;
    case "state":
      break;
  }
  if (start.atLeast > 0) await waitForRevision(start.atLeast, deps, context);
  const range = await deps.store.range({ prefix: watch.prefix }, context);
  const { selection, request } = watch;
  const pace = new Pace(deps.env);
  let hasColumns = true;
  let events: WatchEvent[] = [];
  await prepare(range.entries, request.resource, context);
  for (const entry of range.entries) {
    if (!selection.isEverything) await pace.step();
    if (!isSelected(entry, selection, request.resource)) continue;
    events.push(addedEvent(entry, watch, deps, hasColumns));
    hasColumns = false;
    if (events.length < INITIAL_BATCH) continue;
    yield events;
    events = [];
  }
  if (start.endsWithBookmark) events.push(bookmarkEvent(range.revision, true, watch, deps));
  if (events.length > 0) yield events;
  return range.revision;
}

/** Nearly all watches look at nothing: their events are made already, or cost a copy. */
function eventsOf(
  changes: readonly Change[],
  watch: Watch,
  hasColumns: boolean,
  deps: HandlerDeps,
): readonly WatchEvent[] {
  const events: WatchEvent[] = [];
  for (const change of changes) {
    const event = eventOf(change, watch, deps, hasColumns && events.length === 0);
    if (event !== undefined) events.push(event);
  }
  return events;
}

/** Those that look into objects may have to read them first. */
async function selectedEvents(
  changes: readonly Change[],
  watch: Watch,
  hasColumns: boolean,
  deps: HandlerDeps,
): Promise<readonly WatchEvent[]> {
  const events: WatchEvent[] = [];
  const pace = new Pace(deps.env);
  for (const change of changes) {
    const isFirst = hasColumns && events.length === 0;
    events.push(...eventsOf([change], watch, isFirst, deps));
    const rest = pace.step();
    if (rest !== undefined) await rest;
  }
  return events;
}

/** A watch from a revision that lies ahead is silent until the store gets there. */
async function untilReached(after: Revision, deps: HandlerDeps, context: Context): Promise<void> {
  while (deps.store.status().revision < after) {
    await deps.env.timers.sleep(FUTURE_POLL_MS, context.signal);
  }
}

function timeoutOf(options: WatchOptions, deps: HandlerDeps): number {
  const { timeoutSeconds = 0 } = options;
  if (timeoutSeconds !== 0) return Math.min(timeoutSeconds, TIMEOUT_SECONDS_MAX) * 1_000;
  // Spread, so that watches opened together do not end together.
  return deps.limits.watchMsMin * (1 + deps.env.random.next());
}

/** As far as timers reach: some 24 days. */
const TIMEOUT_SECONDS_MAX = 2_000_000;

/** The last event of a watch that cannot go on. */
function failureOf(error: unknown, { options }: Watch): Status {
  if (error instanceof StatusError) return error.status;
  if (!(error instanceof CompactedError)) throw error;
  const { start } = options;
  const asked = start.kind === "after" ? start.resourceVersion : 0;
  return expired(`too old resource version: ${asked} (${error.compacted})`).status;
}
