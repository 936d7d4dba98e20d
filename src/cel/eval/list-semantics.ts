/** Lists that are sets, or maps by some fields of their elements, in data with a schema. */
import { CelError } from "../cel-error.ts";
import { escapeIdentifier } from "../identifiers.ts";
import type { CelList, CelResult, CelValue, ListSemantics } from "../values.ts";
import { equal } from "./equality.ts";
import { elementsOf } from "./lists.ts";
import { mapKeyOf } from "./map-keys.ts";
import { isError, isList, isMap } from "./runtime-types.ts";

/** A list whose operations are not those of plain lists. */
class SpecialList implements CelList {
  readonly kind = "list";
  readonly size: number;
  readonly semantics: ListSemantics;
  readonly #elements: readonly CelValue[];

  constructor(elements: readonly CelValue[], semantics: ListSemantics) {
    this.#elements = elements;
    this.size = elements.length;
    this.semantics = semantics;
  }

  at(index: number): CelResult {
    const element = this.#elements[index];
    return element === undefined ? new CelError(`index out of bounds: ${index}`) : element;
  }
}

/** Order means nothing, and nothing is in it twice. */
export const SET_SEMANTICS: ListSemantics = {
  equals(left, right) {
    if (left.size !== right.size) return false;
    const leftElements = elementsOf(left);
    const rightElements = elementsOf(right);
    if (leftElements instanceof CelError) return leftElements;
    if (rightElements instanceof CelError) return rightElements;
    const keys = new Set(leftElements.map(keyText));
    const found = new Set(rightElements.map(keyText));
    return found.size === keys.size && [...found].every((key) => keys.has(key));
  },
  concat(left, right) {
    const elements = elementsOf(left);
    const added = elementsOf(right);
    if (elements instanceof CelError) return elements;
    if (added instanceof CelError) return added;
    const keys = new Set(elements.map(keyText));
    const fresh = added.filter((element) => {
      const key = keyText(element);
      const isNew = !keys.has(key);
      keys.add(key);
      return isNew;
    });
    return new SpecialList([...elements, ...fresh], SET_SEMANTICS);
  },
};

/** Elements are known by the fields that are the list's keys. */
export class MapSemantics implements ListSemantics {
  readonly #keys: readonly string[];

  constructor(keys: readonly string[]) {
    this.#keys = keys.map((key) => escapeIdentifier(key) ?? key);
  }

  equals(left: CelList, right: CelList): boolean | CelError {
    if (left.size !== right.size) return false;
    const known = this.#byKey(left);
    if (known instanceof CelError) return known;
    const seen = new Set<string>();
    for (let index = 0; index < right.size; index += 1) {
      const element = right.at(index);
      if (isError(element)) return element;
      const key = this.#keyOf(element);
      const counterpart = known.get(key);
      if (counterpart === undefined) return false;
      const same = equal(counterpart, element);
      if (same !== true) return same;
      seen.add(key);
    }
    return seen.size === known.size;
  }

  /** Elements of `right` replace those of the same key, or come behind them. */
  concat(left: CelList, right: CelList): CelResult {
    const elements = this.#byKey(left);
    if (elements instanceof CelError) return elements;
    const added = elementsOf(right);
    if (added instanceof CelError) return added;
    for (const element of added) elements.set(this.#keyOf(element), element);
    return new SpecialList([...elements.values()], this);
  }

  #byKey(list: CelList): Map<string, CelValue> | CelError {
    const elements = elementsOf(list);
    if (elements instanceof CelError) return elements;
    return new Map(elements.map((element) => [this.#keyOf(element), element]));
  }

  #keyOf(element: CelValue): string {
    if (!isMap(element)) return keyText(element);
    return JSON.stringify(
      this.#keys.map((key) => {
        const value = element.get(key);
        return value === undefined || isError(value) ? "" : keyText(value);
      }),
    );
  }
}

/** A text that is the same for equal scalars. */
function keyText(value: CelValue): string {
  if (value === null) return "null";
  const key = mapKeyOf(value);
  if (typeof key !== "object") return `${typeof key}:${String(key)}`;
  if (value instanceof Uint8Array) return `bytes:${value.join()}`;
  if (typeof value !== "object") return typeof value;
  if (value.kind === "timestamp" || value.kind === "duration")
    return `${value.kind}:${value.nanos}`;
  if (value.kind !== "list" && value.kind !== "map") return value.kind;
  return JSON.stringify(shown(value));
}

/** Lists and objects in sets are known by all that is in them. */
function shown(value: CelValue): unknown {
  if (isMap(value)) {
    const names = value.keys().filter((key) => typeof key === "string");
    return names.toSorted().map((name) => [name, nested(value.get(name))]);
  }
  if (!isList(value)) return keyText(value);
  return Array.from({ length: value.size }, (_, index) => nested(value.at(index)));
}

function nested(value: CelResult | undefined): unknown {
  if (value === undefined || isError(value)) return null;
  return isMap(value) || isList(value) ? shown(value) : keyText(value);
}
