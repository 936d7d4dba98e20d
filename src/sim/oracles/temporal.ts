/** What must hold of the order of things: between states, and of each write. */
import type { State } from "../world/state.ts";
import { canonicalText } from "./canonical-text.ts";
import { problem, type Invariant, type Verdict } from "./invariants.ts";
import type { Write } from "./oracle.ts";

/**
 * @public Once `happened` was so, `then` is never so after any later write. Both are asked after
 * every write, so they should be quick.
 *
 *     neverAfter("a site that was deleted has no pods made", isDeleted, hasNewPods);
 */
export function neverAfter(
  name: string,
  happened: (state: State) => boolean,
  then: (state: State) => boolean,
): Invariant {
  return {
    name,
    make: () => {
      let sinceMs: number | undefined;
      return {
        name,
        onWrite: (_write, { state }) => {
          if (sinceMs !== undefined && then(state)) {
            return `it is so, ${(state.nowMs - sinceMs) / 1_000} s after what forbids it`;
          }
          if (sinceMs === undefined && happened(state)) sinceMs = state.nowMs;
          return undefined;
        },
      };
    },
  };
}

/**
 * @public Once chosen it stays the same for ever: what `select` answers may be `undefined` or
 * `false` at first, and then never changes again. Values are compared by their contents.
 *
 *     stable("a claim keeps its address", (state) => state.get(Claim, "web")?.status?.address);
 */
export function stable(name: string, select: (state: State) => unknown): Invariant {
  return {
    name,
    make: () => {
      let chosen: string | undefined;
      return {
        name,
        onWrite: (_write, { state }) => {
          const selected = select(state);
          const isChosen = selected !== undefined && selected !== false;
          const now = isChosen ? canonicalText(selected) : undefined;
          if (chosen === undefined) chosen = now;
          else if (now !== chosen) return `it was ${chosen}, and is ${now ?? "so no more"}`;
          return undefined;
        },
      };
    },
  };
}

/**
 * @public Judges every write, with the state that it led to: who wrote, what was there before, what
 * is there now. Writes of the environment (`user`, `nodes`, `garbage-collector`) are among them.
 *
 *     onWrites("nobody lowers a quota", ({ before, after }) => ...);
 */
export function onWrites(name: string, holds: (write: Write, state: State) => Verdict): Invariant {
  return {
    name,
    make: () => ({
      name,
      onWrite: (write, { state }) => problem(holds(write, state), "this write is not allowed"),
    }),
  };
}

/**
 * @public The mark of a place that the simulation must reach: in at least one state of one run this
 * is so. If it never is `simulate()` rejects with `NeverReachedError`: the scenario does not test
 * what it seems to test.
 *
 *     sometimes("a pod fails", (state) => state.list(Pod).some(hasFailed));
 */
export function sometimes(name: string, holds: (state: State) => boolean): Invariant {
  return { name, make: () => ({ name }), reached: holds };
}
