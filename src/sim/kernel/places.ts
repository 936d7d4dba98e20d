/**
 * Which run, and whose life in it, a door to the world belongs to: for models that code under test
 * calls with nothing in hand but its `env`.
 */
import type { Env } from "../../base/env.ts";
import type { Actor } from "./actor.ts";
import type { Kernel } from "./kernel.ts";

/** One life of a process. */
export type Place = {
  readonly kernel: Kernel;
  readonly caller: Actor;
  /** The process ends here and now. */
  readonly crash: (why: string) => void;
};

/** By what stays the same where an env is copied to get another log. */
const places = new WeakMap<Env["timers"], Place>();
const kernels = new WeakMap<object, Kernel>();

export function notePlace({ timers }: Env, place: Place): void {
  places.set(timers, place);
}

/** Undefined: it is no env of a simulated process. */
export function placeOf({ timers }: Pick<Env, "timers">): Place | undefined {
  return places.get(timers);
}

/** `state`: what invariants of a run are shown. */
export function noteRun(state: object, kernel: Kernel): void {
  kernels.set(state, kernel);
}

/** Undefined: it is no state of a run. */
export function kernelOf(state: object): Kernel | undefined {
  return kernels.get(state);
}
