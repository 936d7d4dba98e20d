/**
 * The tokens of CEL. Their numbers are their order in cel-go's grammar, in which error texts list
 * what was expected.
 */

/** A kind of token. */
export type TokenKind = number;

export const TOKEN = {
  end: 0,
  equals: 1,
  notEquals: 2,
  in: 3,
  less: 4,
  lessEquals: 5,
  greaterEquals: 6,
  greater: 7,
  and: 8,
  or: 9,
  leftBracket: 10,
  rightBracket: 11,
  leftBrace: 12,
  rightBrace: 13,
  leftParenthesis: 14,
  rightParenthesis: 15,
  dot: 16,
  comma: 17,
  minus: 18,
  exclamation: 19,
  question: 20,
  colon: 21,
  plus: 22,
  star: 23,
  slash: 24,
  percent: 25,
  true: 26,
  false: 27,
  null: 28,
  float: 29,
  int: 30,
  uint: 31,
  string: 32,
  bytes: 33,
  identifier: 34,
  quotedIdentifier: 35,
} as const;

const NAMES: readonly string[] = [
  "<EOF>",
  "'=='",
  "'!='",
  "'in'",
  "'<'",
  "'<='",
  "'>='",
  "'>'",
  "'&&'",
  "'||'",
  "'['",
  "']'",
  "'{'",
  "'}'",
  "'('",
  "')'",
  "'.'",
  "','",
  "'-'",
  "'!'",
  "'?'",
  "':'",
  "'+'",
  "'*'",
  "'/'",
  "'%'",
  "'true'",
  "'false'",
  "'null'",
  "NUM_FLOAT",
  "NUM_INT",
  "NUM_UINT",
  "STRING",
  "BYTES",
  "IDENTIFIER",
  "ESC_IDENTIFIER",
];

/** One token of a source. */
export type Token = {
  readonly kind: TokenKind;
  /** The characters of the token; none at the end of the source. */
  readonly text: string;
  /** In characters, from 0. */
  readonly offset: number;
  /** White space and comments before it. */
  readonly blank: string;
};

/** Marks that the end of a rule can come next, so that what follows depends on its user. */
export const RULE_END = -1;

/** What can come next: kinds of tokens, and maybe `RULE_END`. */
export type TokenSet = ReadonlySet<number>;

export function setOf(...members: readonly (TokenKind | TokenSet)[]): TokenSet {
  return new Set(
    members.flatMap((member) => (typeof member === "number" ? [member] : [...member])),
  );
}

/** The set as error texts show it: `{'[', IDENTIFIER}`, or one name without braces. */
export function setText(set: TokenSet): string {
  const kinds = [...set].filter((kind) => kind !== RULE_END).toSorted((a, b) => a - b);
  // The end of the source sorts first upstream, too, where its number is -1.
  const names = kinds.map((kind) => NAMES[kind] ?? "");
  return names.length === 1 ? (names[0] ?? "") : `{${names.join(", ")}}`;
}
