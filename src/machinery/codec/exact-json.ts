/**
 * JSON whose integers keep all their digits. One that a number would round is a `bigint` in memory,
 * and only such is; so values without them cost nothing more.
 */

/** Only a run of digits this long can be an integer that a double alters. */
const LONG_DIGITS = /[0-9]{16}/;
/** The same where a number can begin: not in the middle of a digest or a name. */
const LONG_INTEGER = /(?:^|[[,]|"[ \t\n\r]*:)[ \t\n\r]*-?[0-9]{16}/;
const INTEGER = /^-?[0-9]+$/;

/** The engine tells a reviver what stood in the text; the compiler does not know it yet. */
type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, place?: { readonly source?: string }) => unknown,
) => unknown;

const parseWithSource: ParseWithSource = JSON.parse;

/**
 * Whether JSON may have an integer that a double alters. Nearly never: it has not, and a plain
 * `JSON.parse` is many times as fast as one that looks at each number.
 */
export function mayHaveLongIntegers(text: string): boolean {
  return LONG_DIGITS.test(text) && LONG_INTEGER.test(text);
}

/** The value of JSON. Throws a `SyntaxError` for what is none. */
export function parseExactly(text: string): unknown {
  if (!mayHaveLongIntegers(text)) {
    const value: unknown = JSON.parse(text);
    return value;
  }
  return parseWithSource(text, (_key, value, place) => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    const source = place?.source ?? "";
    const isRounded = INTEGER.test(source) && String(value) !== source;
    return isRounded ? BigInt(source) : value;
  });
}

/** JSON of a value, each `bigint` as the integer it is. */
export function exactText(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, member: unknown) => exactMember(member), indent);
  }
}

/** For replacers of `JSON.stringify`: what stands for this member, which may be a `bigint`. */
export function exactMember(member: unknown): unknown {
  if (typeof member !== "bigint") return member;
  if (!canWriteRaw(JSON)) throw new TypeError("this engine writes no integer beyond 2^53");
  return JSON.rawJSON(String(member));
}

type RawJson = { readonly rawJSON: (text: string) => unknown };

function canWriteRaw(json: object): json is RawJson {
  return "rawJSON" in json;
}
