/** Stops every container of the node, for a node that is switched off on purpose. */
import type { Context } from "../../base/context.ts";
import { withSignal } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { orAborted } from "../../base/signals.ts";
import { RUNTIME_LABEL, type Runtime, type RuntimeSandbox } from "../runtime/runtime.ts";
import { DEFAULT_GRACE_SECONDS } from "./pod-view.ts";

/** What killing may take when the grace is over; whatever is left then is left running. */
export const STOP_MARGIN_MS = 10_000;

/** What it takes of a runtime. */
export type StoppingRuntime = Pick<
  Runtime,
  "listSandboxes" | "listContainers" | "stopContainer" | "stopSandbox"
>;

/**
 * Each container gets the grace of its pod, at most `stopGraceMs`. Runs although the agent's own
 * signal has aborted, and ends `STOP_MARGIN_MS` after the longest grace. One that cannot be stopped
 * is no reason to leave the others: the first such failure is thrown when all have ended.
 */
export async function stopAllPods(
  options: { readonly stopGraceMs: number },
  deps: { readonly runtime: StoppingRuntime; readonly env: Env },
  given: Context,
): Promise<void> {
  const limit = new AbortController();
  const limitMs = options.stopGraceMs + STOP_MARGIN_MS;
  const timer = deps.env.timers.after(limitMs, () => {
    limit.abort(new Error(`some pods have not stopped within ${limitMs} ms`));
  });
  const context = withSignal(given, limit.signal);
  const inTime = <T>(work: Promise<T>): Promise<T> => orAborted(work, limit.signal);
  try {
    const sandboxes = await inTime(deps.runtime.listSandboxes({}, context));
    await allEnded(
      sandboxes.map((sandbox) => {
        const graceMs = Math.min(options.stopGraceMs, graceOf(sandbox));
        return inTime(stopPod(sandbox, graceMs, deps.runtime, context));
      }),
    );
  } finally {
    timer.cancel();
  }
}

async function stopPod(
  sandbox: RuntimeSandbox,
  graceMs: number,
  runtime: StoppingRuntime,
  context: Context,
): Promise<void> {
  const containers = await runtime.listContainers({ podUid: sandbox.pod.uid }, context);
  const running = containers.filter((container) => container.state.kind === "running");
  try {
    await allEnded(running.map(({ id }) => runtime.stopContainer(id, graceMs, context)));
  } finally {
    await runtime.stopSandbox(sandbox.id, context);
  }
}

/** Unlike `Promise.all`, it waits for the others when one has failed. */
async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(works)) {
    if (end.status === "rejected") throw end.reason;
  }
}

function graceOf(sandbox: RuntimeSandbox): number {
  const seconds = Number(sandbox.labels[RUNTIME_LABEL.terminationGracePeriod] ?? "");
  return (Number.isSafeInteger(seconds) && seconds > 0 ? seconds : DEFAULT_GRACE_SECONDS) * 1000;
}
