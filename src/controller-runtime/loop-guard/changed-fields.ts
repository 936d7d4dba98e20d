/**
 * Which fields two states of an object differ in, as short paths with the new value in short.
 * Items of lists that have a type or a name are found by it, so a list that moves is no change.
 */
import { equalValues } from "../../machinery/json-value.ts";
import { isFields, own, type ApiObject, type Fields } from "../../machinery/object.ts";

/** More differences of one write than this are not told apart. */
export const CHANGED_FIELDS_MAX = 32;

/** A field of an object, or the item of a list whose field `by` has this value. */
export type PathStep = string | { readonly by: string; readonly value: string };

export type ChangedField = {
  readonly path: readonly PathStep[];
  /** `status.conditions[type=Ready].reason` */
  readonly text: string;
  /** Equal for equal new values. */
  readonly value: string;
};

const BOOKKEEPING: ReadonlySet<string> = new Set([
  "metadata.resourceVersion",
  "metadata.generation",
  "metadata.managedFields",
  "metadata.uid",
  "metadata.creationTimestamp",
  "metadata.selfLink",
  "status.observedGeneration",
  "kind",
  "apiVersion",
]);

const ITEM_KEYS = ["type", "name"] as const;
const DEPTH_MAX = 12;
const SHORT_MAX = 64;

/** In the order of the fields; what a server keeps books with does not count. */
export function changedFields(before: ApiObject, after: ApiObject): readonly ChangedField[] {
  const found: ChangedField[] = [];
  compare({ ...before }, { ...after }, [], found);
  return found;
}

function compare(a: unknown, b: unknown, path: readonly PathStep[], found: ChangedField[]): void {
  if (found.length >= CHANGED_FIELDS_MAX || a === b || equalValues(a, b)) return;
  const [left, right] = [partsOf(a), partsOf(b)];
  const isDeep = path.length < DEPTH_MAX && left !== undefined && right !== undefined;
  if (!isDeep || left.by !== right.by) {
    const text = pathText(path);
    if (!BOOKKEEPING.has(text)) found.push({ path, text, value: shortText(b) });
    return;
  }
  for (const name of new Set([...left.parts.keys(), ...right.parts.keys()])) {
    const step = left.by === "" ? name : { by: left.by, value: name };
    compare(left.parts.get(name), right.parts.get(name), [...path, step], found);
  }
}

type Parts = { readonly by: string; readonly parts: ReadonlyMap<string, unknown> };

/** What can be compared one by one; undefined: it is a value as a whole. */
function partsOf(value: unknown): Parts | undefined {
  if (isFields(value)) return { by: "", parts: new Map(Object.entries(value)) };
  if (!Array.isArray(value)) return undefined;
  const items: readonly unknown[] = value;
  for (const by of ITEM_KEYS) {
    const parts = new Map<string, unknown>();
    for (const item of items) {
      const name = isFields(item) ? own(item, by) : undefined;
      if (typeof name === "string") parts.set(name, item);
    }
    if (items.length > 0 && parts.size === items.length) return { by, parts };
  }
  return undefined;
}

export function pathText(path: readonly PathStep[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step !== "string") text += `[${step.by}=${step.value}]`;
    else if (!/^[A-Za-z_][\w-]*$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

function shortText(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  if (text.length <= SHORT_MAX) return text;
  let hash = 0x811c9dc5; // FNV-1a
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return `${text.length}:${hash}`;
}

/** Names of the managers whose entries hold one of the fields, each once, in their order. */
export function managersOf(
  object: ApiObject,
  fields: readonly Pick<ChangedField, "path">[],
): readonly string[] {
  const entries = object.metadata.managedFields ?? [];
  const owners = entries.filter(({ fieldsV1 }) => fields.some(({ path }) => holds(fieldsV1, path)));
  return [...new Set(owners.flatMap(({ manager }) => (manager === undefined ? [] : [manager])))];
}

function holds(set: unknown, path: readonly PathStep[]): boolean {
  let node: unknown = set;
  for (const step of path) {
    if (!isFields(node)) return false;
    const names = Object.keys(node).filter((name) => name !== ".");
    if (names.length === 0) return node !== set; // it owns all that is below
    const name = names.find((each) => isStep(each, step));
    if (name === undefined) return false;
    node = own(node, name);
  }
  return true;
}

function isStep(name: string, step: PathStep): boolean {
  if (typeof step === "string") return name === `f:${step}`;
  if (!name.startsWith("k:")) return false;
  const key = parsed(name.slice("k:".length));
  return key !== undefined && own(key, step.by) === step.value;
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
