/** Keeps the ConfigMaps of every Bundle alike in all clusters that it selects. */
import { ConfigMap } from "setpoint/client";
import {
  ClusterAwayError,
  clusterChanges,
  controller,
  watchesInClusters,
  type DeclaredController,
  type FleetCluster,
  type ObjectOf,
  type ReconcileContext,
} from "setpoint/controller-runtime";
import { matchesLabels, queryOfLabels } from "setpoint/machinery";
import { Bundle, type BundleSpec, type ClusterStatus } from "./bundle.ts";
import { bundleOf, carry, hasCopies, isKnown } from "./copies.ts";

type BundleObject = ObjectOf<typeof Bundle>;

export const bundles: DeclaredController = controller(Bundle, {
  watches: [watchesInClusters(ConfigMap, bundleOf), clusterChanges(Bundle)],

  async reconcile(bundle, ctx) {
    const clusters = await carryToAll(bundle, bundle.spec.configMaps, ctx);
    const synced = clusters.filter(({ state }) => state === "Synced").length;
    ctx.status.set({ clusters, synced: `${synced}/${clusters.length}` });
    const isReady = synced === clusters.length;
    const behind = clusters.filter(({ state }) => state !== "Synced").map(({ name }) => name);
    const message = isReady ? "all clusters have it" : `not in ${behind.join(", ")}`;
    ctx.status.condition("Synced", isReady, isReady ? "Carried" : "Behind", message);
    // A cluster that is away wakes its bundles when it answers; what failed is tried again.
    const hasFailed = clusters.some(({ state }) => state === "Failed");
    return hasFailed ? ctx.requeueAfter("1m") : ctx.done();
  },

  /** The bundle stays until its copies are gone from all clusters that there are. */
  async finalize(bundle, ctx) {
    const clusters = await carryToAll(bundle, "none", ctx);
    if (clusters.length === 0) return ctx.done();
    const names = clusters.map(({ name }) => name).join(", ");
    ctx.status.set({ clusters, synced: `0/${clusters.length}` });
    ctx.status.condition("Synced", false, "CleaningUp", `copies may be left in ${names}`);
    return ctx.requeueAfter("1m");
  },
});

/**
 * All clusters at once, so that a slow one holds up no other. Answers for those that shall have the
 * copies, and for those that shall not have them any more but may still do.
 */
async function carryToAll(
  bundle: BundleObject,
  configMaps: BundleSpec["configMaps"] | "none",
  ctx: ReconcileContext<BundleObject>,
): Promise<readonly ClusterStatus[]> {
  const before = new Set(bundle.status?.clusters?.map(({ name }) => name));
  const selector = queryOfLabels(bundle.spec.clusters);
  const answers = await Promise.all(
    ctx.clusters.list().map(async (cluster) => {
      const isSelected = matchesLabels(selector, cluster.labels);
      if (!isSelected && !before.has(cluster.name) && !hasCopies(bundle, cluster)) return [];
      const wanted = isSelected && configMaps !== "none" ? configMaps : undefined;
      const status = await carryTo(bundle, wanted ?? {}, cluster, ctx);
      return wanted === undefined && status.state === "Synced" ? [] : [status];
    }),
  );
  return answers.flat();
}

async function carryTo(
  bundle: BundleObject,
  wanted: BundleSpec["configMaps"],
  cluster: FleetCluster,
  ctx: ReconcileContext<BundleObject>,
): Promise<ClusterStatus> {
  const { name } = cluster;
  if (!cluster.isReady) return { name, state: "Away", message: cluster.state };
  if (!isKnown(cluster)) return { name, state: "Failed", message: "its ConfigMaps cannot be read" };
  try {
    await carry(bundle, wanted, cluster, ctx);
    return { name, state: "Synced", message: "" };
  } catch (error) {
    ctx.signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    return { name, state: error instanceof ClusterAwayError ? "Away" : "Failed", message };
  }
}
