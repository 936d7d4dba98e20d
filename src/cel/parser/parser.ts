/**
 * Source to tree. One method for each rule of the grammar, from the loosest operator down to names
 * and literals; macros are expanded on the way.
 */
import { NESTING_MAX, SOURCE_SIZE_MAX } from "../limits.ts";
import type { Expr, ListExpr, MapExpr, ParsedExpr, StructExpr } from "./ast.ts";
import { OPERATOR } from "./ast.ts";
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
import { parseDouble, parseInt64, parseUint64 } from "./literals.ts";
import { macroKey, type MacroTable } from "./macro.ts";
import { Nodes } from "./nodes.ts";
import { balancedChain } from "./operators.ts";
import { NOWHERE, type Issue, type Source } from "./source.ts";
import { ReadingAborted, TokenReader } from "./token-reader.ts";
import { TOKEN, type Token, type TokenKind } from "./tokens.ts";
import { unescapeBytes, unescapeString } from "./unescape.ts";

/** What of the syntax is allowed. */
export type Syntax = {
  readonly macros: MacroTable;
  /** Field names in backquotes. */
  readonly quotedNames: boolean;
};

/** The name of a field, and what may be wrong with it. */
type FieldName = { readonly name: Token; readonly problem?: string };

/** Parses a source. With any issue, the tree is of no use. */
export function parse(
  source: Source,
  syntax: Syntax,
): { readonly parsed: ParsedExpr; readonly issues: readonly Issue[] } {
  const size = source.characters.length;
  const nodes = new Nodes();
  if (size > SOURCE_SIZE_MAX) {
    const limit = `size: ${size}, limit ${SOURCE_SIZE_MAX}`;
    const message = `expression code point size exceeds limit: ${limit}`;
    return {
      parsed: { root: nodes.unspecified(0), offsets: nodes.offsets },
      issues: [{ place: NOWHERE, message }],
    };
  }
  return new Parser(source, syntax, nodes).parse();
}

class Parser {
  readonly #source: Source;
  readonly #syntax: Syntax;
  readonly #nodes: Nodes;
  readonly #reader: TokenReader;
  readonly #lexicalIssues: readonly Issue[];
  /** What is wrong with a source whose form is right. */
  readonly #issues: Issue[] = [];
  /** What becomes of the rule being read if it breaks off here. */
  #partial: (() => Expr) | undefined;
  /** How deep operators, selections and calls are nested in a node. */
  readonly #nesting = new WeakMap<Expr, number>();

  constructor(source: Source, syntax: Syntax, nodes: Nodes) {
    const { tokens, issues } = tokensOf(source);
    this.#source = source;
    this.#syntax = syntax;
    this.#nodes = nodes;
    this.#reader = new TokenReader(source, tokens);
    this.#lexicalIssues = issues;
  }

  parse(): { readonly parsed: ParsedExpr; readonly issues: readonly Issue[] } {
    let root = this.#nodes.unspecified(0);
    let isComplete = true;
    try {
      root = this.#start();
    } catch (error) {
      if (!(error instanceof ReadingAborted)) throw error;
      isComplete = false;
    }
    const syntax = [...this.#lexicalIssues, ...this.#reader.issues];
    const issues = isComplete ? [...syntax, ...this.#issues] : syntax;
    return { parsed: { root, offsets: this.#nodes.offsets }, issues };
  }

  #start(): Expr {
    let root = this.#nothing();
    const read = (): Expr => {
      root = this.#expr(FOLLOW.source);
      this.#reader.match(35, TOKEN.end, FOLLOW.end);
      return root;
    };
    return this.#reader.rule("start", new Set(), read, () => root);
  }

  #expr(follow: ReadonlySet<number>): Expr {
    return this.#rule("expr", follow, () => {
      const condition = this.#chain("or", FOLLOW.condition);
      this.#reader.sync(43, FOLLOW.condition);
      if (!this.#reader.is(TOKEN.question)) return condition;
      const { offset } = this.#reader.take();
      const then = this.#chain("or", FOLLOW.colon);
      this.#partial = () => then;
      this.#reader.match(40, TOKEN.colon, EXPRESSION);
      const otherwise = this.#expr(FOLLOW.end);
      return this.#call(offset, OPERATOR.conditional, undefined, [condition, then, otherwise]);
    });
  }

  /** A row of `||`, or of `&&` within it: kept as a balanced tree. */
  #chain(level: "or" | "and", follow: ReadonlySet<number>): Expr {
    return this.#rule(level, follow, () => {
      const next = (): Expr =>
        level === "or" ? this.#chain("and", FOLLOW.or) : this.#relation(0, FOLLOW.and);
      const terms = [next()];
      const offsets: number[] = [];
      while (this.#reader.is(TOKEN[level])) {
        offsets.push(this.#reader.take().offset);
        terms.push(next());
      }
      const tree = balancedChain(OPERATOR[level], terms, offsets, this.#nodes);
      return this.#nested(tree, terms, 0);
    });
  }

