/** JSON of a value with sorted keys: two values are equal if their texts are. */
import { exactMember, exactText } from "../../machinery/codec/exact-json.ts";
import { isFields, own } from "../../machinery/object.ts";

/** The text of a JSON value; values nested too deep for a text are all the same. */
export function canonicalText(value: unknown): string {
  if (typeof value !== "object" || value === null)
    return value === undefined ? "null" : exactText(value);
  return JSON.stringify(value, (_key, member: unknown) =>
    isFields(member) ? sorted(member) : exactMember(member),
  );
}

function sorted(fields: Readonly<Record<string, unknown>>): unknown {
  const keys = Object.keys(fields);
  const isSorted = keys.every((key, index) => index === 0 || (keys[index - 1] ?? "") <= key);
  if (isSorted) return fields;
  return Object.fromEntries(keys.toSorted().map((key) => [key, own(fields, key)]));
}
