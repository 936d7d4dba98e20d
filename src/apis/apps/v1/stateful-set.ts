/** Stateful sets: pods with names, numbers and volumes of their own, made and changed in order. */
import { dnsLabelProblem } from "../../../machinery/names.ts";
import { milliValue, parseQuantity } from "../../../machinery/quantity.ts";
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
  prepareForCreate: (set) => withoutMaxUnavailable({ ...set, status: NO_STATUS }),
  prepareForUpdate: (next, old) => {
    const isInUse = old.spec.updateStrategy?.rollingUpdate?.maxUnavailable !== undefined;
    const kept = keepStatus(next, old);
    return isInUse ? kept : withoutMaxUnavailable(kept);
  },
  validate: statefulSetErrors,
  validateUpdate: statefulSetUpdateErrors,
  warnings: (next, old) => [
    ...podTemplateWarnings("spec.template", next.spec.template, old?.spec.template),
    ...claimWarnings(next.spec, old === undefined ? "" : ".Spec"),
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
  const { rollingUpdate = strategy.type ? undefined : {} } = strategy;
  if (rollingUpdate === undefined) return { ...strategy, type };
  return {
    ...strategy,
    type,
    rollingUpdate: { ...rollingUpdate, partition: rollingUpdate.partition ?? 0 },
  };
}

/** The field is behind a feature gate that is closed by default. */
function withoutMaxUnavailable(set: StatefulSet): StatefulSet {
  const { updateStrategy } = set.spec;
  if (updateStrategy?.rollingUpdate?.maxUnavailable === undefined) return set;
  const { maxUnavailable: _, ...rollingUpdate } = updateStrategy.rollingUpdate;
  return {
    ...set,
    spec: { ...set.spec, updateStrategy: { ...updateStrategy, rollingUpdate } },
  };
}

/** Parts of a byte can be asked for and not be had. */
function claimWarnings(spec: StatefulSetSpec, part: string): readonly string[] {
  return (spec.volumeClaimTemplates ?? []).flatMap(({ spec: { resources = {} } }, index) =>
    (["requests", "limits"] as const).flatMap((name) => {
      const text = resources[name]?.["storage"];
      const quantity = text === undefined ? undefined : parseQuantity(text);
      if (quantity === undefined || milliValue(quantity) % 1000n === 0n) return [];
      const field = `spec.volumeClaimTemplates[${index}]${part}.resources.${name}[storage]`;
      return [`${field}: fractional byte value "${text}" is invalid, must be an integer`];
    }),
  );
}

function historyWarnings(spec: StatefulSetSpec): readonly string[] {
  if ((spec.revisionHistoryLimit ?? 0) >= 0) return [];
  return [
    "spec.revisionHistoryLimit: a negative value retains all historical revisions; " +
      "a value >= 0 is recommended",
  ];
}
