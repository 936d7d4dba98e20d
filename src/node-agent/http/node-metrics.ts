/** What a node tells of itself to those who collect metrics. */
import type { Pod } from "../../client/builtin.ts";
import type { Lister } from "../../informer/lister.ts";
import type { RuntimeVersion } from "../runtime/runtime.ts";

/** Prometheus text format. */
export function nodeMetrics(node: string, runtime: RuntimeVersion, pods: Lister<Pod>): string {
  const phases = new Map<string, number>();
  let restarts = 0;
  for (const pod of pods.list()) {
    const phase = pod.status.phase ?? "Pending";
    phases.set(phase, (phases.get(phase) ?? 0) + 1);
    for (const status of pod.status.containerStatuses ?? []) restarts += status.restartCount;
  }
  const lines = [
    "# HELP setpoint_node_info The node and how it runs containers.",
    "# TYPE setpoint_node_info gauge",
    `setpoint_node_info{node="${node}",runtime="${runtime.name}",tier="${runtime.tier}"} 1`,
    "# HELP setpoint_node_pods Pods of this node by phase.",
    "# TYPE setpoint_node_pods gauge",
    ...[...phases]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([phase, count]) => `setpoint_node_pods{phase="${phase}"} ${count}`),
    "# HELP setpoint_node_container_restarts Restarts of the containers that are on this node.",
    "# TYPE setpoint_node_container_restarts gauge",
    `setpoint_node_container_restarts ${restarts}`,
  ];
  return lines.join("\n");
}
