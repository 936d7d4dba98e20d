/** Keeps the rules of roles that gather them from others. */
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { aggregationReconciler } from "./reconcile.ts";
import { aggregationSources } from "./watches.ts";

/** Gives every ClusterRole with an `aggregationRule` the rules of the roles it selects. */
export function roleAggregationController(deps: ControllerDeps): ControllerSpec {
  return {
    name: "clusterrole-aggregation-controller",
    reconcile: aggregationReconciler(deps),
    sources: aggregationSources(deps.informers),
    concurrency: 5,
  };
}
