/**
 * Source to tree. One method for each rule of the grammar, from the loosest operator down to names
 * and literals. Rules are nested deeply, so each of them is a single frame of the call stack.
 */
import { SOURCE_SIZE_MAX } from "../limits.ts";
import { OPERATOR, type Expr, type MapExpr, type ParsedExpr, type StructExpr } from "./ast.ts";
import {
  EXPRESSION,
  FIELD_NAME,
  FOLLOW,
  INSIDE,
  LITERAL,
  OPTIONAL_EXPRESSION,
  OPTIONAL_FIELD_NAME,
  PRIMARY,
  PRODUCTS,
  RELATIONS,
  RESERVED,
  SUMS,
} from "./grammar.ts";
import { tokensOf } from "./lexer.ts";
import type { MacroTable } from "./macro.ts";
import { balancedChain } from "./operators.ts";
import { NOWHERE, type Issue, type Source } from "./source.ts";
import { ReadingAborted, TokenReader } from "./token-reader.ts";
import { TOKEN, type Token, type TokenKind, type TokenSet } from "./tokens.ts";
import { TreeBuilder } from "./tree-builder.ts";

/** What of the syntax is allowed. */
export type Syntax = {
  readonly macros: MacroTable;
  /** Field names in backquotes. */
  readonly quotedNames: boolean;
};

export type Parsing = { readonly parsed: ParsedExpr; readonly issues: readonly Issue[] };

/** The name of a field, and what may be wrong with it. */
type FieldName = { readonly name: Token; readonly problem?: string };

type MapEntry = MapExpr["entries"][number];
type StructField = StructExpr["fields"][number];

/** The rules of the grammar, by numbers: how often each is open is limited. */
const RULE = {
  start: 0,
  expr: 1,
  or: 2,
  and: 3,
  relation: 4,
  calc: 5,
  unary: 6,
  member: 7,
  primary: 8,
  exprList: 9,
  listInit: 10,
  mapInitializerList: 11,
  fieldInitializerList: 12,
  optField: 13,
  optExpr: 14,
  escapeIdent: 15,
  literal: 16,
} as const;

/** What becomes of a rule if it breaks off. */
type Partial = (() => Expr) | undefined;

/** Parses a source. With any issue, the tree is of no use. */
export function parse(source: Source, syntax: Syntax): Parsing {
  const size = source.characters.length;
  if (size > SOURCE_SIZE_MAX) {
    const limit = `size: ${size}, limit ${SOURCE_SIZE_MAX}`;
    const message = `expression code point size exceeds limit: ${limit}`;
    const parsed = { root: { kind: "unspecified", id: 0 }, offsets: new Map() } as const;
    return { parsed, issues: [{ place: NOWHERE, message }] };
  }
  return new Parser(source, syntax).parse();
}

class Parser {
  readonly #reader: TokenReader;
  readonly #tree: TreeBuilder;
  readonly #quotedNames: boolean;
  readonly #lexicalIssues: readonly Issue[];
  #partial: Partial;

  constructor(source: Source, syntax: Syntax) {
    const { tokens, issues } = tokensOf(source);
    const reader = new TokenReader(source, tokens);
    this.#reader = reader;
    this.#tree = new TreeBuilder(source, syntax.macros, (message) => reader.abort(message));
    this.#quotedNames = syntax.quotedNames;
    this.#lexicalIssues = issues;
  }

