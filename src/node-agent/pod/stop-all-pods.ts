/** Stops every container of the node, for a node that is switched off on purpose. */
import type { Context } from "../../base/context.ts";
import { withSignal } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { RUNTIME_LABEL, type Runtime, type RuntimeSandbox } from "../runtime/runtime.ts";
import { DEFAULT_GRACE_SECONDS } from "./pod-view.ts";

/**
 * Each container gets the grace of its pod, at most `stopGraceMs`. Runs although the agent's own
 * signal has aborted, and is bounded by the grace.
 */
export async function stopAllPods(
  options: { readonly stopGraceMs: number },
  deps: { readonly runtime: Runtime; readonly env: Env },
  given: Context,
): Promise<void> {
  const context = withSignal(given, new AbortController().signal);
  const sandboxes = await deps.runtime.listSandboxes({}, context);
  await Promise.all(
    sandboxes.map(async (sandbox) => {
      const graceMs = Math.min(options.stopGraceMs, graceOf(sandbox));
      const containers = await deps.runtime.listContainers({ podUid: sandbox.pod.uid }, context);
      const running = containers.filter((container) => container.state.kind === "running");
      await Promise.all(
        running.map((container) => deps.runtime.stopContainer(container.id, graceMs, context)),
      );
      await deps.runtime.stopSandbox(sandbox.id, context);
    }),
  );
}

function graceOf(sandbox: RuntimeSandbox): number {
  const seconds = Number(sandbox.labels[RUNTIME_LABEL.terminationGracePeriod] ?? "");
  return (Number.isSafeInteger(seconds) && seconds > 0 ? seconds : DEFAULT_GRACE_SECONDS) * 1000;
}
