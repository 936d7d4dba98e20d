/** Autoscalers in version 1, which knows processor time only: kept in version 2. */
import { isFields } from "../../../machinery/object.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { checkFields } from "../../../schema/strict.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { goStruct } from "../../go-struct.ts";
import { ORDINARY, keepStatus } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { autoscalerErrors, autoscalerStatusErrors } from "../v2/autoscaler-validation.ts";
import {
  AUTOSCALER_COLUMNS,
  autoscalerRow,
  CPU_METRIC,
  horizontalPodAutoscalerStrategy as current,
  withAutoscalerDefaults,
} from "../v2/horizontal-pod-autoscaler.ts";
import { horizontalPodAutoscalerSchema as currentSchema } from "../v2/schema.generated.ts";
import type {
  HorizontalPodAutoscaler as Current,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerCondition,
  MetricSpec,
  MetricStatus,
} from "../v2/types.generated.ts";
import { behaviorStruct, readBehavior } from "./behavior-annotation.ts";
import {
  BEHAVIOR_ANNOTATION,
  CONDITIONS_ANNOTATION,
  CURRENT_METRICS_ANNOTATION,
  deepCurrent,
  deepMetric,
  flatCurrent,
  flatMetric,
  METRICS_ANNOTATION,
} from "./metric-annotations.ts";
import { horizontalPodAutoscalerSchema } from "./schema.generated.ts";
import type { HorizontalPodAutoscaler } from "./types.generated.ts";

export const horizontalPodAutoscalerV1Strategy: Strategy<HorizontalPodAutoscaler> = {
  ...ORDINARY,
  names: { ...current.names, version: "v1" },
  storedAs: {
    group: "autoscaling",
    version: "v2",
    plural: "horizontalpodautoscalers",
    toStored: toCurrent,
    fromStored: (object) => fromCurrent(asCurrent(object)),
  },
  schema: horizontalPodAutoscalerSchema,
  nameProblem: current.nameProblem,
  applyDefaults: (hpa) => withDefaults(canonicalForm(hpa, horizontalPodAutoscalerSchema)),
  prepareForCreate: (hpa) =>
    asRead({
      ...withoutAnnotations(hpa, [CONDITIONS_ANNOTATION, CURRENT_METRICS_ANNOTATION]),
      status: { currentReplicas: 0, desiredReplicas: 0 },
    }),
  prepareForUpdate: (next, old) => asRead(keepStatus(next, old)),
  validate: (hpa, old) =>
    autoscalerErrors(toCurrent(hpa), old === undefined ? undefined : toCurrent(old)),
  status: {
    prepareForUpdate: (next, old) => asRead({ ...next, spec: old.spec }),
    validateUpdate: (next) => autoscalerStatusErrors(toCurrent(next)),
  },
  columns: AUTOSCALER_COLUMNS,
  row: (hpa, nowMs) => autoscalerRow(toCurrent(hpa), nowMs),
};

function withDefaults(hpa: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  return { ...hpa, spec: { ...hpa.spec, minReplicas: hpa.spec.minReplicas ?? 1 } };
}

/** With what it is given where nothing is measured, and its annotations as they are written. */
function asRead(hpa: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const stored = toCurrent(hpa);
  const { scaleUp, scaleDown } = stored.spec.behavior ?? {};
  const isComplete = [scaleUp, scaleDown].every(
    (rules) => rules === undefined || (rules.policies ?? []).length > 0,
  );
  // Rules without a policy are refused as they are.
  return fromCurrent(isComplete ? withAutoscalerDefaults(stored) : stored);
}

/** The same autoscaler in version 2; annotations that cannot be read are dropped. */
function toCurrent(hpa: HorizontalPodAutoscaler): Current {
  const { targetCPUUtilizationPercentage: percent, ...spec } = hpa.spec;
  const { currentCPUUtilizationPercentage: measured, ...status } = hpa.status;
  const noted = notesOf(hpa);
  const metrics = [...noted.metrics, ...(percent === undefined ? [] : [cpuMetric(percent)])];
  const currentMetrics =
    noted.currentMetrics.length > 0 || measured === undefined
      ? noted.currentMetrics
      : [cpuStatus(measured)];
  const made = {
    ...withoutAnnotations(hpa, ALL_ANNOTATIONS),
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    spec: {
      ...spec,
      metrics: metrics.length === 0 ? [CPU_METRIC] : metrics,
      ...(noted.behavior === undefined ? {} : { behavior: noted.behavior }),
    },
    status: {
      ...status,
      ...(currentMetrics.length === 0 ? {} : { currentMetrics }),
      ...(noted.conditions.length === 0 ? {} : { conditions: noted.conditions }),
    },
  } satisfies Current;
  return canonicalForm(made, currentSchema);
}

