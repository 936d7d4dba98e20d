/** The clauses of a format string. */

export type Verb = "s" | "d" | "f" | "e" | "b" | "x" | "X" | "o";

export type Clause = {
  readonly verb: Verb;
  /** Digits after the point; undefined: the default. */
  readonly precision: number | undefined;
  /** Which argument it shows. */
  readonly index: number;
};

export type ParsedFormat = {
  /** Texts and clauses, up to the first problem. */
  readonly parts: readonly (string | Clause)[];
  /** What is wrong, in cel-go's words. */
  readonly problem?: string;
};

const VERBS: ReadonlySet<string> = new Set(["s", "d", "f", "e", "b", "x", "X", "o"]);
/** Digits of a precision that are looked at; more would only make zeros. */
const PRECISION_MAX = 1000;

/** Takes a format string apart, given how many arguments there are. */
export function parseClauses(format: string, argumentCount: number): ParsedFormat {
  const parts: (string | Clause)[] = [];
  let rest = format;
  let index = 0;
  for (;;) {
    const start = rest.indexOf("%");
    if (start < 0) return { parts: [...parts, rest] };
    parts.push(rest.slice(0, start));
    rest = rest.slice(start + 1);
    if (rest.startsWith("%")) {
      parts.push("%");
      rest = rest.slice(1);
      continue;
    }
    if (index >= argumentCount) return { parts, problem: `index ${index} out of range` };
    if (rest === "") return { parts, problem: "unexpected end of string" };
    const clause = clauseAt(rest, index);
    if (typeof clause === "string") {
      return { parts, problem: `could not parse formatting clause: ${clause}` };
    }
    parts.push(clause.clause);
    rest = rest.slice(clause.length);
    index += 1;
  }
}

function clauseAt(
  text: string,
  index: number,
): { readonly clause: Clause; readonly length: number } | string {
  const point = /^\.([0-9]*)/.exec(text);
  const length = point?.[0].length ?? 0;
  if (point !== null && length === text.length) {
    return "error while parsing precision: could not find end of precision specifier";
  }
  const digits = point?.[1];
  if (digits === "") {
    const what = "error while converting precision to integer";
    return `error while parsing precision: ${what}: strconv.Atoi: parsing "": invalid syntax`;
  }
  const verb = String.fromCodePoint(text.codePointAt(length) ?? 0);
  if (!isVerb(verb)) return `unrecognized formatting clause "${verb}"`;
  const precision = digits === undefined ? undefined : Math.min(Number(digits), PRECISION_MAX);
  return { clause: { verb, precision, index }, length: length + 1 };
}

function isVerb(text: string): text is Verb {
  return VERBS.has(text);
}
