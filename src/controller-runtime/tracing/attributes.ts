/**
 * Names of attributes. Where OpenTelemetry's semantic conventions have one it is used (`k8s.*`,
 * `http.*`, `error.type`); the rest begins with `setpoint.`.
 */
import type { ResourceType } from "../../client/resource-type.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import { isStatus } from "../../machinery/status.ts";
import { groupResource } from "../../machinery/gvk.ts";
import type { SpanAttributes } from "./tracer.ts";

/** Kinds whose names have an attribute of their own in the conventions. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["CronJob", "k8s.cronjob.name"],
  ["DaemonSet", "k8s.daemonset.name"],
  ["Deployment", "k8s.deployment.name"],
  ["HorizontalPodAutoscaler", "k8s.hpa.name"],
  ["Job", "k8s.job.name"],
  ["Namespace", "k8s.namespace.name"],
  ["Node", "k8s.node.name"],
  ["Pod", "k8s.pod.name"],
  ["ReplicaSet", "k8s.replicaset.name"],
  ["ReplicationController", "k8s.replicationcontroller.name"],
  ["ResourceQuota", "k8s.resourcequota.name"],
  ["StatefulSet", "k8s.statefulset.name"],
]);

const BUILT_IN_GROUPS: ReadonlySet<string> = new Set(["", "apps", "autoscaling", "batch"]);

export function keyAttributes(key: ObjectKey): SpanAttributes {
  return {
    "setpoint.object": keyText(key),
    ...(key.namespace === "" ? {} : { "k8s.namespace.name": key.namespace }),
  };
}

export function objectAttributes(type: ResourceType, key: ObjectKey): SpanAttributes {
  const name = BUILT_IN_GROUPS.has(type.group) ? NAMES.get(type.kind) : undefined;
  return {
    "setpoint.resource": groupResource(type),
    ...(key.name === "" ? {} : keyAttributes(key)),
    ...(key.namespace === "" ? {} : { "k8s.namespace.name": key.namespace }),
    ...(name === undefined || key.name === "" ? {} : { [name]: key.name }),
  };
}

/** `error.type`: the reason of a refusal, or the class of an error. */
export function errorType(error: unknown): string {
  if (isStatus(error)) return error.reason ?? String(error.code);
  return error instanceof Error ? error.name : "unknown";
}
