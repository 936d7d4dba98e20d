/**
 * Stored bytes as API objects. The resource version is written into the bytes, which costs a copy
 * of a few kilobytes and no parsing, or into the value, if somebody wants that; the result is
 * shared by all readers of the same entry as long as the store keeps it, unless it is large.
 *
 * Objects of a resource with a conversion (another version is stored, or a schema fills in
 * defaults) take one step more: `prepare` converts entries in bulk, and only then are they
 * `objectOf`. What was prepared is kept with the entry and the resource, so the step is taken once.
 */
import { assert } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import { EncodedObject } from "../../machinery/encoded.ts";
import type { MutableFields } from "../../machinery/json-value.ts";
import type { ApiObject, ObjectMeta } from "../../machinery/object.ts";
import type { Entry, Revision } from "../../store/store.ts";
import { encoded, valueOf, viewsOf, type Encoded } from "./entry-views.ts";
import type { Conversion, Resource } from "./resource.ts";

/** A state about to be written. */
export type Stored = Encoded & {
  /** What its writer sees. */
  readonly served: ApiObject;
};

/** Entries converted between two turns of the event loop. */
export const PREPARED_AT_ONCE = 64;

/**
 * Objects above this are shared only among those who read them at the same time: large ones that
 * everyone once looked at would stay in memory beside their stored bytes. Until somebody looks
 * inside they are those bytes, with another beginning.
 */
export const SHARED_BYTES_MAX: number = 128 * 1024;

const encoder = new TextEncoder();
const ITEM_HEAD = encoder.encode('{"metadata":{');

const headsByResource = new WeakMap<Resource, Uint8Array>();

/**
 * Makes `objectOf` and `itemOf` ready for these entries. Undefined: they are already. Rejects when
 * an entry cannot be converted.
 */
export function prepare(
  entries: readonly (Entry | undefined)[],
  resource: Resource,
  context: Context,
): Promise<void> | undefined {
  const { conversion } = resource;
  if (conversion === undefined) return undefined;
  const pending = entries.filter(
    (entry) => entry !== undefined && viewsOf(entry, resource).object === undefined,
  );
  return pending.length === 0
    ? undefined
    : convert([...new Set(pending)] as readonly Entry[], resource, conversion, context);
}

/**
 * The same for one entry, of which the newest state is asked: where others convert it, they are
 * asked again, as they may answer otherwise by now, or not at all. Lists and watches do without,
 * as those of a real API server do: they are answered with what was converted before.
 */
export function prepareAnew(
  entry: Entry,
  resource: Resource,
  context: Context,
): Promise<void> | undefined {
  const { conversion, storedForm, apiVersion } = resource;
  if (conversion?.isOfOthers !== true) return prepare([entry], resource, context);
  const isAsKept =
    storedForm.apiVersion === apiVersion && startsWith(entry.value, headOf(resource));
  return isAsKept
    ? prepare([entry], resource, context)
    : convert([entry], resource, conversion, context);
}

/** The object with its resource version. */
export function objectOf(entry: Entry, resource: Resource): EncodedObject {
  const views = viewsOf(entry, resource);
  if (views.object !== undefined) return views.object;
  assert(resource.conversion === undefined, "what is converted was prepared before");
  if (entry.value.length > SHARED_BYTES_MAX) {
    const known = views.largeObject?.deref();
    if (known !== undefined) return known;
    const made = objectAt(kept(entry), entry.revision, resource);
    views.largeObject = new WeakRef(made);
    return made;
  }
  views.object = objectAt(kept(entry), entry.revision, resource);
  return views.object;
}

/** The object as an item of a list: without apiVersion and kind, but for custom resources. */
export function itemOf(entry: Entry, resource: Resource): EncodedObject {
  if (resource.custom !== undefined) return objectOf(entry, resource);
  const views = viewsOf(entry, resource);
  if (resource.conversion !== undefined) {
    const { apiVersion: _apiVersion, kind: _kind, ...rest } = objectOf(entry, resource).value;
    views.item ??= EncodedObject.fromValue(rest);
    return views.item;
  }
  if (views.item !== undefined) return views.item;
  if (entry.value.length > SHARED_BYTES_MAX) {
    const known = views.largeItem?.deref();
    if (known !== undefined) return known;
    const made = itemAt(kept(entry), entry.revision, resource);
    views.largeItem = new WeakRef(made);
    return made;
  }
  views.item = itemAt(kept(entry), entry.revision, resource);
  return views.item;
}

/** Whether an update that changes nothing is written all the same: to bring it up to date. */
export function isStale(entry: Entry, resource: Resource): boolean {
  return viewsOf(entry, resource).isStale === true;
}

/**
 * The state before the change under the revision of the change: what a watcher is told when the
 * object is deleted, or no longer matches its selector.
 */
export function lastStateOf(previous: Entry, at: Revision, resource: Resource): EncodedObject {
  const views = viewsOf(previous, resource);
  views.last ??=
    resource.conversion === undefined
      ? objectAt(kept(previous), at, resource)
      : servedObject(objectOf(previous, resource).value, at, resource);
  return views.last;
}

/** What is to be stored of an object as it is served. Rejects when it cannot be converted. */
export async function toStored(
  object: ApiObject,
  resource: Resource,
  context: Context,
): Promise<Stored> {
  const { conversion } = resource;
  if (conversion === undefined) return { ...encodeStored(object, resource), served: object };
  const kept = await conversion.toStored(object, context);
  // What is answered is what the next reader sees: a conversion there and back may change it.
  const [served = object] = kept === object ? [] : await conversion.fromStored([kept], context);
  return { ...encodeStored(kept, resource), served };
}

