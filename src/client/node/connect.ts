import type { Env } from "../../base/env.ts";
import { realEnv } from "../../base/real/env.ts";
import { realFiles } from "../../base/real/files.ts";
import { runProgram } from "../../base/real/run-program.ts";
import { httpTransport } from "../http/http-transport.ts";
import { RestClient } from "../rest-client.ts";
import { loadKubeconfig, type KubeconfigOptions } from "./kubeconfig.ts";

/**
 * A client of the cluster a kubeconfig names, over HTTP/2 where the server speaks it.
 * `fieldManager` is the writer's name. Throws `KubeconfigError`; nothing is connected before the
 * first call.
 */
export async function clientFromKubeconfig(
  options: KubeconfigOptions & { readonly fieldManager?: string; readonly env?: Env },
): Promise<RestClient> {
  const { env = realEnv(), fieldManager, ...location } = options;
  const { connection } = await loadKubeconfig(location, {
    files: realFiles,
    credentials: { run: runProgram, clock: env.clock },
  });
  const transport = httpTransport(connection, env);
  return new RestClient({ transport, env }, fieldManager === undefined ? {} : { fieldManager });
}
