/**
 * Keeps the addresses behind each service in the form that came before slices: clients that were
 * never changed still read it.
 */
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { endpointsReconciler } from "./endpoints-reconcile.ts";
import { endpointsSources } from "./endpoints-watches.ts";

/** Services worked on at the same time; as upstream. */
const CONCURRENCY = 5;

/** Keeps for each service with a selector an Endpoints object of its name. */
export function endpointsController(deps: ControllerDeps): ControllerSpec {
  return {
    name: "endpoints-controller",
    reconcile: endpointsReconciler(deps),
    sources: endpointsSources(deps.informers),
    concurrency: CONCURRENCY,
  };
}
