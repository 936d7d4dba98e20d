/** Keeps the logs of running containers from filling the disk. */
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import type { LogFiles } from "./pod/pod-deps.ts";
import type { Runtime } from "./runtime/runtime.ts";

export const ROTATION_CHECK_MS = 10_000;

export type RotationLimits = { readonly logBytesMax: number; readonly logFilesMax: number };

/** Looks at all logs until the signal aborts. */
export async function rotateLogs(
  limits: RotationLimits,
  deps: { readonly runtime: Runtime; readonly logs: LogFiles; readonly env: Env },
  context: Context,
): Promise<void> {
  for (;;) {
    await deps.env.timers.sleep(ROTATION_CHECK_MS, context.signal);
    try {
      await rotateOnce(limits, deps, context);
    } catch (error) {
      context.signal.throwIfAborted();
      // A log that is too long now is found again at the next look.
      context.log.error("logs could not be rotated", { error });
    }
  }
}

async function rotateOnce(
  limits: RotationLimits,
  { runtime, logs }: { readonly runtime: Runtime; readonly logs: LogFiles },
  context: Context,
): Promise<void> {
  for (const container of await runtime.listContainers({}, context)) {
    if (container.state.kind !== "running") continue;
    const { logBytesMax, logFilesMax } = limits;
    const isRotated = await logs.rotate(container.logFile, logBytesMax, logFilesMax);
    if (isRotated) await runtime.reopenContainerLog(container.id, context);
  }
}
