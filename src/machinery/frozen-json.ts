/** What a parse of a value's JSON would give, without making the JSON. */
import { deepFreeze } from "../base/freeze.ts";
import { exactText, parseExactly } from "./codec/exact-json.ts";
import { setField, type MutableFields } from "./json-value.ts";
import { isFields, type Fields } from "./object.ts";

/**
 * The value as JSON would carry it, frozen at every depth. Nothing of `value` itself is frozen: its
 * parts are copied, but for those that are frozen at every depth and as JSON has them already.
 */
export function frozenJson<T>(value: T): T {
  return jsonOf(value) as T;
}

/** Undefined for what JSON leaves out. */
function jsonOf(value: unknown): unknown {
  switch (typeof value) {
    case "object":
      if (value === null) return null;
      return Array.isArray(value) ? listOf(value) : fieldsOf(value);
    case "number":
      return Number.isFinite(value) ? value + 0 : null; // JSON has no -0
    case "string":
    case "boolean":
      return value;
    case "bigint":
      return integerOf(value);
    default:
      return undefined;
  }
}

/** A number, unless that would be another one. */
function integerOf(value: bigint): bigint | number {
  const number = Number(value);
  return String(number) === String(value) ? number : value;
}

function listOf(list: readonly unknown[]): readonly unknown[] {
  const items = list.map((item) => jsonOf(item) ?? null);
  const isShared =
    Object.isFrozen(list) && items.every((item, index) => Object.is(item, list[index]));
  return isShared ? list : Object.freeze(items);
}

function fieldsOf(fields: object): unknown {
  // What is more than its fields may have a word in how it is written.
  if (!isPlain(fields) || "toJSON" in fields) return throughText(fields);
  let copy: MutableFields | undefined = Object.isFrozen(fields) ? undefined : { ...fields };
  for (const key of Object.keys(fields)) {
    const member = fields[key];
    const kept = jsonOf(member);
    if (kept === undefined) return withoutGaps(fields);
    if (Object.is(kept, member)) continue;
    copy ??= { ...fields };
    copy[key] = kept; // a field that is there, whatever its name
  }
  return copy === undefined ? fields : Object.freeze(copy);
}

/** The same where some fields are left out, which is rare. */
function withoutGaps(fields: Fields): Fields {
  const kept: MutableFields = {};
  for (const [key, member] of Object.entries(fields)) {
    const value = jsonOf(member);
    if (value !== undefined) setField(kept, key, value);
  }
  return Object.freeze(kept);
}

function isPlain(fields: object): fields is Fields {
  return isFields(fields) && Object.getPrototypeOf(fields) === Object.prototype;
}

function throughText(value: unknown): unknown {
  return deepFreeze(parseExactly(exactText(value)));
}
