/** What one evaluation carries along: its variables, and what it has cost so far. */
import { CelError } from "../cel-error.ts";
import type { CelResult } from "../values.ts";

/** The evaluation has cost more than it may. It ends at once; nothing absorbs this. */
export class BudgetExceeded extends Error {
  override readonly name = "BudgetExceeded";
}

/** The error an evaluation that cost too much ends with. */
export const OVER_BUDGET: CelError = new CelError(
  "operation cancelled: actual cost limit exceeded",
  "budget",
);

export class Frame {
  /** The values of loop variables and bindings, each at its own place. */
  readonly locals: CelResult[] = [];
  readonly #variable: (name: string) => CelResult;
  readonly #costMax: number;
  #cost = 0;

  constructor(variable: (name: string) => CelResult, costMax: number) {
    this.#variable = variable;
    this.#costMax = costMax;
  }

  get cost(): number {
    return this.#cost;
  }

  charge(cost: number): void {
    this.#cost += cost;
    if (this.#cost > this.#costMax) throw new BudgetExceeded();
  }

  variable(name: string): CelResult {
    return this.#variable(name);
  }
}

/** One step of a planned expression. */
export type Step = (frame: Frame) => CelResult;
