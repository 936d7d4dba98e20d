/** What must hold of any controllers, whatever they do. */
import { noChurn, noCircles, noFights, noHotLoops } from "./circles.ts";
import { noBlindDeletion, noOrphans, noStuckDeletion } from "./deletions.ts";
import { noUncaughtErrors, processesStayUp, revisionsGrow } from "./health.ts";
import { generationsCount } from "./generations.ts";
import { oneEffect } from "./one-effect.ts";
import { trueAnswers } from "./true-answers.ts";
import { wholeStreams } from "./whole-streams.ts";
import { noLostUpdates } from "./lost-updates.ts";
import { noStarvation } from "./turns.ts";
import type { MakeOracle } from "./oracle.ts";

/** By the names they find fault under. */
const STANDARD: readonly MakeOracle[] = [
  revisionsGrow,
  trueAnswers,
  oneEffect,
  wholeStreams,
  generationsCount,
  noBlindDeletion,
  noLostUpdates,
  noFights,
  noCircles,
  noHotLoops,
  noChurn,
  noStuckDeletion,
  noOrphans,
  processesStayUp,
  noUncaughtErrors,
  noStarvation,
];

/** What may be left out. */
export function standardNames(): readonly string[] {
  return STANDARD.map((make) => make().name);
}

/** All of them but those that are named. */
export function standardOracles(without: readonly string[] = []): readonly MakeOracle[] {
  return STANDARD.filter((make) => !without.includes(make().name));
}
