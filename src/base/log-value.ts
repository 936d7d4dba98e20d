/**
 * Values as they may stand in a log: plain JSON of bounded size, whatever was given. Nothing here
 * throws: what cannot be read is said to be so. API objects are named and never shown, since they
 * hold what belongs into no log: a `Secret` is one of them.
 */

/** JSON without surprises. */
export type Loggable =
  string | number | boolean | null | readonly Loggable[] | { readonly [name: string]: Loggable };

/** Characters of one text. */
export const LOG_TEXT_MAX = 8_192;
/** Values inside of values. */
export const LOG_DEPTH_MAX = 6;
/** Items of one array, fields of one object. */
export const LOG_ITEMS_MAX = 50;
/** Values in one line, all told. */
export const LOG_VALUES_MAX = 500;
/** Characters in one line, all told. */
export const LOG_LINE_MAX = 65_536;

/** Shown in place of what is not shown. */
const HIDDEN = "<hidden>";

/** Names of fields whose values are nobody's business. */
const SECRET_NAMES =
  /^(authorization|(set-?)?cookie|pass(word|wd)|.*[-_]?token|private-?key|client-?secret)$/i;

/** Fields of objects that hold what users keep in them. */
const CONTENT_NAMES: ReadonlySet<string> = new Set(["data", "stringData", "binaryData"]);

/** All fields, fit for a log. Absent values are left out. */
export function loggableFields(
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Loggable>> {
  return new Reading().fields(fields, 0);
}

/** One value, fit for a log. */
export function loggable(value: unknown): Loggable {
  return new Reading().value(value, 0) ?? null;
}

/** One walk through the values of a line. */
class Reading {
  readonly #around = new Set<object>(); // those that hold the value that is read now
  #count = 0;
  #left = LOG_LINE_MAX;

  value(value: unknown, depth: number): Loggable | undefined {
    this.#count += 1;
    if (this.#count > LOG_VALUES_MAX) return "<cut>";
    switch (typeof value) {
      case "string":
        return this.#cut(value);
      case "number":
        return Number.isFinite(value) ? value + 0 : String(value); // JSON has no -0
      case "boolean":
        return value;
      case "bigint":
        return this.#cut(String(value));
      case "symbol":
        return String(value);
      case "function":
        return "<function>";
      case "object":
        return value === null ? null : this.#object(value, depth);
      default:
        return undefined;
    }
  }

  fields(fields: object, depth: number): Readonly<Record<string, Loggable>> {
    const names = readable(() => Object.keys(fields)) ?? [];
    const entries: [string, Loggable][] = [];
    for (const name of names.slice(0, LOG_ITEMS_MAX)) {
      const read = readable((): { readonly value: unknown } => {
        return { value: Reflect.get(fields, name) };
      });
      const value = read === undefined ? "<unreadable>" : this.#field(name, read.value, depth);
      if (value !== undefined) entries.push([this.#cut(name), value]);
    }
    if (names.length > LOG_ITEMS_MAX) entries.push(["…", `${names.length - LOG_ITEMS_MAX} more`]);
    return Object.fromEntries(entries);
  }

  #field(name: string, value: unknown, depth: number): Loggable | undefined {
    const isContent = CONTENT_NAMES.has(name) && typeof value === "object" && value !== null;
    if (isContent || (SECRET_NAMES.test(name) && value !== undefined)) return HIDDEN;
    return this.value(value, depth + 1);
  }

  #object(value: object, depth: number): Loggable {
    if (this.#around.has(value)) return "<circular>";
    if (depth >= LOG_DEPTH_MAX) return "<deep>";
    this.#around.add(value);
    try {
      return this.#inside(value, depth);
    } catch {
      return "<unreadable>"; // a proxy or a getter that throws
    } finally {
      this.#around.delete(value);
    }
  }

  #inside(value: object, depth: number): Loggable {
    if (value instanceof Error) return this.#error(value, depth);
    if (Array.isArray(value)) return this.#items(value, value.length, depth);
    if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
    if (value instanceof ArrayBuffer) return `<${value.byteLength} bytes>`;
    if (value instanceof Set || value instanceof Map) {
      return this.#items(firstOf<unknown>(value), value.size, depth);
    }
    const named = identityOf(value, (text) => this.#cut(text));
    if (named !== undefined) return named;
    const toJson: unknown = Reflect.get(value, "toJSON"); // of dates, addresses and the like
    if (typeof toJson !== "function") return this.fields(value, depth);
    const json: unknown = Reflect.apply(toJson, value, [""]);
    return this.value(json, depth + 1) ?? null;
  }

  /** As much of a text as there is room for. */
  #cut(text: string): string {
    const max = Math.min(LOG_TEXT_MAX, this.#left);
    this.#left -= Math.min(text.length, max);
    if (text.length <= max) return text;
    return `${text.slice(0, max)}… ${text.length - max} more characters`;
  }

  #items(items: readonly unknown[], count: number, depth: number): readonly Loggable[] {
    const first = Array.from(items.slice(0, LOG_ITEMS_MAX)); // without holes
    const shown = first.map((item) => this.value(item, depth + 1) ?? null);
    return count > LOG_ITEMS_MAX ? [...shown, `… ${count - LOG_ITEMS_MAX} more`] : shown;
  }

  /** What is said of an error by itself; other fields of it may hold whole objects. */
  #error(error: Error, depth: number): Loggable {
    const { name, message, stack, cause } = error;
    const more: Record<string, unknown> = { name, message, stack };
    for (const detail of ["code", "reason"]) {
      const value: unknown = Reflect.get(error, detail);
      if (typeof value === "string" || typeof value === "number") more[detail] = value;
    }
    if (cause !== undefined) more["cause"] = cause;
    if (error instanceof AggregateError) more["errors"] = error.errors;
    return this.fields(more, depth);
  }
}

/** Which API object it is: its data is not for logs. Undefined: it is none. */
function identityOf(value: object, cut: (text: string) => string): Loggable | undefined {
  const kind = ownText(value, "kind");
  const metadata: unknown = Object.hasOwn(value, "metadata")
    ? Reflect.get(value, "metadata")
    : undefined;
  if (kind === undefined || typeof metadata !== "object" || metadata === null) return undefined;
  const items: unknown = Object.hasOwn(value, "items") ? Reflect.get(value, "items") : undefined;
  const told = {
    apiVersion: ownText(value, "apiVersion"),
    kind,
    namespace: ownText(metadata, "namespace"),
    name: ownText(metadata, "name") ?? ownText(metadata, "generateName"),
    uid: ownText(metadata, "uid"),
    resourceVersion: ownText(metadata, "resourceVersion"),
    items: Array.isArray(items) ? items.length : undefined,
  };
  const present = Object.entries(told).flatMap(([name, field]) =>
    field === undefined ? [] : [[name, typeof field === "string" ? cut(field) : field] as const],
  );
  return Object.fromEntries(present);
}

/** As many as are shown. */
function firstOf<T>(items: Iterable<T>): readonly T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length >= LOG_ITEMS_MAX) break;
    first.push(item);
  }
  return first;
}

function ownText(value: object, name: string): string | undefined {
  const own: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  return typeof own === "string" ? own : undefined;
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
