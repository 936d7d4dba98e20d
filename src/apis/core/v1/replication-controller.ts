/** Replication controllers: what replica sets were before selectors had expressions. */
import { selects } from "../../../machinery/labels.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { forbidden, invalid, notNegative, required, unsupported } from "../../field-errors.ts";
import { keepStatus, ORDINARY, statusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  labelsText,
  NAME_COLUMN,
  nameOf,
  selectorQuery,
  TEMPLATE_COLUMNS,
} from "../../table-columns.ts";
import { podTemplateErrors } from "./pod-spec-validation.ts";
import { containerCells, withPodTemplateDefaults } from "./pod-template.ts";
import { podNameWarnings, podTemplateWarnings } from "./pod-warnings.ts";
import { replicationControllerSchema } from "./schema.generated.ts";
import type { ReplicationController } from "./types.generated.ts";

export const replicationControllerStrategy: Strategy<ReplicationController> = {
  ...ORDINARY,
  names: {
    group: "",
    version: "v1",
    kind: "ReplicationController",
    plural: "replicationcontrollers",
    singular: "replicationcontroller",
    shortNames: ["rc"],
    categories: ["all"],
    isNamespaced: true,
  },
  schema: replicationControllerSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  defaultPropagation: "Orphan",
  applyDefaults: (rc) => withDefaults(canonicalForm(rc, replicationControllerSchema)),
  prepareForCreate: (rc) => ({ ...rc, status: { replicas: 0 } }),
  prepareForUpdate: keepStatus,
  validate: controllerErrors,
  warnings: (next, old) => [
    ...(old === undefined ? podNameWarnings(nameOf(next)) : []),
    ...podTemplateWarnings("spec.template", next.spec.template, old?.spec.template),
  ],
  status: statusPart(statusErrors),
  scale: {
    replicas: (rc) => rc.spec.replicas ?? 0,
    statusReplicas: (rc) => rc.status.replicas,
    selector: (rc) => selectorQuery({ matchLabels: rc.spec.selector ?? {} }),
    withReplicas: (rc, replicas) => ({ ...rc, spec: { ...rc.spec, replicas } }),
  },
  fieldSelectors: { "status.replicas": (rc) => String(rc.status.replicas) },
  columns: [
    NAME_COLUMN,
    column("Desired", "Pods wanted.", "integer"),
    column("Current", "Pods there are.", "integer"),
    column("Ready", "Pods that are ready.", "integer"),
    AGE_COLUMN,
    ...TEMPLATE_COLUMNS,
  ],
  row: (rc, nowMs) => [
    nameOf(rc),
    rc.spec.replicas ?? 0,
    rc.status.replicas,
    rc.status.readyReplicas ?? 0,
    ageOf(rc, nowMs),
    ...containerCells(rc.spec.template),
    labelsText(rc.spec.selector),
  ],
};

/** Labels of the template are those that are selected, and those of the controller itself. */
function withDefaults(rc: ReplicationController): ReplicationController {
  const { spec, metadata } = rc;
  const labels = spec.template?.metadata.labels;
  const template =
    spec.template === undefined ? {} : { template: withPodTemplateDefaults(spec.template) };
  return {
    ...rc,
    metadata: { ...metadata, ...(labels === undefined ? {} : { labels, ...ownLabels(metadata) }) },
    spec: {
      ...(labels === undefined ? {} : { selector: labels }),
      ...spec,
      replicas: spec.replicas ?? 1,
      ...template,
    },
  };
}

function ownLabels(metadata: ReplicationController["metadata"]): Pick<typeof metadata, "labels"> {
  const { labels = {} } = metadata;
  return Object.keys(labels).length === 0 ? {} : { labels };
}

function controllerErrors(rc: ReplicationController): readonly FieldError[] {
  const { spec } = rc;
  const isSelecting = Object.keys(spec.selector ?? {}).length > 0;
  return [
    ...notNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...(isSelecting ? [] : [required("spec.selector")]),
    ...notNegative("spec.replicas", spec.replicas),
    ...templateErrors("spec.template", rc),
  ];
}

function templateErrors(field: string, { spec }: ReplicationController): readonly FieldError[] {
  const { template, selector } = spec;
  if (template === undefined) return [required(field)];
  const mismatch = "`selector` does not match template `labels`";
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  const endless = "activeDeadlineSeconds in ReplicationController is not Supported";
  return [
    ...(selects({ matchLabels: selector ?? {} }, template.metadata)
      ? []
      : [invalid(`${field}.metadata.labels`, template.metadata.labels ?? null, mismatch)]),
    ...podTemplateErrors(field, template),
    ...(restartPolicy === "Always"
      ? []
      : [unsupported(`${field}.spec.restartPolicy`, restartPolicy ?? "", ["Always"])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [forbidden(`${field}.spec.activeDeadlineSeconds`, endless)]),
  ];
}

function statusErrors({ status }: ReplicationController): readonly FieldError[] {
  const parts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;
  const { readyReplicas: ready = 0, availableReplicas: available = 0 } = status;
  return [
    ...(["replicas", ...parts, "observedGeneration"] as const).flatMap((name) =>
      notNegative(`status.${name}`, status[name]),
    ),
    ...parts
      .filter((name) => (status[name] ?? 0) > status.replicas)
      .map((name) =>
        invalid(`status.${name}`, status[name], "cannot be greater than status.replicas"),
      ),
    ...(available > ready
      ? [invalid("status.availableReplicas", available, "cannot be greater than readyReplicas")]
      : []),
  ];
}
