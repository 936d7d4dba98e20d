/** Sources to programs. The one door into this room; see `program.ts` for how to use it. */
import { CelError } from "./cel-error.ts";
import { adapt } from "./adapt.ts";
import { check, type CheckedExpr } from "./checker/checker.ts";
import { validate } from "./checker/validators.ts";
import { estimateCost } from "./cost/estimator.ts";
import type { CelEnvironment } from "./environment.ts";
import { BudgetExceeded, Frame, OVER_BUDGET, type Step } from "./eval/frame.ts";
import { plan, PlanningFailed } from "./eval/planner.ts";
import { isError } from "./eval/runtime-types.ts";
import { CALL_COST_MAX } from "./limits.ts";
import { parse } from "./parser/parser.ts";
import { Source, type Issue } from "./parser/source.ts";
import type {
  Bindings,
  CelProgram,
  Compilation,
  CostEstimate,
  Evaluation,
  EvaluationLimits,
} from "./program.ts";
import { DYN, type CelType } from "./types.ts";
import type { CelResult } from "./values.ts";

/**
 * Parses, checks and plans an expression. Never throws for what users wrote.
 *
 * ```ts
 * const compilation = compile("self.size() < 5", environment);
 * ```
 */
export function compile(text: string, environment: CelEnvironment): Compilation {
  const source = new Source(text);
  const { parsed, issues } = parse(source, environment);
  if (issues.length > 0) return refusal(source, issues);
  const { checked, issues: typeIssues } = check(source, parsed, environment);
  if (typeIssues.length > 0) return refusal(source, typeIssues);
  const literalIssues = environment.strictLiterals ? validate(source, parsed, checked) : [];
  if (literalIssues.length > 0) return refusal(source, literalIssues);
  try {
    return { kind: "ok", program: new Program(text, checked, environment) };
  } catch (error) {
    if (!(error instanceof PlanningFailed)) throw error;
    const { message } = error;
    const type = checked.types.get(checked.root.id) ?? DYN;
    return { kind: "errors", stage: "instantiation", type, message, errors: [] };
  }
}

function refusal(source: Source, issues: readonly Issue[]): Compilation {
  return {
    kind: "errors",
    message: source.display(issues),
    errors: source.errors(issues),
  };
}

class Program implements CelProgram {
  readonly source: string;
  readonly type: CelType;
  readonly variables: ReadonlySet<string>;
  readonly #checked: CheckedExpr;
  readonly #environment: CelEnvironment;
  readonly #step: Step;

  constructor(source: string, checked: CheckedExpr, environment: CelEnvironment) {
    this.source = source;
    this.type = checked.types.get(checked.root.id) ?? DYN;
    this.variables = new Set(
      [...checked.names.values()].filter(({ kind }) => kind === "variable").map(({ name }) => name),
    );
    this.#checked = checked;
    this.#environment = environment;
    this.#step = plan(checked, environment);
  }

  evaluate(bindings: Bindings, limits: EvaluationLimits = {}): Evaluation {
    const variables = new Map<string, CelResult>();
    const lookUp = (name: string): CelResult => {
      const known = variables.get(name);
      if (known !== undefined) return known;
      const value = this.#bound(bindings, name);
      variables.set(name, value);
      return value;
    };
    const frame = new Frame(lookUp, limits.costMax ?? CALL_COST_MAX);
    try {
      const result = this.#step(frame);
      const { cost } = frame;
      if (isError(result)) return { kind: "error", error: result, cost };
      return { kind: "value", value: result, cost };
    } catch (error) {
      if (!(error instanceof BudgetExceeded)) throw error;
      return { kind: "error", error: OVER_BUDGET, cost: frame.cost };
    }
  }

  estimateCost(): CostEstimate {
    return estimateCost(this.#checked, this.#environment);
  }

  /** The value of a variable, by the type it was declared with. */
  #bound(bindings: Bindings, name: string): CelResult {
    const type = this.#environment.variables.get(name) ?? DYN;
    const value = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
    if (value === undefined && type.kind !== "optional") {
      return new CelError(`no such attribute(s): ${name}`);
    }
    return adapt(value, type);
  }
}
