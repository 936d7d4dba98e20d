/** Keeps the addresses behind each service where everyone can read them. */
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { endpointSliceReconciler } from "./reconcile.ts";
import { endpointSliceSources } from "./watches.ts";

/** Services worked on at the same time. */
const CONCURRENCY = 5;

/** Keeps for each service with a selector the slices that list its pods. */
export function endpointSliceController(deps: ControllerDeps): ControllerSpec {
  return {
    name: "endpointslice-controller",
    reconcile: endpointSliceReconciler(deps),
    sources: endpointSliceSources(deps.informers),
    concurrency: CONCURRENCY,
  };
}
