/**
 * What a typed decoder says to a value: which fields its kind does not know, and where a value has
 * another type than its field. The texts are those of Go's decoder, which users of this API search
 * for. Values are judged, not converted: a quantity given as a number stays one.
 */
import {
  isDeeperThan,
  setField,
  VALUE_DEPTH_MAX,
  type MutableFields,
} from "../machinery/json-value.ts";
import { isFields, type Fields } from "../machinery/object.ts";
import { scalarProblem } from "./scalar-problem.ts";
import { resolveSchema, type SchemaSource, type StructuralSchema } from "./structural-schema.ts";

export type FieldReport = {
  /** Paths of fields the schema does not know, as upstream prints them: `spec.ports[0].foo`. */
  readonly unknown: readonly string[];
  /** What does not fit its field; the first is the one upstream reports. */
  readonly typeProblems: readonly string[];
  /**
   * The value without unknown fields, and without fields that are null. Parts of it that are frozen
   * at every depth, and of which nothing is left out, are the very same; all others are copies.
   */
  readonly value: unknown;
};

/** Unknown fields and type problems that are reported; more would say nothing new. */
export const PROBLEMS_MAX = 100;

/** How numbers were spelled that do not look like integers, by their paths. */
export type Spellings = ReadonlyMap<string, string>;

const NO_SPELLINGS: Spellings = new Map();

/** Checks a decoded JSON value; never throws, whatever the value is. */
export function checkFields(
  value: unknown,
  schema: StructuralSchema,
  spellings: Spellings = NO_SPELLINGS,
): FieldReport {
  if (isDeeperThan(value, VALUE_DEPTH_MAX)) {
    const problem = `exceeded max depth of ${VALUE_DEPTH_MAX}`;
    return { unknown: [], typeProblems: [problem], value: undefined };
  }
  const walk = new FieldWalk(spellings);
  const kept = walk.check(value, schema);
  return { unknown: [...walk.unknown], typeProblems: walk.problems(), value: kept };
}

/** One pass over a value. Recursion is safe: the depth was checked. */
class FieldWalk {
  readonly unknown = new Set<string>();
  /** Go's decoder stops at a text that is malformed, but carries on after a wrong type. */
  readonly #malformed: string[] = [];
  readonly #mistyped: string[] = [];
  /** `spec`, `containers`, 0, … */
  readonly #path: (string | number)[] = [];
  /** The same without indexes and map keys: what Go names in its texts. */
  readonly #fields: string[] = [];
  readonly #spellings: Spellings;
  #typeName = "";

  constructor(spellings: Spellings) {
    this.#spellings = spellings;
  }

  problems(): readonly string[] {
    return [...this.#malformed, ...this.#mistyped].slice(0, PROBLEMS_MAX);
  }

  check(value: unknown, schema: StructuralSchema): unknown {
    if (value === null) return null;
    if (schema.keepsUnknown === true && schema.properties === undefined) return value;
    switch (schema.type) {
      case "object":
        return isFields(value) ? this.#object(value, schema) : this.#wrongType(value, schema);
      case "array":
        return Array.isArray(value) ? this.#array(value, schema) : this.#wrongType(value, schema);
      case "string":
      case "integer":
      case "number":
      case "boolean":
      case "any":
        return this.#scalar(value, schema);
    }
  }

  #object(fields: Fields, schema: StructuralSchema): Fields {
    const outer = this.#typeName;
    if (schema.typeName !== undefined) this.#typeName = schema.typeName;
    const kept: MutableFields = {};
    let isSame = true;
    for (const key of Object.keys(fields)) {
      const checked = this.#member(key, fields[key], schema);
      if (checked !== fields[key] || checked === undefined) isSame = false;
      if (checked !== undefined) setField(kept, key, checked);
    }
    this.#typeName = outer;
    return isSame && Object.isFrozen(fields) ? fields : kept;
  }

