/** What all runs of one simulation together have come by: how much of what there is was tried. */
import type { ChoiceClass, ChoiceSource } from "../../choices/choices.ts";
import type { MakeOracle } from "../../oracles/oracle.ts";
import type { RunResult } from "../../world/run.ts";
import { stateAfter } from "./state-hash.ts";

/** Different states are counted up to here; what they cost in memory has an end. */
export const STATES_MAX = 1_000_000;

/** Its options are names of whoever is due: no list of them would say anything. */
const UNLISTED: ReadonlySet<ChoiceClass> = new Set(["order"]);

export class Reach {
  readonly #states = new Set<number>();
  readonly #hashes = new Set<string>();
  readonly #decisions = new Map<string, number>();
  readonly #taken = new Set<string>();
  /** What there was a choice of, by class and option. */
  readonly #offered = new Set<string>();
  /** Lists of options that are taken note of: most are constants of the program. */
  readonly #noted = new WeakSet<readonly string[]>();
  readonly #allowed: ReadonlySet<ChoiceClass>;
  #events = 0;

  /** `allowed`: classes that may be other than calm. */
  constructor(allowed: ReadonlySet<ChoiceClass>) {
    this.#allowed = allowed;
  }

  /** To be among the oracles of every run: counts states. */
  readonly oracle: MakeOracle = () => {
    let state = 0;
    return {
      name: "reach",
      onWrite: ({ resource, before, after }) => {
        if (resource === "leases" || resource === "events") return undefined;
        state = stateAfter(state, before, after);
        if (this.#states.size < STATES_MAX) this.#states.add(state);
        return undefined;
      },
    };
  };

  /** The same source, overheard. */
  hears(source: ChoiceSource): ChoiceSource {
    return {
      pick: (kind, name, options) => {
        if (!this.#noted.has(options)) this.#offer(kind, options);
        return source.pick(kind, name, options);
      },
    };
  }

  /** A run has come to its end. */
  note({ hash, eventCount, taken }: Pick<RunResult, "hash" | "eventCount" | "taken">): void {
    this.#hashes.add(hash);
    this.#events += eventCount;
    for (const [name, option] of taken) {
      const kind = name.slice(0, name.indexOf(":"));
      this.#decisions.set(kind, (this.#decisions.get(kind) ?? 0) + 1);
      this.#taken.add(`${kind}: ${option}`);
    }
  }

  get distinct(): number {
    return this.#hashes.size;
  }

  get events(): number {
    return this.#events;
  }

  get states(): number {
    return this.#states.size;
  }

  /** How many were not calm, by class. */
  get decisions(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#decisions].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** What could have been decided and never was: `call: conflict`. */
  get untaken(): readonly string[] {
    return [...this.#offered].filter((option) => !this.#taken.has(option)).toSorted();
  }

  #offer(kind: ChoiceClass, options: readonly string[]): void {
    this.#noted.add(options);
    if (UNLISTED.has(kind) || !this.#allowed.has(kind)) return;
    const [, ...others] = options;
    for (const option of others) this.#offered.add(`${kind}: ${option}`);
  }
}
