/** What workloads wait for: pods that are not there, or not ready. */
import { apiTime, parseApiTime } from "../../../machinery/api-time.ts";
import type { Condition } from "../../../machinery/conditions.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { notReady, OWNED, ready, type Judge, type Judgement, type NextStep } from "./judgement.ts";
import { conditionOf, conditionText, countText, numberAt, textsAt, valueAt } from "./reading.ts";

const PROGRESS_SECONDS = 600; // of Deployments that say nothing else

/** Who has not been looked at since it was changed has a status of the past. */
export function unobserved(object: ApiObject, controller: string): Judgement | undefined {
  const { generation = 0 } = object.metadata;
  const observed = numberAt(object, "status", "observedGeneration") ?? 0;
  if (observed >= generation) return undefined;
  const last = observed === 0 ? "it has seen none yet" : `it has seen ${observed}`;
  const problem = `${controller} has not looked at generation ${generation} of it: ${last}`;
  const what = `${controller} looks at it, if it runs: \`setpoint lag\` tells what it has seen`;
  return notReady(problem, { next: [{ what }] });
}

export const judgeDeployment: Judge = (object) => {
  const late = unobserved(object, "the deployment controller");
  if (late !== undefined) return late;
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const status = (name: string): number => numberAt(object, "status", name) ?? 0;
  const [total, updated, isReady, available] = [
    status("replicas"),
    status("updatedReplicas"),
    status("readyReplicas"),
    status("availableReplicas"),
  ];
  if (updated >= wanted && total === updated && available >= wanted) {
    return ready(`all of ${wanted} pods are available`);
  }
  const since = conditionOf(object, "Available")?.lastTransitionTime;
  const next = deploymentNext(object);
  const more = { since, next, leads: OWNED };
  if (valueAt(object, "spec", "paused") === true && updated < wanted) {
    const resume = { what: "nothing, until the rollout is resumed: `setpoint rollout resume`" };
    return notReady("its rollout is paused", { ...more, next: [resume] });
  }
  if (available < wanted) {
    const young = isReady - available;
    const settling = young > 0 ? `, ${countText(young, "pod")} ready, but not for long enough` : "";
    return notReady(`${available} of ${wanted} pods available${settling}`, more);
  }
  if (updated < wanted) return notReady(`${updated} of ${wanted} pods of the new template`, more);
  return notReady(`${countText(total - updated, "pod")} of an old template still there`, more);
};

function deploymentNext(object: ApiObject): readonly NextStep[] {
  const progress = conditionOf(object, "Progressing");
  if (progress?.reason === "ProgressDeadlineExceeded") {
    return [{ what: "its progress deadline is over: the rollout counts as failed and goes on" }];
  }
  const isUnderWay = progress?.status === "True" && progress.reason !== "NewReplicaSetAvailable";
  if (!isUnderWay) return [];
  const beganMs = parseApiTime(progress.lastUpdateTime ?? "");
  if (Number.isNaN(beganMs)) return [];
  const seconds = numberAt(object, "spec", "progressDeadlineSeconds") ?? PROGRESS_SECONDS;
  const at = apiTime(beganMs + seconds * 1_000);
  return [{ what: "without progress until then, the rollout counts as failed", at }];
}

export const judgeReplicas: Judge = (object, events) => {
  const controller = object.kind === "ReplicaSet" ? "replicaset" : "replication";
  const late = unobserved(object, `the ${controller} controller`);
  if (late !== undefined) return late;
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const count = numberAt(object, "status", "readyReplicas") ?? 0;
  const total = numberAt(object, "status", "replicas") ?? 0;
  const failure = conditionOf(object, "ReplicaFailure");
  if (failure?.status === "True") return cannotCreate(failure, events[0]?.lastMs);
  if (count >= wanted) return ready(`all of ${wanted} pods are ready`);
  const missing = total < wanted ? `, ${wanted - total} not created yet` : "";
  return notReady(`${count} of ${wanted} pods ready${missing}`, { leads: OWNED });
};

