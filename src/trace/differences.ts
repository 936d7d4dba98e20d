/**
 * Which fields two states of an object differ in, with their values before and after. Items of
 * lists that have a type or a name are found by it, so a list that moves is no change.
 */
import { equalValues } from "../machinery/json-value.ts";
import { isFields, own } from "../machinery/object.ts";

/** More differences of two states than this are not told apart. */
export const DIFFERENCES_MAX = 32;

/** A field of an object, or the item of a list whose field `by` has this value. */
export type PathStep = string | { readonly by: string; readonly value: string };

export type Difference = {
  readonly path: readonly PathStep[];
  /** `status.conditions[type=Ready].reason` */
  readonly text: string;
  /** Undefined: it was not there. */
  readonly before: unknown;
  /** Undefined: it is not there any more. */
  readonly after: unknown;
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

/** Of these, what an object has got for good when it was made. */
const MADE_ONCE: ReadonlySet<string> = new Set([
  "metadata.uid",
  "metadata.creationTimestamp",
  "kind",
  "apiVersion",
]);

const ITEM_KEYS = ["type", "name"] as const;
const DEPTH_MAX = 12;

/**
 * In the order of the fields, at most `DIFFERENCES_MAX`; what a server keeps books with does not
 * count.
 */
export function differencesOf(before: object, after: object): readonly Difference[] {
  const found: Difference[] = [];
  compare({ ...before }, { ...after }, [], found);
  return found;
}

/** Whether a server keeps books with a field after an object was made, so changes are not told. */
export function isBookkeeping(text: string): boolean {
  return BOOKKEEPING.has(text) && !MADE_ONCE.has(text);
}

/** `spec.containers[name=web].image`, with keys that are no plain words in brackets. */
export function pathText(path: readonly PathStep[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step !== "string") text += `[${step.by}=${step.value}]`;
    else if (!/^[A-Za-z_][\w-]*$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

function compare(a: unknown, b: unknown, path: readonly PathStep[], found: Difference[]): void {
  if (found.length >= DIFFERENCES_MAX || a === b || equalValues(a, b)) return;
  const [left, right] = [partsOf(a), partsOf(b)];
  const isDeep = path.length < DEPTH_MAX && left !== undefined && right !== undefined;
  if (!isDeep || left.by !== right.by) {
    const text = pathText(path);
    if (!BOOKKEEPING.has(text)) found.push({ path, text, before: a, after: b });
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
