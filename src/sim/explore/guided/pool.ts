/**
 * Runs that came by something new, to be varied: what leads to a rare state is the beginning of a
 * run that goes further. Each is chosen the more often, the rarer what it came by still is.
 */
import type { ChoiceSource } from "../../choices/choices.ts";
import type { RandomStream } from "../../choices/random-stream.ts";

/** A run that is worth another one like it. */
export type Entry = {
  readonly seed: number;
  readonly ordersEvents: boolean;
  /** Decisions that were not calm, in the order of the run. */
  readonly taken: ReadonlyMap<string, string>;
};

type Kept = Entry & { readonly features: ReadonlySet<string>; times: number };

/** The oldest go first beyond this. */
export const POOL_MAX = 500;

export class Pool {
  readonly #kept: Kept[] = [];
  /** How many runs came by each feature. */
  readonly #hits = new Map<string, number>();

  get size(): number {
    return this.#kept.length;
  }

  /** How much all runs together came by. */
  get coverage(): number {
    return this.#hits.size;
  }

  /** Takes note of a run; it is kept where it came by something new. */
  note(entry: Entry, features: ReadonlySet<string>): void {
    const isNew = [...features].some((feature) => !this.#hits.has(feature));
    for (const feature of features) this.#hits.set(feature, (this.#hits.get(feature) ?? 0) + 1);
    if (!isNew) return;
    this.#kept.push({ ...entry, features, times: 0 });
    if (this.#kept.length > POOL_MAX) this.#kept.shift();
  }

  /** One to vary, drawn by energy; undefined: there is none. */
  draw(stream: RandomStream): Entry | undefined {
    const energies = this.#kept.map((kept) => this.#energyOf(kept));
    let left = stream.next() * energies.reduce((sum, energy) => sum + energy, 0);
    for (const [nth, kept] of this.#kept.entries()) {
      left -= energies[nth] ?? 0;
      if (left > 0 && nth < this.#kept.length - 1) continue;
      kept.times += 1;
      return kept;
    }
    return undefined;
  }

  /** Of its rarest feature, less each time it was chosen. */
  #energyOf({ features, times }: Kept): number {
    let fewest = Number.POSITIVE_INFINITY;
    for (const feature of features) fewest = Math.min(fewest, this.#hits.get(feature) ?? 1);
    return 1 / (fewest * (1 + times));
  }
}

/** The first decisions of a run again, some of its last ones not, and chance from there on. */
export function varied({ taken }: Entry, chance: ChoiceSource, stream: RandomStream): ChoiceSource {
  const kept = new Map([...taken].slice(0, Math.ceil(stream.next() * taken.size)));
  let left = kept.size;
  return {
    pick: (kind, name, options) => {
      const again = kept.get(name);
      if (again !== undefined) left -= 1;
      if (again !== undefined) return again;
      return left > 0 ? (options[0] ?? "") : chance.pick(kind, name, options);
    },
  };
}