function cannotCreate(failure: Condition, lastMs: number | undefined): Judgement {
  const tried = lastMs === undefined ? "" : `; the last try was at ${apiTime(lastMs)}`;
  const what = `its controller tries again, after delays that grow up to a minute${tried}`;
  const problem = `its pods cannot be made: ${failure.reason ?? ""}: ${failure.message ?? ""}`;
  return notReady(problem, { since: failure.lastTransitionTime, next: [{ what }], leads: OWNED });
}

export const judgeStatefulSet: Judge = (object) => {
  const late = unobserved(object, "the stateful set controller");
  if (late !== undefined) return late;
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const count = numberAt(object, "status", "readyReplicas") ?? 0;
  const updated = numberAt(object, "status", "updatedReplicas") ?? 0;
  const isOrdered = valueAt(object, "spec", "podManagementPolicy") !== "Parallel";
  const what = "the pods after the first one that is not ready wait for it";
  const next = isOrdered ? [{ what }] : [];
  if (count < wanted) return notReady(`${count} of ${wanted} pods ready`, { next, leads: OWNED });
  const strategy = valueAt(object, "spec", "updateStrategy", "type");
  const partition = numberAt(object, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  if (strategy === "OnDelete" || updated >= wanted - partition) {
    return ready(`all of ${wanted} pods are ready`);
  }
  return notReady(`${updated} of ${wanted - partition} pods of the new template`, { leads: OWNED });
};

export const judgeDaemonSet: Judge = (object) => {
  const late = unobserved(object, "the daemon set controller");
  if (late !== undefined) return late;
  const wanted = numberAt(object, "status", "desiredNumberScheduled") ?? 0;
  const count = numberAt(object, "status", "numberAvailable") ?? 0;
  if (count >= wanted) return ready(`available on all of ${wanted} nodes`);
  return notReady(`available on ${count} of ${wanted} nodes`, { leads: OWNED });
};

export const judgeJob: Judge = (object) => {
  if (conditionOf(object, "Complete")?.status === "True") return ready("it has completed");
  const failed = conditionOf(object, "Failed") ?? conditionOf(object, "FailureTarget");
  if (failed?.status === "True") {
    const next = [{ what: "nothing: a job that has failed is not run again" }];
    const since = failed.lastTransitionTime;
    return notReady(conditionText(failed), { since, next, leads: OWNED });
  }
  if (valueAt(object, "spec", "suspend") === true) {
    return notReady("it is suspended", {
      next: [{ what: "nothing, until spec.suspend is false" }],
    });
  }
  const done = numberAt(object, "status", "succeeded") ?? 0;
  const lost = numberAt(object, "status", "failed") ?? 0;
  const wanted = numberAt(object, "spec", "completions") ?? 1;
  const limit = numberAt(object, "spec", "backoffLimit") ?? 6;
  const failures = lost === 0 ? "" : `, ${lost} failed of at most ${limit}`;
  const next = lost === 0 ? [] : [{ what: "another pod is made, after a delay that doubles" }];
  return notReady(`${done} of ${wanted} completions${failures}`, { next, leads: OWNED });
};

export const judgeService: Judge = (object) => {
  const labels = textsAt(object, "spec", "selector");
  if (Object.keys(labels).length === 0) return ready("it selects no pods");
  const isBalancer = valueAt(object, "spec", "type") === "LoadBalancer";
  const ingress = valueAt(object, "status", "loadBalancer", "ingress");
  if (isBalancer && (!Array.isArray(ingress) || ingress.length === 0)) {
    const next = [{ what: "a load balancer controller gives it an address, if one runs" }];
    return notReady("it has no address of a load balancer yet", { next });
  }
  return notReady("no pod that it selects is ready", { leads: [{ kind: "selected", labels }] });
};