  parse(): Parsing {
    let root = this.#nothing();
    let isComplete = true;
    try {
      root = this.#start();
    } catch (error) {
      if (!(error instanceof ReadingAborted)) throw error;
      isComplete = false;
    }
    const syntax = [...this.#lexicalIssues, ...this.#reader.issues];
    const issues = isComplete ? [...syntax, ...this.#tree.issues] : syntax;
    return { parsed: { root, offsets: this.#tree.nodes.offsets }, issues };
  }

  #start(): Expr {
    const outer = this.#enter(RULE.start, new Set());
    try {
      const root = this.#expr(FOLLOW.source);
      this.#partial = () => root;
      this.#reader.match(35, TOKEN.end, FOLLOW.end);
      return root;
    } catch (error) {
      return this.#brokenOff(error);
    } finally {
      this.#leave(RULE.start, outer);
    }
  }

  #expr(follow: TokenSet): Expr {
    const outer = this.#enter(RULE.expr, follow);
    try {
      const condition = this.#chain("or", FOLLOW.condition);
      this.#reader.sync(43, FOLLOW.condition);
      if (!this.#reader.is(TOKEN.question)) return condition;
      const { offset } = this.#reader.take();
      const then = this.#chain("or", FOLLOW.colon);
      this.#partial = () => then;
      this.#reader.match(40, TOKEN.colon, EXPRESSION);
      const args = [condition, then, this.#expr(FOLLOW.end)];
      return this.#tree.call(offset, OPERATOR.conditional, undefined, args);
    } catch (error) {
      return this.#brokenOff(error);
    } finally {
      this.#leave(RULE.expr, outer);
    }
  }

  /** A row of `||`, or of `&&` within it: kept as a balanced tree. */
  #chain(level: "or" | "and", follow: TokenSet): Expr {
    const outer = this.#enter(RULE[level], follow);
    try {
      const terms: Expr[] = [];
      const offsets: number[] = [];
      for (;;) {
        if (level === "or") terms.push(this.#chain("and", FOLLOW.or));
        else terms.push(this.#relation(0, FOLLOW.and));
        if (!this.#reader.is(TOKEN[level])) break;
        offsets.push(this.#reader.take().offset);
      }
      const [only] = terms;
      if (only !== undefined && terms.length === 1) return only;
      const tree = balancedChain(OPERATOR[level], terms, offsets, this.#tree.nodes);
      return this.#tree.nested(tree, terms, "plain");
    } catch (error) {
      return this.#brokenOff(error);
    } finally {
      this.#leave(RULE[level], outer);
    }
  }

  /** Comparisons, from left to right. */
  #relation(precedence: number, follow: TokenSet): Expr {
    const outer = this.#enter(RULE.relation, follow);
    try {
      let left = this.#calc(0, FOLLOW.relation);
      while (precedence <= 1 && RELATIONS.has(this.#reader.peek().kind)) {
        const operator = this.#reader.take();
        left = this.#binary(operator, left, this.#relation(2, FOLLOW.relation));
      }
      return left;
    } catch (error) {
      return this.#brokenOff(error);
    } finally {
      this.#leave(RULE.relation, outer);
    }
  }

  /** Sums and products. */
  #calc(precedence: number, follow: TokenSet): Expr {
    const outer = this.#enter(RULE.calc, follow);
    try {
      let left = this.#unary(FOLLOW.calculation);
      for (;;) {
        const { kind } = this.#reader.peek();
        const isProduct = PRODUCTS.has(kind) && precedence <= 2;
        if (!isProduct && !(SUMS.has(kind) && precedence <= 1)) return left;
        const operator = this.#reader.take();
        const right = this.#calc(isProduct ? 3 : 2, FOLLOW.calculation);
        left = this.#binary(operator, left, right);
      }
    } catch (error) {
      return this.#brokenOff(error);
    } finally {
      this.#leave(RULE.calc, outer);
    }
  }

  #binary(operator: Token, left: Expr, right: Expr): Expr {
    const name = operator.kind === TOKEN.in ? OPERATOR.in : `_${operator.text}_`;
    return this.#tree.call(operator.offset, name, undefined, [left, right]);
  }

  #unary(follow: TokenSet): Expr {
    const outer = this.#enter(RULE.unary, follow);
    try {
      this.#reader.sync(99, EXPRESSION);
      const sign = this.#reader.peek();
      if (!EXPRESSION.has(sign.kind)) throw this.#reader.noChoice(1);
      const isMinus = sign.kind === TOKEN.minus;
      const isNumber = this.#isNumber(2);
      if (sign.kind !== TOKEN.exclamation && (!isMinus || isNumber)) {
        return this.#member(FOLLOW.end);
      }
      if (isMinus && !INSIDE.minus.has(this.#reader.peek(2).kind)) throw this.#reader.noChoice(2);
      const count = this.#signs(sign.kind);
      const operand = this.#member(FOLLOW.end);
      // Two signs mean nothing.
      if (count % 2 === 0) return operand;
      const name = isMinus ? OPERATOR.negate : OPERATOR.not;
      return this.#tree.nested(
        this.#tree.nodes.call(sign.offset, name, operand),
        [operand],
        "plain",
      );
    } catch (error) {
      return this.#brokenOff(error);
    } finally {
      this.#leave(RULE.unary, outer);
    }
  }

  /** Reads one or more of the same sign, and tells how many. */
  #signs(kind: TokenKind): number {
    const isMinus = kind === TOKEN.minus;
    for (let count = 0; ; count += 1) {
      if (count > 0) {
        this.#reader.syncLoop(isMinus ? 96 : 90, isMinus ? INSIDE.minus : INSIDE.exclamation);
        if (!this.#reader.is(kind)) return count;
        if (isMinus && !INSIDE.minus.has(this.#reader.peek(2).kind)) {
          throw this.#reader.noChoice(2);
        }
      }
      this.#reader.take();
    }
  }

  /** Whether the token `ahead` is a number, to which a minus before it belongs. */
  #isNumber(ahead: number): boolean {
    return this.#reader.is(TOKEN.int, ahead) || this.#reader.is(TOKEN.float, ahead);
  }

  #member(follow: TokenSet): Expr {
    const outer = this.#enter(RULE.member, follow);
    try {
      let operand = this.#primary(FOLLOW.member);
      for (;;) {
        const present = operand;
        this.#partial = () => present;
        if (this.#reader.is(TOKEN.leftBracket)) operand = this.#index(operand);
        else if (this.#reader.is(TOKEN.dot)) operand = this.#selection(operand);
        else return operand;
      }
    } catch (error) {
      return this.#brokenOff(error);
    } finally {
      this.#leave(RULE.member, outer);
    }
  }

  /** `.name`, `.?name` or `.name(…)` */
  #selection(operand: Expr): Expr {
    const reader = this.#reader;
    reader.sync(126, FOLLOW.member);
    if (!reader.is(TOKEN.question, 2) && !FIELD_NAME.has(reader.peek(2).kind)) {
      throw reader.noChoice(2);
    }
    if (reader.is(TOKEN.identifier, 2) && reader.is(TOKEN.leftParenthesis, 3)) {
      reader.take();
      const name = reader.take().text;
      const { offset } = reader.take();
      return this.#closeCall((args) => this.#tree.call(offset, name, operand, args));
    }
    const { offset } = reader.take();
    reader.sync(107, INSIDE.select);
    const isOptional = reader.is(TOKEN.question);
    if (isOptional) reader.take();
    const { name, problem } = this.#fieldName(FOLLOW.member);
    if (problem !== undefined) this.#tree.issue(name.offset, problem);
    const { nodes } = this.#tree;
    if (!isOptional) return this.#tree.nested(nodes.select(offset, operand, name.text), [operand]);
    const field = nodes.literal(name.offset, name.text);
    const call = nodes.call(offset, OPERATOR.optionalSelect, operand, field);
    return this.#tree.nested(call, [operand]);
  }

  /** `[index]` or `[?index]` */
  #index(operand: Expr): Expr {
    const { offset } = this.#reader.take();
    this.#reader.sync(121, INSIDE.index);
    const isOptional = this.#reader.is(TOKEN.question);
    if (isOptional) this.#reader.take();
    const index = this.#expr(FOLLOW.rightBracket);
    const name = isOptional ? OPERATOR.optionalIndex : OPERATOR.index;
    const build = (): Expr => this.#tree.call(offset, name, undefined, [operand, index]);
    this.#partial = build;
    this.#reader.match(124, TOKEN.rightBracket, FOLLOW.member);
    return build();
  }

  #primary(follow: TokenSet): Expr {
    const outer = this.#enter(RULE.primary, follow);
    try {
      const reader = this.#reader;
      reader.sync(184, PRIMARY);
      const start = reader.peek();
      switch (start.kind) {
        case TOKEN.dot:
          if (!reader.is(TOKEN.identifier, 2)) throw reader.noChoice(2);
          return this.#name();
        case TOKEN.identifier:
          return this.#name();
        case TOKEN.leftParenthesis: {
          reader.take();
          const inner = this.#expr(FOLLOW.rightParenthesis);
          this.#partial = () => inner;
          reader.match(146, TOKEN.rightParenthesis, FOLLOW.end);
          return inner;
        }
        case TOKEN.leftBracket:
          return this.#list();
        case TOKEN.leftBrace:
          return this.#map();
        default:
          if (!LITERAL.has(start.kind)) throw reader.noChoice(1);
          return this.#literal();
      }
    } catch (error) {
      return this.#brokenOff(error);
    } finally {
      this.#leave(RULE.primary, outer);
    }
  }

  /** A variable, a call, or the construction of an object: what it is shows behind the names. */
  #name(): Expr {
    const reader = this.#reader;
    const start = reader.peek();
    const first = start.kind === TOKEN.dot ? 2 : 1;
    if (this.#isStruct(first)) return this.#struct();
    const dot = first === 2 ? reader.take().text : "";
    const token = reader.take();
    const name = `${dot}${token.text}`;
    const isReserved = RESERVED.has(token.text);
    const reserved = (): Expr =>
      this.#tree.issue(start.offset, `reserved identifier: ${token.text}`);
    if (!reader.is(TOKEN.leftParenthesis)) {
      return isReserved ? reserved() : this.#tree.nodes.ident(token.offset, name);
    }
    const { offset } = reader.take();
    return this.#closeCall((args) =>
      isReserved ? reserved() : this.#tree.call(offset, name, undefined, args),
    );
  }

  /** Whether names joined by dots, from the token `ahead` on, are followed by a brace. */
  #isStruct(ahead: number): boolean {
    let place = ahead;
    while (this.#reader.is(TOKEN.identifier, place)) {
      if (this.#reader.is(TOKEN.leftBrace, place + 1)) return true;
      if (!this.#reader.is(TOKEN.dot, place + 1)) return false;
      place += 2;
    }
    return false;
  }

  /** The arguments of a call and what closes them. A call that is not closed is one, too. */
  #closeCall(build: (args: readonly Expr[]) => Expr): Expr {
    const reader = this.#reader;
    const args: Expr[] = [];
    const partial = (): Expr => build(args);
    this.#partial = partial;
    reader.sync(141, INSIDE.call);
    if (EXPRESSION.has(reader.peek().kind)) {
      this.#items(RULE.exprList, FOLLOW.rightParenthesis, EXPRESSION, () => {
        args.push(this.#expr(FOLLOW.comma));
      });
    }
    this.#partial = partial;
    reader.match(143, TOKEN.rightParenthesis, FOLLOW.member);
    return build(args);
  }

  /** Items with commas between them; a comma that nothing follows is left to the caller. */
  #items(rule: number, follow: TokenSet, start: TokenSet, item: () => void): void {
    const outer = this.#enter(rule, follow);
    try {
      item();
      while (this.#reader.is(TOKEN.comma)) {
        if (rule !== RULE.exprList && !start.has(this.#reader.peek(2).kind)) break;
        this.#reader.take();
        item();
      }
    } catch (error) {
      this.#reader.breakOff(error);
    } finally {
      this.#leave(rule, outer);
    }
  }

  #list(): Expr {
    const { offset } = this.#reader.take();
    const elements: Expr[] = [];
    const optional = new Set<number>();
    this.#reader.sync(150, INSIDE.list);
    if (OPTIONAL_EXPRESSION.has(this.#reader.peek().kind)) {
      this.#items(RULE.listInit, FOLLOW.commaOrBracket, OPTIONAL_EXPRESSION, () => {
        const { expr, isOptional } = this.#optionalExpr(FOLLOW.comma);
        if (isOptional) optional.add(elements.length);
        elements.push(expr);
      });
    }
    this.#close(153, TOKEN.rightBracket, FOLLOW.commaOrBracket);
    const id = this.#tree.nodes.id(offset);
    return this.#tree.nested({ kind: "list", id, elements, optional }, elements, "plain");
  }

  #map(): Expr {
    const id = this.#tree.nodes.id(this.#reader.take().offset);
    const entries: MapEntry[] = [];
    this.#reader.sync(158, INSIDE.map);
    if (OPTIONAL_EXPRESSION.has(this.#reader.peek().kind)) {
      this.#items(RULE.mapInitializerList, FOLLOW.commaOrBrace, OPTIONAL_EXPRESSION, () => {
        const { expr: key, isOptional } = this.#optionalExpr(FOLLOW.colon);
        const colon = this.#reader.match(224, TOKEN.colon, EXPRESSION);
        const value = this.#expr(FOLLOW.comma);
        entries.push({ id: this.#tree.nodes.id(colon.offset), key, value, isOptional });
      });
    }
    this.#close(161, TOKEN.rightBrace, FOLLOW.commaOrBrace);
    const parts = entries.flatMap(({ key, value }) => [key, value]);
    return this.#tree.nested({ kind: "map", id, entries }, parts, "plain");
  }

  #struct(): Expr {
    let typeName = "";
    while (!this.#reader.is(TOKEN.leftBrace)) typeName += this.#reader.take().text;
    const id = this.#tree.nodes.id(this.#reader.take().offset);
    const fields: StructField[] = [];
    this.#reader.sync(177, INSIDE.struct);
    if (OPTIONAL_FIELD_NAME.has(this.#reader.peek().kind)) {
      const start = this.#reader.peek().offset;
      this.#items(RULE.fieldInitializerList, FOLLOW.commaOrBrace, OPTIONAL_FIELD_NAME, () => {
        const { name, problem, isOptional } = this.#optionalField();
        const colon = this.#reader.match(203, TOKEN.colon, EXPRESSION);
        const value = this.#expr(FOLLOW.comma);
        if (problem !== undefined) this.#tree.issue(start, problem);
        const field = this.#tree.nodes.id(colon.offset);
        fields.push({ id: field, name: name.text, value, isOptional });
      });
    }
    this.#close(180, TOKEN.rightBrace, FOLLOW.commaOrBrace);
    const values = fields.map(({ value }) => value);
    return this.#tree.nested({ kind: "struct", id, typeName, fields }, values, "plain");
  }

