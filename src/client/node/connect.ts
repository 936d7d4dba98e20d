import { realEnv } from "../../base/real/env.ts";
import { realFiles } from "../../base/real/files.ts";
import { programVariable } from "../../base/real/program.ts";
import { runProgram } from "../../base/real/run-program.ts";
import { countedTransport } from "../http/counted-transport.ts";
import { RestClient } from "../rest-client.ts";
import { countedRun } from "./counted-run.ts";
import { loadKubeconfig, type KubeconfigOptions } from "./kubeconfig.ts";
import type { ProgramClientOptions } from "./program-environment.ts";

/**
 * A client of the cluster a kubeconfig names, over HTTP/2 where the server speaks it.
 * `fieldManager` is the writer's name. Throws `KubeconfigError`; nothing is connected before the
 * first call.
 */
export async function clientFromKubeconfig(
  options: KubeconfigOptions & ProgramClientOptions,
): Promise<RestClient> {
  const { env = realEnv(), fieldManager, metrics, clientMetrics, ...location } = options;
  const { connection } = await loadKubeconfig(location, {
    files: realFiles,
    variable: programVariable,
    credentials: { run: countedRun(runProgram, metrics), clock: env.clock },
  });
  const transport = countedTransport(connection, { metrics, clientMetrics }, env);
  return new RestClient({ transport, env }, fieldManager === undefined ? {} : { fieldManager });
}
