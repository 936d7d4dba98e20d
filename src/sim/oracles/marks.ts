/** Places that all runs of one simulation together must reach. */
import type { Invariant } from "./invariants.ts";
import type { MakeOracle } from "./oracle.ts";

/** Rejection of a simulation in which nothing was wrong, and which never came where it should. */
export class NeverReachedError extends Error {
  override readonly name = "NeverReachedError";
  /** Names of the marks. */
  readonly marks: readonly string[];
  readonly runs: number;

  constructor(marks: readonly string[], runs: number) {
    const named = marks.map((mark) => `"${mark}"`).join(", ");
    super(
      `never reached in ${runs} runs: ${named}. Nothing was wrong, but this was not tested: let ` +
        "the scenario do more, allow more faults or more runs, or see whether the mark can be met",
    );
    this.marks = marks;
    this.runs = runs;
  }
}

/** Looks for marks in all runs of one simulation. */
export class Marks {
  readonly #all: readonly string[];
  readonly #missed: Map<string, NonNullable<Invariant["reached"]>>;

  constructor(invariants: readonly Invariant[]) {
    this.#missed = new Map(
      invariants.flatMap(({ name, reached }) => (reached === undefined ? [] : [[name, reached]])),
    );
    this.#all = [...this.#missed.keys()];
  }

  /** Those that no run has reached yet. */
  get missed(): readonly string[] {
    return [...this.#missed.keys()];
  }

  /** Those that a run has reached. */
  get met(): readonly string[] {
    return this.#all.filter((name) => !this.#missed.has(name));
  }

  /** To be among the oracles of every run; free when all marks are reached. */
  readonly oracle: MakeOracle = () => ({
    name: "marks",
    onWrite: (_write, { state }) => {
      for (const [name, reached] of this.#missed) {
        if (reached(state)) this.#missed.delete(name);
      }
      return undefined;
    },
  });
}
