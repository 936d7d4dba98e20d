/**
 * Long work that others need not wait for: a generator that yields wherever they may have their
 * turn. The same code runs at once, or in turns between which the event loop is free; what it
 * makes is the same.
 *
 * ```ts
 * function* total(numbers: readonly number[]): Interruptible<number> {
 *   let sum = 0;
 *   for (const number of numbers) {
 *     sum += number;
 *     yield;
 *   }
 *   return sum;
 * }
 * await runInTurns(total(numbers), () => pace.step());
 * ```
 */

/** Work that ends with a `T`. */
export type Interruptible<T> = Generator<undefined, T, undefined>;

/** Runs without a rest. */
export function runAtOnce<T>(work: Interruptible<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Runs with rests: `rest` is asked at each yield, and waited for if it gives something. */
export async function runInTurns<T>(
  work: Interruptible<T>,
  rest: () => Promise<void> | undefined,
): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    const pause = rest();
    if (pause !== undefined) await pause;
  }
}
