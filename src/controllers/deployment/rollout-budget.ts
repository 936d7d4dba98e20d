/** How many pods a rollout may have too many or too few. Pure. */
import type { Deployment } from "../../client/builtin.ts";
import { scaledValue } from "../../machinery/int-or-string.ts";

export type RolloutBudget = {
  /** Pods above the wanted number while rolling. */
  readonly maxSurge: number;
  /** Pods of the wanted number that may be unavailable while rolling. */
  readonly maxUnavailable: number;
};

const REPLICAS_DEFAULT = 1;
const STEP_DEFAULT = "25%";

/** How many pods a Deployment wants. */
export function wantedReplicas(deployment: Deployment): number {
  return deployment.spec.replicas ?? REPLICAS_DEFAULT;
}

/** Whether new pods replace old ones little by little; otherwise all old ones go first. */
export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec.strategy?.type !== "Recreate";
}

/**
 * The budget in pods. Percentages are of the wanted number; surge rounds up and unavailability
 * down, so that both err on the side of more pods. Both zero could never make a step: then one
 * pod may be unavailable. With Recreate both are zero.
 */
export function rolloutBudget(deployment: Deployment): RolloutBudget {
  if (!isRollingUpdate(deployment)) return { maxSurge: 0, maxUnavailable: 0 };
  const replicas = wantedReplicas(deployment);
  const wish = deployment.spec.strategy?.rollingUpdate ?? {};
  // What validation lets no one store counts as none.
  const maxSurge = scaledValue(wish.maxSurge ?? STEP_DEFAULT, replicas, "up") ?? 0;
  const unavailable = scaledValue(wish.maxUnavailable ?? STEP_DEFAULT, replicas, "down") ?? 0;
  const atLeastOneStep = maxSurge === 0 && unavailable === 0 ? 1 : unavailable;
  return { maxSurge, maxUnavailable: Math.min(atLeastOneStep, replicas) };
}
