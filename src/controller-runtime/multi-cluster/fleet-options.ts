/** What a fleet manager can be told. */
import type { Env } from "../../base/env.ts";
import type { Metrics } from "../../base/metrics.ts";
import type { Informers, InformersDeps } from "../../informer/informers.ts";
import type { ClientMetrics } from "../../client/metered-transport.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import type { ProbeServerOptions } from "../http/probe-server.ts";
import type { ManagerOptions } from "../manager/manager-options.ts";
import type { ProcessMetricsOptions } from "../manager/process-metrics.ts";
import type { ShardOptions } from "../sharding/shard-options.ts";
import type { ClusterProvider } from "./cluster.ts";

/** How long a reconcile elsewhere waits for a cluster to answer. */
export const CALL_MS_MAX = 10_000;
/** How long the start of one cluster may take before it is tried anew. */
export const CLUSTER_SYNC_MS_MAX = 120_000;

/**
 * As of a manager. Its controllers work on the hub; `ctx.clusters` gives them the others. Its
 * leadership is that of the whole fleet.
 */
export type HubOptions = Omit<
  ManagerOptions,
  "controllers" | "env" | "metrics" | "probes" | "processMetrics" | "shards"
> & {
  /** Default: none. */
  readonly controllers?: ManagerOptions["controllers"];
};

/**
 * What `createFleetManager` can be told. Only `provider` is needed, and something to run:
 * `controllers` in each cluster, or those of the `hub`.
 */
export type FleetManagerOptions = ProcessMetricsOptions & {
  /** Finds the clusters. */
  readonly provider: ClusterProvider;
  /** Run in each cluster, each time with its client and its local views (default: none). */
  readonly controllers?: readonly ((deps: ControllerDeps) => ControllerSpec)[];
  /**
   * The cluster from which the others are managed. `{}`: the one that this program's environment
   * names. Default: there is none.
   */
  readonly hub?: HubOptions;
  /**
   * Several processes like this one divide the clusters, each cluster with one of them at a time;
   * the leases are on the hub. `ctx.clusters` are those of the process. Default: this process has
   * all. Excludes `hub.leaderElection` and controllers of the hub.
   */
  readonly shards?: ShardOptions;
  /** Whether definitions of the controllers' kinds are applied in each cluster (default false). */
  readonly installsDefinitions?: boolean;
  /**
   * Makes the local views of a cluster, e.g. to narrow them (`scopeOf`). Default: of everything
   * that is asked for.
   */
  readonly informers?: (deps: Required<InformersDeps>, cluster: string) => Informers;
  /** How long a call by `ctx.clusters` may take, in milliseconds (default 10 s). */
  readonly callMsMax?: number;
  /**
   * What the clients of the clusters tell of requests besides their number (default: nothing), e.g.
   * `["duration"]` or `"all"`. Clients that a provider makes by itself have their own ways.
   */
  readonly clientMetrics?: ClientMetrics;
  /** How long the controllers of a cluster may take to stop, in milliseconds (default 30 s). */
  readonly gracefulStopMsMax?: number;
  /** How long the views of a cluster may take to sync before it is tried anew (default 2 min). */
  readonly syncMsMax?: number;
  /** Serve `/healthz`, `/readyz` and `/metrics`. Default: they are not served. */
  readonly probes?: ProbeServerOptions;
  /** Default: the real world. */
  readonly env?: Env;
  /** Default: a registry of its own. The figures of clusters are never put into it. */
  readonly metrics?: Metrics;
};
