/** A closed loop: so many calls are under way all the time, each begun when one before it ended. */

export type Load = {
  /** Ended in the window. */
  readonly calls: number;
  readonly perSecond: number;
  /** Of each call, in milliseconds. */
  readonly latenciesMs: readonly number[];
};

/** Keeps one call per function of `callers` under way for `windowMs`. */
export async function drive(
  callers: readonly (() => Promise<unknown>)[],
  windowMs: number,
): Promise<Load> {
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  const endMs = startMs + windowMs;
  await Promise.all(
    callers.map(async (call) => {
      for (let beganMs = performance.now(); beganMs < endMs;) {
        await call();
        const endedMs = performance.now();
        latenciesMs.push(endedMs - beganMs);
        beganMs = endedMs;
      }
    }),
  );
  const seconds = (performance.now() - startMs) / 1_000;
  return { calls: latenciesMs.length, perSecond: latenciesMs.length / seconds, latenciesMs };
}

/** Calls `call` for 0, 1, ... `count - 1`, `inFlight` at a time. */
export async function forEachInFlight(
  count: number,
  inFlight: number,
  call: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await call(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, worker));
}
