/** The one door to expressions: everything rules need of them. */
import type { Compilation } from "../../cel/program.ts";
import type { CelType } from "../../cel/types.ts";

/** Compiles expressions that may use the variables of one place. */
export type ExpressionCompiler = (source: string) => Compilation;

/** A compiler for the given variables; made once for all rules of a place. */
export function expressionCompiler(
  variables: Readonly<Record<string, CelType>>,
): ExpressionCompiler {
  const names = Object.keys(variables).join();
  return () => ({ kind: "errors", message: `no expressions of ${names} yet`, errors: [] });
}
