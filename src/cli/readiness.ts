/** Whether an object has become what it declares, in a few words: pure over one object. */
import type { Deployment, Node, Pod, ReplicaSet, Service } from "../client/builtin.ts";
import { findCondition, isConditionTrue } from "../machinery/conditions.ts";
import { isTerminating, type ApiObject } from "../machinery/object.ts";

export type Readiness = {
  readonly state: "ready" | "progressing" | "failed";
  /** `2/3 ready`, `Running`, `127.96.0.7`, … */
  readonly text: string;
};

/** The readiness of any object; kinds without a status are ready as soon as they exist. */
export function readinessOf(object: ApiObject): Readiness {
  if (isTerminating(object)) return { state: "progressing", text: "terminating" };
  switch (object.kind) {
    case "Deployment":
      return deploymentReadiness(object as Deployment);
    case "ReplicaSet":
      return replicaSetReadiness(object as ReplicaSet);
    case "Pod":
      return podReadiness(object as Pod);
    case "Node":
      return nodeReadiness(object as Node);
    case "Service":
      return serviceReadiness(object as Service);
    default:
      return { state: "ready", text: "created" };
  }
}

function deploymentReadiness(deployment: Deployment): Readiness {
  const { spec, status, metadata } = deployment;
  const wanted = spec.replicas ?? 1;
  const ready = status.readyReplicas ?? 0;
  const updated = status.updatedReplicas ?? 0;
  const text = `${ready}/${wanted} ready`;
  const progress = findCondition(status.conditions, "Progressing");
  if (progress?.reason === "ProgressDeadlineExceeded") {
    return { state: "failed", text: `${text}, progress deadline exceeded` };
  }
  const isObserved = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  const isComplete =
    isObserved &&
    updated === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted;
  if (isComplete) return { state: "ready", text };
  return { state: "progressing", text: updated < wanted ? `${text}, ${updated} updated` : text };
}

function replicaSetReadiness(replicaSet: ReplicaSet): Readiness {
  const wanted = replicaSet.spec.replicas ?? 1;
  const ready = replicaSet.status.readyReplicas ?? 0;
  return { state: ready >= wanted ? "ready" : "progressing", text: `${ready}/${wanted} ready` };
}

function podReadiness(pod: Pod): Readiness {
  const waiting = pod.status.containerStatuses
    ?.map((container) => container.state?.waiting?.reason)
    .find((reason) => reason !== undefined && reason !== "ContainerCreating");
  const phase = pod.status.phase ?? "Pending";
  if (phase === "Failed") return { state: "failed", text: pod.status.reason ?? "Failed" };
  if (phase === "Succeeded") return { state: "ready", text: "Completed" };
  if (isConditionTrue(pod.status.conditions, "Ready")) {
    return { state: "ready", text: `Running on ${pod.spec.nodeName ?? "?"}` };
  }
  return { state: "progressing", text: waiting ?? phase };
}

function nodeReadiness(node: Node): Readiness {
  const ready = findCondition(node.status.conditions, "Ready");
  if (ready?.status === "True") return { state: "ready", text: "Ready" };
  return { state: "progressing", text: ready?.message ?? "not heard of yet" };
}

function serviceReadiness(service: Service): Readiness {
  return { state: "ready", text: service.spec.clusterIP ?? "no address" };
}
