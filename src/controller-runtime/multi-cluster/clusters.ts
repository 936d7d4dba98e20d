/** The clusters of a fleet, as a reconcile that spans several of them sees them. */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Informers } from "../../informer/informers.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { LabelQuery, Labels } from "../../machinery/labels.ts";
import type { ApiObject } from "../../machinery/object.ts";

/**
 * A call to a cluster that does not answer now. It is woken for when it does (`clusterChanges`).
 */
export class ClusterAwayError extends Error {
  override readonly name = "ClusterAwayError";
  readonly cluster: string;
  constructor(cluster: string, why: string) {
    super(`the cluster ${cluster} is away: ${why}`);
    this.cluster = cluster;
  }
}

/** One of the clusters that a provider told of. */
export interface FleetCluster {
  readonly name: string;
  readonly labels: Labels;
  /**
   * Whether it is connected, with its local views filled, and answers, as far as is known. A kind
   * that cannot be listed there is not waited for longer than half a minute.
   */
  readonly isReady: boolean;
  /** In words, for people. */
  readonly state: string;
  /**
   * Writes and reads there. Throws `ClusterAwayError` at once while the cluster is away, and when a
   * call takes longer than `callMsMax` of the fleet: no dead cluster holds a reconcile up.
   */
  readonly client: Client;
  /** Local views of it; undefined while it is not connected. A new connection has new ones. */
  readonly informers: Informers | undefined;
  /** The object, from the local view of its kind if there is one; undefined: there is none. */
  get<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    context: Context,
  ): Promise<T | undefined>;
}

/** Is told what becomes of clusters, by name. */
export type ClustersListener = {
  /** It came, went, answers again or not any more, or has other labels. */
  readonly changed?: (name: string) => void;
  /** It is connected; `life` aborts when that ends. */
  readonly connected?: (cluster: FleetCluster, informers: Informers, life: AbortSignal) => void;
};

/** All clusters of a fleet. */
export interface Clusters {
  /** The cluster, or undefined if no provider tells of it. */
  get(name: string): FleetCluster | undefined;
  /** In order of names. Default: all. */
  list(options?: { readonly labels?: LabelQuery }): readonly FleetCluster[];
  /** Tells of those that are connected now, then of all that happens. Answers what ends that. */
  follow(listener: ClustersListener): () => void;
  /** Resolves when the provider has told for the first time. */
  waitForSync(signal: AbortSignal): Promise<void>;
}

/** Of a controller without a fleet. */
export const NO_CLUSTERS: Clusters = {
  get: () => undefined,
  list: () => [],
  follow: () => () => undefined,
  waitForSync: () => Promise.resolve(),
};
