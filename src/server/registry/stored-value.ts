/**
 * The values of stored bytes. Who writes an object has its value already, and most of those who
 * read it do so soon after: they are given that value, and nobody parses the bytes. It is held
 * weakly, so what nobody looks at any more is kept as bytes alone.
 */
import { exactText, parseExactly } from "../../machinery/codec/exact-json.ts";
import { frozenJson } from "../../machinery/frozen-json.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { deepFreeze } from "../../base/freeze.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const values = new WeakMap<Uint8Array, WeakRef<ApiObject>>();

/** The bytes of an object that is about to be stored. */
export function storedBytes(object: ApiObject): Uint8Array {
  const bytes = encoder.encode(exactText(object));
  values.set(bytes, new WeakRef(frozenJson(object)));
  return bytes;
}

/** The object of stored bytes, frozen at every depth. It has no resource version. */
export function storedValue(bytes: Uint8Array): ApiObject {
  const known = values.get(bytes)?.deref();
  if (known !== undefined) return known;
  const read = deepFreeze(parseExactly(decoder.decode(bytes)) as ApiObject); // as it was written
  values.set(bytes, new WeakRef(read));
  return read;
}
