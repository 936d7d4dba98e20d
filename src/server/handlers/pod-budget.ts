/** What a disruption budget says about an eviction, and what the eviction leaves in it. Pure. */
import type {
  PodDisruptionBudget,
  PodDisruptionBudgetStatus,
} from "../../apis/policy/v1/types.generated.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { isConditionTrue, setCondition, type Condition } from "../../machinery/conditions.ts";
import { selects } from "../../machinery/labels.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import { forbidden, StatusError, type Status } from "../../machinery/status.ts";

/** Evictions that a budget's controller has not seen the end of yet; as upstream. */
export const DISRUPTED_PODS_MAX: number = 2_000;

const BUDGETS = { group: "policy", resource: "poddisruptionbudgets" };
const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";
/** How soon a client tries again while a budget's controller is behind; as upstream. */
const BEHIND_RETRY_SECONDS = 10;

/** An empty selector selects every pod, none selects none. */
export function selectsPod({ spec }: PodDisruptionBudget, pod: ApiObject): boolean {
  return spec.selector !== undefined && selects(spec.selector, pod.metadata);
}

/** Whether the budget is asked: a pod that is not ready may be free to go. */
export function evictionNeedsBudget(
  { spec, status }: PodDisruptionBudget,
  pod: ApiObject,
): boolean {
  if (isReady(pod)) return true;
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return false;
  const { currentHealthy = 0, desiredHealthy = 0 } = status;
  return !(currentHealthy >= desiredHealthy && desiredHealthy > 0);
}

/** The budget with one disruption less. Throws when it allows none. */
export function chargeBudget(
  budget: PodDisruptionBudget,
  podName: string,
  nowMs: number,
): PodDisruptionBudget {
  const { status } = budget;
  const name = budget.metadata.name ?? "";
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status;
  if (observedGeneration < (budget.metadata.generation ?? 0)) {
    const why = `The disruption budget ${name} is still being processed by the server.`;
    throw refused(why, BEHIND_RETRY_SECONDS);
  }
  if (disruptionsAllowed < 0) throw forbidden(BUDGETS, name, "pdb disruptions allowed is negative");
  if (Object.keys(disruptedPods).length > DISRUPTED_PODS_MAX) {
    const why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller";
    throw forbidden(BUDGETS, name, why);
  }
  if (disruptionsAllowed === 0) {
    throw refused(`The disruption budget ${name} ${whyNone(status)}`, undefined);
  }
  const left = disruptionsAllowed - 1;
  return {
    ...budget,
    status: {
      ...status,
      ...(left > 0 ? {} : { conditions: withoutRoom(budget, nowMs) }),
      disruptionsAllowed: left,
      disruptedPods: { ...disruptedPods, [podName]: apiTime(nowMs) },
    },
  };
}

/** Evictions respect one budget; a pod of several cannot be evicted. */
export function tooManyBudgets(): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message:
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not " +
      "support.",
    code: 500,
  };
}

function refused(why: string, retryAfterSeconds: number | undefined): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: REFUSED,
    reason: "TooManyRequests",
    details: {
      causes: [{ reason: "DisruptionBudget", message: why }],
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
    code: 429,
  });
}

function withoutRoom(
  { status }: PodDisruptionBudget,
  nowMs: number,
): NonNullable<PodDisruptionBudget["status"]["conditions"]> {
  const condition = {
    type: "DisruptionAllowed",
    status: "False",
    reason: "InsufficientPods",
    message: "",
    observedGeneration: status.observedGeneration ?? 0,
  } as const;
  const before = (status.conditions ?? []) as readonly Condition[];
  const conditions = setCondition<Condition>(before, condition, apiTime(nowMs));
  return conditions as NonNullable<PodDisruptionBudget["status"]["conditions"]>;
}

function isReady(pod: ApiObject): boolean {
  const { status }: { readonly status?: unknown } = pod as { readonly status?: unknown };
  const conditions = isFields(status) ? own(status, "conditions") : undefined;
  return isConditionTrue(conditions as readonly Condition[] | undefined, "Ready");
}

/** Why a budget allows nothing. What it counts is not to be trusted where it could not be kept. */
function whyNone(status: PodDisruptionBudgetStatus): string {
  const { conditions = [], desiredHealthy = 0, currentHealthy = 0 } = status;
  const condition = conditions.find(({ type }) => type === "DisruptionAllowed");
  const { reason = "", message = "" } = condition?.status === "False" ? condition : {};
  const refuses = "does not allow evicting pods currently";
  if (reason === "SyncFailed" && message !== "") {
    return `${refuses} because it failed sync: ${message}`;
  }
  if (currentHealthy <= desiredHealthy) {
    return `needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  }
  return message === "" ? refuses : `${refuses} (${reason}): ${message}`;
}
