/**
 * The types of CEL expressions. Types are values: compared by structure, object types by name.
 *
 * A type that was declared from a schema also carries a `shape`: how JSON of it is read, and how
 * large it can become. The shape is no part of the type's identity.
 */

/** The names CEL itself gives to its types without parameters. */
export type SimpleKind =
  | "dyn"
  | "error"
  | "int"
  | "uint"
  | "double"
  | "bool"
  | "string"
  | "bytes"
  | "null"
  | "timestamp"
  | "duration";

export type CelType =
  | { readonly kind: SimpleKind; readonly shape?: Shape }
  | { readonly kind: "list"; readonly element: CelType; readonly shape?: Shape }
  | {
      readonly kind: "map";
      readonly key: CelType;
      readonly value: CelType;
      readonly shape?: Shape;
    }
  /** A scalar or null. */
  | { readonly kind: "wrapper"; readonly of: CelType; readonly shape?: Shape }
  | { readonly kind: "optional"; readonly of: CelType; readonly shape?: Shape }
  /** The type of a type; `of` is absent where any type will do. */
  | { readonly kind: "type"; readonly of?: CelType; readonly shape?: Shape }
  /** A type parameter of an overload, or a free variable of the checker. */
  | { readonly kind: "parameter"; readonly name: string; readonly shape?: Shape }
  /** A type without fields that is known by its name, such as `net.IP`. */
  | {
      readonly kind: "opaque";
      readonly name: string;
      readonly parameters: readonly CelType[];
      readonly shape?: Shape;
    }
  | CelObjectType;

/** A type with named fields, such as a place of a schema. */
export type CelObjectType = {
  readonly kind: "object";
  /** As error texts show it: `selfType.spec`. */
  readonly name: string;
  /** Fields by the name they have in expressions (escaped, see `escapeIdentifier`). */
  readonly fields: ReadonlyMap<string, CelType>;
  /** The type of every field that `fields` does not name; absent: there are none. */
  readonly otherFields?: CelType;
  readonly shape?: Shape;
};

/** How JSON of a declared type is read, and what the schema says of its size. */
export type Shape = {
  /**
   * Most characters, bytes, items or entries, as upstream's cost estimate counts them; 0 for
   * scalars. Default: nothing is known.
   */
  readonly sizeMax?: number;
  /** Fewest bytes of the value as JSON. Default: 1. */
  readonly bytesMin?: number;
  readonly isNullable?: true;
  /** `date` and `date-time` are both timestamps. */
  readonly format?: "date" | "date-time" | "duration" | "byte" | "int-or-string";
  /** Lists in which order means nothing, or whose elements are known by some of their fields. */
  readonly list?:
    { readonly kind: "set" } | { readonly kind: "map"; readonly keys: readonly string[] };
};

export const DYN: CelType = { kind: "dyn" };
export const ERROR: CelType = { kind: "error" };
export const INT: CelType = { kind: "int" };
export const UINT: CelType = { kind: "uint" };
export const DOUBLE: CelType = { kind: "double" };
export const BOOL: CelType = { kind: "bool" };
export const STRING: CelType = { kind: "string" };
export const BYTES: CelType = { kind: "bytes" };
export const NULL: CelType = { kind: "null" };
export const TIMESTAMP: CelType = { kind: "timestamp" };
export const DURATION: CelType = { kind: "duration" };
export const TYPE: CelType = { kind: "type" };

export function listOf(element: CelType): CelType {
  return { kind: "list", element };
}

export function mapOf(key: CelType, value: CelType): CelType {
  return { kind: "map", key, value };
}

export function optionalOf(of: CelType): CelType {
  return { kind: "optional", of };
}

export function wrapperOf(of: CelType): CelType {
  return { kind: "wrapper", of };
}

export function typeOf(of: CelType): CelType {
  return { kind: "type", of };
}

export function parameter(name: string): CelType {
  return { kind: "parameter", name };
}

export function opaque(name: string, ...parameters: readonly CelType[]): CelType {
  return { kind: "opaque", name, parameters };
}

/** An object type of the given fields; without `otherFields` no further field can be selected. */
export function objectType(
  name: string,
  fields: Readonly<Record<string, CelType>>,
  otherFields?: CelType,
): CelObjectType {
  const entries = new Map(Object.entries(fields));
  return otherFields === undefined
    ? { kind: "object", name, fields: entries }
    : { kind: "object", name, fields: entries, otherFields };
}

/**
 * The type of field `name` of an object type. Fields called as reserved words are escaped, but can
 * be selected without that, too: `self.namespace`.
 */
export function fieldType(type: CelObjectType, name: string): CelType | undefined {
  return type.fields.get(name) ?? type.fields.get(`__${name}__`) ?? type.otherFields;
}

/** The type as error texts show it: `map(string, list(int))`. */
export function typeText(type: CelType): string {
  switch (type.kind) {
    case "dyn":
      return "dyn";
    case "error":
      return "!error!";
    case "null":
      return "null";
    case "timestamp":
      return "timestamp";
    case "duration":
      return "duration";
    case "list":
      return `list(${typeText(type.element)})`;
    case "map":
      return `map(${typeText(type.key)}, ${typeText(type.value)})`;
    case "wrapper":
      return `wrapper(${typeText(type.of)})`;
    case "optional":
      return `optional_type(${typeText(type.of)})`;
    case "type":
      return type.of === undefined ? "type" : `type(${typeText(type.of)})`;
    case "parameter":
    case "object":
      return type.name;
    case "opaque":
      return type.parameters.length === 0
        ? type.name
        : `${type.name}(${type.parameters.map(typeText).join(", ")})`;
    default:
      return type.kind;
  }
}

/** Whether the two are the same type. */
export function sameType(a: CelType, b: CelType): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case "list":
      return b.kind === "list" && sameType(a.element, b.element);
    case "map":
      return b.kind === "map" && sameType(a.key, b.key) && sameType(a.value, b.value);
    case "wrapper":
      return b.kind === "wrapper" && sameType(a.of, b.of);
    case "optional":
      return b.kind === "optional" && sameType(a.of, b.of);
    case "type":
      if (b.kind !== "type" || (a.of === undefined) !== (b.of === undefined)) return false;
      return a.of === undefined || b.of === undefined || sameType(a.of, b.of);
    case "parameter":
    case "object":
      return b.kind === a.kind && b.name === a.name;
    case "opaque":
      return b.kind === "opaque" && a.name === b.name && sameTypes(a.parameters, b.parameters);
    default:
      return a.kind === b.kind;
  }
}

/** Whether two lists of types are the same, one by one. */
export function sameTypes(a: readonly CelType[], b: readonly CelType[]): boolean {
  return a.length === b.length && a.every((type, index) => sameType(type, b[index] ?? ERROR));
}
