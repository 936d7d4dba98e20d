/** A connection to the cluster that a kubeconfig names, over HTTP. */
import { realFiles } from "../../../base/real/files.ts";
import { runProgram } from "../../../base/real/run-program.ts";
import { countedTransport } from "../../../client/http/counted-transport.ts";
import { countedRun } from "../../../client/node/counted-run.ts";
import {
  loadKubeconfig,
  type KubeconfigDeps,
  type KubeconfigOptions,
} from "../../../client/node/kubeconfig.ts";
import { RestClient } from "../../../client/rest-client.ts";
import type { ClusterConnection, ConnectDeps } from "../cluster.ts";

/**
 * Throws `KubeconfigError`. Default: its files are read, and its programs run, as by `kubectl`;
 * `access` of another kind confines what a kubeconfig from elsewhere may name.
 */
export async function kubeconfigConnection(
  location: KubeconfigOptions,
  { env, metrics, clientMetrics }: ConnectDeps,
  access: KubeconfigDeps = {
    files: realFiles,
    credentials: { run: countedRun(runProgram, metrics), clock: env.clock },
  },
): Promise<ClusterConnection> {
  const { connection } = await loadKubeconfig(location, access);
  const transport = countedTransport(connection, { metrics, clientMetrics }, env);
  return { client: new RestClient({ transport, env }), close: () => transport.close() };
}