  /** Undefined: it is left out. */
  #member(key: string, member: unknown, schema: StructuralSchema): unknown {
    if (member === undefined) return undefined;
    const source = sourceOf(schema, key);
    if (source === undefined) {
      if (schema.keepsUnknown === true) return member;
      this.#unknown(key);
      return undefined;
    }
    const isMap = schema.additionalProperties !== undefined;
    if (member === null && !isMap) return undefined;
    const inner = resolveSchema(source);
    if (isPlain(member, inner)) return member;
    if (!isMap) this.#fields.push(key);
    const checked = this.#at(key, member, inner);
    if (!isMap) this.#fields.pop();
    return checked;
  }

  #array(items: readonly unknown[], schema: StructuralSchema): readonly unknown[] {
    if (schema.items === undefined) return items;
    const inner = resolveSchema(schema.items);
    const kept = items.map((item, index) => this.#at(index, item ?? null, inner));
    const isSame = kept.every((item, index) => item === items[index]);
    return isSame && Object.isFrozen(items) ? items : kept;
  }

  #at(step: string | number, value: unknown, schema: StructuralSchema): unknown {
    this.#path.push(step);
    const checked = this.check(value, schema);
    this.#path.pop();
    return checked;
  }

  #scalar(value: unknown, schema: StructuralSchema): unknown {
    const text = typeof value === "number" ? this.#spellingOf(value) : undefined;
    if (text !== undefined && schema.format === "quantity") return text;
    if (text !== undefined && schema.format === "int-or-string") {
      this.#mismatch(`number ${text}`, "int32", true);
      return value;
    }
    if (text !== undefined && schema.type === "integer") {
      this.#mismatch(`number ${text}`, schema.format ?? "int64", false);
      return value;
    }
    const problem = scalarProblem(value, schema);
    if (problem === undefined) return value;
    if (problem.kind === "malformed") this.#note(this.#malformed, problem.text);
    else this.#mismatch(problem.value, problem.goType, problem.isFatal);
    return value;
  }

  /** Only for the number that was kept of several at one place. */
  #spellingOf(value: number): string | undefined {
    if (this.#spellings.size === 0) return undefined;
    const text = this.#spellings.get(pathText(this.#path));
    return text !== undefined && Number(text) === value ? text : undefined;
  }

  #wrongType(value: unknown, schema: StructuralSchema): unknown {
    this.#mismatch(jsonTypeOf(value), goTypeOf(schema), false);
    return value;
  }

  #mismatch(value: string, goType: string, isFatal: boolean): void {
    const field = this.#fields.join(".");
    const owner = this.#typeName === "" ? "" : `${this.#typeName}.`;
    const target = field === "" ? "value" : `struct field ${owner}${field}`;
    const text = `json: cannot unmarshal ${value} into Go ${target} of type ${goType}`;
    this.#note(isFatal ? this.#malformed : this.#mistyped, text);
  }

  #note(problems: string[], text: string): void {
    if (problems.length < PROBLEMS_MAX) problems.push(text);
  }

  #unknown(key: string): void {
    if (this.unknown.size >= PROBLEMS_MAX) return;
    this.unknown.add(pathText([...this.#path, key]));
  }
}

/** Whether there is nothing to be said of a value, as of most: of its type, which has no format. */
function isPlain(value: unknown, { type, format }: StructuralSchema): boolean {
  return typeof value !== "object" && typeof value === type && format === undefined;
}

/** `spec.containers[0].name` */
function pathText(path: readonly (string | number)[]): string {
  let text = "";
  for (const [index, step] of path.entries()) {
    if (typeof step === "number") text += `[${step}]`;
    else text += index === 0 ? step : `.${step}`;
  }
  return text;
}

function sourceOf(schema: StructuralSchema, key: string): SchemaSource | undefined {
  const { properties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return schema.additionalProperties;
}

/** How Go's decoder names the JSON type of a value. */
export function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** How Go names the type a schema was made from, as far as the schema tells. */
function goTypeOf(schema: StructuralSchema): string {
  switch (schema.type) {
    case "object":
      if (schema.additionalProperties !== undefined) {
        return `map[string]${goTypeOf(resolveSchema(schema.additionalProperties))}`;
      }
      return schema.typeName === undefined ? "struct" : `v1.${schema.typeName}`;
    case "array":
      return schema.items === undefined
        ? "[]interface {}"
        : `[]${goTypeOf(resolveSchema(schema.items))}`;
    case "string":
      return schema.format === "byte" ? "[]uint8" : "string";
    case "integer":
      return schema.format ?? "int64";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "any":
      return "interface {}";
  }
}
