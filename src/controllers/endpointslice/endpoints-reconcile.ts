/** Brings the Endpoints object of a service in line with the pods it selects. */
import type { Context } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import { Endpoints, Pod, Service } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type { ControllerDeps } from "../../controller-runtime/controller/controller-spec.ts";
import { DONE, type Reconciler } from "../../controller-runtime/controller/outcome.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import { queryOfLabels } from "../../machinery/labels.ts";
import { isStatus } from "../../machinery/status.ts";
import { planEndpoints, type EndpointsPlan } from "./endpoints-plan.ts";
import { hasPodEndpoints } from "./endpoint.ts";
import { isNamespaceTerminating } from "./reconcile.ts";

export function endpointsReconciler(deps: ControllerDeps): Reconciler {
  const { client, informers, recorder } = deps;
  const services = informers.for(Service).lister;
  const endpoints = informers.for(Endpoints).lister;
  const pods = informers.for(Pod).lister;

  return async (key, context) => {
    const service = services.get(key);
    const present = endpoints.get(key);
    if (service === undefined) {
      if (present !== undefined) await remove(client, key, context);
      return DONE;
    }
    if (!hasPodEndpoints(service)) return DONE;
    const labels = queryOfLabels(service.spec.selector ?? {});
    const selected = pods.list({ namespace: key.namespace, labels });
    const plan = planEndpoints(service, selected, present);
    if (plan.kind === "none") return DONE;
    try {
      await carryOut(client, plan, context);
    } catch (error) {
      if (isNamespaceTerminating(error)) return DONE;
      const [reason, what] =
        plan.kind === "create"
          ? ["FailedToCreateEndpoint", "create endpoint for service"]
          : ["FailedToUpdateEndpoint", "update endpoint"];
      const message = `Failed to ${what} ${keyText(key)}: ${errorText(error)}`;
      recorder.warning(plan.endpoints, Endpoints, reason, message);
      throw error;
    }
    return DONE;
  };
}

async function carryOut(client: Client, plan: EndpointsPlan, context: Context): Promise<void> {
  if (plan.kind === "create") await client.create(Endpoints, plan.endpoints, context);
  if (plan.kind === "update") await client.update(Endpoints, plan.endpoints, context);
}

async function remove(client: Client, key: ObjectKey, context: Context): Promise<void> {
  try {
    await client.delete(Endpoints, key, context);
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
  }
}
