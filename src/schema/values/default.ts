/**
 * Filling in defaults. A null where none is allowed counts as absent: it is dropped, or becomes the
 * default. Values are built anew only where they differ; the default of a schema is shared.
 */
import { setField, type MutableFields } from "../../machinery/json-value.ts";
import { isFields, type Fields } from "../../machinery/object.ts";
import { fieldNode } from "../compile.ts";
import type { CustomResourceSchema } from "../custom-resource-schema.ts";
import type { SchemaNode } from "../schema-node.ts";

/**
 * The object with the defaults of its schema, and without nulls that cannot be. Called for what
 * comes from clients and for what comes from the store. The very same object if nothing changes.
 */
export function defaultCustomResource(value: Fields, schema: CustomResourceSchema): Fields {
  const defaulted = withDefaults(value, schema.root);
  return isFields(defaulted) ? defaulted : value;
}

/** The same for any place of a schema. */
export function withDefaults(value: unknown, node: SchemaNode | undefined): unknown {
  if (node === undefined) return value;
  if (Array.isArray(value)) return itemsWithDefaults(value, node);
  return isFields(value) ? fieldsWithDefaults(value, node) : value;
}

function itemsWithDefaults(items: readonly unknown[], node: SchemaNode): readonly unknown[] {
  const place = node.items;
  if (place === undefined) return items;
  const next = items.map((item) => {
    const isReplaced = item === null && place.isNullable !== true && place.default !== undefined;
    return withDefaults(isReplaced ? place.default : item, place);
  });
  return next.every((item, index) => item === items[index]) ? items : next;
}

function fieldsWithDefaults(fields: Fields, node: SchemaNode): Fields {
  const next: MutableFields = {};
  let isSame = true;
  for (const [name, member] of Object.entries(fields)) {
    const place = fieldNode(node, name);
    const isRefused = member === null && place !== undefined && place.isNullable !== true;
    if (isRefused && place.default === undefined) {
      isSame = false; // a null that cannot be, and nothing to put in its place
      continue;
    }
    const kept = withDefaults(isRefused ? place.default : member, place);
    isSame &&= kept === member;
    setField(next, name, kept);
  }
  for (const [name, place] of Object.entries(node.properties ?? {})) {
    if (place.default === undefined || Object.hasOwn(next, name)) continue;
    isSame = false;
    setField(next, name, withDefaults(place.default, place));
  }
  return isSame ? fields : next;
}
