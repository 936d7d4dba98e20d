/** Whether a value fits its schema, in upstream's words. Expects values of bounded depth. */
import { NOTHING, type Atom, type ListAtom, type MapAtom, type ScalarKind } from "./atom.ts";
import { printedSource, printedType, printedValue } from "./go-text.ts";
import { elementText, fieldElement } from "./path-element.ts";
import {
  fieldNames,
  fieldsOf,
  fitsScalar,
  itemElement,
  kindOf,
  listOf,
  NO_TYPE,
  type TypedValue,
  type TypeProblem,
} from "./typed-value.ts";

/** Problems that are reported; more would say nothing new. */
export const TYPE_PROBLEMS_MAX = 100;

/** What is said of an item that is in an associative list twice. */
export type Duplicates = "refused" | "allowed";

/** All that does not fit. */
export function typeProblems(
  typed: TypedValue,
  duplicates: Duplicates = "refused",
): readonly TypeProblem[] {
  const walk = new ValidationWalk(duplicates);
  walk.visit(typed.value, typed.atom, "");
  return walk.problems;
}

/** `.foo: field not declared in schema`; several one a line. */
export function problemsText(problems: readonly TypeProblem[]): string {
  const texts = problems.map(({ path, message }) =>
    path === "" ? message : `${path}: ${message}`,
  );
  return texts.length === 1
    ? (texts[0] ?? "")
    : ["errors:", ...texts.map((t) => `  ${t}`)].join("\n");
}

class ValidationWalk {
  readonly problems: TypeProblem[] = [];
  readonly #duplicates: Duplicates;

  constructor(duplicates: Duplicates) {
    this.#duplicates = duplicates;
  }

  visit(value: unknown, atom: Atom, path: string): void {
    if (this.problems.length >= TYPE_PROBLEMS_MAX) return;
    const kind = kindOf(atom, value);
    switch (kind.kind) {
      case "map":
        return this.#map(value, kind.atom, path);
      case "list":
        return this.#list(value, kind.atom, path);
      case "scalar":
        if (!fitsScalar(value, kind.atom)) this.#note(path, scalarMessage(value, kind.atom));
        return;
      case "nothing":
        this.#note(path, NO_TYPE);
    }
  }

  #map(value: unknown, atom: MapAtom, path: string): void {
    const fields = fieldsOf(value);
    if (fields === undefined) {
      if (value !== null) this.#note(path, `expected map, got &{${printedValue(value)}}`);
      return;
    }
    for (const name of fieldNames(fields)) {
      const at = `${path}${elementText(fieldElement(name))}`;
      const member = atom.member(name);
      if (member === undefined) {
        this.#note(at, "field not declared in schema");
        return; // as upstream: one is enough to refuse the map
      }
      this.visit(fields[name], member ?? NOTHING, at);
    }
  }

  #list(value: unknown, atom: ListAtom, path: string): void {
    const items = listOf(value);
    if (items === undefined) {
      if (value !== null) this.#note(path, `expected list, got &{${printedValue(value)}}`);
      return;
    }
    const seen = new Set<string>();
    for (const [index, item] of items.entries()) {
      let step = `[${index}]`;
      if (atom.kind !== "atomic") {
        const found = itemElement(atom, item);
        if (found.kind === "problem") {
          this.#note(path, `element ${index}: ${found.problem}`);
          return;
        }
        step = elementText(found.element);
        if (seen.has(found.element) && this.#duplicates === "refused") {
          this.#note(path, `duplicate entries for key ${step}`);
        }
        seen.add(found.element);
      }
      this.visit(item, atom.items(), `${path}${step}`);
    }
  }

  #note(path: string, message: string): void {
    if (this.problems.length < TYPE_PROBLEMS_MAX) this.problems.push({ path, message });
  }
}

function scalarMessage(value: unknown, kind: ScalarKind): string {
  switch (kind) {
    case "numeric":
      return `expected numeric (int or float), got ${printedType(value)}`;
    case "string":
      return `expected string, got &value.valueUnstructured{Value:${printedSource(value)}}`;
    case "boolean":
      return `expected boolean, got &{${printedValue(value)}}`;
    case "untyped":
      return `expected any scalar, got &{${printedValue(value)}}`;
  }
}
