/** Lists that expressions make. */
import { CelError } from "../cel-error.ts";
import { RESULT_LENGTH_MAX } from "../limits.ts";
import type { CelList, CelResult, CelValue } from "../values.ts";
import { isError } from "./runtime-types.ts";

/**
 * A list of values. Lists share their elements with lists they were made from: a list is the first
 * `size` elements of an array that only ever grows, so that appending in a loop takes constant
 * time and lists nevertheless never change.
 */
export class ArrayList implements CelList {
  readonly kind = "list";
  readonly size: number;
  readonly #elements: CelValue[];

  private constructor(elements: CelValue[], size: number) {
    this.#elements = elements;
    this.size = size;
  }

  /** A list of these values. */
  static of(elements: readonly CelValue[]): ArrayList {
    return new ArrayList([...elements], elements.length);
  }

  at(index: number): CelResult {
    const element = index < this.size ? this.#elements[index] : undefined;
    return element === undefined ? new CelError(`index out of bounds: ${index}`) : element;
  }

  /** This list and `added` behind it. */
  append(added: readonly CelValue[]): ArrayList {
    const isLongest = this.size === this.#elements.length;
    const elements = isLongest ? this.#elements : this.#elements.slice(0, this.size);
    for (const element of added) elements.push(element);
    return new ArrayList(elements, this.size + added.length);
  }
}

/** The elements of a list, or the first error among them. */
export function elementsOf(list: CelList): readonly CelValue[] | CelError {
  const elements: CelValue[] = [];
  for (let index = 0; index < list.size; index += 1) {
    const element = list.at(index);
    if (isError(element)) return element;
    elements.push(element);
  }
  return elements;
}

/** One list behind the other. */
export function concatenate(left: CelList, right: CelList): CelResult {
  if (left.semantics !== undefined) return left.semantics.concat(left, right);
  if (left.size + right.size > RESULT_LENGTH_MAX) return tooLong();
  const added = elementsOf(right);
  if (added instanceof CelError) return added;
  if (left instanceof ArrayList) return left.append(added);
  const elements = elementsOf(left);
  return elements instanceof CelError ? elements : ArrayList.of([...elements, ...added]);
}

/** A list that would be longer than memory allows. */
export function tooLong(): CelError {
  return new CelError(`list is longer than ${RESULT_LENGTH_MAX} elements`);
}

/**
 * The place an index means. Doubles and uints are indexes if they are whole numbers; the place may
 * be outside of the list.
 */
export function indexOf(value: CelValue): number | CelError {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") {
    if (Number.isInteger(value)) return value;
    return new CelError(`unsupported index value ${value} in list`);
  }
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    if (value.kind === "uint") return Number(value.value);
  }
  return new CelError(`unsupported index type '${indexTypeName(value)}' in list`);
}

function indexTypeName(value: CelValue): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (value === null) return "null_type";
  return typeof value === "object" && !(value instanceof Uint8Array) ? value.kind : "bytes";
}
