/** The messages that say something about objects, rather than being one. */
import { assert } from "../../base/assert.ts";
import { objectMetaSchema } from "../../apis/meta/v1/schema.generated.ts";
import {
  shapeOf,
  type Form,
  type MessageField,
  type MessageShape,
  type ValueField,
} from "./message-shape.ts";

const TEXT: Form = { kind: "text" };
const INTEGER: Form = { kind: "integer" };

const LIST_META_SHAPE: MessageShape = messageOf([
  one(1, "selfLink", TEXT),
  one(2, "resourceVersion", TEXT),
  one(3, "continue", TEXT),
  pointer(4, "remainingItemCount", INTEGER),
]);

const CAUSE_SHAPE: MessageShape = messageOf([
  one(1, "reason", TEXT),
  one(2, "message", TEXT),
  one(3, "field", TEXT),
]);

const DETAILS_SHAPE: MessageShape = messageOf([
  one(1, "name", TEXT),
  one(2, "group", TEXT),
  one(3, "kind", TEXT),
  list(4, "causes", message(CAUSE_SHAPE)),
  one(5, "retryAfterSeconds", INTEGER),
  one(6, "uid", TEXT),
]);

export const STATUS_SHAPE: MessageShape = messageOf([
  one(1, "metadata", message(LIST_META_SHAPE)),
  one(2, "status", TEXT),
  one(3, "message", TEXT),
  one(4, "reason", TEXT),
  pointer(5, "details", message(DETAILS_SHAPE)),
  one(6, "code", INTEGER),
]);

const VERSIONED_SHAPE: MessageShape = messageOf([
  one(1, "groupVersion", TEXT),
  one(2, "version", TEXT),
]);

const ADDRESS_SHAPE: MessageShape = messageOf([
  one(1, "clientCIDR", TEXT),
  one(2, "serverAddress", TEXT),
]);

const GROUP_SHAPE: MessageShape = messageOf([
  one(1, "name", TEXT),
  list(2, "versions", message(VERSIONED_SHAPE)),
  one(3, "preferredVersion", message(VERSIONED_SHAPE)),
  list(4, "serverAddressByClientCIDRs", message(ADDRESS_SHAPE)),
]);

const RESOURCE_SHAPE: MessageShape = messageOf([
  one(1, "name", TEXT),
  one(2, "namespaced", { kind: "flag" }),
  one(3, "kind", TEXT),
  pointer(4, "verbs", { kind: "texts" }),
  list(5, "shortNames", TEXT),
  one(6, "singularName", TEXT),
  list(7, "categories", TEXT),
  one(8, "group", TEXT),
  one(9, "version", TEXT),
  one(10, "storageVersionHash", TEXT),
]);

/** What tells clients what is served, by kind. */
export const DISCOVERY_SHAPES: ReadonlyMap<string, MessageShape> = new Map([
  [
    "APIVersions",
    messageOf([
      list(1, "versions", TEXT),
      list(2, "serverAddressByClientCIDRs", message(ADDRESS_SHAPE)),
    ]),
  ],
  ["APIGroupList", messageOf([list(1, "groups", message(GROUP_SHAPE))])],
  ["APIGroup", GROUP_SHAPE],
  [
    "APIResourceList",
    messageOf([one(1, "groupVersion", TEXT), list(2, "resources", message(RESOURCE_SHAPE))]),
  ],
]);

/** Of PartialObjectMetadata. */
export const METADATA_SHAPE: MessageShape = messageOf([
  one(1, "metadata", { kind: "message", shape: objectMetaShape }),
]);

/** What stands before the items of a list: they are all its field 2. */
export const LIST_HEAD_SHAPE: MessageShape = messageOf([
  one(1, "metadata", message(LIST_META_SHAPE)),
]);

function objectMetaShape(): MessageShape {
  const shape = shapeOf(objectMetaSchema);
  assert(shape !== undefined, "metadata has a table of fields");
  return shape;
}

function messageOf(fields: readonly MessageField[]): MessageShape {
  return { fields, byNumber: new Map(fields.map((field) => [field.number, field])) };
}

function message(shape: MessageShape): Form {
  return { kind: "message", shape: () => shape };
}

function one(number: number, name: string, form: Form): ValueField {
  return { kind: "one", number, name, form, isPointer: false, printsZero: false };
}

function list(number: number, name: string, form: Form): ValueField {
  return { ...one(number, name, form), kind: "list" };
}

function pointer(number: number, name: string, form: Form): ValueField {
  return { ...one(number, name, form), isPointer: true, printsZero: true };
}