/** The object of an entry that was just written. */
export function objectOfWritten(entry: Entry, stored: Stored, resource: Resource): EncodedObject {
  if (resource.conversion === undefined) return objectOf(entry, resource);
  const views = viewsOf(entry, resource);
  views.object = servedObject(stored.served, entry.revision, resource);
  return views.object;
}

/** An object that was just written, or would have been: `revision` undefined prints none. */
export function writtenObject(
  stored: Stored,
  revision: Revision | undefined,
  resource: Resource,
): EncodedObject {
  if (resource.conversion !== undefined) return servedObject(stored.served, revision, resource);
  const { bytes, value } = stored;
  if (revision !== undefined) {
    return objectAt({ bytes, value: () => value }, revision, resource);
  }
  return EncodedObject.fromSource({ parts: () => [bytes], value: () => value });
}

/** Metadata in its fixed order, without what is derived or not kept. */
export function storedMetadata(metadata: ObjectMeta): ObjectMeta {
  const kept: MutableFields = {};
  for (const field of STORED_FIELDS) {
    const value = metadata[field];
    if (!isEmpty(value)) kept[field] = value;
  }
  return kept;
}

const STORED_FIELDS: readonly (keyof ObjectMeta)[] = [
  "name",
  "generateName",
  "namespace",
  "uid",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "managedFields",
];

async function convert(
  entries: readonly Entry[],
  resource: Resource,
  conversion: Conversion,
  context: Context,
): Promise<void> {
  for (let index = 0; index < entries.length; index += PREPARED_AT_ONCE) {
    const slice = entries.slice(index, index + PREPARED_AT_ONCE);
    const stored = slice.map((entry) => valueOf(entry));
    const served = await conversion.fromStored(stored, context);
    assert(served.length === slice.length, "a conversion keeps the number of objects");
    for (const [at, entry] of slice.entries()) {
      const [before, after] = [stored[at], served[at]];
      if (after === undefined) continue;
      const views = viewsOf(entry, resource);
      const isCurrentForm = startsWith(entry.value, headOf(resource));
      const isServedForm = resource.storedForm.apiVersion === resource.apiVersion;
      views.isStale = !isCurrentForm || (isServedForm && after !== before);
      views.object =
        after === before && isCurrentForm && isServedForm
          ? objectAt(kept(entry), entry.revision, resource)
          : servedObject(after, entry.revision, resource);
    }
  }
}

/** What the store keeps: identity first, without the resource version. */
function encodeStored(object: ApiObject, resource: Resource): Encoded {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  const stored = { ...resource.storedForm, metadata: storedMetadata(metadata), ...rest };
  const made = encoded(stored);
  assert(startsWith(made.bytes, headOf(resource)), "stored objects begin with their identity");
  return made;
}

/** An object as it is served, with its resource version in the place it always has. */
function servedObject(
  object: ApiObject,
  at: Revision | undefined,
  resource: Resource,
): EncodedObject {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  const version = at === undefined ? {} : { resourceVersion: String(at) };
  return EncodedObject.fromValue<ApiObject>({
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: { ...version, ...storedMetadata(metadata) },
    ...rest,
  });
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** `{"apiVersion":…,"kind":…,"metadata":{` of the form in which objects are written now. */
function headOf(resource: Resource): Uint8Array {
  const known = headsByResource.get(resource);
  if (known !== undefined) return known;
  const text = JSON.stringify({ ...resource.storedForm, metadata: {} });
  const head = encoder.encode(text.slice(0, -2));
  headsByResource.set(resource, head);
  return head;
}

/** Stored bytes, and their value for who asks. */
type Kept = { readonly bytes: Uint8Array; readonly value: () => ApiObject };

function kept(entry: Entry): Kept {
  return { bytes: entry.value, value: () => valueOf(entry) };
}

/** The object of stored bytes under a revision. */
function objectAt({ bytes, value }: Kept, at: Revision, resource: Resource): EncodedObject {
  const head = headOf(resource);
  return EncodedObject.fromSource({
    parts: () => spliced(head, at, bytes, head.length),
    value: () => {
      const object = value();
      return Object.freeze({ ...object, metadata: metadataAt(object, at) });
    },
  });
}

/** The same without apiVersion and kind. */
function itemAt({ bytes, value }: Kept, at: Revision, resource: Resource): EncodedObject {
  return EncodedObject.fromSource({
    parts: () => spliced(ITEM_HEAD, at, bytes, headOf(resource).length),
    value: () => {
      const { apiVersion: _apiVersion, kind: _kind, ...item } = value();
      return Object.freeze({ ...item, metadata: metadataAt(item, at) });
    },
  });
}

/** With the resource version first: there it stands in bytes. */
function metadataAt({ metadata }: ApiObject, at: Revision): ObjectMeta {
  return Object.freeze({ resourceVersion: String(at), ...metadata });
}

/** `head`, the resource version, then `stored` from `from`: in one, unless that is large. */
function spliced(
  head: Uint8Array,
  at: Revision,
  stored: Uint8Array,
  from: number,
): readonly Uint8Array[] {
  // Stored metadata always holds a name, so a comma is always right.
  const version = encoder.encode(`"resourceVersion":"${at}",`);
  const rest = stored.subarray(from);
  if (stored.length > SHARED_BYTES_MAX) return [head, version, rest];
  const bytes = new Uint8Array(head.length + version.length + rest.length);
  bytes.set(head, 0);
  bytes.set(version, head.length);
  bytes.set(rest, head.length + version.length);
  return [bytes];
}

function startsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return head.every((byte, index) => bytes[index] === byte);
}
