/**
 * The values of CEL. What JavaScript has is used as it is: an int is a bigint, a double a number.
 * Everything else is an object with a `kind`.
 */
import type { CelError } from "./cel-error.ts";
import type { CelType } from "./types.ts";

export type CelValue =
  | null
  | boolean
  /** An int, always within 64 bits. */
  | bigint
  /** A double. */
  | number
  | string
  /** Bytes. */
  | Uint8Array
  | CelUint
  | CelTimestamp
  | CelDuration
  | CelTypeValue
  | CelList
  | CelMap
  | CelStruct
  | CelOptional
  | CelOpaque;

/** A value, or why there is none. */
export type CelResult = CelValue | CelError;

export class CelUint {
  readonly kind = "uint";
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** A moment, from year 1 to year 9999, in nanoseconds since 1970 UTC. */
export class CelTimestamp {
  readonly kind = "timestamp";
  readonly nanos: bigint;
  /** Seconds east of UTC of the text it was read from, in which it is written again. */
  readonly zoneSeconds: number;

  constructor(nanos: bigint, zoneSeconds = 0) {
    this.nanos = nanos;
    this.zoneSeconds = zoneSeconds;
  }
}

/** A span of time in nanoseconds, within 64 bits. */
export class CelDuration {
  readonly kind = "duration";
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A type as a value: what `type(x)` gives. Two are equal if their names are. */
export class CelTypeValue {
  readonly kind = "type";
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export class CelOptional {
  readonly kind = "optional";
  /** Undefined: there is no value. */
  readonly value: CelValue | undefined;

  constructor(value: CelValue | undefined) {
    this.value = value;
  }
}

/** `optional.none()`. */
export const NONE: CelOptional = new CelOptional(undefined);

/** A list. Elements may be made only when they are asked for, and then turn out to be errors. */
export interface CelList {
  readonly kind: "list";
  readonly size: number;
  /** The element at `index`, which is within the list. */
  at(index: number): CelResult;
  /** Given where equality and `+` are not those of plain lists. */
  readonly semantics?: ListSemantics;
}

/** Lists whose schema says that they are sets, or maps by some of their fields. */
export interface ListSemantics {
  equals(left: CelList, right: CelList): boolean | CelError;
  concat(left: CelList, right: CelList): CelResult;
}

/** A map, or an object of a schema. */
export interface CelMap {
  readonly kind: "map";
  readonly size: number;
  /** The value at `key`; undefined if there is none. */
  get(key: CelValue): CelResult | undefined;
  keys(): readonly CelValue[];
  /** Given for objects of a schema: equality looks at what expressions cannot see, too. */
  equals?(other: CelMap): boolean | CelError;
}

/** An object that an expression constructed: `Object{spec: Object.spec{…}}`. */
export class CelStruct {
  readonly kind = "struct";
  readonly typeName: string;
  readonly fields: ReadonlyMap<string, CelValue>;

  constructor(typeName: string, fields: ReadonlyMap<string, CelValue>) {
    this.typeName = typeName;
    this.fields = fields;
  }
}

/** A value of a library's own type. */
export interface CelOpaque {
  readonly kind: "opaque";
  readonly type: CelType & { readonly name: string };
  equals(other: CelOpaque): boolean;
  /** What `size()` would be for the count of cost. Default: 1. */
  readonly costSize?: number;
  /** The value of a field. Absent: the type has none. */
  field?(name: string): CelResult | undefined;
}
