/**
 * The text of an expression and the places in it. Places are counted in characters (code points),
 * as cel-go counts them, so that its error texts come out the same.
 */
import { SOURCE_NAME, type CompileError } from "../program.ts";

/** A place: line from 1, column from 0. Errors that are nowhere are at line -1. */
export type Place = { readonly line: number; readonly column: number };

export const NOWHERE: Place = { line: -1, column: -1 };

/** A complaint before it is put into text. */
export type Issue = { readonly place: Place; readonly message: string };

/** Complaints that are shown; the rest is only counted. */
export const ISSUES_MAX = 100;
/** Characters of a line beyond which it is not shown. */
const SNIPPET_LENGTH_MAX = 16_384;

const utf8 = new TextEncoder();

export class Source {
  readonly text: string;
  readonly characters: readonly string[];
  /** Offset of the first character of every line. */
  readonly #lines: readonly number[];
  /** Lines as they are shown, by their numbers. */
  readonly #shown = new Map<number, readonly string[] | undefined>();

  constructor(text: string) {
    this.text = text;
    this.characters = Array.from(text);
    const lines = [0];
    for (const [index, character] of this.characters.entries()) {
      if (character === "\n") lines.push(index + 1);
    }
    this.#lines = lines;
  }

  /** Where the character at `offset` is; the end of the text is a place, too. */
  placeOf(offset: number): Place {
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lines[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lines[low] ?? 0) };
  }

  /** The text of a line, without its end. */
  line(number: number): string | undefined {
    const start = this.#lines[number - 1];
    if (start === undefined) return undefined;
    const end = this.#lines[number];
    return this.characters.slice(start, end === undefined ? undefined : end - 1).join("");
  }

  /** The complaints by place, as cel-go shows them. */
  display(issues: readonly Issue[]): string {
    const texts = sorted(issues.slice(0, ISSUES_MAX)).map((issue) => this.#displayOne(issue));
    const rest = issues.length - texts.length;
    return (rest > 0 ? [...texts, `${rest} more errors were truncated`] : texts).join("\n");
  }

  /** The complaints by place, as data. */
  errors(issues: readonly Issue[]): readonly CompileError[] {
    return sorted(issues.slice(0, ISSUES_MAX)).map(({ place, message }) => ({
      message,
      line: place.line,
      column: place.column + 1,
    }));
  }

  /** The characters of a line; undefined if there is none, or it is too long to be shown. */
  #shownLine(number: number): readonly string[] | undefined {
    if (this.#shown.has(number)) return this.#shown.get(number);
    const line = this.line(number);
    const isShort =
      line !== undefined &&
      line.length <= SNIPPET_LENGTH_MAX &&
      utf8.encode(line).length <= SNIPPET_LENGTH_MAX;
    const shown = isShort ? Array.from(line.replaceAll("\t", " ")) : undefined;
    this.#shown.set(number, shown);
    return shown;
  }

  #displayOne({ place, message }: Issue): string {
    const head = `ERROR: ${SOURCE_NAME}:${place.line}:${place.column + 1}: ${message}`;
    const characters = this.#shownLine(place.line);
    if (characters === undefined) return head;
    const line = characters.join("");
    const dots = characters.slice(0, place.column).map((c) => (isWide(c) ? "\uff0e" : "."));
    const caret = isWide(characters[place.column] ?? " ") ? "\uff3e" : "^";
    return `${head}\n | ${line}\n | ${dots.join("")}${caret}`;
  }
}

function sorted(issues: readonly Issue[]): readonly Issue[] {
  const before = (a: Place, b: Place): number => a.line - b.line || a.column - b.column;
  return issues.toSorted((a, b) => before(a.place, b.place));
}

function isWide(character: string): boolean {
  return (character.codePointAt(0) ?? 0) > 0x7f;
}
