/**
 * What this room promises to the others. An expression goes through three steps:
 *
 * ```ts
 * const environment = declareEnvironment({ variables: { self: declaredType(schema) } });
 * const compilation = compile("self.replicas <= 5", environment);
 * if (compilation.kind === "errors") return compilation.message;
 * const { program } = compilation;
 * if (program.type.kind !== "bool") return "cel expression must evaluate to a bool";
 * if (program.estimateCost().max > ESTIMATED_COST_MAX) return "too expensive";
 * const evaluation = program.evaluate({ self: object });
 * ```
 *
 * Environments and programs are immutable and can be shared and kept. Nothing here throws for
 * what users wrote, neither in expressions nor in data, and nothing runs longer than its budget.
 */
import type { CelError } from "./cel-error.ts";
import type { CelType } from "./types.ts";
import type { CelValue } from "./values.ts";

/** The name error texts give to the source. */
export const SOURCE_NAME = "<input>";

/** What `compile` makes of a source: a program, or what is wrong with it. */
export type Compilation =
  | { readonly kind: "ok"; readonly program: CelProgram }
  | {
      readonly kind: "errors";
      /**
       * A literal of the source cannot be made, such as `int("x")`: upstream says "program
       * instantiation failed" then, where it otherwise says "compilation failed", and `message` has
       * no place. Absent: the source is wrong.
       */
      readonly stage?: "instantiation";
      /** What the expression would have evaluated to; set with `stage`. */
      readonly type?: CelType;
      /** All errors in cel-go's form, each `ERROR: <input>:1:5: …` with the line and a caret. */
      readonly message: string;
      readonly errors: readonly CompileError[];
    };

/** One error of a source. */
export type CompileError = {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;
};

/** A checked expression. */
export interface CelProgram {
  readonly source: string;
  /** What it evaluates to, `dyn` if only the evaluation will tell. */
  readonly type: CelType;
  /** Declared variables the expression names, such as `oldSelf`. */
  readonly variables: ReadonlySet<string>;
  /**
   * The value for the given variables. A binding is a `CelValue`, or JSON, which is read lazily by
   * the type its variable was declared with. An optional variable that is not bound is
   * `optional.none()`; any other makes `no such attribute(s): x`.
   */
  evaluate(bindings: Bindings, limits?: EvaluationLimits): Evaluation;
  /**
   * The least and the most the expression can cost, from the sizes its declared types allow.
   * Amounts end at 2^64, which is also what an unlimited size counts as.
   */
  estimateCost(): CostEstimate;
}

export type Bindings = Readonly<Record<string, unknown>>;

export type EvaluationLimits = {
  /** Most cost of this one call. Default: `CALL_COST_MAX`. */
  readonly costMax?: number;
};

export type Evaluation =
  | { readonly kind: "value"; readonly value: CelValue; readonly cost: number }
  | { readonly kind: "error"; readonly error: CelError; readonly cost: number };

/** Cost is counted in upstream's units, about 50 ns each there. */
export type CostEstimate = { readonly min: number; readonly max: number };
