/**
 * Watches over nodes. One that gives no sign of life (lease or status) for the grace period is
 * marked unreachable: its conditions become Unknown, its pods not ready, and taints keep new pods
 * away and let `taintEvictionController` drive the old ones off, a few nodes at a time.
 *
 * Zones are not told apart: all nodes are one. While no node at all is ready nothing is driven off,
 * for then it is this control plane that has lost its nodes.
 */
import { Pod } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { POD_INDEXES } from "./node-views.ts";
import { withDefaults, type NodeLifecycleOptions } from "./options.ts";
import { nodeReconciler } from "./reconcile.ts";
import { nodeSources } from "./watches.ts";

export function nodeLifecycleController(
  deps: ControllerDeps,
  options: NodeLifecycleOptions = {},
): ControllerSpec {
  deps.informers.for(Pod, POD_INDEXES);
  return {
    name: "node-lifecycle-controller",
    reconcile: nodeReconciler(deps, withDefaults(options)),
    sources: nodeSources(deps.informers),
  };
}
