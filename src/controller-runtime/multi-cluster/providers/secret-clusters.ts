/**
 * Clusters whose kubeconfigs are kept in Secrets of the hub: a Secret that comes is a cluster that
 * joins, one that goes is a cluster that leaves, and one whose content changes is connected anew.
 *
 * Who may write these Secrets decides where this program connects to, and no more than that: their
 * kubeconfigs must hold all they need. Those that name files or programs are refused.
 */
import { Secret } from "../../../client/builtin.ts";
import { keyOf, keyText } from "../../../machinery/key.ts";
import { own } from "../../../machinery/object.ts";
import type { Cluster, ClusterProvider } from "../cluster.ts";
import { kubeconfigConnection } from "./kubeconfig-connection.ts";
import { confinedAccess, fingerprintOf, readKubeconfig } from "./kubeconfig-text.ts";
import { tellingViews } from "./telling-views.ts";

/** Which Secrets of the hub tell of clusters, and where the kubeconfig is in them. */
export type SecretClustersOptions = {
  /** Of the hub. */
  readonly namespace: string;
  /** Which Secrets count, in query form, e.g. `fleet=sites` (default: all of the namespace). */
  readonly labels?: string;
  /** The field of the Secret that holds the kubeconfig (default `kubeconfig`). */
  readonly key?: string;
  /** The name of the cluster (default: that of the Secret); "": it is none. */
  readonly nameOf?: (secret: Secret) => string;
};

/**
 * Clusters of Secrets: each has the name and the labels of its Secret, and is the current context
 * of its kubeconfig. Takes the right to get, list and watch Secrets in that namespace.
 *
 *     // Clusters that Cluster API has made:
 *     const name = "cluster.x-k8s.io/cluster-name";
 *     const nameOf = ({ metadata }: Secret) => metadata.labels?.[name] ?? "";
 *     secretClusters({ namespace: "clusters", labels: name, key: "value", nameOf });
 */
export function secretClusters(options: SecretClustersOptions): ClusterProvider {
  const { namespace, labels, key = "kubeconfig" } = options;
  const { nameOf = ({ metadata }: Secret): string => metadata.name ?? "" } = options;
  const scope = { namespace, ...(labels === undefined ? {} : { labelSelector: labels }) };
  return tellingViews({
    name: `Secrets of ${namespace}`,
    type: Secret,
    scope,
    clusterOf: (secret) => clusterOf(secret, nameOf(secret), key),
  });
}

/** Throws `KubeconfigError`. */
async function clusterOf(secret: Secret, name: string, key: string): Promise<Cluster | undefined> {
  if (name === "") return undefined;
  const where = `Secret ${keyText(keyOf(secret))}`;
  const encoded = own(secret.data ?? {}, key);
  if (typeof encoded !== "string") throw new Error(`${where} has no ${key}`);
  const content = new Uint8Array(Buffer.from(encoded, "base64"));
  const text = readKubeconfig(content, where);
  const { path, access } = confinedAccess(content);
  const location = { path, context: text.currentContext };
  return {
    name,
    labels: secret.metadata.labels ?? {},
    fingerprint: await fingerprintOf(text, location, access),
    connect: (deps) => kubeconfigConnection(location, deps, access),
  };
}
