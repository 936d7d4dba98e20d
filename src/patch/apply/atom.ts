/**
 * A schema as merging sees it: what a value at some place may be, and whether its parts have owners
 * of their own. Most places take one of map, list and scalar; what no schema describes takes any of
 * them, and the value at hand decides: maps are then granular and lists are owned as a whole.
 */
import {
  resolveSchema,
  type SchemaSource,
  type StructuralSchema,
} from "../../schema/structural-schema.ts";

export type Atom = {
  readonly map?: MapAtom;
  readonly list?: ListAtom;
  readonly scalar?: ScalarKind;
};

export type ScalarKind = "string" | "numeric" | "boolean" | "untyped";

export type MapAtom = {
  /** What is under this key; undefined where the schema has no such field. */
  readonly member: (key: string) => Atom | undefined;
  /** Whether the key is a field of the schema, not just any key of a map. */
  readonly isNamed: (key: string) => boolean;
  /** Owned as a whole. */
  readonly isAtomic: boolean;
  /** Nothing is known about its members: it may become anything. */
  readonly isDeduced: boolean;
};

export type ListAtom = {
  readonly items: () => Atom;
  /** `atomic`: owned as a whole; `set`: items are scalars; `map`: items are told apart by keys. */
  readonly kind: "atomic" | "set" | "map";
  readonly keys: readonly string[];
  /** What a key that an item leaves out is taken for. */
  readonly defaultOf: (key: string) => unknown;
};

/** Of what no schema describes. */
export const DEDUCED: Atom = {
  scalar: "untyped",
  map: { member: () => DEDUCED, isNamed: () => false, isAtomic: false, isDeduced: true },
  list: { items: () => WHOLE, kind: "atomic", keys: [], defaultOf: () => undefined },
};

/** Of what no schema describes, inside something that is owned as a whole. */
const WHOLE: Atom = {
  scalar: "untyped",
  map: { member: () => WHOLE, isNamed: () => false, isAtomic: true, isDeduced: false },
  list: { items: () => WHOLE, kind: "atomic", keys: [], defaultOf: () => undefined },
};

/** A place for which the schema has nothing: no value fits. */
export const NOTHING: Atom = {};

const strict = new WeakMap<StructuralSchema, Atom>();
const keeping = new WeakMap<StructuralSchema, Atom>();

/** The atom of a schema; made once, as far as it is looked into. */
export function atomOf(schema: StructuralSchema): Atom {
  return memoized(schema, false);
}

/** `isKeeping`: something around the place keeps unknown fields, and so does all in it. */
function memoized(schema: StructuralSchema, isKeeping: boolean): Atom {
  const memo = isKeeping ? keeping : strict;
  const known = memo.get(schema);
  if (known !== undefined) return known;
  const made = makeAtom(schema, isKeeping || schema.keepsUnknown === true);
  memo.set(schema, made);
  return made;
}

function makeAtom(schema: StructuralSchema, isKeeping: boolean): Atom {
  switch (schema.type) {
    case "object":
      return { map: mapAtom(schema, isKeeping) };
    case "array":
      return { list: listAtom(schema, isKeeping) };
    case "string":
      return { scalar: isPlainString(schema) ? "string" : "untyped" };
    case "integer":
    case "number":
      return { scalar: "numeric" };
    case "boolean":
      return { scalar: "boolean" };
    case "any":
      return {
        scalar: "untyped",
        map: mapAtom(schema, isKeeping),
        list: listAtom(schema, isKeeping),
      };
  }
}

/** Texts with a format of their own may be spelled as numbers: quantities, ports. */
function isPlainString(schema: StructuralSchema): boolean {
  return schema.format === undefined || schema.format === "byte";
}

function mapAtom(schema: StructuralSchema, isKeeping: boolean): MapAtom {
  const { properties = {}, additionalProperties } = schema;
  const names = Object.keys(properties);
  const isFreeForm = isKeeping || names.length === 0;
  const other = lazily(
    additionalProperties === undefined
      ? () => (isFreeForm ? DEDUCED : undefined)
      : () => atomOfSource(additionalProperties, isKeeping),
  );
  // Maps of anything may be long, so they are asked little.
  const isMap = names.length === 0;
  const named = new Map(
    Object.entries(properties).map(([name, source]) => {
      return [name, lazily(() => atomOfSource(source, isKeeping))] as const;
    }),
  );
  const isNamed = (key: string): boolean => named.has(key);
  const member = (key: string): Atom | undefined => (named.get(key) ?? other)();
  return {
    member: isMap ? other : member,
    isNamed: isMap ? () => false : isNamed,
    isAtomic: schema.mapType === "atomic",
    isDeduced: names.length === 0 && additionalProperties === undefined,
  };
}

function listAtom(schema: StructuralSchema, isKeeping: boolean): ListAtom {
  const { items, listType = "atomic", listKeys = [] } = schema;
  const itemAtom = lazily(() => (items === undefined ? WHOLE : atomOfSource(items, isKeeping)));
  return {
    items: itemAtom,
    kind: listType,
    keys: listType === "map" ? listKeys : [],
    defaultOf: (key) => (items === undefined ? undefined : defaultOf(resolveSchema(items), key)),
  };
}

function defaultOf(item: StructuralSchema, key: string): unknown {
  const { properties = {} } = item;
  const source = Object.hasOwn(properties, key) ? properties[key] : undefined;
  return source === undefined ? undefined : resolveSchema(source).default;
}

function atomOfSource(source: SchemaSource, isKeeping: boolean): Atom {
  return memoized(resolveSchema(source), isKeeping);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
