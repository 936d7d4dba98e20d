/** Daemon sets: a pod of one template on every node, or on every one of some nodes. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { withPodTemplateDefaults } from "../../core/v1/pod-template.ts";
import { podTemplateWarnings } from "../../core/v1/pod-warnings.ts";
import type { Strategy } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  labelsText,
  NAME_COLUMN,
  nameOf,
  TEMPLATE_COLUMNS,
} from "../../table-columns.ts";
import { daemonSetErrors, daemonSetStatusErrors } from "./daemon-set-validation.ts";
import { templateCells } from "./pod-controller.ts";
import { daemonSetSchema } from "./schema.generated.ts";
import type { DaemonSet, DaemonSetStatus, DaemonSetUpdateStrategy } from "./types.generated.ts";

/** Counts the changes of the template, for clients from before there was a revision history. */
export const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

const NO_STATUS: DaemonSetStatus = {
  currentNumberScheduled: 0,
  numberMisscheduled: 0,
  desiredNumberScheduled: 0,
  numberReady: 0,
};

export const daemonSetStrategy: Strategy<DaemonSet> = {
  names: {
    group: "apps",
    version: "v1",
    kind: "DaemonSet",
    plural: "daemonsets",
    singular: "daemonset",
    shortNames: ["ds"],
    categories: ["all"],
    isNamespaced: true,
  },
  schema: daemonSetSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (set) => {
    const filled = withDefaults(canonicalForm(set, daemonSetSchema));
    return withTemplateGeneration(filled, templateGeneration(filled));
  },
  prepareForCreate: (set) =>
    withTemplateGeneration({ ...set, status: NO_STATUS }, Math.max(1, templateGeneration(set))),
  prepareForUpdate: (next, old) => {
    const isSame = equalValues(next.spec.template, old.spec.template);
    const before = templateGeneration(old);
    return withTemplateGeneration({ ...next, status: old.status }, isSame ? before : before + 1);
  },
  validate: daemonSetErrors,
  validateUpdate: () => [],
  warnings: (next, old) =>
    podTemplateWarnings("spec.template", next.spec.template, old?.spec.template),
  status: {
    prepareForUpdate: (next, old) => ({ ...next, spec: old.spec }),
    validateUpdate: daemonSetStatusErrors,
  },
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: {},
  columns: [
    NAME_COLUMN,
    column("Desired", "Nodes that should run a pod.", "integer"),
    column("Current", "Nodes that run a pod and should.", "integer"),
    column("Ready", "Nodes whose pod is ready.", "integer"),
    column("Up-to-date", "Nodes whose pod is made from the present template.", "integer"),
    column("Available", "Nodes whose pod has been ready for long enough.", "integer"),
    column("Node Selector", "Labels of the nodes that should run a pod."),
    AGE_COLUMN,
    ...TEMPLATE_COLUMNS,
  ],
  row: (set, nowMs) => [
    nameOf(set),
    set.status.desiredNumberScheduled,
    set.status.currentNumberScheduled,
    set.status.numberReady,
    set.status.updatedNumberScheduled ?? 0,
    set.status.numberAvailable ?? 0,
    labelsText(set.spec.template.spec.nodeSelector),
    ageOf(set, nowMs),
    ...templateCells(set.spec.template, set.spec.selector),
  ],
};

function withDefaults(set: DaemonSet): DaemonSet {
  return {
    ...set,
    spec: {
      ...set.spec,
      template: withPodTemplateDefaults(set.spec.template),
      updateStrategy: withStrategyDefaults(set.spec.updateStrategy ?? {}),
      revisionHistoryLimit: set.spec.revisionHistoryLimit ?? 10,
    },
  };
}

function withStrategyDefaults(strategy: DaemonSetUpdateStrategy): DaemonSetUpdateStrategy {
  const type = strategy.type || "RollingUpdate";
  if (type !== "RollingUpdate") return { ...strategy, type };
  const { maxUnavailable = 1, maxSurge = 0 } = strategy.rollingUpdate ?? {};
  return { ...strategy, type, rollingUpdate: { maxUnavailable, maxSurge } };
}

function templateGeneration(set: DaemonSet): number {
  const text = set.metadata.annotations?.[TEMPLATE_GENERATION] ?? "";
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : 0;
}

function withTemplateGeneration(set: DaemonSet, generation: number): DaemonSet {
  const annotations = { ...set.metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
  return { ...set, metadata: { ...set.metadata, annotations } };
}
