/** Clusters that are known from the beginning. */
import { aborted } from "../../../base/signals.ts";
import type { Client } from "../../../client/client.ts";
import { RestClient } from "../../../client/rest-client.ts";
import type { Transport } from "../../../client/transport.ts";
import type { Labels } from "../../../machinery/labels.ts";
import type { Cluster, ClusterProvider } from "../cluster.ts";
import { kubeconfigConnection } from "./kubeconfig-connection.ts";

/** One way to reach it. What is passed here stays open when the fleet ends. */
export type FixedCluster = {
  readonly name: string;
  /** What selects it among others (default: none). */
  readonly labels?: Labels;
} & (
  | { readonly client: Client }
  | { readonly transport: Transport }
  /** The path of a kubeconfig, and the context if it is not the current one. */
  | { readonly kubeconfig: string; readonly context?: string }
);

/** Always these. */
export function fixedClusters(clusters: readonly FixedCluster[]): ClusterProvider {
  const all = clusters.map(clusterOf);
  return {
    name: "fixed clusters",
    run: (tell, _deps, { signal }) => {
      tell(all);
      return aborted(signal);
    },
  };
}

function clusterOf(cluster: FixedCluster): Cluster {
  const { name, labels = {} } = cluster;
  if ("client" in cluster) return { name, labels, connect: () => ({ client: cluster.client }) };
  if ("transport" in cluster) {
    const { transport } = cluster;
    return { name, labels, connect: ({ env }) => ({ client: new RestClient({ transport, env }) }) };
  }
  const { kubeconfig: path, context } = cluster;
  return { name, labels, connect: (deps) => kubeconfigConnection({ path, context }, deps) };
}
