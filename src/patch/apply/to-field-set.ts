/** All fields that a value names: what an applied configuration is then the owner of. */
import type { Atom, ListAtom, MapAtom } from "./atom.ts";
import { FieldSetBuilder, type FieldSet } from "./field-set.ts";
import { fieldElement, type PathElement } from "./path-element.ts";
import { fieldNames, fieldsOf, itemElement, kindOf, listOf } from "./typed-value.ts";

/** Expects a value that fits the atom; duplicate items count as one field each. */
export function toFieldSet(value: unknown, atom: Atom): FieldSet {
  const walk = new NamingWalk();
  walk.visit(value, atom);
  return walk.fields.set;
}

class NamingWalk {
  readonly fields = new FieldSetBuilder();
  readonly #path: PathElement[] = [];

  visit(value: unknown, atom: Atom): void {
    const kind = kindOf(atom, value);
    switch (kind.kind) {
      case "map":
        return this.#map(value, kind.atom);
      case "list":
        return this.#list(value, kind.atom);
      case "scalar":
        this.fields.insert(this.#path);
        return;
      case "nothing":
        return;
    }
  }

  #map(value: unknown, atom: MapAtom): void {
    if (atom.isAtomic) {
      this.fields.insert(this.#path);
      return;
    }
    const fields = fieldsOf(value) ?? {};
    for (const name of fieldNames(fields)) {
      const member = fields[name];
      const inner = atom.member(name);
      this.#path.push(fieldElement(name));
      if (inner !== undefined) this.visit(member, inner);
      // A key of a map is a field by itself; a field of the schema only when nothing is in it.
      if (isNothing(member) || !atom.isNamed(name)) this.fields.insert(this.#path);
      this.#path.pop();
    }
  }

  #list(value: unknown, atom: ListAtom): void {
    if (atom.kind === "atomic") {
      this.fields.insert(this.#path);
      return;
    }
    const counts = new Map<PathElement, number>();
    const found: (readonly [PathElement, unknown])[] = [];
    for (const item of listOf(value) ?? []) {
      const step = itemElement(atom, item);
      if (step.kind === "problem") continue;
      counts.set(step.element, (counts.get(step.element) ?? 0) + 1);
      found.push([step.element, item]);
    }
    for (const [element, item] of found) {
      this.#path.push(element);
      if (counts.get(element) === 1) this.visit(item, atom.items());
      this.fields.insert(this.#path);
      this.#path.pop();
    }
  }
}

function isNothing(value: unknown): boolean {
  const fields = fieldsOf(value);
  return value === null || (fields !== undefined && fieldNames(fields).length === 0);
}
