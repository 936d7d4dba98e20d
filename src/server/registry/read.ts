/**
 * Stored bytes as API objects. The resource version is written into the bytes, which costs a copy
 * of a few kilobytes and no parsing; the result is shared by all readers of the same entry for as
 * long as the store keeps that entry.
 */
import { assert } from "../../base/assert.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiObject, ObjectMeta } from "../../machinery/object.ts";
import type { Change, Entry, Revision } from "../../store/store.ts";
import type { Resource } from "./resource.ts";

const encoder = new TextEncoder();
const ITEM_HEAD = encoder.encode('{"metadata":{');

type Views = { object?: EncodedObject; item?: EncodedObject };

const viewsByEntry = new WeakMap<Entry, Views>();
const lastStates = new WeakMap<Change, EncodedObject>();
const headsByResource = new WeakMap<Resource, Uint8Array>();

/** The object with its resource version. */
export function objectOf(entry: Entry, resource: Resource): EncodedObject {
  const views = viewsOf(entry);
  views.object ??= EncodedObject.fromBytes(withRevision(entry.value, entry.revision, resource));
  return views.object;
}

/** The object as an item of a list: like upstream, without apiVersion and kind. */
export function itemOf(entry: Entry, resource: Resource): EncodedObject {
  const views = viewsOf(entry);
  views.item ??= EncodedObject.fromBytes(
    splice(ITEM_HEAD, entry.revision, entry.value, headOf(resource).length),
  );
  return views.item;
}

/**
 * The state before the change under the revision of the change: what a watcher is told when the
 * object is deleted, or no longer matches its selector.
 */
export function lastStateOf(
  change: Change,
  previous: Entry,
  at: Revision,
  resource: Resource,
): EncodedObject {
  const known = lastStates.get(change);
  if (known !== undefined) return known;
  const made = EncodedObject.fromBytes(withRevision(previous.value, at, resource));
  lastStates.set(change, made);
  return made;
}

/** An object that was just written, or would have been: `revision` undefined prints none. */
export function writtenObject(
  bytes: Uint8Array,
  revision: Revision | undefined,
  resource: Resource,
): EncodedObject {
  if (revision === undefined) return EncodedObject.fromBytes(bytes);
  return EncodedObject.fromBytes(withRevision(bytes, revision, resource));
}

/** The bytes the store keeps: identity first, without the resource version. */
export function encodeStored(object: ApiObject, resource: Resource): Uint8Array {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  const stored = {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: storedMetadata(metadata),
    ...rest,
  };
  const bytes = encoder.encode(JSON.stringify(stored));
  assert(startsWith(bytes, headOf(resource)), "stored objects begin with their identity");
  return bytes;
}

/** Metadata in its fixed order, without what is derived or not kept. */
export function storedMetadata(metadata: ObjectMeta): ObjectMeta {
  const fields: Record<string, unknown> = {
    name: metadata.name,
    generateName: metadata.generateName,
    namespace: metadata.namespace,
    uid: metadata.uid,
    generation: metadata.generation,
    creationTimestamp: metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    labels: metadata.labels,
    annotations: metadata.annotations,
    ownerReferences: metadata.ownerReferences,
    finalizers: metadata.finalizers,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function viewsOf(entry: Entry): Views {
  const known = viewsByEntry.get(entry);
  if (known !== undefined) return known;
  const made: Views = {};
  viewsByEntry.set(entry, made);
  return made;
}

/** `{"apiVersion":…,"kind":…,"metadata":{`: the same for all objects of a resource. */
function headOf(resource: Resource): Uint8Array {
  const known = headsByResource.get(resource);
  if (known !== undefined) return known;
  const { apiVersion, kind } = resource;
  const text = JSON.stringify({ apiVersion, kind, metadata: {} });
  const head = encoder.encode(text.slice(0, -2));
  headsByResource.set(resource, head);
  return head;
}

function withRevision(stored: Uint8Array, at: Revision, resource: Resource): Uint8Array {
  const head = headOf(resource);
  return splice(head, at, stored, head.length);
}

/** `head`, the resource version, then `stored` from `from`. */
function splice(head: Uint8Array, at: Revision, stored: Uint8Array, from: number): Uint8Array {
  // Stored metadata always holds a name, so a comma is always right.
  const version = encoder.encode(`"resourceVersion":"${at}",`);
  const bytes = new Uint8Array(head.length + version.length + stored.length - from);
  bytes.set(head, 0);
  bytes.set(version, head.length);
  bytes.set(stored.subarray(from), head.length + version.length);
  return bytes;
}

function startsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return head.every((byte, index) => bytes[index] === byte);
}
