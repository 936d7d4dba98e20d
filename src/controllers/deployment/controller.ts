/** Rolls out the template of each Deployment, step by step, by making and resizing ReplicaSets. */
import type { ControllerDeps, ControllerSpec } from "../../controller-runtime/controller-spec.ts";
import { deploymentReconciler } from "./reconcile.ts";
import { deploymentSources } from "./watches.ts";

/** Deployments worked on at the same time. */
const CONCURRENCY = 5;

export function deploymentController(deps: ControllerDeps): ControllerSpec {
  return {
    name: "deployment-controller",
    reconcile: deploymentReconciler(deps),
    sources: deploymentSources(deps.informers),
    concurrency: CONCURRENCY,
  };
}
