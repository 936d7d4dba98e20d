/**
 * What a value is where its schema puts it: which of the kinds its place allows, and by which step
 * an item of a list is found. All of `apply/` reads values through this file.
 */
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { Atom, ListAtom, MapAtom, ScalarKind } from "./atom.ts";
import { keyElement, valueElement, type PathElement } from "./path-element.ts";

/** A value of a kind in one of its versions. */
export type TypedValue = {
  readonly value: unknown;
  /** `apps/v1` */
  readonly apiVersion: string;
  readonly atom: Atom;
};

/** What a place takes, once the value is known. */
export type Kind =
  | { readonly kind: "map"; readonly atom: MapAtom }
  | { readonly kind: "list"; readonly atom: ListAtom }
  | { readonly kind: "scalar"; readonly atom: ScalarKind }
  | { readonly kind: "nothing" };

/** What is wrong with a value, and where. */
export type TypeProblem = {
  /** `.spec.ports`, `` for the object itself. */
  readonly path: string;
  readonly message: string;
};

/** How a list item is found, or why it cannot be. */
export type ItemElement =
  | { readonly kind: "element"; readonly element: PathElement }
  | { readonly kind: "problem"; readonly problem: string };

/** The kind a value is taken for; a value of no allowed kind is taken for the first there is. */
export function kindOf(atom: Atom, value: unknown): Kind {
  const { map, list, scalar } = atom;
  if (isScalar(value) && scalar !== undefined) return { kind: "scalar", atom: scalar };
  if (Array.isArray(value) && list !== undefined) return { kind: "list", atom: list };
  if (map !== undefined) return { kind: "map", atom: map };
  if (scalar !== undefined) return { kind: "scalar", atom: scalar };
  return list === undefined ? { kind: "nothing" } : { kind: "list", atom: list };
}

/** What a place is said to be that takes nothing. */
export const NO_TYPE = "schema error: invalid atom: inlined";

export function isScalar(value: unknown): value is string | number | bigint | boolean {
  return isNumeric(value) || typeof value === "string" || typeof value === "boolean";
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** Whether the value may stand where a scalar of this kind is expected; null and absent may. */
export function fitsScalar(value: unknown, kind: ScalarKind): boolean {
  if (value === undefined || value === null) return true;
  switch (kind) {
    case "numeric":
      return isNumeric(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "untyped":
      return isScalar(value);
  }
}

/** The value as a list; undefined if it is none. */
export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** The value as a map; undefined if it is none. */
export function fieldsOf(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}

/** Names of the fields that are there. */
export function fieldNames(fields: Fields): readonly string[] {
  const names = Object.keys(fields);
  const isThere = (name: string): boolean => fields[name] !== undefined;
  return names.every(isThere) ? names : names.filter(isThere);
}

/** The step by which an item of a set or of a list of maps is found. */
export function itemElement(list: ListAtom, item: unknown): ItemElement {
  return list.kind === "map" && list.keys.length > 0 ? keyedElement(list, item) : setElement(item);
}

function keyedElement(list: ListAtom, item: unknown): ItemElement {
  if (item === null || item === undefined) {
    return problem("associative list with keys may not have a null element");
  }
  if (!isFields(item)) {
    return problem("associative list with keys may not have non-map elements");
  }
  const keys: (readonly [string, unknown])[] = [];
  for (const name of list.keys) {
    const value = own(item, name) ?? (Object.hasOwn(item, name) ? null : list.defaultOf(name));
    if (value !== undefined) keys.push([name, value]);
  }
  if (keys.length > 0) return { kind: "element", element: keyElement(keys) };
  const names = list.keys.map((name) => JSON.stringify(name)).join(" ");
  return problem(
    `associative list with keys has an element that omits all key fields [${names}] ` +
      "(and doesn't have default values for any key fields)",
  );
}

function setElement(item: unknown): ItemElement {
  if (isScalar(item)) return { kind: "element", element: valueElement(item) };
  if (Array.isArray(item)) return problem("not supported: associative list with lists as elements");
  if (isFields(item)) {
    return problem("associative list without keys has an element that's a map type");
  }
  return problem("associative list without keys has an element that's an explicit null");
}

function problem(text: string): ItemElement {
  return { kind: "problem", problem: text };
}
