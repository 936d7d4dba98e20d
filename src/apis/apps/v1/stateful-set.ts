/** Stateful sets: pods with names, numbers and volumes of their own, made and changed in order. */
import { dnsLabelProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { withClaimDefaults } from "../../core/v1/persistent-volume-claim.ts";
import { containerCells, withPodTemplateDefaults } from "../../core/v1/pod-template.ts";
import { podTemplateWarnings } from "../../core/v1/pod-warnings.ts";
import type { PersistentVolumeClaim } from "../../core/v1/types.generated.ts";
import { keepStatus, ORDINARY, statusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  NAME_COLUMN,
  nameOf,
  selectorQuery,
  wideColumn,
} from "../../table-columns.ts";
import { statefulSetSchema } from "./schema.generated.ts";
import {
  newStatefulSetErrors,
  statefulSetErrors,
  statefulSetStatusErrors,
  statefulSetUpdateErrors,
} from "./stateful-set-validation.ts";
import type {
  StatefulSet,
  StatefulSetSpec,
  StatefulSetStatus,
  StatefulSetUpdateStrategy,
} from "./types.generated.ts";

const NO_STATUS: StatefulSetStatus = { replicas: 0, availableReplicas: 0 };

export const statefulSetStrategy: Strategy<StatefulSet> = {
  ...ORDINARY,
  names: {
    group: "apps",
    version: "v1",
    kind: "StatefulSet",
    plural: "statefulsets",
    singular: "statefulset",
    shortNames: ["sts"],
    categories: ["all"],
    isNamespaced: true,
  },
  schema: statefulSetSchema,
  nameProblem: dnsLabelProblem, // its pods are named after it
  hasGeneration: true,
  applyDefaults: (set) => withDefaults(canonicalForm(set, statefulSetSchema)),
  prepareForCreate: (set) => ({ ...set, status: NO_STATUS }),
  prepareForUpdate: keepStatus,
  validate: (set, old) => [
    ...statefulSetErrors(set),
    ...(old === undefined ? newStatefulSetErrors(set) : []),
  ],
  validateUpdate: statefulSetUpdateErrors,
  warnings: (next, old) => [
    ...podTemplateWarnings("spec.template", next.spec.template, old?.spec.template),
    ...historyWarnings(next.spec),
  ],
  status: statusPart(statefulSetStatusErrors),
  scale: {
    replicas: (set) => set.spec.replicas ?? 0,
    statusReplicas: (set) => set.status.replicas,
    selector: (set) => selectorQuery(set.spec.selector),
    withReplicas: (set, replicas) => ({ ...set, spec: { ...set.spec, replicas } }),
  },
  columns: [
    NAME_COLUMN,
    column("Ready", "Pods that are ready, of those wanted."),
    AGE_COLUMN,
    wideColumn("Containers", "Names of the containers in the pod template."),
    wideColumn("Images", "Images of the containers in the pod template."),
  ],
  row: (set, nowMs) => [
    nameOf(set),
    `${set.status.readyReplicas ?? 0}/${set.spec.replicas ?? 0}`,
    ageOf(set, nowMs),
    ...containerCells(set.spec.template),
  ],
};

function withDefaults(set: StatefulSet): StatefulSet {
  const { spec } = set;
  const retention = spec.persistentVolumeClaimRetentionPolicy ?? {};
  const { volumeClaimTemplates: claims } = spec;
  return {
    ...set,
    spec: {
      ...spec,
      replicas: spec.replicas ?? 1,
      template: withPodTemplateDefaults(spec.template),
      ...(claims === undefined ? {} : { volumeClaimTemplates: claims.map(withClaimKind) }),
      podManagementPolicy: spec.podManagementPolicy || "OrderedReady",
      updateStrategy: withStrategyDefaults(spec.updateStrategy ?? {}),
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
      persistentVolumeClaimRetentionPolicy: {
        whenDeleted: retention.whenDeleted || "Retain",
        whenScaled: retention.whenScaled || "Retain",
      },
    },
  };
}

/** Templates of claims are whole objects: they say what they are. */
function withClaimKind(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  return { ...withClaimDefaults(claim), apiVersion: "v1", kind: "PersistentVolumeClaim" };
}

function withStrategyDefaults(strategy: StatefulSetUpdateStrategy): StatefulSetUpdateStrategy {
  const type = strategy.type || "RollingUpdate";
  if (type !== "RollingUpdate") return { ...strategy, type };
  const { rollingUpdate = {} } = strategy;
  return {
    ...strategy,
    type,
    rollingUpdate: { ...rollingUpdate, partition: rollingUpdate.partition ?? 0 },
  };
}

function historyWarnings(spec: StatefulSetSpec): readonly string[] {
  if ((spec.revisionHistoryLimit ?? 0) >= 0) return [];
  return [
    "spec.revisionHistoryLimit: a negative value retains all historical revisions; " +
      "a value >= 0 is recommended",
  ];
}
