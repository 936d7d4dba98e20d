/**
 * Makes a failing run small: fewer faults, fewer operations, calmer decisions. Each candidate is
 * run again; it counts only if the same oracle finds fault. Delta debugging (ddmin) over what was
 * not calm, then one by one, until nothing can be left out.
 */
import { CALM } from "../choices/choices.ts";
import { replayed } from "../choices/replayed.ts";
import { runCompared } from "../world/references.ts";
import type { RunResult, RunSpec, System } from "../world/run.ts";

/** What a run is made from again. */
export type Recording = {
  readonly seed: number;
  /** Decisions that are not calm, by name. */
  readonly taken: ReadonlyMap<string, string>;
  /** Operations that are left out, by their place. */
  readonly skipped: ReadonlySet<number>;
  /** Whether the order of what is due at once was decided as well. */
  readonly ordersEvents: boolean;
};

export type Shrunk = {
  readonly recording: Recording;
  readonly result: RunResult;
  /** Runs that were needed. */
  readonly runs: number;
};

export type ShrinkOptions = {
  /** At most so many runs (default 400). */
  readonly runsMax?: number;
};

/** Runs it again. */
export function play(
  system: System,
  recording: Recording,
  options: Pick<RunSpec, "isTold" | "witness"> = {},
): Promise<RunResult> {
  const { seed, taken, skipped, ordersEvents } = recording;
  const source = taken.size === 0 ? CALM : replayed(taken);
  return runCompared(system, { seed, source, skipped, ordersEvents, ...options });
}

/** The smallest run found that the same oracle finds fault with. `failing` must fail. */
export async function shrink(
  system: System,
  failing: { readonly recording: Recording; readonly result: RunResult },
  { runsMax = 400 }: ShrinkOptions = {},
): Promise<Shrunk> {
  const search = new Search(system, failing, runsMax);
  for (let before = -1; before !== search.size;) {
    before = search.size;
    await search.operations();
    await search.decisions();
    await search.lower();
  }
  return search.found();
}

class Search {
  readonly #system: System;
  readonly #oracle: string;
  readonly #runsMax: number;
  #recording: Recording;
  #result: RunResult;
  #runs = 0;

  constructor(
    system: System,
    failing: { readonly recording: Recording; readonly result: RunResult },
    runsMax: number,
  ) {
    this.#system = system;
    this.#recording = failing.recording;
    this.#result = failing.result;
    this.#oracle = failing.result.violation?.oracle ?? "";
    this.#runsMax = runsMax;
  }

  /** How much is left: less of it is smaller, and milder decisions count as less. */
  get size(): number {
    const { taken, skipped } = this.#recording;
    const mildness = [...taken.values()].map((option) => (MILDER[option] ?? []).length);
    const decisions = mildness.reduce((sum, milder) => sum + milder + DECISION_SIZE, 0);
    return decisions + DECISION_SIZE * (this.#system.operations.length - skipped.size);
  }

  found(): Shrunk {
    return { recording: this.#recording, result: this.#result, runs: this.#runs };
  }

  /** Leaves operations out, the last one first: what comes later is needed less often. */
  async operations(): Promise<void> {
    for (let place = this.#system.operations.length - 1; place >= 0; place -= 1) {
      if (this.#recording.skipped.has(place) || this.#runs >= this.#runsMax) continue;
      const skipped = new Set([...this.#recording.skipped, place]);
      if (await this.#isBlameless(skipped)) await this.#try({ ...this.#recording, skipped });
    }
  }

  /**
   * Whether the story makes sense without these operations: an invariant may rest on them, and then
   * it finds fault with any run. A system that fails without any fault of the environment has no
   * better measure than itself.
   */
  async #isBlameless(skipped: ReadonlySet<number>): Promise<boolean> {
    if (this.#recording.taken.size === 0) return true;
    this.#runs += 1;
    const calm = await play(this.#system, { ...this.#recording, taken: new Map(), skipped });
    return calm.violation === undefined;
  }

  /** ddmin over the decisions that are not calm. */
  async decisions(): Promise<void> {
    let parts = 2;
    while (this.#recording.taken.size > 0 && this.#runs < this.#runsMax) {
      const all = [...this.#recording.taken];
      const isSmaller = await this.#withoutAPart(all, Math.min(parts, all.length));
      if (isSmaller) parts = Math.max(2, parts - 1);
      else if (parts >= all.length) return;
      else parts = Math.min(all.length, parts * 2);
    }
  }

  async #withoutAPart(
    all: readonly (readonly [string, string])[],
    parts: number,
  ): Promise<boolean> {
    const size = Math.ceil(all.length / parts);
    for (let from = 0; from < all.length; from += size) {
      const kept = [...all.slice(0, from), ...all.slice(from + size)];
      if (await this.#try({ ...this.#recording, taken: new Map(kept) })) return true;
    }
    return false;
  }

  /** Milder options of the same decisions, where there are some. */
  async lower(): Promise<void> {
    for (const [name, taken] of this.#recording.taken) {
      if (this.#recording.taken.get(name) !== taken) continue; // gone with another one
      for (const milder of MILDER[taken] ?? []) {
        const lowered = new Map(this.#recording.taken).set(name, milder);
        if (await this.#try({ ...this.#recording, taken: lowered })) break;
      }
    }
  }

  async #try(candidate: Recording): Promise<boolean> {
    if (this.#runs >= this.#runsMax) return false;
    this.#runs += 1;
    const result = await play(this.#system, candidate);
    if (result.violation?.oracle !== this.#oracle) return false;
    // What was not passed on the way is not part of it.
    this.#recording = { ...candidate, taken: result.taken };
    this.#result = result;
    return true;
  }
}

/** More than any option has milder ones. */
const DECISION_SIZE = 10;

/** By option: what is milder, the mildest first. */
const MILDER: Readonly<Record<string, readonly string[]>> = {
  "20s": ["10ms", "200ms", "3s"],
  "3s": ["10ms", "200ms"],
  "200ms": ["10ms"],
  "400s": ["20ms", "500ms", "10s"],
  "10s": ["20ms", "500ms"],
  "500ms": ["20ms"],
  "pause 60s": ["pause 50ms", "pause 2s"],
  "pause 2s": ["pause 50ms"],
  expired: ["cut"],
  "from the beginning": ["5 behind", "20 behind"],
  "20 behind": ["5 behind"],
  "10min": ["1s", "20s"],
  "crash after effect": ["lost after effect"],
  "crash before effect": ["lost before effect"],
  "away 60s": ["restart"],
  "dies for 15min": ["dies for 2min"],
  "60s behind": ["2s behind"],
  "too late": ["slow"],
};
