/** Whether a pod may be where a taint keeps others away. */
import type { Taint, Toleration } from "../../apis/core/v1/types.generated.ts";

/** Whether one of `tolerations` is for `taint`. */
export function isTolerated(taint: Taint, tolerations: readonly Toleration[] | undefined): boolean {
  return (tolerations ?? []).some((toleration) => tolerates(toleration, taint));
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { effect = "", key = "", operator = "", value = "" } = toleration;
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true; // without a key: every taint
  if (operator !== "" && operator !== "Equal") return false;
  return key !== "" && value === (taint.value ?? "");
}
