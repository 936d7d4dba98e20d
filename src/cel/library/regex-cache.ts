/** Regular expressions of RE2, which take time linear in the text whatever the pattern. */
import { RE2JS, RE2JSSyntaxException } from "re2js";
import { CelError } from "../cel-error.ts";

/** Patterns that are remembered. */
const PATTERNS_MAX = 500;
/** Characters of a pattern beyond which it is not remembered. */
const REMEMBERED_LENGTH_MAX = 10_000;

const patterns = new Map<string, RE2JS | CelError>();

/** The compiled pattern, or why it is none. */
export function compiledRegex(pattern: string): RE2JS | CelError {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const compiled = compile(pattern);
  if (pattern.length <= REMEMBERED_LENGTH_MAX) {
    // The oldest makes place; expressions that are in use keep coming back.
    const oldest = patterns.keys().next();
    if (patterns.size >= PATTERNS_MAX && oldest.done !== true) patterns.delete(oldest.value);
    patterns.set(pattern, compiled);
  }
  return compiled;
}

function compile(pattern: string): RE2JS | CelError {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const part = error.getPattern();
    const where = part === null || part === "" ? "" : `: \`${part}\``;
    return new CelError(`error parsing regexp: ${error.getDescription()}${where}`);
  }
}
