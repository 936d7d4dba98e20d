/** Clusters from several places at once. */
import { TaskGroup } from "../../../base/task-group.ts";
import type { Cluster, ClusterProvider } from "../cluster.ts";

/**
 * The clusters of all `providers`, each under the name `<provider>/<cluster>`; a provider that is
 * named "" gives the plain names. Tells when all of them have told. One that fails is started again
 * with all others, which keep their clusters meanwhile.
 *
 *     severalProviders({ cloud: secretClusters({ namespace }), "": fixedClusters([here]) })
 */
export function severalProviders(
  providers: Readonly<Record<string, ClusterProvider>>,
): ClusterProvider {
  const all = Object.entries(providers);
  return {
    name: all.map(([prefix, { name }]) => (prefix === "" ? name : `${prefix}: ${name}`)).join(", "),
    needsHub: all.some(([, { needsHub }]) => needsHub === true),
    run: async (tell, deps, context) => {
      const told = new Map<string, readonly Cluster[]>();
      const group = new TaskGroup(context.signal);
      for (const [prefix, provider] of all) {
        const tellOwn = (clusters: readonly Cluster[]): void => {
          told.set(
            prefix,
            clusters.map((cluster) => prefixed(prefix, cluster)),
          );
          if (told.size === all.length) tell([...told.values()].flat());
        };
        group.spawn((signal) => provider.run(tellOwn, deps, { ...context, signal }));
      }
      await group.join();
    },
  };
}

function prefixed(prefix: string, cluster: Cluster): Cluster {
  return prefix === "" ? cluster : { ...cluster, name: `${prefix}/${cluster.name}` };
}
