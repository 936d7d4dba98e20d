/** What a node tells of itself to those who collect metrics. */
import { createMetrics } from "../../base/metrics.ts";
import type { Pod } from "../../client/builtin.ts";
import type { Lister } from "../../informer/lister.ts";
import type { RuntimeVersion } from "../runtime/runtime.ts";

/** Prometheus text format. */
export function nodeMetrics(node: string, runtime: RuntimeVersion, pods: Lister<Pod>): string {
  const metrics = createMetrics();
  const info = metrics.gauge("setpoint_node_info", "The node and how it runs containers.");
  info.set({ node, runtime: runtime.name, tier: runtime.tier }, 1);
  const phases = metrics.gauge("setpoint_node_pods", "Pods of this node by phase.");
  const restarts = metrics.gauge(
    "setpoint_node_container_restarts",
    "Restarts of the containers that are on this node.",
  );
  restarts.set({}, 0);
  for (const { status } of pods.list()) {
    phases.add({ phase: status.phase ?? "Pending" }, 1);
    for (const { restartCount } of status.containerStatuses ?? []) restarts.add({}, restartCount);
  }
  return metrics.text();
}
