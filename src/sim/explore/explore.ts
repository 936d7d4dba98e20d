/** Looks for a run that fails: first without faults, then plan by plan, then by chance. */
import type { ChoiceClass, ChoicePoint, ChoiceSource } from "../choices/choices.ts";
import { CALM } from "../choices/choices.ts";
import { randomSource } from "../choices/random-source.ts";
import { randomStream, type RandomStream } from "../choices/random-stream.ts";
import { replayed } from "../choices/replayed.ts";
import type { Recording } from "../shrink/shrink.ts";
import { Pool, varied, type Entry } from "./guided/pool.ts";
import { RunCoverage } from "./guided/run-coverage.ts";
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
  /** The run without faults, with its points, where it was made already. */
  readonly calm?: RunResult;
  /** Whether every other run by chance varies one that came by something new (default false). */
  readonly isGuided?: boolean;
  /** Hears what is decided, for figures. */
  readonly hears?: (source: ChoiceSource) => ChoiceSource;
  /** Is told of each run, for progress and figures. */
  readonly onRun?: (result: RunResult, way: Way) => void;
};

/** How a run was chosen. */
export type Way = "calm" | "systematic" | "random" | "guided" | "exhaustive";

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

/** What a run began with besides its decisions. */
type Begun = Pick<Recording, "seed" | "ordersEvents">;

/** At most this part of the runs goes to plans: chance sees what plans do not. */
const SYSTEMATIC_PART = 0.5;

class Exploration {
  readonly #system: System;
  readonly #options: ExploreOptions;
  #points: readonly ChoicePoint[] = [];
  readonly #pool = new Pool();
  runs = 0;

  constructor(system: System, options: ExploreOptions) {
    this.#system = system;
    this.#options = options;
  }

  async calm(): Promise<Failure | undefined> {
    const { seed } = this.#options;
    const spec = { seed, source: CALM, keepsPoints: true };
    const result = this.#options.calm ?? (await runCompared(this.#system, spec));
    this.#points = result.points;
    return this.#judged(result, { seed, ordersEvents: false }, "calm");
  }

  async systematic(): Promise<Failure | undefined> {
    const { seed, budget } = this.#options;
    const runsMax = Math.ceil(budget.runs * SYSTEMATIC_PART);
    for (const plan of this.#plans()) {
      if (this.runs >= runsMax || !budget.hasTime()) return undefined;
      const begun = { seed, ordersEvents: false, source: replayed(plan) };
      const failure = await this.#run(begun, "systematic");
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  async random(): Promise<Failure | undefined> {
    const { budget, isGuided = false } = this.#options;
    for (let nth = 1; this.runs < budget.runs && budget.hasTime(); nth += 1) {
      const stream = randomStream(this.#options.seed + nth, "variations");
      const entry = isGuided && nth % 4 >= 2 ? this.#pool.draw(stream) : undefined;
      const failure = await (entry === undefined
        ? this.#drawn(nth)
        : this.#vary(entry, nth, stream));
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** A run by chance alone. */
  async #drawn(nth: number): Promise<Failure | undefined> {
    const seed = this.#options.seed + nth;
    const ordersEvents = this.#options.allowed.has("order") && nth % 2 === 0;
    const source = this.#chance(seed, ordersEvents);
    return this.#run({ seed, ordersEvents, source }, "random");
  }

  /** The beginning of a run that came by something new, and chance from there on. */
  async #vary(entry: Entry, nth: number, stream: RandomStream): Promise<Failure | undefined> {
    const { seed, ordersEvents } = entry;
    const chance = this.#chance(this.#options.seed + nth, ordersEvents);
    return this.#run({ seed, ordersEvents, source: varied(entry, chance, stream) }, "guided");
  }

  #chance(seed: number, ordersEvents: boolean): ChoiceSource {
    const always = new Set<ChoiceClass>(ordersEvents ? ["order"] : []);
    return randomSource(seed, { allowed: this.#options.allowed, always });
  }

  async #run(
    { seed, ordersEvents, source }: Begun & { readonly source: ChoiceSource },
    way: Way,
  ): Promise<Failure | undefined> {
    const coverage = this.#options.isGuided === true ? new RunCoverage() : undefined;
    const watched = coverage === undefined ? {} : { coverage };
    const heard = this.#options.hears?.(source) ?? source;
    const spec = { seed, source: heard, ordersEvents, ...watched };
    const result = await runCompared(this.#system, spec);
    if (coverage !== undefined) {
      const { taken } = result;
      this.#pool.note({ seed, ordersEvents, taken }, coverage.features(taken));
    }
    return this.#judged(result, { seed, ordersEvents }, way);
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

  #judged(result: RunResult, begun: Begun, way: Way): Failure | undefined {
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
