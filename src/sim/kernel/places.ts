/**
 * Which run, and whose life in it, a door to the world belongs to: for models that code under test
 * calls with nothing in hand but its `env`.
 */
import type { Env, Timers } from "../../base/env.ts";
import type { Actor } from "./actor.ts";
import type { Kernel } from "./kernel.ts";

/** One life of a process. */
export type Place = {
  readonly kernel: Kernel;
  readonly caller: Actor;
  /** The process ends here and now. */
  readonly crash: (why: string) => void;
};

/**
 * Written on what they are of. In a WeakMap they would be taken for alive until the next full
 * collection, and with them all that their run has made: that doubles what a run costs.
 */
const PLACE = Symbol("place");
const KERNEL = Symbol("kernel");

/** On the timers: they stay the same where an env is copied to get another log. */
export function notePlace({ timers }: Env, place: Place): void {
  Object.assign(timers, { [PLACE]: place });
}

/** Undefined: it is no env of a simulated process. */
export function placeOf({ timers }: Pick<Env, "timers">): Place | undefined {
  const marked: Timers & { readonly [PLACE]?: Place } = timers;
  return marked[PLACE];
}

/** `state`: what invariants of a run are shown. */
export function noteRun(state: object, kernel: Kernel): void {
  Object.assign(state, { [KERNEL]: kernel });
}

/** Undefined: it is no state of a run. */
export function kernelOf(state: object): Kernel | undefined {
  const marked: { readonly [KERNEL]?: Kernel } = state;
  return marked[KERNEL];
}
