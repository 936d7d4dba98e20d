/**
 * Two ways of doing the same, measured in turns: each round gives the ratio of the two, and a
 * machine that is slower for a while is so for both. Of the median of these ratios an interval is
 * told in which it lies for certain but for one time in twenty, whatever way the ratios scatter: it
 * goes from one of the sorted ratios to another, as many from the ends as a fair coin allows.
 */
import { figure, median } from "./report.ts";

/** Of the ratios: the middle one, and what it lies between. */
export type Estimate = {
  readonly median: number;
  readonly low: number;
  readonly high: number;
};

const DOUBT_MAX = 0.05;

/** With fewer than six values nothing can be said: the interval is without ends. */
export function estimate(values: readonly number[]): Estimate {
  const sorted = values.toSorted((a, b) => a - b);
  const skipped = skippedAtEachEnd(sorted.length);
  const low = sorted[skipped] ?? -Infinity;
  const high = sorted[sorted.length - 1 - skipped] ?? Infinity;
  return { median: median(sorted), low, high };
}

/** So many of `count` values are outside at each end; -1: even all of them are too few. */
function skippedAtEachEnd(count: number): number {
  let chance = 2 ** -count; // of none of them being below the median
  let belowAtMost = 0;
  for (let below = 0; below < count; below += 1) {
    belowAtMost += chance;
    if (2 * belowAtMost > DOUBT_MAX) return below - 1;
    chance *= (count - below) / (below + 1);
  }
  return 0;
}

/** What `on` costs, in percent, by the ratios of the rounds. */
export function cost(
  on: readonly number[],
  off: readonly number[],
  what: "less is better" | "more is better",
): Estimate {
  return estimate(
    on.map((value, round) => {
      const ratio = value / (off[round] ?? Number.NaN);
      return (what === "less is better" ? ratio - 1 : 1 - ratio) * 100;
    }),
  );
}

/** `+0.4 % (-0.9..+1.2)`. */
export function costText({ median: middle, low, high }: Estimate): string {
  return `${signed(middle)} % (${signed(low)}..${signed(high)})`;
}

/** Whether it is under `percent`, as far as the interval tells. */
export function verdict({ low, high }: Estimate, percent: number): "yes" | "no" | "undecided" {
  if (high < percent) return "yes";
  return low >= percent ? "no" : "undecided";
}

function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${figure(Math.abs(value), 1)}`;
}
