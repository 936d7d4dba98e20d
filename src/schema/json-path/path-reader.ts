/** Reads the text of a JSONPath, from the left, into steps. */

/** One step of a path. */
export type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "wildcard" }
  /** The value itself and everything below it. */
  | { readonly kind: "descend" }
  /** `end` is "index" for a single item. */
  | {
      readonly kind: "slice";
      readonly start: number | undefined;
      readonly end: number | undefined | "index";
      readonly by: number;
    }
  | {
      readonly kind: "filter";
      readonly left: Operand;
      readonly operator: string;
      readonly right: Operand;
    }
  | { readonly kind: "union"; readonly parts: readonly (readonly Step[])[] };

/** A side of a comparison. */
export type Operand =
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "path"; readonly steps: readonly Step[] };

const FIELD_END = /[\s.,[\]$@{}]/;
const SLICE = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;
const DICT_KEY = /^(?:'([^']*)'|"([^"]*)")$/;
/** Paths inside filters inside paths. */
const NESTING_MAX = 10;

export class PathReader {
  /** What is wrong; the first problem counts. */
  problem: string | undefined;
  readonly #text: string;
  readonly #nesting: number;
  #at = 0;

  constructor(text: string, nesting = 0) {
    this.#text = text;
    this.#nesting = nesting;
  }

  /** All steps up to the end of the text. */
  path(): readonly Step[] {
    const steps: Step[] = [];
    if (this.#nesting > NESTING_MAX) this.#fail("the path is nested too deep");
    if (/^[$@]/.test(this.#text)) this.#at = 1;
    while (this.problem === undefined && this.#at < this.#text.length) {
      steps.push(...this.#step());
    }
    return steps;
  }

  #step(): readonly Step[] {
    const char = this.#text.charAt(this.#at);
    if (this.#text.startsWith("..", this.#at)) {
      this.#at += 2;
      const next = this.#text.charAt(this.#at);
      const isField = next !== "" && next !== "[" && next !== ".";
      return [{ kind: "descend" }, ...(isField ? this.#field() : [])];
    }
    if (char === "." || /\s/.test(char)) {
      this.#at += 1;
      return char === "." ? this.#field() : [];
    }
    if (char === "[") return this.#brackets();
    const isStart = this.#at === 0 && !FIELD_END.test(char);
    return isStart ? this.#field() : this.#fail(`unrecognized character in action: ${char}`);
  }

  /** A dot before the end, or before a bracket, names nothing. */
  #field(): readonly Step[] {
    let name = "";
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === "\\") {
        name += this.#text.charAt(this.#at + 1);
        this.#at += 2;
        continue;
      }
      if (FIELD_END.test(char)) break;
      name += char;
      this.#at += 1;
    }
    if (name === "") return [];
    return [name === "*" ? { kind: "wildcard" } : { kind: "field", name }];
  }

  #brackets(): readonly Step[] {
    const inside = this.#inside();
    if (inside === undefined) return this.#fail("unterminated array");
    if (inside.startsWith("?(")) {
      if (!inside.endsWith(")")) return this.#fail("unterminated filter");
      return this.#filter(inside.slice(2, -1).trim());
    }
    const parts = splitOutsideQuotes(inside, ",");
    if (parts.length === 1) return this.#item(inside.trim());
    return [{ kind: "union", parts: parts.map((part) => this.#item(part.trim())) }];
  }

  /** The text between this bracket and the one that closes it. */
  #inside(): string | undefined {
    const start = this.#at + 1;
    let quote = "";
    let depth = 0;
    for (let at = this.#at; at < this.#text.length; at += 1) {
      const char = this.#text.charAt(at);
      if (quote !== "") {
        if (char === "\\") at += 1;
        else if (char === quote) quote = "";
      } else if (char === "'" || char === '"') quote = char;
      else if (char === "[") depth += 1;
      else if (char === "]" && --depth === 0) {
        this.#at = at + 1;
        return this.#text.slice(start, at);
      }
    }
    return undefined;
  }

  #item(text: string): readonly Step[] {
    if (text === "*") return [{ kind: "wildcard" }];
    const key = DICT_KEY.exec(text);
    if (key !== null) return this.#nested(`.${key[1] ?? key[2] ?? ""}`);
    const slice = text === "" ? null : SLICE.exec(text);
    if (slice === null) return this.#fail(`invalid array index ${text}`);
    const [, start = "", end, by] = slice;
    const step: Step = {
      kind: "slice",
      start: start === "" ? undefined : Number(start),
      end: end === undefined ? "index" : numberAfterColon(end),
      by: by === undefined ? 1 : (numberAfterColon(by) ?? 1),
    };
    return [step];
  }

  #filter(text: string): readonly Step[] {
    for (const operator of ["==", "!=", "<=", ">=", "<", ">"]) {
      const [left, right, ...others] = splitOutsideQuotes(text, operator);
      if (left === undefined || right === undefined || others.length > 0) continue;
      const sides = { left: this.#operand(left.trim()), right: this.#operand(right.trim()) };
      return [{ kind: "filter", operator, ...sides }];
    }
    const left = this.#operand(text);
    return [{ kind: "filter", operator: "exists", left, right: left }];
  }

  #operand(text: string): Operand {
    const quoted = /^(?:'(.*)'|"(.*)")$/s.exec(text);
    if (quoted !== null) {
      const value = (quoted[1] ?? quoted[2] ?? "").replace(/\\(.)/gs, "$1");
      return { kind: "literal", value };
    }
    if (text === "true" || text === "false") return { kind: "literal", value: text === "true" };
    if (/^[-+]?\d+(?:\.\d*)?$/.test(text)) return { kind: "literal", value: Number(text) };
    return { kind: "path", steps: this.#nested(text) };
  }

  #nested(text: string): readonly Step[] {
    const reader = new PathReader(text, this.#nesting + 1);
    const steps = reader.path();
    this.problem ??= reader.problem;
    return steps;
  }

  #fail(problem: string): readonly Step[] {
    this.problem ??= problem;
    return [];
  }
}

function numberAfterColon(text: string): number | undefined {
  return text === ":" ? undefined : Number(text.slice(1));
}

function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let quote = "";
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== "") {
      if (char === "\\") at += 1;
      else if (char === quote) quote = "";
    } else if (char === "'" || char === '"') quote = char;
    else if (text.startsWith(separator, at)) {
      parts.push(text.slice(start, at));
      start = at + separator.length;
      at = start - 1;
    }
  }
  return [...parts, text.slice(start)];
}
