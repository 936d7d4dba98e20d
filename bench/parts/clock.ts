/**
 * A clock that processes of one machine share: `performance.now()` begins anew in each of them, and
 * the time of day has steps.
 */

/** Milliseconds since the machine was started, with fractions. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Calls `call` for 0, 1, ... `count - 1`, so many times a second, without waiting for answers. */
export async function atRate(
  count: number,
  perSecond: number,
  call: (index: number) => Promise<unknown>,
): Promise<void> {
  const startMs = machineMs();
  const calls: Promise<unknown>[] = [];
  for (let index = 0; index < count; index += 1) {
    const waitMs = startMs + (index * 1_000) / perSecond - machineMs();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    calls.push(call(index));
  }
  await Promise.all(calls);
}
