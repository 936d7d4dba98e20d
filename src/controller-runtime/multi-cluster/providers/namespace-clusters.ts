/**
 * Namespaces of the hub as if each were a cluster: for tenants that share one server, and to try
 * out on one what is made for many.
 */
import { Namespace } from "../../../client/builtin.ts";
import { namespacedClient } from "../../../client/wrappers/namespaced-client.ts";
import { isTerminating } from "../../../machinery/object.ts";
import type { ClusterProvider } from "../cluster.ts";
import { tellingViews } from "./telling-views.ts";

/** Which namespaces of the hub count as clusters. */
export type NamespaceClustersOptions = {
  /** Which namespaces count, in query form, e.g. `tenant` (default: all). */
  readonly labels?: string;
};

/**
 * A cluster for each namespace, with its name and labels. Its controllers see that namespace only;
 * calls to another are refused (`namespacedClient`). Kinds without namespaces are those of the hub.
 */
export function namespaceClusters(options: NamespaceClustersOptions = {}): ClusterProvider {
  const { labels } = options;
  return tellingViews({
    name: "namespaces of the hub",
    type: Namespace,
    scope: labels === undefined ? {} : { labelSelector: labels },
    clusterOf: (namespace, hub) => {
      const { name = "" } = namespace.metadata;
      if (isTerminating(namespace)) return undefined;
      const client = namespacedClient(hub, name);
      return { name, labels: namespace.metadata.labels ?? {}, connect: () => ({ client }) };
    },
  });
}
