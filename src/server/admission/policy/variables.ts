/** The variables of a policy as one value: each is evaluated when it is first asked for. */
import { CelError } from "../../../cel/cel-error.ts";
import type { Bindings } from "../../../cel/program.ts";
import type { CelMap, CelResult, CelValue } from "../../../cel/values.ts";
import type { Evaluator } from "../matching/expressions.ts";
import type { NamedExpression } from "./compiled-policy.ts";

export class Variables implements CelMap {
  readonly kind = "map";
  readonly #expressions: ReadonlyMap<string, NamedExpression>;
  readonly #evaluator: Evaluator;
  readonly #more: Bindings;
  readonly #values = new Map<string, CelResult>();

  /** `more`: what else the variables can name. */
  constructor(variables: readonly NamedExpression[], evaluator: Evaluator, more: Bindings) {
    this.#expressions = new Map(variables.map((variable) => [variable.name, variable]));
    this.#evaluator = evaluator;
    this.#more = more;
  }

  get size(): number {
    return this.#expressions.size;
  }

  keys(): readonly CelValue[] {
    return [...this.#expressions.keys()];
  }

  get(key: CelValue): CelResult | undefined {
    if (typeof key !== "string") return undefined;
    const known = this.#values.get(key);
    const variable = this.#expressions.get(key);
    if (known !== undefined || variable === undefined) return known;
    const made = this.#evaluate(variable);
    this.#values.set(key, made);
    return made;
  }

  #evaluate({ name, expression }: NamedExpression): CelResult {
    const bindings = { ...this.#more, variables: this };
    const evaluation = this.#evaluator.evaluateNow(expression, bindings);
    if (evaluation.kind === "value") return evaluation.value;
    const { message } = evaluation.error;
    return new CelError(
      `composited variable ${JSON.stringify(name)} fails to evaluate: ${message}`,
    );
  }
}
