/**
 * What is different between two states of an object, as sets of fields. Parts that are owned as a
 * whole count as one field; items of associative lists are compared by their keys, wherever they
 * stand. Expects values of bounded depth.
 */
import { equalValues } from "../../machinery/json-value.ts";
import type { Atom, ListAtom, MapAtom } from "./atom.ts";
import { FieldSetBuilder, type FieldSet } from "./field-set.ts";
import { fieldElement, pathText, type PathElement } from "./path-element.ts";
import {
  fieldNames,
  fieldsOf,
  fitsScalar,
  isScalar,
  itemElement,
  kindOf,
  listOf,
  NO_TYPE,
  type Kind,
  type TypeProblem,
} from "./typed-value.ts";

/** No field is in more than one of the three. */
export type Comparison = {
  /** In the old state only. */
  readonly removed: FieldSet;
  /** In both, and different. */
  readonly modified: FieldSet;
  /** In the new state only. */
  readonly added: FieldSet;
};

export type Compared =
  | { readonly kind: "compared"; readonly comparison: Comparison }
  | { readonly kind: "problems"; readonly problems: readonly TypeProblem[] };

/** Compares two values of one type. */
export function compareValues(before: unknown, after: unknown, atom: Atom): Compared {
  const walk = new ComparisonWalk();
  walk.visit(before, after, atom);
  if (walk.problems.length > 0) return { kind: "problems", problems: walk.problems };
  const { removed, modified, added } = walk;
  const comparison = { removed: removed.set, modified: modified.set, added: added.set };
  return { kind: "compared", comparison };
}

/** Items of a list by the step they are found by; more than one where they are duplicates. */
type Index = ReadonlyMap<PathElement, readonly unknown[]>;

/**
 * Parts up to this depth are first looked at without their schemas, which costs little: most are
 * equal. Deeper ones would be looked at too often before a difference in them is reached.
 */
const GLANCED_DEPTH_MAX = 6;

class ComparisonWalk {
  readonly removed = new FieldSetBuilder();
  readonly modified = new FieldSetBuilder();
  readonly added = new FieldSetBuilder();
  readonly problems: TypeProblem[] = [];
  readonly #path: PathElement[] = [];

  /** `undefined` is a value that is not there. */
  visit(before: unknown, after: unknown, atom: Atom): void {
    if (before === after) return;
    if (this.#path.length <= GLANCED_DEPTH_MAX && equalValues(before, after)) return;
    const isWhole = this.#visitKinds(before, after, atom);
    if (isWhole) return;
    if (before === undefined) this.added.insert(this.#path);
    else if (after === undefined) this.removed.insert(this.#path);
  }

  /** Whether the place counted as one field. */
  #visitKinds(before: unknown, after: unknown, atom: Atom): boolean {
    const was = kindOf(atom, before);
    const is = kindOf(atom, after);
    if (after === undefined) return this.#visitKind(before, after, was);
    const isSameKind = was.kind === is.kind && isOfKind(before, after, atom);
    if (before !== undefined && !isSameKind) this.#visitKind(before, after, was);
    return this.#visitKind(before, after, is);
  }

  #visitKind(before: unknown, after: unknown, kind: Kind): boolean {
    switch (kind.kind) {
      case "map":
        return this.#maps(before, after, kind.atom);
      case "list":
        return this.#lists(before, after, kind.atom);
      case "scalar":
        if (!fitsScalar(before, kind.atom) && !fitsScalar(after, kind.atom)) {
          this.#note(`expected ${kind.atom}`);
          return false;
        }
        return this.#whole(before, after);
      case "nothing":
        this.#note(NO_TYPE);
        return false;
    }
  }

  #whole(before: unknown, after: unknown): boolean {
    if (before === undefined) this.added.insert(this.#path);
    else if (after === undefined) this.removed.insert(this.#path);
    else if (!equalValues(before, after)) this.modified.insert(this.#path);
    return true;
  }

  #maps(before: unknown, after: unknown, atom: MapAtom): boolean {
    const old = fieldsOf(before) ?? {};
    const next = fieldsOf(after) ?? {};
    const names = fieldNames(old);
    const newNames = fieldNames(next);
    // Nothing on both sides is one field: whether it is null, empty or absent makes a difference.
    const isNothing = names.length === 0 && newNames.length === 0;
    if (atom.isAtomic || isNothing) return this.#whole(before, after);
    for (const name of names) {
      this.#member(name, old[name], Object.hasOwn(next, name) ? next[name] : undefined, atom);
    }
    for (const name of newNames) {
      const isNew = !Object.hasOwn(old, name) || old[name] === undefined;
      if (isNew) this.#member(name, undefined, next[name], atom);
    }
    return false;
  }

  #member(name: string, before: unknown, after: unknown, atom: MapAtom): void {
    const member = atom.member(name);
    if (member !== undefined && before === after) return;
    this.#path.push(fieldElement(name));
    if (member === undefined) this.#note(NO_TYPE);
    else this.visit(before, after, member);
    this.#path.pop();
  }

  #lists(before: unknown, after: unknown, atom: ListAtom): boolean {
    const old = listOf(before) ?? [];
    const next = listOf(after) ?? [];
    const isNothing = old.length === 0 && next.length === 0;
    if (atom.kind === "atomic" || isNothing) return this.#whole(before, after);
    const was = this.#index(old, atom);
    const is = this.#index(next, atom);
    for (const [element, items] of was) this.#items(element, items, is.get(element) ?? [], atom);
    for (const [element, items] of is) {
      if (!was.has(element)) this.#items(element, [], items, atom);
    }
    return false;
  }

  #index(items: readonly unknown[], atom: ListAtom): Index {
    const index = new Map<PathElement, unknown[]>();
    for (const [at, item] of items.entries()) {
      const found = itemElement(atom, item);
      if (found.kind === "problem") {
        this.#note(`element ${at}: ${found.problem}`);
        continue;
      }
      const same = index.get(found.element);
      if (same === undefined) index.set(found.element, [item]);
      else same.push(item);
    }
    return index;
  }

  /** Duplicates count as one field, whatever is in them. */
  #items(
    element: PathElement,
    before: readonly unknown[],
    after: readonly unknown[],
    atom: ListAtom,
  ): void {
    this.#path.push(element);
    const [hadDuplicates, hasDuplicates] = [before.length > 1, after.length > 1];
    if (hadDuplicates && hasDuplicates) {
      if (!equalValues(before, after)) this.modified.insert(this.#path);
    } else {
      const old = hadDuplicates ? undefined : before[0];
      const next = hasDuplicates ? undefined : after[0];
      if (old !== undefined || next !== undefined) this.visit(old, next, atom.items());
      if (hadDuplicates) this.removed.insert(this.#path);
      if (hasDuplicates) this.added.insert(this.#path);
    }
    this.#path.pop();
  }

  #note(message: string): void {
    this.problems.push({ path: pathText(this.#path), message });
  }
}

/** Whether both values are taken for one kind, and not each for what it happens to be. */
function isOfKind(before: unknown, after: unknown, atom: Atom): boolean {
  const kinds = [atom.map, atom.list, atom.scalar].filter((kind) => kind !== undefined);
  return kinds.length < 2 || shapeOf(before) === shapeOf(after);
}

function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return isScalar(value) ? "scalar" : value === null ? "null" : "map";
}
