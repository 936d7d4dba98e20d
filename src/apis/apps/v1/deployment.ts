/** Deployments: pods kept up to a template, and brought to a new one step by step. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { withPodTemplateDefaults } from "../../core/v1/pod-template.ts";
import { podNameWarnings, podTemplateWarnings } from "../../core/v1/pod-warnings.ts";
import type { Strategy, SubresourceStrategy } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  NAME_COLUMN,
  nameOf,
  selectorQuery,
  TEMPLATE_COLUMNS,
} from "../../table-columns.ts";
import { deploymentErrors, deploymentStatusErrors } from "./deployment-validation.ts";
import { selectorUpdateErrors, templateCells } from "./pod-controller.ts";
import { deploymentSchema } from "./schema.generated.ts";
import type { Deployment, DeploymentStrategy } from "./types.generated.ts";

const status: SubresourceStrategy<Deployment> = {
  prepareForUpdate: (next, old) => {
    const { labels: _, ...metadata } = next.metadata;
    const { labels } = old.metadata;
    return {
      ...next,
      metadata: { ...metadata, ...(labels === undefined ? {} : { labels }) },
      spec: old.spec,
    };
  },
  validateUpdate: deploymentStatusErrors,
};

export const deploymentStrategy: Strategy<Deployment> = {
  names: {
    group: "apps",
    version: "v1",
    kind: "Deployment",
    plural: "deployments",
    singular: "deployment",
    shortNames: ["deploy"],
    categories: ["all"],
    isNamespaced: true,
  },
  schema: deploymentSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isCountedToo: (next, old) => !equalValues(next.metadata.annotations, old.metadata.annotations),
  isCreatedByUpdate: false,
  isUpdatedUnconditionally: true,
  applyDefaults: (deployment) => withDefaults(canonicalForm(deployment, deploymentSchema)),
  prepareForCreate: (deployment) => ({ ...deployment, status: {} }),
  prepareForUpdate: (next, old) => ({ ...next, status: old.status }),
  validate: deploymentErrors,
  validateUpdate: selectorUpdateErrors,
  warnings: (next, old) => [
    ...(old === undefined ? podNameWarnings(nameOf(next)) : []),
    ...podTemplateWarnings("spec.template", next.spec.template, old?.spec.template),
  ],
  status,
  scale: {
    replicas: (deployment) => deployment.spec.replicas ?? 0,
    statusReplicas: (deployment) => deployment.status.replicas ?? 0,
    selector: (deployment) => selectorQuery(deployment.spec.selector),
    withReplicas: (deployment, replicas) => ({
      ...deployment,
      spec: { ...deployment.spec, replicas },
    }),
  },
  isReturnedWhenDeleted: false,
  isCollectionDeletable: true,
  fieldSelectors: {},
  columns: [
    NAME_COLUMN,
    column("Ready", "Pods that are ready, of those wanted."),
    column("Up-to-date", "Pods made from the present template."),
    column("Available", "Pods that have been ready for long enough."),
    AGE_COLUMN,
    ...TEMPLATE_COLUMNS,
  ],
  row: (deployment, nowMs) => [
    nameOf(deployment),
    `${deployment.status.readyReplicas ?? 0}/${deployment.spec.replicas ?? 0}`,
    deployment.status.updatedReplicas ?? 0,
    deployment.status.availableReplicas ?? 0,
    ageOf(deployment, nowMs),
    ...templateCells(deployment.spec.template, deployment.spec.selector),
  ],
};

function withDefaults(deployment: Deployment): Deployment {
  const { spec } = deployment;
  return {
    ...deployment,
    spec: {
      ...spec,
      replicas: spec.replicas ?? 1,
      template: withPodTemplateDefaults(spec.template),
      strategy: withStrategyDefaults(spec.strategy ?? {}),
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
      progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
    },
  };
}

function withStrategyDefaults(strategy: DeploymentStrategy): DeploymentStrategy {
  const type = strategy.type || "RollingUpdate";
  if (type !== "RollingUpdate") return { ...strategy, type };
  const { maxUnavailable = "25%", maxSurge = "25%" } = strategy.rollingUpdate ?? {};
  return { ...strategy, type, rollingUpdate: { maxUnavailable, maxSurge } };
}
