/**
 * All runs of a system in a small scope: every order of what is due at once and every decision of
 * the classes given, with at most so many faults. Stateless: each run begins anew.
 *
 * What the reduction assumes: two steps commute unless they are of the same actor, both write, one
 * reads a kind that the other writes, or both make events of one actor for one moment; what actors
 * share beside that, e.g. numbers in made-up names, makes no difference to them. Time is not a
 * decision: only what is due in the same millisecond changes places.
 */
import type { ChoiceClass } from "../../choices/choices.ts";
import { runCompared } from "../../world/references.ts";
import type { RunResult, System } from "../../world/run.ts";
import { RepeatedRunError, SearchTree } from "./search-tree.ts";

export type ExhaustOptions = {
  readonly seed: number;
  readonly allowed: ReadonlySet<ChoiceClass>;
  /** Decisions of a run that are not calm, orders aside (default 1). */
  readonly faultsMax?: number;
  /** Whether orders that make no difference are left out (default true). */
  readonly isReduced?: boolean;
  /** Whether there are runs and time left for another one, after so many. */
  readonly hasBudget: (runs: number) => boolean;
  /** A run that came to its end. Answers whether to go on. */
  readonly onRun: (result: RunResult) => boolean;
};

/** @public How far a search through all runs of a small system came. */
export type Exhausted = {
  /** Runs that came to their end. */
  readonly runs: number;
  /** Runs that were left when they began to repeat one that had been. */
  readonly cut: number;
  /** Whether that was all there are. */
  readonly isComplete: boolean;
};

export async function exhaust(system: System, options: ExhaustOptions): Promise<Exhausted> {
  const { seed, allowed, faultsMax = 1, isReduced = true } = options;
  const tree = new SearchTree({ allowed, faultsMax, isReduced });
  const ordersEvents = allowed.has("order");
  let [runs, cut] = [0, 0];
  for (;;) {
    if (!options.hasBudget(runs + cut)) return { runs, cut, isComplete: false };
    const steps = tree.begin();
    const result = await unlessRepeated(() =>
      runCompared(system, { seed, source: tree, ordersEvents, steps }),
    );
    if (result === undefined) cut += 1;
    else {
      runs += 1;
      if (!options.onRun(result)) return { runs, cut, isComplete: false };
    }
    if (!tree.advance()) return { runs, cut, isComplete: true };
  }
}

async function unlessRepeated(run: () => Promise<RunResult>): Promise<RunResult | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RepeatedRunError) return undefined;
    throw error;
  }
}
