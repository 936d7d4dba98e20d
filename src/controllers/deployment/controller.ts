/** Rolls out the template of each Deployment, step by step, by making and resizing ReplicaSets. */
import { Deployment } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { untilGone } from "../../controller-runtime/until-gone.ts";
import { deploymentReconciler } from "./reconcile.ts";
import { deploymentSources } from "./watches.ts";

/** Deployments worked on at the same time. */
const CONCURRENCY = 5;

export function deploymentController(deps: ControllerDeps): ControllerSpec {
  return {
    name: "deployment-controller",
    reconcile: untilGone(Deployment, deploymentReconciler(deps)),
    sources: deploymentSources(deps.informers),
    concurrency: CONCURRENCY,
  };
}
