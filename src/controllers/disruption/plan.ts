/** The status of a disruption budget, from its pods and the number there should be. Pure. */
import type { PodDisruptionBudget } from "../../apis/policy/v1/types.generated.ts";
import type { Pod } from "../../client/builtin.ts";
import { apiTime, parseApiTime } from "../../machinery/api-time.ts";
import { isConditionTrue, setCondition, type Condition } from "../../machinery/conditions.ts";
import { scaledValue } from "../../machinery/int-or-string.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { isTerminating, own } from "../../machinery/object.ts";

/** An eviction that was let through and has not become a deletion in this time is forgotten. */
export const DELETION_TIMEOUT_MS: number = 2 * 60_000;

type Spec = PodDisruptionBudget["spec"];
type Status = PodDisruptionBudget["status"];

/** How many pods there should be, and how many of them have to be healthy. */
export type Expectation = { readonly expectedPods: number; readonly desiredHealthy: number };

/** Whether the number of pods there should be has to be asked of those who make them. */
export function needsScale({ maxUnavailable, minAvailable }: Spec): boolean {
  return maxUnavailable !== undefined || typeof minAvailable === "string";
}

/** `expectedPods`: what their makers say if `needsScale`, else the pods there are. */
export function expectationOf(spec: Spec, expectedPods: number): Expectation {
  const { maxUnavailable, minAvailable } = spec;
  if (maxUnavailable !== undefined) {
    const away = scaledValue(maxUnavailable, expectedPods, "up") ?? 0;
    return { expectedPods, desiredHealthy: Math.max(0, expectedPods - away) };
  }
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  return { expectedPods, desiredHealthy: scaledValue(minAvailable, expectedPods, "up") ?? 0 };
}

export type BudgetPlan = {
  /** The very same as before if nothing has changed. */
  readonly status: Status;
  /** Pods whose eviction was let through long ago, and that are still there. */
  readonly notDeleted: readonly Pod[];
  /** When to look again without being woken; undefined: never. */
  readonly recheckAtMs: number | undefined;
};

export function planBudget(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  expectation: Expectation,
  nowMs: number,
): BudgetPlan {
  const awaited = awaitedDeletions(budget, pods, nowMs);
  const disruptedPods = Object.fromEntries(awaited.kept);
  const isHealthy = (pod: Pod): boolean =>
    !isTerminating(pod) &&
    !Object.hasOwn(disruptedPods, pod.metadata.name ?? "") &&
    isConditionTrue(pod.status.conditions, "Ready");
  const currentHealthy = pods.filter(isHealthy).length;
  const { expectedPods, desiredHealthy } = expectation;
  const spare = Math.max(0, currentHealthy - desiredHealthy);
  const counts = {
    currentHealthy,
    desiredHealthy,
    expectedPods,
    // Without a pod nothing is allowed, so that the first ones are safe before they are counted.
    disruptionsAllowed: expectedPods <= 0 ? 0 : spare,
  };
  const { disruptedPods: _, ...before } = budget.status;
  const next = withAllowedCondition(
    {
      ...before,
      ...counts,
      ...(awaited.kept.length === 0 ? {} : { disruptedPods }),
      observedGeneration: budget.metadata.generation ?? 0,
    },
    nowMs,
  );
  return {
    status: equalValues(withoutEmpty(budget.status), next) ? budget.status : next,
    notDeleted: awaited.late,
    recheckAtMs: awaited.recheckAtMs,
  };
}

/** What is said when the pods cannot be counted: nothing may be disrupted. */
export function failedStatus(budget: PodDisruptionBudget, why: string, now: string): Status {
  const observedGeneration = budget.metadata.generation ?? 0;
  const condition = {
    type: "DisruptionAllowed",
    status: "False",
    reason: "SyncFailed",
    message: why,
    observedGeneration,
  } as const;
  const conditions = withCondition(budget.status, condition, now);
  return { ...budget.status, disruptionsAllowed: 0, observedGeneration, conditions };
}

function withAllowedCondition(status: Status, nowMs: number): Status {
  const isAllowed = (status.disruptionsAllowed ?? 0) > 0;
  const condition = {
    type: "DisruptionAllowed",
    status: isAllowed ? "True" : "False",
    reason: isAllowed ? "SufficientPods" : "InsufficientPods",
    message: "",
    observedGeneration: status.observedGeneration ?? 0,
  } as const;
  const now = apiTime(nowMs);
  return { ...status, conditions: withCondition(status, condition, now) };
}

function withCondition(
  { conditions }: Status,
  condition: Condition,
  now: string,
): NonNullable<Status["conditions"]> {
  const before = (conditions ?? []) as readonly Condition[];
  return setCondition(before, condition, now) as NonNullable<Status["conditions"]>;
}

/** A map without entries is left out by the server, or kept from an earlier write. */
function withoutEmpty(status: Status): Status {
  const { disruptedPods, ...rest } = status;
  const isEmpty = Object.keys(disruptedPods ?? {}).length === 0;
  return isEmpty || disruptedPods === undefined ? rest : status;
}

function awaitedDeletions(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  nowMs: number,
): {
  readonly kept: readonly (readonly [name: string, since: string])[];
  readonly late: readonly Pod[];
  readonly recheckAtMs: number | undefined;
} {
  const kept: (readonly [string, string])[] = [];
  const late: Pod[] = [];
  let recheckAtMs: number | undefined;
  for (const pod of pods) {
    const name = pod.metadata.name ?? "";
    const since = own(status.disruptedPods ?? {}, name);
    if (isTerminating(pod) || typeof since !== "string") continue;
    const untilMs = parseApiTime(since) + DELETION_TIMEOUT_MS;
    if (!(untilMs >= nowMs)) {
      late.push(pod);
      continue;
    }
    kept.push([name, since]);
    recheckAtMs = Math.min(recheckAtMs ?? untilMs, untilMs);
  }
  return { kept, late, recheckAtMs };
}
