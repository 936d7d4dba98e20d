import type { Timer } from "./env.ts";

/** Waits on a timer that `after` sets. Rejects with the signal's reason when it aborts. */
export function sleepWith(
  after: (delayMs: number, fire: () => void) => Timer,
  delayMs: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(signal.reason);
    };
    const timer = after(delayMs, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
