/**
 * What watchers are told of a change. An event is made once for all watchers that want the same of
 * it (the same kind of event, in the same view), and encoded once for all that want it in the same
 * form.
 */
import { EncodedObject } from "../../machinery/encoded.ts";
import type { Status } from "../../machinery/status.ts";
import { INITIAL_EVENTS_END_ANNOTATION, type WatchEvent } from "../../machinery/watch-event.ts";
import { revisionOf, type Change, type Entry, type Revision } from "../../store/store.ts";
import { protobufFrame } from "../protobuf/encode-object.ts";
import { viewsOf } from "../registry/entry-views.ts";
import { lastStateOf, objectOf } from "../registry/read.ts";
import type { Resource } from "../registry/resource.ts";
import type { View } from "./negotiation.ts";
import { viewOf } from "./render.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import type { Selection } from "./selection.ts";
import { bookmarkTable, includeObjectOf } from "./views.ts";

/** What one watch wants to be told, and how. */
export type Audience = {
  readonly request: ObjectRequest;
  readonly selection: Selection;
  readonly view: View;
};

/** The entries that the events of a change are made of. */
export function entriesOf(change: Change): readonly (Entry | undefined)[] {
  return change.kind === "put" ? [change.entry, change.previous] : [change.previous];
}

/** Whether a watch or list is about the object of an entry. */
export function isSelected(entry: Entry, selection: Selection, resource: Resource): boolean {
  if (selection.isEverything) return true;
  if (selection.name !== "" && !entry.key.endsWith(`/${selection.name}`)) return false;
  return selection.selects(objectOf(entry, resource).value);
}

/** An object that is there when the watch begins. */
export function addedEvent(
  entry: Entry,
  audience: Audience,
  deps: HandlerDeps,
  hasColumns: boolean,
): WatchEvent {
  const object = objectOf(entry, audience.request.resource);
  return { kind: "ADDED", object: seen(object, audience, deps, hasColumns) };
}

/** What is told of the change; undefined: nothing. */
export function eventOf(
  change: Change,
  audience: Audience,
  deps: HandlerDeps,
  hasColumns: boolean,
): WatchEvent | undefined {
  const { selection, view } = audience;
  const { resource } = audience.request;
  const { previous } = change;
  const wasSelected = previous !== undefined && isSelected(previous, selection, resource);
  const isNow = change.kind === "put" && isSelected(change.entry, selection, resource);
  if (!wasSelected && !isNow) return undefined;
  const kind = isNow ? (wasSelected ? "MODIFIED" : "ADDED") : "DELETED";
  const make = (): WatchEvent => {
    const object =
      change.kind === "put" && isNow
        ? objectOf(change.entry, resource)
        : lastState(change, resource);
    return { kind, object: seen(object, audience, deps, hasColumns) };
  };
  // Tables differ in their ages and columns.
  if (view.kind === "table") return make();
  const isOf = view.kind === "object" ? kind : `${kind}/${view.version}`;
  return shared(change, resource, isOf, make);
}

/** An empty object of the watched kind that only says how far the watch has come. */
export function bookmarkEvent(
  at: Revision,
  isInitialEventsEnd: boolean,
  audience: Audience,
  deps: HandlerDeps,
): WatchEvent {
  const resourceVersion = String(at);
  const annotations = isInitialEventsEnd ? { [INITIAL_EVENTS_END_ANNOTATION]: "true" } : undefined;
  const metadata = { resourceVersion, ...(annotations === undefined ? {} : { annotations }) };
  const object = bookmarkObject(metadata, audience, deps);
  return { kind: "BOOKMARK", resourceVersion, isInitialEventsEnd, object };
}

const frames = new WeakMap<WatchEvent, Uint8Array>();

/** An event in protobuf, as it stands in a stream. */
export function protobufEvent(event: WatchEvent): Uint8Array {
  const known = frames.get(event);
  if (known !== undefined) return known;
  const object = event.kind === "ERROR" ? statusObject(event.status) : event.object;
  const frame = protobufFrame(event.kind, object);
  frames.set(event, frame);
  return frame;
}

function statusObject(status: Status): EncodedObject {
  return EncodedObject.fromValue({ ...status, metadata: {} });
}

function bookmarkObject(
  metadata: { readonly resourceVersion: string },
  { view, request }: Audience,
  deps: HandlerDeps,
): EncodedObject {
  const { apiVersion, kind } = request.resource;
  switch (view.kind) {
    case "object":
      return EncodedObject.fromValue({ kind, apiVersion, metadata });
    case "metadata": {
      const metaVersion = `meta.k8s.io/${view.version}`;
      return EncodedObject.fromValue({
        kind: "PartialObjectMetadata",
        apiVersion: metaVersion,
        metadata,
      });
    }
    case "table":
      return bookmarkTable(metadata, request.resource, {
        version: view.version,
        include: includeObjectOf(request.request.query),
        nowMs: deps.env.clock.now(),
        hasColumns: false,
      });
  }
}

function seen(
  object: EncodedObject,
  { view, request }: Audience,
  deps: HandlerDeps,
  hasColumns: boolean,
): EncodedObject {
  return viewOf(object, view, request, deps.env, hasColumns);
}

/** The object before it was deleted or stopped matching, under the revision of that change. */
function lastState(change: Change, resource: Resource): EncodedObject {
  const previous = change.kind === "put" ? (change.previous ?? change.entry) : change.previous;
  return lastStateOf(previous, revisionOf(change), resource);
}

/** An entry is part of two changes: the one that put it, and the one that ended it. */
function shared(
  change: Change,
  resource: Resource,
  isOf: string,
  make: () => WatchEvent,
): WatchEvent {
  const views = viewsOf(change.kind === "put" ? change.entry : change.previous, resource);
  const key = `${change.kind} ${isOf}`;
  views.events ??= new Map();
  const known = views.events.get(key);
  if (known !== undefined) return known;
  const made = make();
  views.events.set(key, made);
  return made;
}
