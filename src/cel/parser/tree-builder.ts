/** Builds the tree while a source is read: calls, macros, literals, and what is wrong with them. */
import { NESTING_MAX } from "../limits.ts";
import type { CelValue } from "../values.ts";
import type { Expr } from "./ast.ts";
import { parseDouble, parseInt64, parseUint64 } from "./literals.ts";
import { macroKey, type MacroTable } from "./macro.ts";
import { Nodes } from "./nodes.ts";
import type { Issue, Source } from "./source.ts";
import { TOKEN, type Token } from "./tokens.ts";
import { unescapeBytes, unescapeString } from "./unescape.ts";

/** Levels of a tree, so that walking it needs little of the call stack. */
const DEPTH_MAX = 600;

/** How deep a node is: in operators, selections and calls, and in levels of any kind. */
type Depth = { readonly nesting: number; readonly levels: number };

export class TreeBuilder {
  readonly nodes: Nodes = new Nodes();
  readonly #source: Source;
  readonly #macros: MacroTable;
  readonly #issues: Issue[] = [];
  readonly #depths = new WeakMap<Expr, Depth>();
  /** Gives up reading. */
  readonly #abort: (message: string) => never;

  constructor(source: Source, macros: MacroTable, abort: (message: string) => never) {
    this.#source = source;
    this.#macros = macros;
    this.#abort = abort;
  }

  /** What is wrong with a source whose form is right. */
  get issues(): readonly Issue[] {
    return this.#issues;
  }

  /** Reports something, and gives a node for what it is about. */
  issue(offset: number, message: string): Expr {
    this.#issues.push({ place: this.#source.placeOf(offset), message });
    return this.nodes.unspecified(offset);
  }

  /** A call, or what a macro of that name makes of it. */
  call(offset: number, name: string, target: Expr | undefined, args: readonly Expr[]): Expr {
    const parts = target === undefined ? args : [target, ...args];
    const macro = this.#macros.get(macroKey(name, target !== undefined, args.length));
    const expansion = macro?.expand({ target, args, offset }, this.nodes);
    if (expansion?.kind === "error") {
      return this.issue(this.nodes.offsetOf(expansion.at), expansion.message);
    }
    if (expansion?.kind === "expr") return this.nested(expansion.expr, parts);
    const id = this.nodes.id(offset);
    const call: Expr =
      target === undefined
        ? { kind: "call", id, name, args }
        : { kind: "call", id, name, target, args };
    return this.nested(call, parts);
  }

  /** Notes how deep a node is nested, and gives up on too deep ones. */
  nested(expr: Expr, parts: readonly Expr[], kind: "compound" | "plain" = "compound"): Expr {
    let nesting = 0;
    let levels = 0;
    for (const part of parts) {
      const depth = this.#depths.get(part);
      nesting = Math.max(nesting, depth?.nesting ?? 0);
      levels = Math.max(levels, depth?.levels ?? 0);
    }
    if (kind === "compound") nesting += 1;
    if (nesting > NESTING_MAX || levels >= DEPTH_MAX) this.#abort("max recursion depth exceeded");
    this.#depths.set(expr, { nesting, levels: levels + 1 });
    return expr;
  }

  /** The value of a token; its sign, if it has one, is at `offset`. */
  literal(token: Token, offset: number, isNegative: boolean): Expr {
    const { kind, text } = token;
    switch (kind) {
      case TOKEN.int:
        return this.#number("int", parseInt64(text, isNegative), offset);
      case TOKEN.uint:
        return this.#number("uint", parseUint64(text), offset);
      case TOKEN.float:
        return this.#number("double", parseDouble(isNegative ? `-${text}` : text), offset);
      case TOKEN.string:
      case TOKEN.bytes: {
        const quoted = kind === TOKEN.string ? unescapeString(text) : unescapeBytes(text.slice(1));
        if (quoted.kind === "error") return this.issue(offset, quoted.message);
        return this.nodes.literal(offset, quoted.value);
      }
      case TOKEN.null:
        return this.nodes.literal(offset, null);
      default:
        return this.nodes.literal(offset, kind === TOKEN.true);
    }
  }

  #number(name: string, value: CelValue | undefined, offset: number): Expr {
    if (value === undefined) return this.issue(offset, `invalid ${name} literal`);
    return this.nodes.literal(offset, value);
  }
}
