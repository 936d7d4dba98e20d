/** Keeps slices for the endpoints that people write by hand, for services without a selector. */
import { Endpoints, EndpointSlice, Service } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { DONE, type Reconciler } from "../../controller-runtime/controller/outcome.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import { isMirrored, MIRRORED_BY, planMirror } from "./mirror-plan.ts";
import { carryOut, isNamespaceTerminating } from "./reconcile.ts";
import { serviceKeysOf, slicesBy, type SlicesOfManager } from "./slice-views.ts";

/** Services worked on at the same time; as upstream. */
const CONCURRENCY = 5;

/** Mirrors an Endpoints object into slices as long as its service has no selector. */
export function endpointsMirrorController(deps: ControllerDeps): ControllerSpec {
  const { informers } = deps;
  const mirrored = slicesBy(MIRRORED_BY);
  const slices = informers.for(EndpointSlice, mirrored.indexes);
  return {
    name: "endpointslice-mirroring-controller",
    reconcile: mirrorReconciler(deps, mirrored),
    sources: [
      ownSource(informers.for(Endpoints)),
      ownSource(informers.for(Service), { name: "services" }),
      watchSource(slices, (slice) => serviceKeysOf(slice, MIRRORED_BY), { name: "slices" }),
    ],
    concurrency: CONCURRENCY,
  };
}

function mirrorReconciler(
  { client, informers }: ControllerDeps,
  mirrored: SlicesOfManager,
): Reconciler {
  const endpoints = informers.for(Endpoints).lister;
  const services = informers.for(Service).lister;
  const slices = informers.for(EndpointSlice, mirrored.indexes).lister;
  return async (key, context) => {
    const known = mirrored.of(slices, key);
    const found = endpoints.get(key);
    const isWanted = found !== undefined && isMirrored(found, services.get(key));
    const plan = isWanted ? planMirror(found, known) : { create: [], update: [], remove: known };
    try {
      await carryOut(client, plan, context);
    } catch (error) {
      if (!isNamespaceTerminating(error)) throw error;
    }
    return DONE;
  };
}
