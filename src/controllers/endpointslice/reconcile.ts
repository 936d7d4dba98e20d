/**
 * Brings the slices of a service in line with the pods it selects. Creations come before deletions,
 * so that an endpoint is rather listed twice for a moment than not at all.
 *
 * A creation whose reply was lost may be repeated; the endpoints are then in two slices until the
 * watch shows both, and the second is removed.
 */
import type { Context } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import { EndpointSlice, Pod, Service } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type { ControllerDeps } from "../../controller-runtime/controller/controller-spec.ts";
import { DONE, type Reconciler } from "../../controller-runtime/controller/outcome.ts";
import type { Lister } from "../../informer/lister.ts";
import { keyOf, keyText } from "../../machinery/key.ts";
import { queryOfLabels } from "../../machinery/labels.ts";
import { isTerminating } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { hasPodEndpoints } from "./endpoint.ts";
import { planSlices, type SlicePlan } from "./plan.ts";
import { SLICE_INDEXES, slicesOf } from "./slice-views.ts";

/** A cause that the API server gives when it refuses creations in a namespace being deleted. */
const NAMESPACE_TERMINATING = "NamespaceTerminating";

export function endpointSliceReconciler(deps: ControllerDeps): Reconciler {
  const { client, informers, recorder } = deps;
  const services = informers.for(Service).lister;
  const slices = informers.for(EndpointSlice, SLICE_INDEXES).lister;
  const pods = informers.for(Pod).lister;

  return async (key, context) => {
    const service = services.get(key);
    // The slices of a service that goes are the garbage collector's.
    if (service === undefined || isTerminating(service) || !hasPodEndpoints(service)) return DONE;
    const plan = planSlices(service, selectedPods(service, pods), slicesOf(slices, key));
    try {
      await carryOut(client, plan, context);
    } catch (error) {
      if (isNamespaceTerminating(error)) return DONE;
      if (!isStatus(error, "Conflict") && !isStatus(error, "NotFound")) {
        const text = errorText(error);
        const message = `Error updating Endpoint Slices for Service ${keyText(key)}: ${text}`;
        recorder.warning(service, Service, "FailedToUpdateEndpointSlices", message);
      }
      throw error;
    }
    return DONE;
  };
}

function selectedPods(service: Service, pods: Lister<Pod>): readonly Pod[] {
  const { namespace = "" } = service.metadata;
  return pods.list({ namespace, labels: queryOfLabels(service.spec.selector ?? {}) });
}

/** Makes the writes of a plan, in its order. */
export async function carryOut(client: Client, plan: SlicePlan, context: Context): Promise<void> {
  for (const slice of plan.create) await client.create(EndpointSlice, slice, context);
  for (const slice of plan.update) await client.update(EndpointSlice, slice, context);
  for (const slice of plan.remove) await remove(client, slice, context);
}

async function remove(client: Client, slice: EndpointSlice, context: Context): Promise<void> {
  const { uid = "" } = slice.metadata;
  try {
    await client.delete(EndpointSlice, keyOf(slice), context, { preconditions: { uid } });
  } catch (error) {
    // Gone, or gone and another has its name: what was wanted.
    if (!isStatus(error, "NotFound") && !isStatus(error, "Conflict")) throw error;
  }
}

/** Whether nothing can be made any more where this was to be made. */
export function isNamespaceTerminating(error: unknown): boolean {
  if (!isStatus(error)) return false;
  const causes = error.status.details?.causes ?? [];
  return causes.some(({ reason }) => reason === NAMESPACE_TERMINATING);
}
