/** The `x-kubernetes-` members of one place: list types, map types, keys, unknown fields. */
import { own } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import { invalid, notSupported, required } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import {
  has,
  isSet,
  optionalTextAt,
  schemaAt,
  textAt,
  textsAt,
  type SchemaProps,
} from "../schema-props.ts";
import { checkListMapKeys } from "./list-map-keys.ts";
import type { Demands } from "./demands.ts";

const PRESERVE = "x-kubernetes-preserve-unknown-fields";
const LIST_TYPE = "x-kubernetes-list-type";
const LIST_KEYS = "x-kubernetes-list-map-keys";
const MAP_TYPE = "x-kubernetes-map-type";

/** Violations of one place, not of those below. */
export function checkExtensions(
  props: SchemaProps,
  path: string,
  demands: Demands,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (has(props, PRESERVE) && !isSet(props, PRESERVE)) {
    errors.push(invalid(child(path, PRESERVE), false, "must be true or undefined"));
  }
  return [
    ...errors,
    ...mapTypeErrors(props, path),
    ...listTypeErrors(props, path, demands),
    ...listKeyErrors(props, path),
    ...(optionalTextAt(props, LIST_TYPE) === "map" ? mapListErrors(props, path) : []),
    ...(demands.soundMapKeys ? checkListMapKeys(props, path) : []),
  ];
}

function mapTypeErrors(props: SchemaProps, path: string): readonly FieldError[] {
  const mapType = optionalTextAt(props, MAP_TYPE);
  if (mapType === undefined) return [];
  const supported = ["atomic", "granular"];
  return [
    ...typeErrors(props, path, "object", MAP_TYPE),
    ...(supported.includes(mapType)
      ? []
      : [notSupported(child(path, MAP_TYPE), mapType, supported)]),
  ];
}

function listTypeErrors(props: SchemaProps, path: string, demands: Demands): readonly FieldError[] {
  const listType = optionalTextAt(props, LIST_TYPE);
  if (listType === undefined) return [];
  const errors = [...typeErrors(props, path, "array", LIST_TYPE)];
  if (errors.length === 0 && demands.atomicSets && listType === "set") {
    errors.push(...setItemErrors(props, path));
  }
  const supported = ["atomic", "set", "map"];
  if (!supported.includes(listType)) {
    errors.push(notSupported(child(path, LIST_TYPE), listType, supported));
  }
  return errors;
}

function typeErrors(
  props: SchemaProps,
  path: string,
  expected: string,
  extension: string,
): readonly FieldError[] {
  const type = textAt(props, "type");
  if (type === expected) return [];
  const detail = `must be ${expected} if ${extension} is specified`;
  const field = child(path, "type");
  return [type === "" ? required(field, detail) : invalid(field, type, detail)];
}

/** Items of a set are compared as a whole, so they must be changed as a whole. */
export function setItemErrors(props: SchemaProps, path: string): readonly FieldError[] {
  const items = schemaAt(props, "items");
  if (items === undefined) return [];
  const listType = optionalTextAt(items, LIST_TYPE);
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const place = child(path, "items");
  switch (textAt(items, "type")) {
    case "array":
      if (listType === undefined || listType === "atomic") return [];
      return [invalid(child(place, LIST_TYPE), listType, detail)];
    case "object":
      if (optionalTextAt(items, MAP_TYPE) === "atomic") return [];
      return [invalid(child(place, MAP_TYPE), listType ?? null, detail)];
    default:
      return [];
  }
}

function listKeyErrors(props: SchemaProps, path: string): readonly FieldError[] {
  if (textsAt(props, LIST_KEYS).length === 0) return [];
  const listType = optionalTextAt(props, LIST_TYPE);
  const field = child(path, LIST_TYPE);
  const detail = `must be map if ${LIST_KEYS} is non-empty`;
  if (listType === undefined) return [required(field, detail)];
  return listType === "map" ? [] : [invalid(field, listType, detail)];
}

function mapListErrors(props: SchemaProps, path: string): readonly FieldError[] {
  const keys = textsAt(props, LIST_KEYS);
  const items = schemaAt(props, "items");
  const place = child(path, "items");
  const errors: FieldError[] = [];
  if (keys.length === 0) {
    const detail = `must not be empty if ${LIST_TYPE} is map`;
    errors.push(required(child(path, LIST_KEYS), detail));
  }
  if (!has(props, "items")) {
    return [...errors, required(place, `must have a schema if ${LIST_TYPE} is map`)];
  }
  if (items === undefined) {
    const detail = `must only have a single schema if ${LIST_TYPE} is map`;
    return [...errors, invalid(place, own(props, "items"), detail)];
  }
  const type = textAt(items, "type");
  if (type !== "object") {
    const detail = `must be object if parent array's ${LIST_TYPE} is map`;
    return [...errors, invalid(child(place, "type"), type, detail)];
  }
  return [...errors, ...keyErrors(keys, items, path)];
}

function keyErrors(
  keys: readonly string[],
  items: SchemaProps,
  path: string,
): readonly FieldError[] {
  const properties = schemaAt(items, "properties") ?? {};
  const field = child(path, LIST_KEYS);
  return keys.flatMap((key, index): readonly FieldError[] => {
    const errors: FieldError[] = [];
    const schema = schemaAt(properties, key);
    if (schema === undefined) {
      errors.push(invalid(field, keys, "entries must all be names of item properties"));
    } else if (["array", "object"].includes(textAt(schema, "type"))) {
      const place = child(at(child(child(path, "items"), "properties"), key), "type");
      const detail = `must be a scalar type if parent array's ${LIST_TYPE} is map`;
      errors.push(invalid(place, textAt(items, "type"), detail));
    }
    if (keys.indexOf(key) < index) {
      errors.push(invalid(field, keys, "must not contain duplicate entries"));
    }
    return errors;
  });
}
