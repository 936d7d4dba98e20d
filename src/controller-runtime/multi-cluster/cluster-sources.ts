/** What wakes a controller that spans clusters: things that happen in them, and to them. */
import type { ResourceType } from "../../client/resource-type.ts";
import type { InformerEvent } from "../../informer/shared-informer-types.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Watch } from "../declared/declared-controller.ts";
import type { Enqueue, Trigger } from "../sources/source.ts";
import { watchSource, type WatchSourceOptions } from "../sources/sources.ts";
import { NO_CLUSTERS, type Clusters } from "./clusters.ts";

/**
 * Changes of objects of `type` in any cluster of the fleet wake the objects that `wakes` names.
 * Each connected cluster gets a local view of the kind.
 *
 *     controller(Bundle, { watches: [watchesInClusters(ConfigMap, bundlesOf)], ... })
 */
export function watchesInClusters<T extends ApiObject>(
  type: ResourceType<T>,
  wakes: (object: T, cluster: string, event: InformerEvent<T>) => readonly ObjectKey[],
  options: Omit<WatchSourceOptions<T>, "name"> = {},
): Watch {
  const name = `watch of ${type.kind} in clusters`;
  return {
    source: ({ clusters = NO_CLUSTERS }) => ({
      name,
      start: (enqueue, context) => {
        const end = clusters.follow({
          connected: (cluster, informers, life) => {
            const map = (object: T, event: InformerEvent<T>): readonly ObjectKey[] =>
              wakes(object, cluster.name, event);
            const source = watchSource(informers.for(type), map, { ...options, name });
            source.start(inCluster(cluster.name, enqueue), { ...context, signal: life });
          },
        });
        onceAborted(context.signal, end);
      },
      waitForSync: (signal) => clusters.waitForSync(signal),
    }),
  };
}

/**
 * A cluster that comes, goes, answers again or not any more, or has other labels, wakes the objects
 * of `type`: all of them, or those that `concerns` says yes to.
 *
 *     controller(Bundle, { watches: [clusterChanges(Bundle)], ... })
 */
export function clusterChanges<T extends ApiObject>(
  type: ResourceType<T>,
  concerns: (object: T, cluster: string, clusters: Clusters) => boolean = () => true,
): Watch {
  return {
    source: ({ informers, clusters = NO_CLUSTERS }) => ({
      name: "changes of clusters",
      start: (enqueue, context) => {
        const { lister } = informers.for(type);
        const end = clusters.follow({
          changed: (cluster) => {
            for (const object of lister.list()) {
              if (!concerns(object, cluster, clusters)) continue;
              enqueue(keyOf(object), { kind: "cluster", cluster, object: "" });
            }
          },
        });
        onceAborted(context.signal, end);
      },
      waitForSync: (signal) => clusters.waitForSync(signal),
    }),
  };
}

/** The revisions of one cluster are no causes in another. */
function inCluster(cluster: string, enqueue: Enqueue): Enqueue {
  return (key, trigger, priority) => {
    const told: Trigger =
      trigger.kind === "event" ? { kind: "cluster", cluster, object: trigger.object } : trigger;
    enqueue(key, told, priority);
  };
}

function onceAborted(signal: AbortSignal, end: () => void): void {
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
}
