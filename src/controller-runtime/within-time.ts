/** Calls that are given up after a while. */
import { withSignal, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { childSignal } from "../base/signals.ts";

export type TimeLimit = {
  readonly limitMs: number;
  /** What the signal of the call aborts with. */
  readonly late: () => Error;
  readonly env: Pick<Env, "timers">;
};

/** `call` with a context that aborts after a while. */
export async function withinTime<R>(
  call: (context: Context) => Promise<R>,
  context: Context,
  { limitMs, late, env }: TimeLimit,
): Promise<R> {
  const child = childSignal(context.signal);
  const timer = env.timers.after(limitMs, () => child.abort(late()));
  try {
    return await call(withSignal(context, child.signal));
  } finally {
    timer.cancel();
    child.release();
  }
}
