import { realEnv } from "../../base/real/env.ts";
import { realFiles } from "../../base/real/files.ts";
import { programVariable } from "../../base/real/program.ts";
import { runProgram } from "../../base/real/run-program.ts";
import { httpTransport } from "../http/http-transport.ts";
import { hostOf, meteredTransport } from "../metered-transport.ts";
import { RestClient } from "../rest-client.ts";
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
  const { env = realEnv(), fieldManager, metrics, ...location } = options;
  const { connection } = await loadKubeconfig(location, {
    files: realFiles,
    variable: programVariable,
    credentials: { run: runProgram, clock: env.clock },
  });
  const http = httpTransport(connection, env);
  const transport =
    metrics === undefined ? http : meteredTransport(http, metrics, hostOf(connection.server));
  return new RestClient({ transport, env }, fieldManager === undefined ? {} : { fieldManager });
}
