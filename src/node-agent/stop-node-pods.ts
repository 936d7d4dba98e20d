import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { withDefaults } from "./options.ts";
import { stopAllPods } from "./pod/stop-all-pods.ts";
import { ProcessRuntime } from "./runtime/process/process-runtime.ts";

/**
 * Stops what an agent that has ended left running below its directory, for whoever switches the
 * node off. The pods stay declared: the next agent starts them again. Throws if an agent has the
 * directory.
 */
export async function stopNodePods(
  directory: string,
  deps: { readonly env: Env },
  context: Context,
): Promise<void> {
  const { stopGraceMs } = withDefaults({ nodeName: "ended" });
  const options = { root: `${directory}/runtime`, hiddenPaths: [directory] };
  const runtime = await ProcessRuntime.open(options, deps.env);
  try {
    await stopAllPods({ stopGraceMs }, { runtime, env: deps.env }, context);
  } finally {
    await runtime.close();
  }
}
