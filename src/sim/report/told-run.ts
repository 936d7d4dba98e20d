/** A run once more, with all that is needed to tell its story. */
import { play, type Recording } from "../shrink/shrink.ts";
import type { RunResult, System } from "../world/run.ts";
import { tellWay } from "./causes/telling.ts";
import { wayOf } from "./causes/steps.ts";
import { Witness } from "./witness.ts";

export type ToldRun = {
  readonly told: RunResult;
  /** The way to what is wrong, in lines. */
  readonly way: readonly string[];
};

/**
 * Plays it. `hash`: of the run as it was; who writes down what reconciles read takes part in the
 * turns of promises, and where that changes the run it is told without.
 */
export async function tellRun(
  system: System,
  recording: Recording,
  hash?: string,
): Promise<ToldRun> {
  const first = await playedWith(new Witness({ hasReconciles: true }), system, recording);
  const isSame = hash === undefined ? first.told.violation !== undefined : first.told.hash === hash;
  if (isSame) return first;
  return playedWith(new Witness({ hasReconciles: false }), system, recording);
}

async function playedWith(
  witness: Witness,
  system: System,
  recording: Recording,
): Promise<ToldRun> {
  const told = await play(system, recording, { isTold: true, witness });
  const { violation } = told;
  if (violation === undefined) return { told, way: [] };
  const way = await wayOf(told, witness, system);
  return { told, way: tellWay(way, `here it breaks: ${violation.oracle}: ${violation.message}`) };
}
