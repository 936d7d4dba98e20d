/**
 * Patterns that users wrote: RE2, in linear time, compiled when they are first needed and kept only
 * while there is room. Even linear time is long for a large pattern over a long text, so there is a
 * limit on the product of both.
 */
import { RE2JS, RE2JSException, RE2JSSyntaxException } from "re2js";

/** Compiled patterns that are kept. */
export const PATTERNS_MAX = 256;
/** Instructions of a pattern times characters of a text. */
export const PATTERN_WORK_MAX = 50_000_000;
/** Characters of a pattern. */
export const PATTERN_LENGTH_MAX = 20_000;

/** What became of a match. */
export type PatternOutcome =
  | { readonly kind: "match" }
  | { readonly kind: "mismatch" }
  | { readonly kind: "broken"; readonly problem: string };

/** What is wrong with a pattern, in the words of Go's regexp package; undefined if nothing is. */
export function patternProblem(pattern: string): string | undefined {
  const compiled = compiledPattern(pattern);
  return typeof compiled === "string" ? compiled : undefined;
}

/** Whether the pattern is found in the text. */
export function matchPattern(pattern: string, text: string): PatternOutcome {
  const compiled = compiledPattern(pattern);
  if (typeof compiled === "string") return { kind: "broken", problem: compiled };
  if (compiled.programSize() * text.length > PATTERN_WORK_MAX) {
    return { kind: "broken", problem: "the text is too long for it" };
  }
  return { kind: compiled.test(text) ? "match" : "mismatch" };
}

/** Go, unlike RE2, lets two groups have the same name. Nothing reads the names here. */
function compileAsGo(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException) || !error.message.includes("duplicate capture group")) {
      throw error;
    }
    return RE2JS.compile(withoutNames(pattern));
  }
}

function withoutNames(pattern: string): string {
  let count = 0;
  return pattern.replaceAll(NAMED_GROUP, (text, name: string | undefined) => {
    if (name === undefined) return text; // an escape or a character class
    count += 1;
    return `(?P<g${count}>`;
  });
}

const NAMED_GROUP = /\\[^]|\[\^?\]?(?:\\[^]|\[:\w+:\]|[^\]\\])*\]|\(\?P?<(\w+)>/g;

const kept = new Map<string, RE2JS>();

/** The pattern, or what is wrong with it. */
function compiledPattern(pattern: string): RE2JS | string {
  const known = kept.get(pattern);
  if (known !== undefined) {
    kept.delete(pattern); // it becomes the youngest
    kept.set(pattern, known);
    return known;
  }
  if (pattern.length > PATTERN_LENGTH_MAX) {
    return `error parsing regexp: expression is longer than ${PATTERN_LENGTH_MAX} characters`;
  }
  try {
    const compiled = compileAsGo(pattern);
    kept.set(pattern, compiled);
    const [oldest] = kept.keys();
    if (kept.size > PATTERNS_MAX && oldest !== undefined) kept.delete(oldest);
    return compiled;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const isBare = error instanceof RE2JSSyntaxException && error.getPattern() === null;
    return isBare ? `${error.message}: \`\`` : error.message;
  }
}