/** The same autoscaler in version 1, with what has no field there in annotations. */
function fromCurrent(hpa: Current): HorizontalPodAutoscaler {
  const { metrics = [], behavior, ...spec } = hpa.spec;
  const { conditions = [], currentReplicas = 0, ...status } = hpa.status;
  const { currentMetrics: _, ...counts } = status;
  const currentMetrics = hpa.status.currentMetrics ?? [];
  const cpu = metrics.find(isCpuShare);
  const others = metrics.filter((metric) => !isCpuShare(metric));
  const measured = currentMetrics.find(
    ({ type, resource }) => type === "Resource" && resource?.name === "cpu",
  )?.resource?.current.averageUtilization;
  const percent = cpu?.resource?.target.averageUtilization;
  const notes = {
    ...noteOf(METRICS_ANNOTATION, others.map(flatMetric)),
    ...noteOf(CURRENT_METRICS_ANNOTATION, currentMetrics.map(flatCurrent)),
    ...noteOf(CONDITIONS_ANNOTATION, conditions.map(orderedCondition)),
    ...(behavior === undefined
      ? {}
      : { [BEHAVIOR_ANNOTATION]: JSON.stringify(goStruct(behavior, behaviorStruct)) }),
  };
  const annotations = { ...hpa.metadata.annotations, ...notes };
  return {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      ...hpa.metadata,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...spec,
      ...(percent === undefined ? {} : { targetCPUUtilizationPercentage: percent }),
    },
    status: {
      ...counts,
      currentReplicas,
      ...(measured === undefined ? {} : { currentCPUUtilizationPercentage: measured }),
    },
  };
}

const ALL_ANNOTATIONS: readonly string[] = [
  METRICS_ANNOTATION,
  BEHAVIOR_ANNOTATION,
  CONDITIONS_ANNOTATION,
  CURRENT_METRICS_ANNOTATION,
];

type Notes = {
  readonly metrics: readonly MetricSpec[];
  readonly behavior: HorizontalPodAutoscalerBehavior | undefined;
  readonly conditions: readonly HorizontalPodAutoscalerCondition[];
  readonly currentMetrics: readonly MetricStatus[];
};

/** What the annotations say. Users can write them: what does not fit is as if it were not there. */
function notesOf(hpa: HorizontalPodAutoscaler): Notes {
  const list = (key: string): readonly unknown[] => {
    const value = jsonOf(hpa.metadata.annotations?.[key]);
    return Array.isArray(value) ? value : [];
  };
  const behavior = jsonOf(hpa.metadata.annotations?.[BEHAVIOR_ANNOTATION]);
  const fields = {
    metadata: {},
    spec: {
      metrics: list(METRICS_ANNOTATION).map(deepMetric),
      ...(isFields(behavior) ? { behavior: readBehavior(behavior) } : {}),
    },
    status: {
      currentMetrics: list(CURRENT_METRICS_ANNOTATION).map(deepCurrent),
      conditions: list(CONDITIONS_ANNOTATION),
    },
  };
  const report = checkFields(fields, currentSchema);
  if (report.typeProblems.length > 0) {
    return { metrics: [], behavior: undefined, conditions: [], currentMetrics: [] };
  }
  const read = canonicalForm(asCurrent(report.value), currentSchema);
  return {
    metrics: read.spec.metrics ?? [],
    behavior: read.spec.behavior,
    conditions: read.status.conditions ?? [],
    currentMetrics: read.status.currentMetrics ?? [],
  };
}

/** Annotations come from users: depth and size were checked with the object they stand in. */
function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What was checked against the schema, or stored in this form. */
function asCurrent(object: unknown): Current {
  return object as Current;
}

/** In the order in which upstream writes it. */
function orderedCondition(condition: HorizontalPodAutoscalerCondition): unknown {
  const { type, status, lastTransitionTime, reason, message } = condition;
  return { type, status, lastTransitionTime, reason, message };
}

function isCpuShare({ type, resource }: MetricSpec): boolean {
  const isCpu = type === "Resource" && resource?.name === "cpu";
  return isCpu && resource.target.averageUtilization !== undefined;
}

function cpuMetric(averageUtilization: number): MetricSpec {
  const target = { type: "Utilization", averageUtilization };
  return { type: "Resource", resource: { name: "cpu", target } };
}

function cpuStatus(averageUtilization: number): MetricStatus {
  return { type: "Resource", resource: { name: "cpu", current: { averageUtilization } } };
}

function noteOf(key: string, list: readonly unknown[]): Readonly<Record<string, string>> {
  return list.length === 0 ? {} : { [key]: JSON.stringify(list) };
}

function withoutAnnotations<T extends ApiObject>(object: T, keys: readonly string[]): T {
  const { annotations = {}, ...metadata } = object.metadata;
  const kept = Object.entries(annotations).filter(([key]) => !keys.includes(key));
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }),
    },
  };
}
