/** Macros: calls that are replaced by other expressions before anything is checked. */
import type { Expr, NodeId } from "./ast.ts";
import type { Nodes } from "./nodes.ts";

/** A call that may be a macro's. */
export type MacroCall = {
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
  /** Where the replacement is said to be. */
  readonly offset: number;
};

/** What a macro makes of a call: another expression, an error, or nothing at all. */
export type Expansion =
  | { readonly kind: "expr"; readonly expr: Expr }
  | { readonly kind: "error"; readonly at: NodeId; readonly message: string }
  | { readonly kind: "none" };

export type Macro = {
  readonly name: string;
  readonly isMethod: boolean;
  readonly argumentCount: number;
  expand(call: MacroCall, nodes: Nodes): Expansion;
};

/** The macros of an environment, by name, form and number of arguments. */
export type MacroTable = ReadonlyMap<string, Macro>;

export function macroTable(macros: readonly Macro[]): MacroTable {
  return new Map(
    macros.map((macro) => [macroKey(macro.name, macro.isMethod, macro.argumentCount), macro]),
  );
}

export function macroKey(name: string, isMethod: boolean, argumentCount: number): string {
  return `${isMethod ? "." : ""}${name}/${argumentCount}`;
}

export function expanded(expr: Expr): Expansion {
  return { kind: "expr", expr };
}

export function refused(at: NodeId, message: string): Expansion {
  return { kind: "error", at, message };
}
