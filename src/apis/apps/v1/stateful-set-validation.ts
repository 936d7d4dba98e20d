/** Stateful sets, checked in the order in which their problems are reported. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsLabelProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { claimSpecErrors } from "../../core/v1/persistent-volume-claim-validation.ts";
import { podTemplateErrors } from "../../core/v1/pod-spec-validation.ts";
import type { PodTemplateSpec } from "../../core/v1/types.generated.ts";
import {
  forbidden,
  fromProblem,
  invalid,
  notNegative,
  required,
  unsupported,
} from "../../field-errors.ts";
import { printedSelector } from "../../go-struct.ts";
import {
  numberOrPercent,
  over100PercentErrors,
  podCountOrPercentErrors,
} from "../../int-or-percent.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import {
  collisionErrors,
  emptyErrors,
  isUsableSelector,
  keptUpErrors,
  mismatchErrors,
} from "./pod-controller.ts";
import type {
  RollingUpdateStatefulSetStrategy,
  StatefulSet,
  StatefulSetPersistentVolumeClaimRetentionPolicy,
  StatefulSetSpec,
  StatefulSetUpdateStrategy,
} from "./types.generated.ts";

/** What is wrong with a stateful set that has its defaults; what cannot change is asked once. */
export function statefulSetErrors(set: StatefulSet, old?: StatefulSet): readonly FieldError[] {
  const { spec } = set;
  const { selector } = spec;
  return [
    ...managementErrors("spec.podManagementPolicy", spec.podManagementPolicy),
    ...strategyErrors("spec.updateStrategy", spec.updateStrategy ?? {}),
    ...retentionErrors(
      "spec.persistentVolumeClaimRetentionPolicy",
      spec.persistentVolumeClaimRetentionPolicy,
    ),
    ...(old === undefined ? claimErrors(spec) : []),
    ...notNegative("spec.replicas", spec.replicas),
    ...notNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...notNegative("spec.ordinals.start", spec.ordinals?.start),
    ...(old === undefined ? serviceNameErrors(spec) : []),
    ...(selector === undefined
      ? [required("spec.selector")]
      : [
          ...labelSelectorErrors("spec.selector", selector),
          ...emptyErrors("spec.selector", selector, "statefulset"),
        ]),
    ...(isUsableSelector(selector)
      ? [
          ...mismatchErrors("spec.template", spec.template, selector),
          ...podTemplateErrors("spec.template", templateWithClaims(spec)),
        ]
      : [invalid("spec.selector", printedSelector(selector), "")]),
    ...keptUpErrors("spec.template.spec", spec.template, "StatefulSet"),
  ];
}

function claimErrors({ volumeClaimTemplates = [] }: StatefulSetSpec): readonly FieldError[] {
  return volumeClaimTemplates.flatMap((claim, index) =>
    claimSpecErrors(`spec.volumeClaimTemplates[${index}].spec`, claim.spec),
  );
}

function serviceNameErrors({ serviceName = "" }: StatefulSetSpec): readonly FieldError[] {
  if (serviceName === "") return [];
  return fromProblem("spec.serviceName", serviceName, dnsLabelProblem(serviceName));
}

const CHANGEABLE = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
] as const;

/** What is wrong with a change: names and volumes of pods follow from what stays. */
export function statefulSetUpdateErrors(
  next: StatefulSet,
  old: StatefulSet,
): readonly FieldError[] {
  if (equalValues(fixedPart(next.spec), fixedPart(old.spec))) return [];
  const names = CHANGEABLE.map((name) => `'${name}'`);
  const list = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  const detail = `updates to statefulset spec for fields other than ${list} are forbidden`;
  return [forbidden("spec", detail)];
}

