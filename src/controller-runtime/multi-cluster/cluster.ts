/** What a provider tells of: clusters, and how each is reached. */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { Metrics } from "../../base/metrics.ts";
import type { ClientMetrics } from "../../client/metered-transport.ts";
import type { Client } from "../../client/client.ts";
import type { Labels } from "../../machinery/labels.ts";

/** A cluster that a provider knows. */
export type Cluster = {
  /** Unique in a fleet; in logs, metrics, health checks and `ctx.cluster`. */
  readonly name: string;
  /** To choose clusters by (default: none). */
  readonly labels?: Labels;
  /**
   * Stands for all that `connect` uses: when another one is told, the cluster is connected anew, as
   * after a rotation of credentials (default: never). It may hold secrets: it is never shown.
   */
  readonly fingerprint?: string;
  /** Makes a client. A failure is tried again, after a delay that grows up to a minute. */
  connect(deps: ConnectDeps): ClusterConnection | Promise<ClusterConnection>;
};

/** What a connection to a cluster may be made of. */
export type ConnectDeps = {
  readonly env: Env;
  /** Of this cluster alone; all of a fleet are shown together, each with the label `cluster`. */
  readonly metrics: Metrics;
  /** What is to be told of requests besides their number (default: nothing). */
  readonly clientMetrics?: ClientMetrics | undefined;
};

/** A way to one cluster. */
export type ClusterConnection = {
  readonly client: Client;
  /** Ends what the client holds open, once nothing uses it any more. */
  close?(): Promise<void>;
};

/** What a provider of clusters may look with. */
export type ProviderDeps = {
  /** Of the fleet's hub; undefined: it has none. */
  readonly hub: Client | undefined;
  readonly env: Env;
};

/**
 * Finds clusters. It tells again and again which ones there are: what is missing in a later list is
 * gone. A provider that is unsure (a file that cannot be read just now) tells of what it knew.
 */
export interface ClusterProvider {
  /** For logs and health. */
  readonly name: string;
  /** Whether it looks for clusters on the hub (default false). */
  readonly needsHub?: boolean;
  /**
   * Tells until the signal aborts. One that throws is started again, after a delay that grows up to
   * a minute; until it tells, the clusters stay as they were.
   */
  run(tell: TellClusters, deps: ProviderDeps, context: Context): Promise<void>;
}

/** Tells of all clusters that there are now. */
export type TellClusters = (clusters: readonly Cluster[]) => void;
