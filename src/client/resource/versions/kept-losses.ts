/**
 * What an older version cannot hold, kept with the object in an annotation.
 *
 * On the way from the hub, the older object is converted back at once, and wherever that is not the
 * hub again, both values are noted: what was lost, and what stands in its place. On the way to the
 * hub, what was lost comes back where still the same stands in its place; where a client of the
 * older version has changed it, the client's word holds. A list is one value, so that whoever
 * changes it in the older version decides all of it; but in a list whose items have keys
 * (`x-kubernetes-list-type: map`) every item is for itself, as long as the same items are there.
 *
 * Annotations are written by users: of one that is not as it should be, nothing is taken.
 */
import { exactText, parseExactly } from "../../../machinery/codec/exact-json.ts";
import {
  equalValues,
  isDeeperThan,
  VALUE_DEPTH_MAX,
  withField,
  withoutField,
} from "../../../machinery/json-value.ts";
import { isFields, own, type Fields } from "../../../machinery/object.ts";
import { fitsSchema } from "./fits-schema.ts";

/** A field, or the item of a list that has these values in its key fields. */
export type LostStep = string | Fields;

/** A part of the hub. Values that are undefined are absent. */
export type LostPart = {
  readonly path: readonly LostStep[];
  /** What the hub has. */
  readonly lost: unknown;
  /** What the older object becomes instead. */
  readonly instead: unknown;
};

/** The annotation, in the domain of the kind. */
export function keptAnnotation(group: string): string {
  return `${group}/kept-by-conversion`;
}

/** Where `hub` is not what `back` is. `schema`: of the hub, for lists with keys. */
export function lostParts(
  hub: unknown,
  back: unknown,
  path: readonly LostStep[],
  schema: Fields = {},
): readonly LostPart[] {
  if (equalValues(hub, back)) return [];
  if (isFields(hub) && isFields(back)) {
    const names = new Set([...Object.keys(hub), ...Object.keys(back)]);
    return [...names].flatMap((name) => {
      const inner = schemaBelow(schema, name);
      return lostParts(own(hub, name), own(back, name), [...path, name], inner);
    });
  }
  const pairs = itemsByKey(hub, back, schema);
  if (pairs === undefined) return [{ path, lost: hub, instead: back }];
  return pairs.flatMap(({ key, item, other }) => {
    return lostParts(item, other, [...path, key], schemaBelow(schema, key));
  });
}

/** `spec.ports[].name` */
export function lostText(path: readonly LostStep[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step !== "string") return `${text}[]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

type Pair = { readonly key: Fields; readonly item: Fields; readonly other: Fields };

/** Undefined unless both are lists of the same items, told by their keys. */
function itemsByKey(a: unknown, b: unknown, schema: Fields): readonly Pair[] | undefined {
  const names = own(schema, "x-kubernetes-list-map-keys");
  if (!Array.isArray(names) || !Array.isArray(a) || !Array.isArray(b)) return undefined;
  if (a.length !== b.length) return undefined;
  const pairs: Pair[] = [];
  for (const [index, item] of a.entries()) {
    const other: unknown = b[index];
    if (!isFields(item) || !isFields(other)) return undefined;
    const key = Object.fromEntries(names.map((name) => [String(name), own(item, String(name))]));
    if (!hasKey(other, key) || pairs.some((pair) => equalValues(pair.key, key))) return undefined;
    pairs.push({ key, item, other });
  }
  return pairs;
}

function hasKey(item: unknown, key: Fields): item is Fields {
  if (!isFields(item)) return false;
  return Object.entries(key).every(([name, value]) => equalValues(own(item, name), value));
}

/** `version`: of the hub; parts of another one are not taken. */
export function partsText(version: string, parts: readonly LostPart[]): string {
  return exactText({ version, parts });
}

/** The parts in an annotation; none if it is not of this version or not as it was written. */
export function partsIn(text: string, version: string): readonly LostPart[] {
  let value: unknown;
  try {
    value = parseExactly(text);
  } catch {
    return []; // whoever changed it has given up what it held
  }
  if (!isFields(value) || isDeeperThan(value, VALUE_DEPTH_MAX)) return [];
  const parts = own(value, "parts");
  if (own(value, "version") !== version || !Array.isArray(parts)) return [];
  return parts.filter(isFields).flatMap((part) => {
    const path: unknown = own(part, "path");
    if (!Array.isArray(path) || !path.every(isStep)) return [];
    if (path[0] !== "spec" && path[0] !== "status") return [];
    return [{ path, lost: own(part, "lost"), instead: own(part, "instead") }];
  });
}

function isStep(step: unknown): step is LostStep {
  return typeof step === "string" || isFields(step);
}

/** `object` with what was lost, as far as nothing else has been said instead. */
export function withParts(object: Fields, parts: readonly LostPart[], schema: Fields): Fields {
  return parts.reduce((made, { path, lost, instead }) => {
    const inner = path.reduce(schemaBelow, schema);
    if (lost !== undefined && !fitsSchema(lost, inner)) return made;
    const now = replaced(made, path, { lost, instead });
    return isFields(now) ? now : made;
  }, object);
}

/** The very same value where the place is gone or holds another value than `instead`. */
function replaced(
  at: unknown,
  [step, ...rest]: readonly LostStep[],
  part: Pick<LostPart, "lost" | "instead">,
): unknown {
  if (step === undefined) return at;
  if (typeof step !== "string") {
    const index = Array.isArray(at) ? at.findIndex((item) => hasKey(item, step)) : -1;
    if (!Array.isArray(at) || index < 0) return at;
    const now = replaced(at[index], rest, part);
    return now === at[index] ? at : at.with(index, now);
  }
  if (!isFields(at)) return at;
  const now = own(at, step);
  if (rest.length > 0) {
    const inner = replaced(now, rest, part);
    return inner === now ? at : withField(at, step, inner);
  }
  if (!equalValues(now, part.instead)) return at;
  return part.lost === undefined ? withoutField(at, step) : withField(at, step, part.lost);
}

function schemaBelow(schema: Fields, step: LostStep): Fields {
  if (typeof step !== "string") {
    const items = own(schema, "items");
    return isFields(items) ? items : {};
  }
  const properties = own(schema, "properties");
  const named = isFields(properties) ? own(properties, step) : undefined;
  const inner = isFields(named) ? named : own(schema, "additionalProperties");
  return isFields(inner) ? inner : {};
}
