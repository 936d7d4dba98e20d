/**
 * What `x-kubernetes-list-type` promises: no item twice in a set, no keys twice in a map. Items
 * are known by their canonical text, so a list takes time linear in its size.
 */
import { isFields, own, type Fields } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import { at, child } from "../field-path.ts";
import { TRAIT, type SchemaNode } from "../schema-node.ts";
import { canonicalText } from "./canonical-text.ts";
import { VALUE_ERRORS_MAX } from "./value-errors.ts";

/** All duplicates in the lists of an object. */
export function checkListTypes(value: unknown, node: SchemaNode): readonly FieldError[] {
  const errors: FieldError[] = [];
  walk(value, node, "", errors);
  return errors.slice(0, VALUE_ERRORS_MAX);
}

function walk(value: unknown, node: SchemaNode, path: string, errors: FieldError[]): void {
  if ((node.traits & TRAIT.uniqueLists) === 0 || errors.length >= VALUE_ERRORS_MAX) return;
  if (Array.isArray(value)) {
    errors.push(...duplicates(value, node, path));
    const { items } = node;
    if (items === undefined) return;
    for (const [index, item] of value.entries()) walk(item, items, at(path, index), errors);
  } else if (isFields(value)) {
    walkFields(value, node, path, errors);
  }
}

function walkFields(fields: Fields, node: SchemaNode, path: string, errors: FieldError[]): void {
  const { properties = {}, additionalProperties } = node;
  for (const [name, member] of Object.entries(fields)) {
    if (additionalProperties !== undefined) {
      walk(member, additionalProperties, at(path, name), errors);
    }
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property !== undefined) walk(member, property, child(path, name), errors);
  }
}

function duplicates(
  items: readonly unknown[],
  node: SchemaNode,
  path: string,
): readonly FieldError[] {
  if (node.listType === "set") return repeated(items, path);
  if (node.listType !== "map") return [];
  for (const [index, item] of items.entries()) {
    if (item === null || isFields(item)) continue;
    const detail = "must be an object for an array of list-type map";
    return [{ field: at(path, index), type: "FieldValueInvalid", value: item, detail }];
  }
  const keys = items.map((item) => keysOf(item, node.listKeys ?? []));
  return repeated(keys, path);
}

/** Each value is told once, where it stands for the second time. */
function repeated(values: readonly unknown[], path: string): readonly FieldError[] {
  const seen = new Map<string, number>();
  const errors: FieldError[] = [];
  for (const [index, value] of values.entries()) {
    const text = canonicalText(value);
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    if (times !== 1) continue;
    const field = at(path, index);
    errors.push({ field, type: "FieldValueDuplicate", value, detail: "" });
  }
  return errors;
}

function keysOf(item: unknown, keys: readonly string[]): Fields {
  if (!isFields(item)) return {};
  const given = keys.filter((key) => Object.hasOwn(item, key));
  return Object.fromEntries(given.toSorted().map((key) => [key, own(item, key)]));
}
