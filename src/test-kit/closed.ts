/** The end of a test's world, within a bounded time. */
import type { VirtualEnv } from "../base/virtual/virtual-env.ts";
import type { Manager } from "../controller-runtime/manager/manager.ts";

/** A controller of the test did not stop: a reconcile of it ignores that its signal aborted. */
export class NotClosedError extends Error {
  override readonly name = "NotClosedError";
}

/** Turns in which all that heeds its signal has ended. */
const TURNS = 20;
/** Of virtual time: longer than managers wait for their controllers. */
const CLOSE_MS_MAX = 60_000;

/** Waits for the end, and moves time on if it does not come by itself. */
export async function closed(
  closing: Promise<void>,
  managers: readonly Manager[],
  env: VirtualEnv,
): Promise<void> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  closing.then(end, end);
  for (let turn = 0; turn < TURNS && !isOver; turn += 1) await env.settle();
  const endMs = env.clock.monotonic() + CLOSE_MS_MAX;
  while (!isOver && (await env.step(endMs - env.clock.monotonic()))) await env.settle();
  const health = managers.map((manager) => manager.healthz());
  const failed = health.flatMap(({ checks }) => checks).find(({ isOk }) => !isOk);
  if (failed === undefined) return closing;
  const advice = "hand ctx.signal to what it waits for, or throw when it aborts";
  throw new NotClosedError(`${failed.state}: its reconcile ignores its signal; ${advice}`);
}
