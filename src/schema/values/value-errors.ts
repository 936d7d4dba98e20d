/**
 * The errors of value validation, in the words of the validator upstream uses. Each check of a
 * value writes into one collection, which counts passed checks too: of several alternatives, the
 * one that came furthest is the one whose errors are told.
 */
import type { FieldError } from "../../machinery/status.ts";
import { fieldName } from "../field-path.ts";

/** Errors of one object that are kept; more would say nothing new. */
export const VALUE_ERRORS_MAX = 1_000;
/** Places of values looked at for one object, counted with every alternative of the schema. */
export const VISITS_MAX = 3_000_000;

/** What is wrong with one value. */
export type ValueError = {
  readonly type: FieldError["type"];
  /** Undefined for errors that name no place of their own. */
  readonly path: string | undefined;
  readonly value?: unknown;
  readonly detail: string;
  /** The whole text: of two errors with the same text, one is told. */
  readonly text: string;
};

/** Work left for one object; shared by all collections of its validation. */
export type VisitBudget = { left: number };

export class ValueErrors {
  readonly budget: VisitBudget;
  matches = 0;
  readonly #errors: ValueError[] = [];
  readonly #texts = new Set<string>();

  constructor(budget: VisitBudget) {
    this.budget = budget;
  }

  get size(): number {
    return this.#errors.length;
  }

  add(error: ValueError): void {
    if (this.#errors.length >= VALUE_ERRORS_MAX || this.#texts.has(error.text)) return;
    this.#texts.add(error.text);
    this.#errors.push(error);
  }

  /** A failed check of a value: `spec.x in body should be at least 3 chars long`. */
  refuse(path: string, value: unknown, problem: string): void {
    const text = `${path} in body ${problem}`;
    this.add({ type: "FieldValueInvalid", path, value, detail: text, text });
  }

  /** An error that upstream does not tie to a place. */
  complain(text: string): void {
    this.add({ type: "FieldValueInvalid", path: undefined, value: "", detail: text, text });
  }

  /** Everything found elsewhere, as if it had been found here. */
  merge(other: ValueErrors): void {
    for (const error of other.#errors) this.add(error);
    this.matches += other.matches;
  }

  /** Forgets what was added after there were `size` errors. */
  truncate(size: number): void {
    for (const error of this.#errors.splice(size)) this.#texts.delete(error.text);
  }

  /** As field errors below `base` ("" is the root of the object). */
  fieldErrors(base: string): readonly FieldError[] {
    return this.#errors.map(({ type, path, value, detail }) => ({
      field: fieldName(joined(base, path ?? "")),
      type,
      ...(value === undefined ? {} : { value }),
      detail,
    }));
  }
}

function joined(base: string, path: string): string {
  const name = path.startsWith(".") ? path.slice(1) : path;
  if (name === "") return base;
  return base === "" ? name : `${base}.${name}`;
}
