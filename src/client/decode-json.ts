/** JSON from a server: trusted in form, but not in size of numbers. */
import { mayHaveLongIntegers } from "../machinery/codec/exact-json.ts";
import { DecodeError, decodeJsonText } from "../machinery/codec/json.ts";
import { EncodedObject } from "../machinery/encoded.ts";
import { isApiObject, isFields, own, type ApiObject, type Fields } from "../machinery/object.ts";
import type { ResponseBody } from "../machinery/request.ts";
import { INITIAL_EVENTS_END_ANNOTATION, type WatchEvent } from "../machinery/watch-event.ts";
import { statusOf, UnexpectedResponseError } from "./response.ts";

/** Schemas in discovery documents nest deeper than objects do. */
const DEPTH_MAX = 10_000;

/**
 * The value of a server's JSON text. Throws an `UnexpectedResponseError` for what is no JSON, and
 * for integers beyond 64 bits. One that a number would round is a `bigint`.
 */
export function decodeServerJson(text: string): unknown {
  try {
    if (mayHaveLongIntegers(text)) return decodeJsonText(text, { depthMax: DEPTH_MAX }).value;
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError) && !(cause instanceof DecodeError)) throw cause;
    throw new UnexpectedResponseError(`the server's JSON cannot be read: ${cause.message}`, {
      cause,
    });
  }
}

/** A JSON answer as the body it stands for: a list of API objects, or one object. */
export function bodyOfJson(value: unknown): ResponseBody {
  if (!isFields(value)) throw new UnexpectedResponseError("the server's JSON is not an object");
  const kind = own(value, "kind");
  const apiVersion = own(value, "apiVersion");
  const items = own(value, "items");
  const metadata = own(value, "metadata");
  const isList = typeof kind === "string" && kind.endsWith("List") && isFields(metadata);
  const listed: unknown = items === null ? [] : items; // as Go writes a slice that was never made
  if (isList && Array.isArray(listed) && listed.every(isApiObject)) {
    return {
      kind: "list",
      apiVersion: typeof apiVersion === "string" ? apiVersion : "",
      listKind: kind,
      metadata,
      items: listed.map((item) => EncodedObject.fromValue(item)),
    };
  }
  // Discovery documents have no metadata: for whoever asks for them they are objects all the same.
  return { kind: "object", object: EncodedObject.fromValue(value as unknown as ApiObject) };
}

/** One line of a watch. */
export function watchEventOf(value: unknown): WatchEvent {
  if (!isFields(value))
    throw new UnexpectedResponseError("an event of the watch is no JSON object");
  const type = own(value, "type");
  const object = own(value, "object");
  switch (type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      if (isApiObject(object)) return { kind: type, object: EncodedObject.fromDecoded(object) };
      break;
    case "BOOKMARK":
      if (isApiObject(object)) return bookmarkOf(object);
      break;
    case "ERROR": {
      const status = statusOf(object, 500);
      if (status !== undefined) return { kind: "ERROR", status };
      break;
    }
  }
  throw new UnexpectedResponseError(`the watch has an event that is none: type ${String(type)}`);
}

function bookmarkOf(object: ApiObject): WatchEvent {
  const { resourceVersion, annotations } = object.metadata;
  if (resourceVersion === undefined) {
    throw new UnexpectedResponseError("a bookmark of the watch has no resourceVersion");
  }
  const marks: Fields = annotations ?? {};
  const isInitialEventsEnd = own(marks, INITIAL_EVENTS_END_ANNOTATION) === "true";
  const encoded = EncodedObject.fromValue(object);
  return { kind: "BOOKMARK", resourceVersion, isInitialEventsEnd, object: encoded };
}
