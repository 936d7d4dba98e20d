/** What is left of processes that were asked to end. */
import type { Invariant } from "./invariants.ts";
import type { WatchedProcess } from "./oracle.ts";

/**
 * @public At the end of each run processes are asked to end. Each does so within a minute, and
 * leaves no timer behind: one that is left keeps a real program from ending, and what it holds in
 * memory.
 *
 *     await simulate({ controllers: [sites], scenario, invariants: [stopsCleanly()] });
 */
export function stopsCleanly(): Invariant {
  const name = "stops cleanly";
  return {
    name,
    make: () => ({
      name,
      afterStop: ({ processes }) => {
        for (const process of processes) {
          const left = leftOf(process);
          if (left !== undefined) return `${process.name} ${left}`;
        }
        return undefined;
      },
    }),
  };
}

function leftOf({ hold, timers = 0 }: WatchedProcess): string | undefined {
  if (hold?.isAskedToEnd !== true) return undefined;
  if (!hold.hasEnded) return "was asked to end, and a minute later it has not";
  if (timers === 0) return undefined;
  const what = timers === 1 ? "a timer of it is" : `${timers} of its timers are`;
  return `has ended, and ${what} still set`;
}
