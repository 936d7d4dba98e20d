/** Keys of map lists, and items of map lists and sets, must always be there. */
import type { FieldError } from "../../machinery/status.ts";
import { forbidden, required } from "../field-errors.ts";
import { at, child } from "../field-path.ts";
import {
  defaultAt,
  isSet,
  optionalTextAt,
  schemaAt,
  textsAt,
  type SchemaProps,
} from "../schema-props.ts";

/** Violations of one list; none if it is no map or set. */
export function checkListMapKeys(props: SchemaProps, path: string): readonly FieldError[] {
  const items = schemaAt(props, "items");
  const listType = optionalTextAt(props, "x-kubernetes-list-type");
  if (items === undefined || (listType !== "set" && listType !== "map")) return [];
  const place = child(path, "items");
  const errors: FieldError[] = [];
  if (isSet(items, "nullable")) {
    const detail = `cannot be nullable when x-kubernetes-list-type is ${listType}`;
    errors.push(forbidden(child(place, "nullable"), detail));
  }
  if (listType === "set") return errors;
  const keys = textsAt(props, "x-kubernetes-list-map-keys");
  return [...errors, ...keys.flatMap((key) => checkKey(key, items, place))];
}

function checkKey(key: string, items: SchemaProps, path: string): readonly FieldError[] {
  const schema = schemaAt(schemaAt(items, "properties") ?? {}, key);
  if (schema === undefined) return [];
  const place = at(child(path, "properties"), key);
  const errors: FieldError[] = [];
  if (!textsAt(items, "required").includes(key) && defaultAt(schema) === undefined) {
    const detail =
      "this property is in x-kubernetes-list-map-keys, " +
      "so it must have a default or be a required property";
    errors.push(required(child(place, "default"), detail));
  }
  if (isSet(schema, "nullable")) {
    const detail = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
    errors.push(forbidden(child(place, "nullable"), detail));
  }
  return errors;
}
