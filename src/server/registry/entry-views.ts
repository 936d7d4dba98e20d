/**
 * What the server makes of an entry: it stays with the entry and goes with it, so what is read of a
 * state is soon garbage when the state is.
 *
 * Who writes an object has its value already, and most of those who read it do so soon after: they
 * are given that value, and nobody parses the bytes. It is held weakly: what nobody looks at any
 * more is kept as bytes alone.
 */
import { deepFreeze } from "../../base/freeze.ts";
import { exactText, parseExactly } from "../../machinery/codec/exact-json.ts";
import type { EncodedObject } from "../../machinery/encoded.ts";
import { frozenJson } from "../../machinery/frozen-json.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { WatchEvent } from "../../machinery/watch-event.ts";
import type { Entry } from "../../store/store.ts";
import type { Resource } from "./resource.ts";

/** An entry as it is served. */
export type Views = {
  object?: EncodedObject;
  item?: EncodedObject;
  /** The same of large ones. */
  largeObject?: WeakRef<EncodedObject>;
  largeItem?: WeakRef<EncodedObject>;
  /** Under the revision of the change that ended it. */
  last?: EncodedObject;
  /** What watchers are told of the changes it is part of. */
  events?: Map<string, WatchEvent>;
  /** Whether a write that changes nothing would store other bytes. */
  isStale?: boolean;
};

/** An object in both of its forms. The value is frozen at every depth. */
export type Encoded = { readonly bytes: Uint8Array; readonly value: ApiObject };

class Reading {
  value: WeakRef<ApiObject> | undefined;
  /** Of resources without conversion: the entry looks the same to all of them. */
  readonly plain: Views = {};
  converted: WeakMap<Resource, Views> | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Values on their way into the store: a reader of the entry may come before its writer. */
const underWay = new WeakMap<Uint8Array, ApiObject>();

/** The form in which the object is stored. */
export function encoded(object: ApiObject): Encoded {
  const bytes = encoder.encode(exactText(object));
  const value = frozenJson(object);
  underWay.set(bytes, value);
  return { bytes, value };
}

/** The object as it is stored: frozen at every depth, without a resource version. */
export function valueOf(entry: Entry): ApiObject {
  const reading = readingOf(entry);
  const known = reading.value?.deref();
  if (known !== undefined) return known;
  // This program wrote it.
  const read = deepFreeze(parseExactly(decoder.decode(entry.value)) as ApiObject);
  reading.value = new WeakRef(read);
  return read;
}

/** What was made of the entry for a resource, and room for more. */
export function viewsOf(entry: Entry, resource: Resource): Views {
  const reading = readingOf(entry);
  if (resource.conversion === undefined) return reading.plain;
  reading.converted ??= new WeakMap();
  const known = reading.converted.get(resource);
  if (known !== undefined) return known;
  const made: Views = {};
  reading.converted.set(resource, made);
  return made;
}

function readingOf(entry: Entry): Reading {
  const { reading } = entry;
  if (reading instanceof Reading) return reading;
  const made = new Reading();
  const written = underWay.get(entry.value);
  if (written !== undefined) made.value = new WeakRef(written);
  underWay.delete(entry.value);
  entry.reading = made;
  return made;
}
