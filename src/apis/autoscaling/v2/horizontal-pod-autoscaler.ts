/** Horizontal pod autoscalers: as many pods as what they do asks for. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { keepStatus, ORDINARY, statusPart } from "../../ordinary.ts";
import type { Strategy, TableColumn } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf, UNSET } from "../../table-columns.ts";
import { autoscalerErrors, autoscalerStatusErrors } from "./autoscaler-validation.ts";
import { metricsText } from "./metrics-text.ts";
import { horizontalPodAutoscalerSchema } from "./schema.generated.ts";
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerStatus,
  HPAScalingRules,
  MetricSpec,
} from "./types.generated.ts";

/** The share of the requested processor time that is aimed at unless something else is said. */
export const CPU_PERCENT = 80;

/** What is followed where nothing is said. */
export const CPU_METRIC: MetricSpec = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_PERCENT } },
};

export const AUTOSCALER_COLUMNS: readonly TableColumn[] = [
  NAME_COLUMN,
  column("Reference", "What is scaled."),
  column("Targets", "What is measured, of what is aimed at."),
  column("MinPods", "The fewest pods there may be."),
  column("MaxPods", "The most pods there may be."),
  column("Replicas", "Pods there are."),
  AGE_COLUMN,
];

const NO_STATUS: Pick<HorizontalPodAutoscaler, "status"> = { status: { desiredReplicas: 0 } };

export const horizontalPodAutoscalerStrategy: Strategy<HorizontalPodAutoscaler> = {
  ...ORDINARY,
  names: {
    group: "autoscaling",
    version: "v2",
    kind: "HorizontalPodAutoscaler",
    plural: "horizontalpodautoscalers",
    singular: "horizontalpodautoscaler",
    shortNames: ["hpa"],
    categories: ["all"],
    isNamespaced: true,
  },
  schema: horizontalPodAutoscalerSchema,
  nameProblem: dnsSubdomainProblem,
  applyDefaults: (hpa) => {
    const canonical = canonicalForm(hpa, horizontalPodAutoscalerSchema);
    return withAutoscalerDefaults(withEmptyPolicies(canonical, hpa.spec?.behavior));
  },
  prepareForCreate: (hpa) => {
    const { status } = canonicalForm({ ...hpa, ...NO_STATUS }, horizontalPodAutoscalerSchema);
    return { ...hpa, status };
  },
  prepareForUpdate: keepStatus,
  validate: autoscalerErrors,
  status: statusPart(autoscalerStatusErrors),
  columns: AUTOSCALER_COLUMNS,
  row: autoscalerRow,
};

/** One cell per column. */
export function autoscalerRow(
  hpa: HorizontalPodAutoscaler,
  nowMs: number,
): readonly (string | number)[] {
  const { spec, status } = hpa;
  const { kind, name } = spec.scaleTargetRef;
  return [
    nameOf(hpa),
    `${kind}/${name}`,
    metricsText(spec.metrics ?? [], currentMetricsOf(status)),
    spec.minReplicas === undefined ? UNSET : String(spec.minReplicas),
    spec.maxReplicas,
    status.currentReplicas ?? 0,
    ageOf(hpa, nowMs),
  ];
}

function currentMetricsOf(
  status: HorizontalPodAutoscalerStatus,
): NonNullable<HorizontalPodAutoscalerStatus["currentMetrics"]> {
  return status.currentMetrics ?? [];
}

/** `hpa` in its canonical form, with what it means where it says nothing. */
export function withAutoscalerDefaults(hpa: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const { spec } = hpa;
  const { metrics = [], behavior } = spec;
  return {
    ...hpa,
    spec: {
      ...spec,
      minReplicas: spec.minReplicas ?? 1,
      metrics: metrics.length === 0 ? [CPU_METRIC] : metrics,
      ...(behavior === undefined ? {} : { behavior: withBehaviorDefaults(behavior) }),
    },
  };
}

/** A list without a policy is not the same as none: it is refused. */
function withEmptyPolicies(
  hpa: HorizontalPodAutoscaler,
  sent: HorizontalPodAutoscalerBehavior | null | undefined,
): HorizontalPodAutoscaler {
  const { behavior } = hpa.spec;
  if (behavior === undefined) return hpa;
  const kept = (name: "scaleUp" | "scaleDown"): HorizontalPodAutoscalerBehavior => {
    const isEmpty = sent?.[name]?.policies?.length === 0;
    return isEmpty ? { [name]: { ...behavior[name], policies: [] } } : {};
  };
  return {
    ...hpa,
    spec: { ...hpa.spec, behavior: { ...behavior, ...kept("scaleUp"), ...kept("scaleDown") } },
  };
}

const SCALE_UP: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Pods", value: 4, periodSeconds: 15 },
    { type: "Percent", value: 100, periodSeconds: 15 },
  ],
};

/** How long scaling down waits is a setting of the controller, so it has no default here. */
const SCALE_DOWN: HPAScalingRules = {
  selectPolicy: "Max",
  policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
};

function withBehaviorDefaults(
  behavior: HorizontalPodAutoscalerBehavior,
): HorizontalPodAutoscalerBehavior {
  return {
    ...behavior,
    scaleUp: { ...SCALE_UP, ...behavior.scaleUp },
    scaleDown: { ...SCALE_DOWN, ...behavior.scaleDown },
  };
}