  /** Comparisons, from left to right. */
  #relation(precedence: number, follow: ReadonlySet<number>): Expr {
    return this.#rule("relation", follow, () => {
      let left = this.#calc(0, FOLLOW.relation);
      while (precedence <= 1 && RELATIONS.has(this.#reader.peek().kind)) {
        const operator = this.#reader.take();
        left = this.#binary(operator, left, this.#relation(2, FOLLOW.relation));
      }
      return left;
    });
  }

  /** Sums and products. */
  #calc(precedence: number, follow: ReadonlySet<number>): Expr {
    return this.#rule("calc", follow, () => {
      let left = this.#unary(FOLLOW.calculation);
      for (;;) {
        const { kind } = this.#reader.peek();
        const isProduct = PRODUCTS.has(kind) && precedence <= 2;
        if (!isProduct && !(SUMS.has(kind) && precedence <= 1)) return left;
        const operator = this.#reader.take();
        const right = this.#calc(isProduct ? 3 : 2, FOLLOW.calculation);
        left = this.#binary(operator, left, right);
      }
    });
  }

  #binary(operator: Token, left: Expr, right: Expr): Expr {
    const name = operator.kind === TOKEN.in ? OPERATOR.in : `_${operator.text}_`;
    return this.#call(operator.offset, name, undefined, [left, right]);
  }

  #unary(follow: ReadonlySet<number>): Expr {
    return this.#rule("unary", follow, () => {
      this.#reader.sync(99, EXPRESSION);
      if (!EXPRESSION.has(this.#reader.peek().kind)) throw this.#reader.noChoice(1);
      const sign = this.#reader.peek().kind;
      if (sign === TOKEN.exclamation) return this.#signs(TOKEN.exclamation, OPERATOR.not);
      if (sign !== TOKEN.minus || this.#isNumber(2)) return this.#member(FOLLOW.end);
      if (!INSIDE.minus.has(this.#reader.peek(2).kind)) throw this.#reader.noChoice(2);
      return this.#signs(TOKEN.minus, OPERATOR.negate);
    });
  }

  /** One or more of the same sign; two of them mean nothing. */
  #signs(kind: TokenKind, operator: string): Expr {
    const inside = kind === TOKEN.minus ? INSIDE.minus : INSIDE.exclamation;
    const { offset } = this.#reader.take();
    let count = 1;
    for (;;) {
      this.#reader.syncLoop(kind === TOKEN.minus ? 96 : 90, inside);
      if (!this.#reader.is(kind)) break;
      if (kind === TOKEN.minus && !INSIDE.minus.has(this.#reader.peek(2).kind)) {
        throw this.#reader.noChoice(2);
      }
      this.#reader.take();
      count += 1;
    }
    const operand = this.#member(FOLLOW.end);
    return count % 2 === 0 ? operand : this.#call(offset, operator, undefined, [operand]);
  }

  /** Whether the token `ahead` is a number, to which a minus before it belongs. */
  #isNumber(ahead: number): boolean {
    return this.#reader.is(TOKEN.int, ahead) || this.#reader.is(TOKEN.float, ahead);
  }

  #member(follow: ReadonlySet<number>): Expr {
    return this.#rule("member", follow, () => {
      let operand = this.#primary(FOLLOW.member);
      for (;;) {
        this.#partial = () => operand;
        if (this.#reader.is(TOKEN.leftBracket)) operand = this.#index(operand);
        else if (this.#reader.is(TOKEN.dot)) operand = this.#selection(operand);
        else return operand;
      }
    });
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
      return this.#closeCall((args) => this.#call(offset, name, operand, args));
    }
    const { offset } = reader.take();
    reader.sync(107, INSIDE.select);
    const isOptional = reader.is(TOKEN.question);
    if (isOptional) reader.take();
    const { name, problem } = this.#fieldName(FOLLOW.member);
    if (problem !== undefined) this.#issue(name.offset, problem);
    if (!isOptional) return this.#nested(this.#nodes.select(offset, operand, name.text), [operand]);
    const field = this.#nodes.literal(name.offset, name.text);
    const call = this.#nodes.call(offset, OPERATOR.optionalSelect, operand, field);
    return this.#nested(call, [operand]);
  }

  /** `[index]` or `[?index]` */
  #index(operand: Expr): Expr {
    const { offset } = this.#reader.take();
    this.#reader.sync(121, INSIDE.index);
    const isOptional = this.#reader.is(TOKEN.question);
    if (isOptional) this.#reader.take();
    const index = this.#expr(FOLLOW.rightBracket);
    const name = isOptional ? OPERATOR.optionalIndex : OPERATOR.index;
    const build = (): Expr => this.#call(offset, name, undefined, [operand, index]);
    this.#partial = build;
    this.#reader.match(124, TOKEN.rightBracket, FOLLOW.member);
    return build();
  }

  #primary(follow: ReadonlySet<number>): Expr {
    return this.#rule("primary", follow, () => {
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
    });
  }

  /** A variable, a call, or the construction of an object: what it is shows behind the names. */
  #name(): Expr {
    const reader = this.#reader;
    const start = reader.peek();
    const first = start.kind === TOKEN.dot ? 2 : 1;
    if (this.#isStruct(first)) return this.#struct();
    const dot = first === 2 ? reader.take().text : "";
    const name = reader.take();
    const reserved = (): Expr => this.#issue(start.offset, `reserved identifier: ${name.text}`);
    const isReserved = RESERVED.has(name.text);
    if (!reader.is(TOKEN.leftParenthesis)) {
      return isReserved ? reserved() : this.#nodes.ident(name.offset, `${dot}${name.text}`);
    }
    const { offset } = reader.take();
    return this.#closeCall((args) =>
      isReserved ? reserved() : this.#call(offset, `${dot}${name.text}`, undefined, args),
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
      const read = (): void => {
        args.push(this.#expr(FOLLOW.comma));
        while (reader.is(TOKEN.comma)) {
          reader.take();
          args.push(this.#expr(FOLLOW.comma));
        }
      };
      reader.rule("exprList", FOLLOW.rightParenthesis, read, () => undefined);
    }
    this.#partial = partial;
    reader.match(143, TOKEN.rightParenthesis, FOLLOW.member);
    return build(args);
  }

  #list(): Expr {
    const reader = this.#reader;
    const { offset } = reader.take();
    const elements: Expr[] = [];
    const optional = new Set<number>();
    reader.sync(150, INSIDE.list);
    if (OPTIONAL_EXPRESSION.has(reader.peek().kind)) {
      const element = (): void => {
        const { expr, isOptional } = this.#optionalExpr(FOLLOW.comma);
        if (isOptional) optional.add(elements.length);
        elements.push(expr);
      };
      const read = (): void => {
        element();
        while (reader.is(TOKEN.comma) && OPTIONAL_EXPRESSION.has(reader.peek(2).kind)) {
          reader.take();
          element();
        }
      };
      reader.rule("listInit", FOLLOW.commaOrBracket, read, () => undefined);
    }
    this.#close(153, TOKEN.rightBracket, FOLLOW.commaOrBracket);
    const list: ListExpr = { kind: "list", id: this.#nodes.id(offset), elements, optional };
    return this.#nested(list, elements, 0);
  }

  #map(): Expr {
    const reader = this.#reader;
    const { offset } = reader.take();
    const id = this.#nodes.id(offset);
    const entries: MapExpr["entries"][number][] = [];
    reader.sync(158, INSIDE.map);
    if (OPTIONAL_EXPRESSION.has(reader.peek().kind)) {
      const entry = (): void => {
        const { expr: key, isOptional } = this.#optionalExpr(FOLLOW.colon);
        const colon = reader.match(224, TOKEN.colon, EXPRESSION);
        const value = this.#expr(FOLLOW.comma);
        entries.push({ id: this.#nodes.id(colon.offset), key, value, isOptional });
      };
      const read = (): void => {
        entry();
        while (reader.is(TOKEN.comma) && OPTIONAL_EXPRESSION.has(reader.peek(2).kind)) {
          reader.take();
          entry();
        }
      };
      reader.rule("mapInitializerList", FOLLOW.commaOrBrace, read, () => undefined);
    }
    this.#close(161, TOKEN.rightBrace, FOLLOW.commaOrBrace);
    const parts = entries.flatMap(({ key, value }) => [key, value]);
    return this.#nested({ kind: "map", id, entries }, parts, 0);
  }

  #struct(): Expr {
    const reader = this.#reader;
    let typeName = "";
    while (!reader.is(TOKEN.leftBrace)) typeName += reader.take().text;
    const { offset } = reader.take();
    const id = this.#nodes.id(offset);
    const fields: StructExpr["fields"][number][] = [];
    reader.sync(177, INSIDE.struct);
    if (OPTIONAL_FIELD_NAME.has(reader.peek().kind)) {
      const start = reader.peek().offset;
      const field = (): void => {
        const { name, problem, isOptional } = this.#optionalField();
        const colon = reader.match(203, TOKEN.colon, EXPRESSION);
        const value = this.#expr(FOLLOW.comma);
        if (problem !== undefined) this.#issue(start, problem);
        fields.push({ id: this.#nodes.id(colon.offset), name: name.text, value, isOptional });
      };
      const read = (): void => {
        field();
        while (reader.is(TOKEN.comma) && OPTIONAL_FIELD_NAME.has(reader.peek(2).kind)) {
          reader.take();
          field();
        }
      };
      reader.rule("fieldInitializerList", FOLLOW.commaOrBrace, read, () => undefined);
    }
    this.#close(180, TOKEN.rightBrace, FOLLOW.commaOrBrace);
    const struct: StructExpr = { kind: "struct", id, typeName, fields };
    return this.#nested(
      struct,
      fields.map(({ value }) => value),
      0,
    );
  }

  /** The end of a list, map or object, maybe after a last comma. */
  #close(state: number, kind: TokenKind, expected: ReadonlySet<number>): void {
    this.#reader.sync(state, expected);
    if (this.#reader.is(TOKEN.comma)) this.#reader.take();
    this.#reader.match(state + 2, kind, FOLLOW.end);
  }

  #optionalExpr(follow: ReadonlySet<number>): {
    readonly expr: Expr;
    readonly isOptional: boolean;
  } {
    let isOptional = false;
    const expr = this.#rule("optExpr", follow, () => {
      this.#reader.sync(238, OPTIONAL_EXPRESSION);
      isOptional = this.#reader.is(TOKEN.question);
      if (isOptional) this.#reader.take();
      return this.#expr(FOLLOW.end);
    });
    return { expr, isOptional };
  }

  #optionalField(): FieldName & { readonly isOptional: boolean } {
    const nothing = { name: this.#reader.peek(), isOptional: false };
    const read = (): FieldName & { readonly isOptional: boolean } => {
      this.#reader.sync(216, OPTIONAL_FIELD_NAME);
      const isOptional = this.#reader.is(TOKEN.question);
      if (isOptional) this.#reader.take();
      return { ...this.#fieldName(FOLLOW.end), isOptional };
    };
    return this.#reader.rule("optField", FOLLOW.colon, read, () => nothing);
  }

  #fieldName(follow: ReadonlySet<number>): FieldName {
    const start = this.#reader.peek();
    const read = (): FieldName => {
      this.#reader.sync(235, FIELD_NAME);
      if (!FIELD_NAME.has(this.#reader.peek().kind)) throw this.#reader.noChoice(1);
      const name = this.#reader.take();
      if (name.kind === TOKEN.identifier) return { name };
      const unquoted = { ...name, text: name.text.slice(1, -1) };
      if (this.#syntax.quotedNames) return { name: unquoted };
      return { name: unquoted, problem: "unsupported syntax: '`'" };
    };
    const nothing = { name: { ...start, text: "" }, problem: "unsupported ident kind" };
    return this.#reader.rule("escapeIdent", follow, read, () => nothing);
  }

  #literal(): Expr {
    return this.#rule("literal", FOLLOW.end, () => {
      const reader = this.#reader;
      reader.sync(256, LITERAL);
      const { offset } = reader.peek();
      const isNegative = reader.is(TOKEN.minus);
      if (!LITERAL.has(reader.peek().kind)) throw reader.noChoice(1);
      if (isNegative && !this.#isNumber(2)) throw reader.noChoice(2);
      if (isNegative) reader.take();
      return this.#literalOf(reader.take(), offset, isNegative);
    });
  }

  #literalOf({ kind, text }: Token, offset: number, isNegative: boolean): Expr {
    const number = (name: string, value: Parameters<Nodes["literal"]>[1] | undefined): Expr =>
      value === undefined
        ? this.#issue(offset, `invalid ${name} literal`)
        : this.#nodes.literal(offset, value);
    switch (kind) {
      case TOKEN.int:
        return number("int", parseInt64(text, isNegative));
      case TOKEN.uint:
        return number("uint", parseUint64(text));
      case TOKEN.float:
        return number("double", parseDouble(isNegative ? `-${text}` : text));
      case TOKEN.string: {
        const string = unescapeString(text);
        if (string.kind === "error") return this.#issue(offset, string.message);
        return this.#nodes.literal(offset, string.value);
      }
      case TOKEN.bytes: {
        const bytes = unescapeBytes(text.slice(1));
        if (bytes.kind === "error") return this.#issue(offset, bytes.message);
        return this.#nodes.literal(offset, bytes.value);
      }
      case TOKEN.null:
        return this.#nodes.literal(offset, null);
      default:
        return this.#nodes.literal(offset, kind === TOKEN.true);
    }
  }

  /** A call, or what a macro of that name makes of it. */
  #call(offset: number, name: string, target: Expr | undefined, args: readonly Expr[]): Expr {
    const parts = target === undefined ? args : [target, ...args];
    const macro = this.#syntax.macros.get(macroKey(name, target !== undefined, args.length));
    const expansion = macro?.expand({ target, args, offset }, this.#nodes);
    if (expansion?.kind === "error") {
      return this.#issue(this.#nodes.offsetOf(expansion.at), expansion.message);
    }
    if (expansion?.kind === "expr") return this.#nested(expansion.expr, parts);
    const id = this.#nodes.id(offset);
    const call: Expr =
      target === undefined
        ? { kind: "call", id, name, args }
        : { kind: "call", id, name, target, args };
    return this.#nested(call, parts);
  }

  /** Notes how deep a node is nested, and gives up on too deep ones. */
  #nested(expr: Expr, parts: readonly Expr[], levels = 1): Expr {
    const deepest = parts.reduce((most, part) => Math.max(most, this.#nesting.get(part) ?? 0), 0);
    if (deepest + levels > NESTING_MAX) this.#reader.abort("max recursion depth exceeded");
    this.#nesting.set(expr, Math.max(deepest + levels, this.#nesting.get(expr) ?? 0));
    return expr;
  }

  #issue(offset: number, message: string): Expr {
    this.#issues.push({ place: this.#source.placeOf(offset), message });
    return this.#nodes.unspecified(offset);
  }

  #nothing(): Expr {
    return this.#nodes.unspecified(this.#reader.peek().offset);
  }

  #rule(name: string, follow: ReadonlySet<number>, read: () => Expr): Expr {
    const outer = this.#partial;
    this.#partial = undefined;
    const result = this.#reader.rule(
      name,
      follow,
      read,
      () => this.#partial?.() ?? this.#nothing(),
    );
    this.#partial = outer;
    return result;
  }
}