/** What is wrong with the numbers a controller reports. */
export function statefulSetStatusErrors(
  next: StatefulSet,
  old: StatefulSet,
): readonly FieldError[] {
  const { status } = next;
  const { replicas, readyReplicas: ready = 0, availableReplicas: available = 0 } = status;
  const parts = ["readyReplicas", "currentReplicas", "updatedReplicas"] as const;
  const counts = ["replicas", ...parts, "availableReplicas", "observedGeneration"] as const;
  return [
    ...counts.flatMap((name) => notNegative(`status.${name}`, status[name])),
    ...[...parts, "availableReplicas" as const]
      .filter((name) => (status[name] ?? 0) > replicas)
      .map((name) =>
        invalid(`status.${name}`, status[name], "cannot be greater than status.replicas"),
      ),
    ...(available > ready
      ? [
          invalid(
            "status.availableReplicas",
            available,
            "cannot be greater than status.readyReplicas",
          ),
        ]
      : []),
    ...collisionErrors(status.collisionCount, old.status.collisionCount),
  ];
}

function fixedPart(spec: StatefulSetSpec): unknown {
  const fixed = Object.entries(spec).filter(([key]) => !CHANGEABLE.some((name) => name === key));
  return Object.fromEntries(fixed);
}

/** The template as its pods will be: with a volume for each claim, and names of their own. */
function templateWithClaims(spec: StatefulSetSpec): PodTemplateSpec {
  const { hostname: _hostname, subdomain: _subdomain, volumes = [], ...rest } = spec.template.spec;
  const names = new Set((spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name));
  const claims = [...names].map((name = "") => {
    return { name, persistentVolumeClaim: { claimName: name } };
  });
  const others = volumes.filter(({ name }) => !names.has(name));
  return { ...spec.template, spec: { ...rest, volumes: [...claims, ...others] } };
}

function managementErrors(field: string, policy: string | undefined): readonly FieldError[] {
  if (policy === undefined || policy === "") return [required(field)];
  if (policy === "OrderedReady" || policy === "Parallel") return [];
  return [invalid(field, policy, "must be 'OrderedReady' or 'Parallel'")];
}

function strategyErrors(field: string, strategy: StatefulSetUpdateStrategy): readonly FieldError[] {
  const { type, rollingUpdate } = strategy;
  if (type === undefined || type === "") return [required(field)];
  const rollingField = `${field}.rollingUpdate`;
  if (type === "RollingUpdate") {
    return rollingUpdate === undefined ? [] : rollingErrors(rollingField, rollingUpdate);
  }
  const printed = rollingUpdate === undefined ? null : printedRolling(rollingUpdate);
  if (type !== "OnDelete") {
    const value = { Type: type, RollingUpdate: printed };
    return [invalid(field, value, "must be 'RollingUpdate' or 'OnDelete'")];
  }
  if (rollingUpdate === undefined) return [];
  return [invalid(rollingField, printed, "only allowed for updateStrategy 'RollingUpdate'")];
}

function printedRolling(rolling: RollingUpdateStatefulSetStrategy): unknown {
  return { Partition: rolling.partition ?? 0, MaxUnavailable: rolling.maxUnavailable ?? null };
}

function rollingErrors(
  field: string,
  rolling: RollingUpdateStatefulSetStrategy,
): readonly FieldError[] {
  const { partition, maxUnavailable } = rolling;
  const path = `${field}.maxUnavailable`;
  return [
    ...notNegative(`${field}.partition`, partition),
    ...(maxUnavailable === undefined
      ? []
      : [
          ...podCountOrPercentErrors(path, maxUnavailable),
          ...(numberOrPercent(maxUnavailable) === 0
            ? [invalid(path, maxUnavailable, "cannot be 0")]
            : []),
          ...over100PercentErrors(path, maxUnavailable),
        ]),
  ];
}

function retentionErrors(
  field: string,
  policy: StatefulSetPersistentVolumeClaimRetentionPolicy | undefined,
): readonly FieldError[] {
  if (policy === undefined) return [];
  return (["whenDeleted", "whenScaled"] as const).flatMap((name) => {
    const value = policy[name] ?? "";
    const known = ["Retain", "Delete"];
    return known.includes(value) ? [] : [unsupported(`${field}.${name}`, value, known)];
  });
}
