/** Looks for a run that fails: first without faults, then plan by plan, then by chance. */
import type { ChoiceClass, ChoicePoint } from "../choices/choices.ts";
import { CALM } from "../choices/choices.ts";
import { randomSource } from "../choices/random-source.ts";
import { replayed } from "../choices/replayed.ts";
import type { Recording } from "../shrink/shrink.ts";
import { exhaust, type Exhausted } from "./exhaustive/exhaust.ts";
import { runCompared } from "../world/references.ts";
import type { RunResult, System } from "../world/run.ts";
import { pairPlans, systematicPlans, timeTravelPlans, type Plan } from "./systematic.ts";

export type Budget = {
  /** At most so many runs. */
  readonly runs: number;
  /** Whether there is time for another run. */
  readonly hasTime: () => boolean;
};

export type ExploreOptions = {
  readonly seed: number;
  /** Classes of decisions that may be other than calm. */
  readonly allowed: ReadonlySet<ChoiceClass>;
  readonly budget: Budget;
  /** Is told of each run, for progress and figures. */
  readonly onRun?: (result: RunResult, way: Way) => void;
};

/** How a run was chosen. */
export type Way = "calm" | "systematic" | "random" | "exhaustive";

export type Failure = {
  readonly recording: Recording;
  readonly result: RunResult;
  readonly way: Way;
};

export type Explored = {
  readonly failure: Failure | undefined;
  readonly runs: number;
  /** Of a search through all runs: how far it came. */
  readonly exhausted?: Exhausted;
};

/** Runs all there are, each once, until one fails or the budget is used up. */
export async function exploreAll(
  system: System,
  { faultsMax = 1, ...options }: ExploreOptions & { readonly faultsMax?: number },
): Promise<Explored> {
  const { seed, allowed, budget } = options;
  let failure: Failure | undefined;
  const exhausted = await exhaust(system, {
    seed,
    allowed,
    faultsMax,
    hasBudget: (runs) => runs < budget.runs && budget.hasTime(),
    onRun: (result) => {
      options.onRun?.(result, "exhaustive");
      const begun = { seed, ordersEvents: allowed.has("order") };
      failure = failureOf(result, begun, "exhaustive");
      return failure === undefined;
    },
  });
  return { failure, runs: exhausted.runs, exhausted };
}

/** Runs until one fails or the budget is used up. */
export async function explore(system: System, options: ExploreOptions): Promise<Explored> {
  const search = new Exploration(system, options);
  const failure = (await search.calm()) ?? (await search.systematic()) ?? (await search.random());
  return { failure, runs: search.runs };
}

/** At most this part of the runs goes to plans: chance sees what plans do not. */
const SYSTEMATIC_PART = 0.5;

class Exploration {
  readonly #system: System;
  readonly #options: ExploreOptions;
  #points: readonly ChoicePoint[] = [];
  runs = 0;

  constructor(system: System, options: ExploreOptions) {
    this.#system = system;
    this.#options = options;
  }

  async calm(): Promise<Failure | undefined> {
    const { seed } = this.#options;
    const spec = { seed, source: CALM, keepsPoints: true };
    const result = await runCompared(this.#system, spec);
    this.#points = result.points;
    return this.#judged(result, { seed, ordersEvents: false }, "calm");
  }

  async systematic(): Promise<Failure | undefined> {
    const { seed, budget } = this.#options;
    const runsMax = Math.ceil(budget.runs * SYSTEMATIC_PART);
    for (const plan of this.#plans()) {
      if (this.runs >= runsMax || !budget.hasTime()) return undefined;
      const result = await runCompared(this.#system, { seed, source: replayed(plan) });
      const failure = this.#judged(result, { seed, ordersEvents: false }, "systematic");
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  async random(): Promise<Failure | undefined> {
    const { allowed, budget } = this.#options;
    for (let nth = 1; this.runs < budget.runs && budget.hasTime(); nth += 1) {
      const seed = this.#options.seed + nth;
      const ordersEvents = allowed.has("order") && nth % 2 === 0;
      const always = new Set<ChoiceClass>(ordersEvents ? ["order"] : []);
      const source = randomSource(seed, { allowed, always });
      const result = await runCompared(this.#system, { seed, source, ordersEvents });
      const failure = this.#judged(result, { seed, ordersEvents }, "random");
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  *#plans(): Generator<Plan> {
    const { allowed } = this.#options;
    const points = this.#points.filter(({ kind }) => allowed.has(kind));
    const listed = this.#points
      .map(({ name }) => /^lag: \S+'s (\S+)$/.exec(name)?.[1])
      .filter((resource) => resource !== undefined);
    yield* systematicPlans(points);
    if (allowed.has("list")) yield* timeTravelPlans(points, [...new Set(listed)]);
    yield* pairPlans([...systematicPlans(points)], this.#options.seed);
  }

  #judged(
    result: RunResult,
    begun: Pick<Recording, "seed" | "ordersEvents">,
    way: Way,
  ): Failure | undefined {
    this.runs += 1;
    this.#options.onRun?.(result, way);
    return failureOf(result, begun, way);
  }
}

function failureOf(
  result: RunResult,
  begun: Pick<Recording, "seed" | "ordersEvents">,
  way: Way,
): Failure | undefined {
  if (result.violation === undefined) return undefined;
  const recording = { ...begun, taken: result.taken, skipped: new Set<number>() };
  return { recording, result, way };
}