  /** The end of a list, map or object, maybe after a last comma. */
  #close(state: number, kind: TokenKind, expected: TokenSet): void {
    this.#reader.sync(state, expected);
    if (this.#reader.is(TOKEN.comma)) this.#reader.take();
    this.#reader.match(state + 2, kind, FOLLOW.end);
  }

  #optionalExpr(follow: TokenSet): { readonly expr: Expr; readonly isOptional: boolean } {
    const outer = this.#enter(RULE.optExpr, follow);
    let isOptional = false;
    try {
      this.#reader.sync(238, OPTIONAL_EXPRESSION);
      isOptional = this.#reader.is(TOKEN.question);
      if (isOptional) this.#reader.take();
      return { expr: this.#expr(FOLLOW.end), isOptional };
    } catch (error) {
      return { expr: this.#brokenOff(error), isOptional };
    } finally {
      this.#leave(RULE.optExpr, outer);
    }
  }

  #optionalField(): FieldName & { readonly isOptional: boolean } {
    const start = this.#reader.peek();
    const outer = this.#enter(RULE.optField, FOLLOW.colon);
    try {
      this.#reader.sync(216, OPTIONAL_FIELD_NAME);
      const isOptional = this.#reader.is(TOKEN.question);
      if (isOptional) this.#reader.take();
      return { ...this.#fieldName(FOLLOW.end), isOptional };
    } catch (error) {
      this.#reader.breakOff(error);
      return { name: start, isOptional: false };
    } finally {
      this.#leave(RULE.optField, outer);
    }
  }

  #fieldName(follow: TokenSet): FieldName {
    const start = this.#reader.peek();
    const outer = this.#enter(RULE.escapeIdent, follow);
    try {
      this.#reader.sync(235, FIELD_NAME);
      if (!FIELD_NAME.has(this.#reader.peek().kind)) throw this.#reader.noChoice(1);
      const name = this.#reader.take();
      if (name.kind === TOKEN.identifier) return { name };
      const unquoted = { ...name, text: name.text.slice(1, -1) };
      if (this.#quotedNames) return { name: unquoted };
      return { name: unquoted, problem: "unsupported syntax: '`'" };
    } catch (error) {
      this.#reader.breakOff(error);
      return { name: { ...start, text: "" }, problem: "unsupported ident kind" };
    } finally {
      this.#leave(RULE.escapeIdent, outer);
    }
  }

  #literal(): Expr {
    const outer = this.#enter(RULE.literal, FOLLOW.end);
    try {
      const reader = this.#reader;
      reader.sync(256, LITERAL);
      const { offset, kind } = reader.peek();
      if (!LITERAL.has(kind)) throw reader.noChoice(1);
      const isNegative = kind === TOKEN.minus;
      if (isNegative && !this.#isNumber(2)) throw reader.noChoice(2);
      if (isNegative) reader.take();
      return this.#tree.literal(reader.take(), offset, isNegative);
    } catch (error) {
      return this.#brokenOff(error);
    } finally {
      this.#leave(RULE.literal, outer);
    }
  }

  #nothing(): Expr {
    return this.#tree.nodes.unspecified(this.#reader.peek().offset);
  }

  /** Begins a rule; what the rule around it would become is given back when it ends. */
  #enter(rule: number, follow: TokenSet): Partial {
    this.#reader.enter(rule, follow);
    const outer = this.#partial;
    this.#partial = undefined;
    return outer;
  }

  #leave(rule: number, outer: Partial): void {
    this.#reader.leave(rule);
    this.#partial = outer;
  }

  #brokenOff(error: unknown): Expr {
    this.#reader.breakOff(error);
    return this.#partial?.() ?? this.#nothing();
  }
}
