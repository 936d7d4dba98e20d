import type { Exhausted } from "../../explore/exhaustive/exhaust.ts";
import type { Reach } from "./reach.ts";
import { untakenText } from "./untaken-text.ts";

/** @public What a simulation without a fault has done. */
export type SimulationReport = {
  readonly runs: number;
  /** Runs that were not the same as another one. */
  readonly distinct: number;
  readonly events: number;
  /** By the real clock, all in all. */
  readonly runsASecond: number;
  /**
   * Different states of the store that runs came by; times, identities and names that the server
   * makes up make no difference. At most 1,000,000 are counted.
   */
  readonly states: number;
  /** Decisions that were not calm, by their class. */
  readonly decisions: Readonly<Record<string, number>>;
  /** Marks (`sometimes`) that were met; one that is not rejects with `NeverReachedError`. */
  readonly marks: readonly string[];
  /**
   * What could have been decided in some run and never was, e.g. `call: conflict`: more runs may
   * get there. Not of an exhaustive search, which says by `exhausted` whether it was all.
   */
  readonly untaken: readonly string[];
  /** Of an exhaustive search: how far it came. */
  readonly exhausted?: Exhausted;
};

export function reportOf(figures: {
  readonly runs: number;
  readonly reach: Reach;
  readonly marks: readonly string[];
  readonly realMs: number;
}): SimulationReport {
  const { runs, reach, marks, realMs } = figures;
  const { distinct, events, states, decisions, untaken } = reach;
  const runsASecond = Math.round((runs * 1_000) / Math.max(1, realMs));
  return { runs, distinct, events, runsASecond, states, decisions, marks, untaken };
}

/**
 * @public The report in a few lines, for a log: `200 runs, 57 a second, 198 different, 812 states`,
 * what was decided against calm, the marks that were met, the first ten of what was never tried,
 * and of an exhaustive search whether it was all.
 */
export function reportLines(report: SimulationReport): readonly string[] {
  const { runs, runsASecond, distinct, states, decisions, marks, untaken, exhausted } = report;
  const decided = Object.entries(decisions).map(([kind, count]) => `${kind} ${count}`);
  return [
    `${runs} runs, ${runsASecond} a second, ${distinct} different, ${states} states`,
    `not calm: ${decided.length === 0 ? "nothing" : decided.join(", ")}`,
    ...(marks.length === 0 ? [] : [`met: ${marks.join(", ")}`]),
    ...(exhausted === undefined ? [] : [exhaustedText(exhausted)]),
    ...(untaken.length === 0 ? [] : [`never tried: ${untakenText(untaken)}`]),
  ];
}

function exhaustedText({ runs, cut, isComplete }: Exhausted): string {
  const all = isComplete ? "all that there is was tried" : "not all that there is was tried";
  return `exhaustive: ${all}: ${runs} runs, and ${cut} that began to repeat one of them`;
}
