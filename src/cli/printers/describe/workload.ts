import type { Deployment, ReplicaSet } from "../../../client/builtin.ts";
import { labelQueryText, queryOfSelector } from "../../../machinery/labels.ts";
import { compareText } from "../../../machinery/key.ts";
import { block, field, optionalField, type Part } from "./layout.ts";
import {
  conditionsBlock,
  controlledBy,
  identity,
  labelsAndAnnotations,
  pairs,
} from "./metadata.ts";
import { containersBlock } from "./pod.ts";

/** `owned`: the ReplicaSets that belong to the deployment. */
export function describeDeployment(
  deployment: Deployment,
  owned: readonly ReplicaSet[],
): readonly Part[] {
  const { spec, status, metadata } = deployment;
  const rolling = spec.strategy?.rollingUpdate;
  return [
    ...identity(deployment),
    field("CreationTimestamp", metadata.creationTimestamp),
    ...labelsAndAnnotations(deployment),
    field("Selector", labelQueryText(queryOfSelector(spec.selector))),
    field(
      "Replicas",
      `${spec.replicas ?? 1} desired | ${status.updatedReplicas ?? 0} updated | ` +
        `${status.replicas ?? 0} total | ${status.availableReplicas ?? 0} available | ` +
        `${status.unavailableReplicas ?? 0} unavailable`,
    ),
    field("StrategyType", spec.strategy?.type),
    field("MinReadySeconds", String(spec.minReadySeconds ?? 0)),
    ...optionalField(
      "RollingUpdateStrategy",
      rolling === undefined
        ? undefined
        : `${rolling.maxUnavailable ?? "25%"} max unavailable, ` +
            `${rolling.maxSurge ?? "25%"} max surge`,
    ),
    templateBlock(spec.template),
    ...conditionsBlock(status.conditions, ["Reason"]),
    ...replicaSetParts(owned, deployment),
  ];
}

export function describeReplicaSet(replicaSet: ReplicaSet): readonly Part[] {
  const { spec, status } = replicaSet;
  return [
    ...identity(replicaSet),
    field("Selector", labelQueryText(queryOfSelector(spec.selector))),
    ...labelsAndAnnotations(replicaSet),
    ...controlledBy(replicaSet),
    field("Replicas", `${status.replicas ?? 0} current / ${spec.replicas ?? 1} desired`),
    field("Ready", `${status.readyReplicas ?? 0} ready`),
    ...(spec.template === undefined ? [] : [templateBlock(spec.template)]),
    ...conditionsBlock(status.conditions, ["Reason", "Message"]),
  ];
}

function templateBlock(template: Deployment["spec"]["template"]): Part {
  return block("Pod Template", [
    field("Labels", pairs(Object.entries(template.metadata?.labels ?? {}), "=")),
    ...containersBlock("Init Containers", template.spec?.initContainers, undefined),
    ...containersBlock("Containers", template.spec?.containers, undefined),
  ]);
}

function replicaSetParts(owned: readonly ReplicaSet[], deployment: Deployment): readonly Part[] {
  const revision = (object: Deployment | ReplicaSet): string =>
    object.metadata.annotations?.["deployment.kubernetes.io/revision"] ?? "";
  const current = revision(deployment);
  const text = (replicaSet: ReplicaSet): string =>
    `${replicaSet.metadata.name ?? ""} (${replicaSet.status.replicas ?? 0}/` +
    `${replicaSet.spec.replicas ?? 0} replicas created)`;
  const sorted = owned.toSorted((a, b) => compareText(revision(a), revision(b)));
  const old = sorted.filter((replicaSet) => revision(replicaSet) !== current);
  return [
    field("OldReplicaSets", old.map(text).join(", ")),
    field(
      "NewReplicaSet",
      sorted
        .filter((set) => revision(set) === current)
        .map(text)
        .join(", "),
    ),
  ];
}
