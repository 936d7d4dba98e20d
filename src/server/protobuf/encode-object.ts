/**
 * Objects, lists and watch events in protobuf. The message of an object is made when it is first
 * asked for and then shared: by an answer, the lists it stands in, and all watchers of an event.
 */
import { assert } from "../../base/assert.ts";
import type { EncodedObject } from "../../machinery/encoded.ts";
import type { ApiObject, ListMeta } from "../../machinery/object.ts";
import { encodeMessage } from "./encode-message.ts";
import { shapeOfObject } from "./kinds.ts";
import { LIST_HEAD_SHAPE } from "./meta-shapes.ts";
import { BackwardWriter } from "./wire-writer.ts";

/** "k8s" and a zero: what every body begins with. */
export const MAGIC: Uint8Array = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);

/** Fields of the envelope. */
const TYPE_META = 1;
const RAW = 2;
const CONTENT_ENCODING = 3;
const CONTENT_TYPE = 4;

/** Field of a list, and of a watch event. */
const ITEMS = 2;
const EVENT_TYPE = 1;
const EVENT_OBJECT = 2;

/** What stands before an event in a stream. */
export const FRAME_LENGTH_BYTES = 4;

type TypeMeta = { readonly apiVersion: string; readonly kind: string };
type Message = { readonly type: TypeMeta; readonly bytes: Uint8Array };

const messages = new WeakMap<EncodedObject, Message>();
const bodies = new WeakMap<EncodedObject, Uint8Array>();

/** Whether the object can be written at all: it is of a built-in kind. */
export function hasProtobufForm(object: ApiObject): boolean {
  return shapeOfObject(object) !== undefined;
}

/** The object in its envelope. It must have a protobuf form. */
export function protobufBody(object: EncodedObject): Uint8Array {
  const known = bodies.get(object);
  if (known !== undefined) return known;
  const { type, bytes } = messageOf(object);
  const made = Buffer.concat([envelopeHead(type, bytes.length), bytes, ENVELOPE_TAIL]);
  bodies.set(object, made);
  return made;
}

/** An item of a list: its tag and its length, and its message, which all lists share. */
export function protobufItem(object: EncodedObject): readonly Uint8Array[] {
  const { bytes } = messageOf(object);
  const writer = new BackwardWriter();
  writer.varint(bytes.length);
  writer.tag(ITEMS, 2);
  return [writer.finish(), bytes];
}

/** A whole list of such items, in pieces: they are sent as they are, not copied together. */
export function protobufList(
  type: { readonly apiVersion: string; readonly kind: string },
  metadata: ListMeta,
  items: readonly Uint8Array[],
): readonly Uint8Array[] {
  const head = encodeMessage({ metadata }, LIST_HEAD_SHAPE);
  const length = items.reduce((sum, item) => sum + item.length, head.length);
  return [envelopeHead(type, length), head, ...items, ENVELOPE_TAIL];
}

/** One event of a watch, with its length before it. */
export function protobufFrame(type: string, object: EncodedObject): Uint8Array {
  const body = protobufBody(object);
  const raw = new BackwardWriter();
  raw.bytes(body);
  raw.close(1, 0);
  raw.close(EVENT_OBJECT, 0);
  const before = raw.length;
  raw.text(type);
  raw.close(EVENT_TYPE, before);
  const event = raw.finish();
  const frame = new Uint8Array(FRAME_LENGTH_BYTES + event.length);
  new DataView(frame.buffer).setUint32(0, event.length);
  frame.set(event, FRAME_LENGTH_BYTES);
  return frame;
}

function messageOf(object: EncodedObject): Message {
  const known = messages.get(object);
  if (known !== undefined) return known;
  const value = object.peek();
  const shape = shapeOfObject(value);
  assert(shape !== undefined, "only what has a protobuf form is written in it");
  const { apiVersion = "", kind = "" } = value;
  const made = { type: { apiVersion, kind }, bytes: encodeMessage({ ...value }, shape) };
  messages.set(object, made);
  return made;
}

/** All that stands before the content. */
function envelopeHead(type: TypeMeta, length: number): Uint8Array {
  const writer = new BackwardWriter();
  writer.varint(length);
  writer.tag(RAW, 2);
  const before = writer.length;
  writeText(writer, 2, type.kind);
  writeText(writer, 1, type.apiVersion);
  writer.close(TYPE_META, before);
  writer.bytes(MAGIC);
  return writer.finish();
}

/** No encoding, and no type of the content but the one everybody knows. */
const ENVELOPE_TAIL: Uint8Array = ((): Uint8Array => {
  const writer = new BackwardWriter();
  writeText(writer, CONTENT_TYPE, "");
  writeText(writer, CONTENT_ENCODING, "");
  return writer.finish();
})();

function writeText(writer: BackwardWriter, field: number, text: string): void {
  const before = writer.length;
  writer.text(text);
  writer.close(field, before);
}
