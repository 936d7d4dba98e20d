/**
 * Values that a structural schema describes, by chance. Small on purpose: what goes wrong in a
 * conversion goes wrong with an absent field, an empty list or two items.
 */
import { isFields, own, type Fields } from "../../machinery/object.ts";

/** Of chance: a number in [0, 1). */
export type Chance = () => number;

/** Fits a schema or not, e.g. its pattern. */
export type Fits = (value: unknown, schema: Fields) => boolean;

/** Nothing that this file can think of is a value of the schema. */
export class NoValueError extends Error {
  override readonly name = "NoValueError";
}

const ITEMS_MAX = 2;
const DEPTH_MAX = 12;
/** Texts of the forms that patterns and formats of APIs ask for. */
const TEXTS: readonly string[] = [
  "a",
  "b",
  "web-1",
  "A long text, with signs: {}[]/\\\"'",
  "example.dev",
  "www.example.dev",
  "https://example.dev/path",
  "mail@example.dev",
  "10.0.0.1",
  "10.0.0.0/8",
  "::1",
  "2026-01-01T00:00:00Z",
  "2026-01-01",
  "12:00:00Z",
  "1h30m",
  "PT1H",
  "0b7f1e6a-6b3c-4d0e-9a8f-1c2d3e4f5a6b",
  "100Mi",
  "500m",
  "1",
  "1.2.3",
  "v1",
  "ABC",
  "/path",
  "key=value",
  "aGVsbG8=",
  "sha256:0123456789012345678901234567890123456789012345678901234567890123",
  "#ffffff",
  "",
];

export class Generator {
  readonly #chance: Chance;
  readonly #fits: Fits;

  constructor(chance: Chance, fits: Fits) {
    this.#chance = chance;
    this.#fits = fits;
  }

  /** Throws `NoValueError` with the path. */
  value(schema: Fields, path: string, depth = 0): unknown {
    if (own(schema, "nullable") === true && this.#chance() < 0.1) return null;
    const values = own(schema, "enum");
    if (Array.isArray(values)) return this.#of(values);
    if (own(schema, "x-kubernetes-int-or-string") === true) {
      return this.#of([0, 80, "http", "50%"].filter((each) => this.#fits(each, schema)));
    }
    switch (own(schema, "type")) {
      case "object":
        return this.#object(schema, path, depth);
      case "array":
        return this.#list(schema, path, depth);
      case "string":
        return this.#text(schema, path);
      case "integer":
      case "number":
        return this.#number(schema, path);
      case "boolean":
        return this.#chance() < 0.5;
      default:
        return this.#of([{ any: [1, "two"] }, "text", 7, true]);
    }
  }

  #of<T>(values: readonly T[]): T | undefined {
    return values[Math.floor(this.#chance() * values.length)];
  }

  #object(schema: Fields, path: string, depth: number): Fields {
    const made: [string, unknown][] = [];
    const required = own(schema, "required");
    const isRequired = (name: string): boolean =>
      Array.isArray(required) && required.includes(name);
    for (const [name, inner] of Object.entries(fieldsOf(own(schema, "properties")))) {
      const isWanted = isRequired(name) || (depth < DEPTH_MAX && this.#chance() < 0.6);
      if (!isWanted || !isFields(inner)) continue;
      made.push([name, this.value(inner, `${path}.${name}`, depth + 1)]);
    }
    const others = own(schema, "additionalProperties");
    if (isFields(others)) {
      for (const name of ["one", "two"].slice(0, Math.floor(this.#chance() * 3))) {
        made.push([name, this.value(others, `${path}.${name}`, depth + 1)]);
      }
    }
    return Object.fromEntries(made);
  }

  #list(schema: Fields, path: string, depth: number): readonly unknown[] {
    const min = numberAt(schema, "minItems") ?? 0;
    const max = Math.min(numberAt(schema, "maxItems") ?? ITEMS_MAX + min, ITEMS_MAX + min);
    const count = min + Math.floor(this.#chance() * (max - min + 1));
    const items = fieldsOf(own(schema, "items"));
    const made = Array.from({ length: count }, () => this.value(items, `${path}[]`, depth + 1));
    return this.#fits(made, schema) ? made : made.slice(0, Math.max(min, 1));
  }

  #text(schema: Fields, path: string): string {
    const longest = numberAt(schema, "minLength") ?? 0;
    const all = [...TEXTS, "x".repeat(longest)].filter((text) => this.#fits(text, schema));
    const text = this.#of(all);
    if (text !== undefined) return text;
    throw new NoValueError(`${path}: no text that this knows fits its pattern`);
  }

  #number(schema: Fields, path: string): number {
    const [min, max] = [numberAt(schema, "minimum"), numberAt(schema, "maximum")];
    const step = numberAt(schema, "multipleOf") ?? 1;
    const low = min ?? (max === undefined ? 0 : max - 100);
    const some = Math.floor(this.#chance() * 100);
    const candidates = [low, low + 1, max, low + some, Math.ceil(low / step) * step, 0, 1];
    const fitting = candidates.filter((each) => each !== undefined && this.#fits(each, schema));
    const number = this.#of(fitting);
    if (number !== undefined) return number;
    throw new NoValueError(`${path}: no number that this knows fits its bounds`);
  }
}

function numberAt(schema: Fields, name: string): number | undefined {
  const value = own(schema, name);
  return typeof value === "number" ? value : undefined;
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}
