/**
 * JSON as values. What an object has inside is read when it is asked for, by the type its place was
 * declared with; so a rule that looks at one field of a large object costs one field.
 */
import { CelError } from "./cel-error.ts";
import { isError } from "./eval/runtime-types.ts";
import { unescapeIdentifier } from "./identifiers.ts";
import { jsonScalar } from "./json-scalars.ts";
import { equalValues } from "../machinery/json-value.ts";
import { isFields, own, type Fields } from "../machinery/object.ts";
import { equal } from "./eval/equality.ts";
import { MapSemantics, SET_SEMANTICS } from "./eval/list-semantics.ts";
import { DYN, fieldType, type CelObjectType, type CelType } from "./types.ts";
import {
  CelOptional,
  NONE,
  type CelList,
  type CelMap,
  type CelResult,
  type CelValue,
  type ListSemantics,
} from "./values.ts";

/**
 * The value of JSON that is declared to be of a type. What is a value already stays what it is.
 * `undefined` is the absence of an optional.
 */
export function adapt(json: unknown, type: CelType): CelResult {
  if (type.kind === "optional") {
    if (json === undefined) return NONE;
    const value = adapt(json, type.of);
    if (isError(value) || value instanceof CelOptional) return value;
    return new CelOptional(value);
  }
  if (isAdapted(json)) return json;
  if (json === null || json === undefined) return nullValue(type);
  switch (type.kind) {
    case "list":
      if (Array.isArray(json)) return new JsonList(json, type);
      return new CelError(
        "invalid data, expected an array for the provided schema with type=array",
      );
    case "map":
      return isFields(json) ? new JsonMap(json, type.value) : notAnObject();
    case "object":
      return isFields(json) ? new JsonObject(json, type) : notAnObject();
    case "wrapper":
      return adapt(json, type.of);
    default:
      if (Array.isArray(json)) return dynamicOnly(type, () => new JsonList(json, LIST_OF_DYN));
      if (isFields(json)) return dynamicOnly(type, () => new JsonMap(json, DYN));
      return jsonScalar(json, type);
  }
}

const LIST_OF_DYN: CelType & { readonly kind: "list" } = { kind: "list", element: DYN };

function notAnObject(): CelError {
  return new CelError("invalid data, expected a map for the provided schema with type=object");
}

/** Lists and objects where no type says what is in them. */
function dynamicOnly(type: CelType, make: () => CelValue): CelResult {
  if (type.shape?.format === "int-or-string") {
    const what = "invalid data, expected XIntOrString value to be either a string or integer";
    return new CelError(what);
  }
  return type.kind === "dyn" ? make() : jsonScalar([], type);
}

function nullValue(type: CelType): CelResult {
  const isSchema = type.shape !== undefined;
  if (!isSchema || type.shape.isNullable === true || type.kind === "wrapper") return null;
  return new CelError("invalid data, got null for schema with nullable=false");
}

/** Whether something is a value of CEL and not JSON: JSON objects are plain ones. */
function isAdapted(json: unknown): json is CelValue {
  if (typeof json === "bigint") return true;
  if (typeof json !== "object" || json === null || Array.isArray(json)) return false;
  const prototype: unknown = Object.getPrototypeOf(json);
  return prototype !== Object.prototype && prototype !== null;
}

class JsonList implements CelList {
  readonly kind = "list";
  readonly size: number;
  readonly semantics?: ListSemantics;
  readonly #json: readonly unknown[];
  readonly #element: CelType;

  constructor(json: readonly unknown[], type: CelType & { readonly kind: "list" }) {
    this.#json = json;
    this.size = json.length;
    this.#element = type.element;
    const list = type.shape?.list;
    if (list?.kind === "set") this.semantics = SET_SEMANTICS;
    if (list?.kind === "map") this.semantics = new MapSemantics(list.keys);
  }

  at(index: number): CelResult {
    return adapt(this.#json[index] ?? null, this.#element);
  }
}

/** JSON whose keys are data, not names. */
class JsonMap implements CelMap {
  readonly kind = "map";
  readonly #json: Fields;
  readonly #value: CelType;
  #size: number | undefined;

  constructor(json: Fields, value: CelType) {
    this.#json = json;
    this.#value = value;
  }

  get size(): number {
    return (this.#size ??= Object.keys(this.#json).length);
  }

  get(key: CelValue): CelResult | undefined {
    if (typeof key !== "string" || !Object.hasOwn(this.#json, key)) return undefined;
    return adapt(own(this.#json, key) ?? null, this.#value);
  }

  keys(): readonly CelValue[] {
    return Object.keys(this.#json);
  }
}

/** JSON of an object type. A field that is null is one that is not there. */
class JsonObject implements CelMap {
  readonly kind = "map";
  readonly #json: Fields;
  readonly #type: CelObjectType;

  constructor(json: Fields, type: CelObjectType) {
    this.#json = json;
    this.#type = type;
  }

  get size(): number {
    return Object.keys(this.#json).length;
  }

  get(key: CelValue): CelResult | undefined {
    if (typeof key !== "string") return new CelError("no such overload");
    const name = unescapeIdentifier(key);
    if (name === undefined) return undefined;
    const value = own(this.#json, name);
    if (value === undefined || value === null) return undefined;
    const type = fieldType(this.#type, key);
    return type === undefined ? undefined : adapt(value, type);
  }

  keys(): readonly CelValue[] {
    const { fields, otherFields } = this.#type;
    const escaped = [...fields.keys()].filter((key) => {
      const name = unescapeIdentifier(key);
      return name !== undefined && Object.hasOwn(this.#json, name);
    });
    if (otherFields === undefined) return escaped;
    return [...escaped, ...Object.keys(this.#json).filter((name) => !fields.has(name))];
  }

  /** Also compares fields that expressions cannot see. */
  equals(other: CelMap): boolean | CelError {
    if (this.size !== other.size) return false;
    const visible = new Set<string>();
    for (const key of this.keys()) {
      if (typeof key !== "string") continue;
      visible.add(unescapeIdentifier(key) ?? key);
      const left = this.get(key);
      const right = other.get(key);
      if (left === undefined || right === undefined) {
        if (left !== right) return false;
        continue;
      }
      const same = equal(left, right);
      if (same !== true) return same;
    }
    return this.#sameHidden(other, visible);
  }

  #sameHidden(other: CelMap, visible: ReadonlySet<string>): boolean {
    if (!(other instanceof JsonObject)) return visible.size === this.size;
    return Object.keys(this.#json)
      .filter((name) => !visible.has(name) && Object.hasOwn(other.#json, name))
      .every((name) => equalValues(this.#json[name], other.#json[name]));
  }
}
