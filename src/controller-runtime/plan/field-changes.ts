/** The fields that a write changes, with values short enough to be read and fit to be shown. */
import type { ResourceType } from "../../client/resource-type.ts";
import { exactText } from "../../machinery/codec/exact-json.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import {
  DIFFERENCES_MAX,
  differencesOf,
  pathText,
  type PathStep,
} from "../../trace/differences.ts";

/** One field, before and after. */
export type FieldChange = {
  /** `spec.containers[name=web].image` */
  readonly path: string;
  /** As JSON, cut; undefined: it is not there. */
  readonly before: string | undefined;
  /** As JSON, cut; undefined: it goes. */
  readonly after: string | undefined;
  /** Of a new object: it was not sent, but is a default, or admission has put it there. */
  readonly isAdded?: true;
};

export type FieldChanges = {
  readonly changes: readonly FieldChange[];
  readonly hasMore: boolean;
};

/** The values of Secrets are not shown. */
export const HIDDEN = "(hidden)";

/** Of a value, so much is told. */
const VALUE_LENGTH_MAX = 200;
/** Fields of a new object that are looked at. */
const FIELDS_MAX = 1_000;
const DEPTH_MAX = 12;
const ITEM_KEYS = ["name", "type"] as const;

/** Kept by the server, or told otherwise. */
const UNTOLD = new Set([
  "apiVersion",
  "kind",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "metadata.resourceVersion",
  "metadata.generation",
  "metadata.creationTimestamp",
  "metadata.managedFields",
  "metadata.ownerReferences",
  "status.observedGeneration",
]);

/** Where an object is changed. */
export function changedFieldsOf(
  type: ResourceType,
  before: ApiObject,
  after: ApiObject,
): FieldChanges {
  const found = differencesOf(before, after);
  const changes = found.flatMap(({ path, text, before: old, after: next }): FieldChange[] => {
    const leaves: Leaf[] = [];
    if (old === undefined) collect(next, path, leaves); // what comes is told field by field
    if (leaves.length > 0) return leaves.map((leaf) => newField(type, leaf));
    return [{ path: text, before: valueText(type, path, old), after: valueText(type, path, next) }];
  });
  const isCut = found.length >= DIFFERENCES_MAX || changes.length > DIFFERENCES_MAX;
  return { changes: changes.slice(0, DIFFERENCES_MAX), hasMore: isCut };
}

/** Of a new object: first what was sent, then what the server has added. */
export function newFieldsOf(type: ResourceType, sent: unknown, after: ApiObject): FieldChanges {
  const wanted = new Set(leavesOf(sent).map(({ text }) => text));
  const all = leavesOf(after).map((leaf): FieldChange => {
    const change = newField(type, leaf);
    return wanted.has(leaf.text) ? change : { ...change, isAdded: true };
  });
  const first = all.filter(({ isAdded }) => isAdded !== true);
  const rest = all.filter(({ isAdded }) => isAdded === true);
  const changes = [...first, ...rest].slice(0, DIFFERENCES_MAX);
  return { changes, hasMore: all.length > changes.length };
}

type Leaf = { readonly path: readonly PathStep[]; readonly text: string; readonly value: unknown };

function newField(type: ResourceType, { path, text, value }: Leaf): FieldChange {
  return { path: text, before: undefined, after: valueText(type, path, value) };
}

function leavesOf(object: unknown): readonly Leaf[] {
  const found: Leaf[] = [];
  collect(object, [], found);
  return found;
}

function collect(value: unknown, path: readonly PathStep[], found: Leaf[]): void {
  const text = pathText(path);
  if (found.length >= FIELDS_MAX || UNTOLD.has(text)) return;
  const parts = path.length < DEPTH_MAX ? partsOf(value) : [];
  for (const [step, part] of parts) {
    const last = path.at(-1);
    const isNamedBefore = typeof last === "object" && last.by === step; // its name is in the path
    if (!isNamedBefore) collect(part, [...path, step], found);
  }
  if (parts.length === 0 && path.length > 0) found.push({ path, text, value });
}

/** None: it is a value as a whole. */
function partsOf(value: unknown): readonly (readonly [PathStep, unknown])[] {
  if (isFields(value)) return Object.entries(value);
  if (!Array.isArray(value)) return [];
  const items: readonly unknown[] = value;
  for (const by of ITEM_KEYS) {
    const named = items.flatMap((item) => {
      const name = isFields(item) ? own(item, by) : undefined;
      return typeof name === "string" ? [[{ by, value: name }, item] as const] : [];
    });
    const names = new Set(named.map(([{ value: name }]) => name));
    if (names.size === items.length) return named;
  }
  return [];
}

function valueText(
  type: ResourceType,
  path: readonly PathStep[],
  value: unknown,
): string | undefined {
  if (value === undefined) return undefined;
  if (isHidden(type, path)) return HIDDEN;
  const text = exactText(value);
  return text.length <= VALUE_LENGTH_MAX ? text : `${text.slice(0, VALUE_LENGTH_MAX)}...`;
}

/** The data of a Secret, and a copy of it that kubectl keeps among its annotations. */
function isHidden({ group, kind }: ResourceType, path: readonly PathStep[]): boolean {
  if (group !== "" || kind !== "Secret") return false;
  const [first, second] = path;
  return first === "data" || first === "stringData" || second === "annotations";
}
