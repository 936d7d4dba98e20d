/**
 * What can come next at each place of the grammar. The sets are those of cel-go's grammar, because
 * error texts list them.
 */
import { RULE_END, setOf, TOKEN, type TokenSet } from "./tokens.ts";

/** The start of something that is followed by selections, indexes or nothing. */
export const PRIMARY: TokenSet = setOf(
  TOKEN.leftBracket,
  TOKEN.leftBrace,
  TOKEN.leftParenthesis,
  TOKEN.dot,
  TOKEN.minus,
  TOKEN.true,
  TOKEN.false,
  TOKEN.null,
  TOKEN.float,
  TOKEN.int,
  TOKEN.uint,
  TOKEN.string,
  TOKEN.bytes,
  TOKEN.identifier,
);
/** The start of an expression. */
export const EXPRESSION: TokenSet = setOf(PRIMARY, TOKEN.exclamation);
/** The start of an expression that may be marked as optional. */
export const OPTIONAL_EXPRESSION: TokenSet = setOf(EXPRESSION, TOKEN.question);
export const FIELD_NAME: TokenSet = setOf(TOKEN.identifier, TOKEN.quotedIdentifier);
export const OPTIONAL_FIELD_NAME: TokenSet = setOf(FIELD_NAME, TOKEN.question);
export const LITERAL: TokenSet = setOf(
  TOKEN.minus,
  TOKEN.true,
  TOKEN.false,
  TOKEN.null,
  TOKEN.float,
  TOKEN.int,
  TOKEN.uint,
  TOKEN.string,
  TOKEN.bytes,
);

export const RELATIONS: TokenSet = setOf(
  TOKEN.less,
  TOKEN.lessEquals,
  TOKEN.greaterEquals,
  TOKEN.greater,
  TOKEN.equals,
  TOKEN.notEquals,
  TOKEN.in,
);
export const PRODUCTS: TokenSet = setOf(TOKEN.star, TOKEN.slash, TOKEN.percent);
export const SUMS: TokenSet = setOf(TOKEN.plus, TOKEN.minus);

type FollowPlace =
  | "end"
  | "source"
  | "condition"
  | "colon"
  | "or"
  | "and"
  | "relation"
  | "calculation"
  | "member"
  | "rightParenthesis"
  | "rightBracket"
  | "commaOrBracket"
  | "commaOrBrace"
  | "comma";

type InsidePlace =
  "call" | "list" | "map" | "struct" | "structName" | "minus" | "exclamation" | "select" | "index";

/** What follows the rules, where they are used. */
export const FOLLOW: Readonly<Record<FollowPlace, TokenSet>> = {
  end: setOf(RULE_END),
  source: setOf(TOKEN.end),
  condition: setOf(TOKEN.question, RULE_END),
  colon: setOf(TOKEN.colon),
  or: setOf(TOKEN.or, RULE_END),
  and: setOf(TOKEN.and, RULE_END),
  relation: setOf(RELATIONS, RULE_END),
  calculation: setOf(PRODUCTS, SUMS, RULE_END),
  member: setOf(TOKEN.dot, TOKEN.leftBracket, RULE_END),
  rightParenthesis: setOf(TOKEN.rightParenthesis),
  rightBracket: setOf(TOKEN.rightBracket),
  commaOrBracket: setOf(TOKEN.comma, TOKEN.rightBracket),
  commaOrBrace: setOf(TOKEN.comma, TOKEN.rightBrace),
  comma: setOf(TOKEN.comma, RULE_END),
};

/** What can come behind an opening token. */
export const INSIDE: Readonly<Record<InsidePlace, TokenSet>> = {
  call: setOf(EXPRESSION, TOKEN.rightParenthesis),
  list: setOf(OPTIONAL_EXPRESSION, TOKEN.comma, TOKEN.rightBracket),
  map: setOf(OPTIONAL_EXPRESSION, TOKEN.comma, TOKEN.rightBrace),
  struct: setOf(OPTIONAL_FIELD_NAME, TOKEN.comma, TOKEN.rightBrace),
  structName: setOf(TOKEN.dot, TOKEN.leftBrace),
  minus: setOf(PRIMARY, TOKEN.minus),
  exclamation: setOf(PRIMARY, TOKEN.exclamation),
  select: setOf(FIELD_NAME, TOKEN.question),
  index: setOf(EXPRESSION, TOKEN.question),
};

/** Names no variable can have. */
export const RESERVED: ReadonlySet<string> = new Set([
  "as",
  "break",
  "const",
  "continue",
  "else",
  "false",
  "for",
  "function",
  "if",
  "import",
  "in",
  "let",
  "loop",
  "package",
  "namespace",
  "null",
  "return",
  "true",
  "var",
  "void",
  "while",
]);
