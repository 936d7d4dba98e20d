/** The one door to expressions: everything rules need of them. */
import { compile } from "../../cel/compile.ts";
import { declareEnvironment, type CelEnvironment } from "../../cel/environment.ts";
import type { Compilation } from "../../cel/program.ts";
import type { CelType } from "../../cel/types.ts";

/** Compiles expressions that may use the variables of one place. */
export type ExpressionCompiler = (source: string) => Compilation;

/** Functions are the same everywhere, and many: all places share them. */
let shared: CelEnvironment | undefined;

/** A compiler for the given variables; made once for all rules of a place. */
export function expressionCompiler(
  variables: Readonly<Record<string, CelType>>,
): ExpressionCompiler {
  shared ??= declareEnvironment({ variables: {} });
  const environment = { ...shared, variables: new Map(Object.entries(variables)) };
  return (source) => compile(source, environment);
}
