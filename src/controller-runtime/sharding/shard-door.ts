/**
 * One controller's side of shared keys: what is not this process's is not queued, and when it gains
 * keys, its sources tell once more what there is.
 *
 * Sources without an end of their own (channels) cannot; for them, and for objects that went while
 * their key was between two owners, the last keys that were turned away are remembered.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { keyText } from "../../machinery/key.ts";
import { LOW_PRIORITY } from "../queue/priority.ts";
import type { Source, Trigger } from "../sources/source.ts";
import type { KeyGate } from "./key-gate.ts";

/** Keys of others that are remembered; the oldest are forgotten. */
export const TURNED_AWAY_MAX = 10_000;

/** So many keys are looked at in one go. */
const SLICE = 500;

export type PutKey = (key: string, triggers: readonly Trigger[], priority?: number) => void;

type TurnedAway = { readonly triggers: readonly Trigger[]; readonly priority: number | undefined };

export class ShardDoor {
  readonly #gate: KeyGate;
  readonly #env: Pick<Env, "timers">;
  readonly #sources: readonly Source[];
  readonly #turnedAway = new Map<string, TurnedAway>();

  constructor(
    gate: KeyGate,
    deps: { readonly env: Pick<Env, "timers">; readonly sources: readonly Source[] },
  ) {
    this.#gate = gate;
    this.#env = deps.env;
    this.#sources = deps.sources;
  }

  /** Whether the key may be queued now. If not, it is remembered for a while. */
  admits(key: string, triggers: readonly Trigger[], priority?: number): boolean {
    if (this.#gate.owns(key)) return true;
    this.#turnedAway.delete(key); // so that it counts as new
    this.#turnedAway.set(key, { triggers, priority });
    if (this.#turnedAway.size > TURNED_AWAY_MAX) {
      for (const oldest of this.#turnedAway.keys()) {
        this.#turnedAway.delete(oldest);
        break;
      }
    }
    return false;
  }

  /** Puts keys that this process gains, until the signal aborts. */
  start(put: PutKey, context: Context): void {
    const end = this.#gate.onGain((isGained) => {
      const known = [...this.#turnedAway].filter(([key]) => isGained(key));
      const seen = new Set(known.map(([key]) => key));
      for (const key of seen) this.#turnedAway.delete(key);
      for (const [key, { triggers, priority }] of known) put(key, triggers, priority);
      void this.#replay(isGained, put, seen, context.signal);
    });
    if (context.signal.aborted) end();
    else context.signal.addEventListener("abort", end, { once: true });
  }

  async #replay(
    isGained: (key: string) => boolean,
    put: PutKey,
    seen: Set<string>,
    signal: AbortSignal,
  ): Promise<void> {
    let count = 0;
    for (const source of this.#sources) {
      for (const key of source.replay?.() ?? []) {
        count += 1;
        if (count % SLICE === 0) await this.#env.timers.yield();
        if (signal.aborted) return;
        const text = keyText(key);
        if (seen.has(text) || !isGained(text)) continue;
        seen.add(text);
        put(text, [{ kind: "initial" }], LOW_PRIORITY);
      }
    }
  }
}
