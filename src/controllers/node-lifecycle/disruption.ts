/** How pods are told that they end for the sake of something else. */
import type { Pod } from "../../client/builtin.ts";
import { setCondition } from "../../machinery/conditions.ts";

/** The status with the condition DisruptionTarget; the very same if it says so already. */
export function disruptedStatus(
  pod: Pod,
  why: { readonly reason: string; readonly message: string },
  now: string,
): Pod["status"] {
  const condition = { type: "DisruptionTarget", status: "True", ...why };
  const conditions = setCondition(pod.status.conditions, condition, now);
  return conditions === pod.status.conditions ? pod.status : { ...pod.status, conditions };
}
