/**
 * What an older version cannot hold, kept with the object in an annotation.
 *
 * On the way from the hub, the older object is converted back at once, and wherever that is not the
 * hub again, both values are noted: what was lost, and what stands in its place. On the way to the
 * hub, what was lost comes back where still the same stands in its place; where a client of the
 * older version has changed it, the client's word holds. Lists are one value: whoever changes a
 * list in the older version decides all of it.
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

/** A part of the hub. Values that are undefined are absent. */
export type LostPart = {
  readonly path: readonly string[];
  /** What the hub has. */
  readonly lost: unknown;
  /** What the older object becomes instead. */
  readonly instead: unknown;
};

/** The annotation, in the domain of the kind. */
export function keptAnnotation(group: string): string {
  return `${group}/kept-by-conversion`;
}

/** Where `hub` is not what `back` is. */
export function lostParts(hub: unknown, back: unknown, path: readonly string[]): LostPart[] {
  if (equalValues(hub, back)) return [];
  if (!isFields(hub) || !isFields(back)) return [{ path, lost: hub, instead: back }];
  const names = new Set([...Object.keys(hub), ...Object.keys(back)]);
  return [...names].flatMap((name) => lostParts(own(hub, name), own(back, name), [...path, name]));
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
    if (!Array.isArray(path) || !path.every((step) => typeof step === "string")) return [];
    if (path[0] !== "spec" && path[0] !== "status") return [];
    return [{ path, lost: own(part, "lost"), instead: own(part, "instead") }];
  });
}

/** `object` with what was lost, as far as nothing else has been said instead. */
export function withParts(object: Fields, parts: readonly LostPart[], schema: Fields): Fields {
  return parts.reduce((made, { path, lost, instead }) => {
    const inner = schemaAt(schema, path);
    if (lost !== undefined && !fitsSchema(lost, inner)) return made;
    return replaced(made, path, { lost, instead });
  }, object);
}

/** The very same value where the place is gone or holds another value than `instead`. */
function replaced(
  at: Fields,
  [name = "", ...rest]: readonly string[],
  part: Pick<LostPart, "lost" | "instead">,
): Fields {
  const now = own(at, name);
  if (rest.length > 0) {
    if (!isFields(now)) return at;
    const inner = replaced(now, rest, part);
    return inner === now ? at : withField(at, name, inner);
  }
  if (!equalValues(now, part.instead)) return at;
  return part.lost === undefined ? withoutField(at, name) : withField(at, name, part.lost);
}

function schemaAt(schema: Fields, path: readonly string[]): Fields {
  return path.reduce<Fields>((at, name) => {
    const properties = own(at, "properties");
    const named = isFields(properties) ? own(properties, name) : undefined;
    const inner = isFields(named) ? named : own(at, "additionalProperties");
    return isFields(inner) ? inner : {};
  }, schema);
}
