/**
 * Says in the status of each disruption budget how many of its pods may be taken away now. The
 * server charges evictions to that number; this controller counts anew whenever pods change.
 */
import type { ReadScale } from "../../client/scales.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { Makers } from "./expected-pods.ts";
import { budgetReconciler } from "./reconcile.ts";
import { budgetSources } from "./watches.ts";

export type DisruptionOptions = {
  /** Asks makers of pods that are neither replica sets nor deployments what they want. */
  readonly readScale: ReadScale;
};

export function disruptionController(
  deps: ControllerDeps,
  { readScale }: DisruptionOptions,
): ControllerSpec {
  const makers = new Makers(deps.informers, readScale);
  return {
    name: "disruption-controller",
    reconcile: budgetReconciler({ ...deps, makers }),
    sources: budgetSources(deps.informers),
  };
}
