/** Replica sets: as many pods of one template as are wanted. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { EMPTY_TEMPLATE, withPodTemplateDefaults } from "../../core/v1/pod-template.ts";
import { podNameWarnings, podTemplateWarnings } from "../../core/v1/pod-warnings.ts";
import { notNegative } from "../../field-errors.ts";
import type { Strategy } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  NAME_COLUMN,
  nameOf,
  selectorQuery,
  TEMPLATE_COLUMNS,
} from "../../table-columns.ts";
import {
  podCountErrors,
  selectedTemplateErrors,
  selectorErrors,
  selectorUpdateErrors,
  templateCells,
} from "./pod-controller.ts";
import { replicaSetSchema } from "./schema.generated.ts";
import type { ReplicaSet } from "./types.generated.ts";

export const replicaSetStrategy: Strategy<ReplicaSet> = {
  names: {
    group: "apps",
    version: "v1",
    kind: "ReplicaSet",
    plural: "replicasets",
    singular: "replicaset",
    shortNames: ["rs"],
    categories: ["all"],
    isNamespaced: true,
  },
  schema: replicaSetSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (set) => withDefaults(canonicalForm(set, replicaSetSchema)),
  prepareForCreate: (set) => ({ ...set, status: { replicas: 0 } }),
  prepareForUpdate: (next, old) => ({ ...next, status: old.status }),
  validate: (set) => [
    ...notNegative("spec.replicas", set.spec.replicas),
    ...notNegative("spec.minReadySeconds", set.spec.minReadySeconds),
    ...selectorErrors("spec.selector", set.spec.selector),
    ...selectedTemplateErrors("spec.template", set.spec.template, set.spec.selector),
  ],
  validateUpdate: selectorUpdateErrors,
  warnings: (next, old) => [
    ...(old === undefined ? podNameWarnings(nameOf(next)) : []),
    ...podTemplateWarnings("spec.template", next.spec.template, old?.spec.template),
  ],
  status: {
    prepareForUpdate: (next, old) => ({ ...next, spec: old.spec }),
    validateUpdate: statusErrors,
  },
  scale: {
    replicas: (set) => set.spec.replicas ?? 0,
    statusReplicas: (set) => set.status.replicas,
    selector: (set) => selectorQuery(set.spec.selector),
    withReplicas: (set, replicas) => ({ ...set, spec: { ...set.spec, replicas } }),
  },
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: {},
  columns: [
    NAME_COLUMN,
    column("Desired", "Pods wanted.", "integer"),
    column("Current", "Pods there are.", "integer"),
    column("Ready", "Pods that are ready.", "integer"),
    AGE_COLUMN,
    ...TEMPLATE_COLUMNS,
  ],
  row: (set, nowMs) => [
    nameOf(set),
    set.spec.replicas ?? 0,
    set.status.replicas,
    set.status.readyReplicas ?? 0,
    ageOf(set, nowMs),
    ...templateCells(set.spec.template, set.spec.selector),
  ],
};

function withDefaults(set: ReplicaSet): ReplicaSet {
  return {
    ...set,
    spec: {
      ...set.spec,
      replicas: set.spec.replicas ?? 1,
      template: withPodTemplateDefaults(set.spec.template ?? EMPTY_TEMPLATE),
    },
  };
}

function statusErrors(next: ReplicaSet): readonly FieldError[] {
  const { status } = next;
  const counted = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;
  return [
    ...(["replicas", ...counted, "observedGeneration", "terminatingReplicas"] as const).flatMap(
      (name) => notNegative(`status.${name}`, status[name]),
    ),
    ...podCountErrors(status, counted),
  ];
}
