/**
 * Many equal calls that may all fail for one reason (a quota, a webhook): tried in batches of
 * growing size, so that a lasting failure costs few calls and success costs few round trips.
 */
import { assert } from "../base/assert.ts";

/** `error` is the first failure, if any; calls of later batches were not made. */
export type BatchResult = {
  readonly succeeded: number;
  /** Calls never made because a batch before them failed. */
  readonly skipped: number;
  readonly error: unknown;
};

/**
 * Calls `call(0)` to `call(count - 1)`: `initial` at once, then twice as many, and so on, each
 * batch side by side and only after the one before succeeded whole. Never rejects.
 */
export async function slowStartBatch(
  count: number,
  initial: number,
  call: (index: number) => Promise<unknown>,
): Promise<BatchResult> {
  assert(initial >= 1, "a batch has at least one call");
  let made = 0;
  let succeeded = 0;
  for (let size = Math.min(count, initial); size > 0; size = Math.min(2 * size, count - made)) {
    const start = made;
    const calls = Array.from({ length: size }, async (_, offset) => call(start + offset));
    const results = await Promise.allSettled(calls);
    made += size;
    const failures = results.filter((result) => result.status === "rejected");
    succeeded += size - failures.length;
    const [first] = failures;
    if (first !== undefined) return { succeeded, skipped: count - made, error: first.reason };
  }
  return { succeeded, skipped: 0, error: undefined };
}
