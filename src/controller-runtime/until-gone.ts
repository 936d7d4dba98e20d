import type { ResourceType } from "../client/resource-type.ts";
import { isStatus } from "../machinery/status.ts";
import { DONE, type Reconciler } from "./controller/outcome.ts";

/**
 * The reconciler, for which it is no failure when the object it works on is deleted meanwhile:
 * there is nothing left to do, and the watch tells of the deletion and of any successor.
 */
export function untilGone(own: ResourceType, reconcile: Reconciler): Reconciler {
  return async (key, context) => {
    try {
      return await reconcile(key, context);
    } catch (error) {
      if (!isStatus(error, "NotFound")) throw error;
      const { group = "", kind, name } = error.status.details ?? {};
      if (group !== own.group || kind !== own.resource || name !== key.name) throw error;
      context.log.debug("the object was deleted while it was reconciled", { error });
      return DONE;
    }
  };
}
