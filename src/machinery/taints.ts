/** Whether a pod may be where a taint keeps others away. */

/** What keeps pods off a node; the shape of `Taint` in core/v1. */
export type TaintShape = {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
};

/** What lets a pod be there all the same; the shape of `Toleration` in core/v1. */
export type TolerationShape = {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
};

/**
 * Whether `toleration` is for `taint`. Without an effect it is for all effects; without a key, and
 * with the operator Exists, for all taints. An unknown operator is for none.
 */
export function tolerates(toleration: TolerationShape, taint: TaintShape): boolean {
  const { effect = "", key = "", operator = "", value = "" } = toleration;
  if (effect !== "" && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true;
  if (operator !== "" && operator !== "Equal") return false;
  return key !== "" && value === (taint.value ?? "");
}

/** Whether one of `tolerations` is for `taint`. */
export function isTolerated(
  taint: TaintShape,
  tolerations: readonly TolerationShape[] | undefined,
): boolean {
  return (tolerations ?? []).some((toleration) => tolerates(toleration, taint));
}
