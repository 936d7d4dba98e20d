/**
 * A value without some of its fields and items, or with these alone. What is owned as a whole is
 * taken or left as a whole. A map or list of which nothing remains becomes null; one that lost what
 * was in it, but is not to go itself, stays and is empty.
 */
import { setField, type MutableFields } from "../../machinery/json-value.ts";
import type { Fields } from "../../machinery/object.ts";
import type { Atom, ListAtom, MapAtom } from "./atom.ts";
import { fieldsBelow, isEmptySet, type FieldSet } from "./field-set.ts";
import { fieldElement, type PathElement } from "./path-element.ts";
import { fieldNames, fieldsOf, itemElement, kindOf, listOf } from "./typed-value.ts";

/** `value` without the members of `items`. */
export function removeItems(value: unknown, items: FieldSet, atom: Atom): unknown {
  return isEmptySet(items) ? value : selected(value, items, atom, "remove");
}

/** `value` with nothing but the members of `items` and the way to them. */
export function extractItems(value: unknown, items: FieldSet, atom: Atom): unknown {
  return selected(value, items, atom, "extract");
}

type Mode = "remove" | "extract";

function selected(value: unknown, items: FieldSet, atom: Atom, mode: Mode): unknown {
  const kind = kindOf(atom, value);
  switch (kind.kind) {
    case "map": {
      const fields = fieldsOf(value);
      return fields === undefined ? null : selectedFields(fields, items, kind.atom, mode);
    }
    case "list": {
      const list = listOf(value);
      return list === undefined ? null : selectedList(list, items, kind.atom, mode);
    }
    case "scalar":
      return value;
    case "nothing":
      return null;
  }
}

function selectedFields(fields: Fields, items: FieldSet, atom: MapAtom, mode: Mode): unknown {
  const names = fieldNames(fields);
  if (names.length === 0 || atom.isAtomic) return mode === "extract" ? fields : null;
  const kept: MutableFields = {};
  for (const name of names) {
    const element = fieldElement(name);
    const inner = atom.member(name) ?? {};
    const isListed = items.get(element)?.isMember === true;
    const below = fieldsBelow(items, element);
    if (mode === "remove") {
      if (!isListed) setField(kept, name, remainder(fields[name], below, inner));
    } else if (isListed) {
      // As upstream: what is in a listed field is chosen by the same set again.
      setField(kept, name, selected(fields[name], items, inner, mode));
    } else if (!isEmptySet(below)) setField(kept, name, selected(fields[name], below, inner, mode));
  }
  return Object.keys(kept).length === 0 ? null : kept;
}

function selectedList(
  list: readonly unknown[],
  items: FieldSet,
  atom: ListAtom,
  mode: Mode,
): unknown {
  if (list.length === 0 || atom.kind === "atomic") return mode === "extract" ? list : null;
  const kept: unknown[] = [];
  for (const item of list) {
    const element = stepOf(atom, item);
    const isListed = element !== undefined && items.get(element)?.isMember === true;
    const below = element === undefined ? new Map() : fieldsBelow(items, element);
    if (mode === "remove") {
      if (!isListed) kept.push(remainder(item, below, atom.items()));
    } else if (!isEmptySet(below)) kept.push(selected(item, below, atom.items(), mode));
    else if (isListed) kept.push(item);
  }
  return kept.length === 0 ? null : kept;
}

function remainder(value: unknown, below: FieldSet, atom: Atom): unknown {
  if (isEmptySet(below)) return value;
  const rest = selected(value, below, atom, "remove");
  if (rest !== null) return rest;
  return Array.isArray(value) ? [] : fieldsOf(value) === undefined ? null : {};
}

function stepOf(atom: ListAtom, item: unknown): PathElement | undefined {
  const found = itemElement(atom, item);
  return found.kind === "element" ? found.element : undefined;
}
