/** Carries out the plan for one role. */
import { ClusterRole } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import { DONE, type Reconciler } from "../../controller-runtime/controller/outcome.ts";
import type { Informers } from "../../informer/informers.ts";
import { isStatus } from "../../machinery/status.ts";
import { planAggregation } from "./plan.ts";

const FIELD_MANAGER = "clusterrole-aggregation-controller";

export function aggregationReconciler(deps: {
  readonly client: Client;
  readonly informers: Informers;
}): Reconciler {
  const { client } = deps;
  const roles = deps.informers.for(ClusterRole).lister;
  return async (key, context) => {
    const planned = planAggregation(roles.get(key), roles.list());
    if (planned === undefined) return DONE;
    try {
      await client.update(ClusterRole, planned, context, { fieldManager: FIELD_MANAGER });
    } catch (error) {
      // One that is gone needs no rules; one that changed comes by itself.
      if (!isStatus(error, "NotFound") && !isStatus(error, "Conflict")) throw error;
    }
    return DONE;
  };
}
