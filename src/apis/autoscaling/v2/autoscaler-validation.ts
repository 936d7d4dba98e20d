/** Horizontal pod autoscalers, checked in the order in which their problems are reported. */
import { equalValues } from "../../../machinery/json-value.ts";
import { parseQuantity } from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  errorIf,
  invalid,
  noneOrOneOf,
  notNegative,
  required,
  unsupported,
} from "../../field-errors.ts";
import { metricErrors } from "./metric-validation.ts";
import { referenceErrors } from "./reference-validation.ts";
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerSpec,
  HPAScalingPolicy,
  HPAScalingRules,
} from "./types.generated.ts";

const MIN_REPLICAS = 1;
const WINDOW_SECONDS_MAX = 3600;
const PERIOD_SECONDS_MAX = 1800;

/** What is wrong with an autoscaler that has its defaults. */
export function autoscalerErrors(
  { spec }: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler | undefined,
): readonly FieldError[] {
  const { scaleTargetRef: target } = spec;
  const isOldTarget = old !== undefined && equalValues(target, old.spec.scaleTargetRef);
  // The only kind of the core group that can be scaled.
  const mayBeCore = target.kind === "ReplicationController" || isOldTarget;
  return [
    ...rangeErrors(spec),
    ...referenceErrors("spec.scaleTargetRef", target, mayBeCore),
    ...metricErrors("spec.metrics", spec.metrics ?? [], spec.minReplicas),
    ...ruleErrors("spec.behavior.scaleUp", spec.behavior?.scaleUp),
    ...ruleErrors("spec.behavior.scaleDown", spec.behavior?.scaleDown),
  ];
}

/** What is wrong with the numbers a controller reports. */
export function autoscalerStatusErrors({ status }: HorizontalPodAutoscaler): readonly FieldError[] {
  return [
    ...notNegative("status.currentReplicas", status.currentReplicas),
    ...notNegative("status.desiredReplicas", status.desiredReplicas),
  ];
}

function rangeErrors(spec: HorizontalPodAutoscalerSpec): readonly FieldError[] {
  const { minReplicas: min = MIN_REPLICAS, maxReplicas: max } = spec;
  const atLeast = `must be greater than or equal to ${MIN_REPLICAS}`;
  const order = "must be greater than or equal to `minReplicas`";
  return [
    ...errorIf(min < MIN_REPLICAS, invalid("spec.minReplicas", min, atLeast)),
    ...errorIf(max === 0, required("spec.maxReplicas", "must be set and greater than 0")),
    ...errorIf(max < 0, invalid("spec.maxReplicas", max, atLeast)),
    ...errorIf(max < min, invalid("spec.maxReplicas", max, order)),
  ];
}

function ruleErrors(path: string, rules: HPAScalingRules | undefined): readonly FieldError[] {
  if (rules === undefined) return [];
  const { stabilizationWindowSeconds: window, policies = [], tolerance } = rules;
  const field = `${path}.stabilizationWindowSeconds`;
  const isNegative = tolerance !== undefined && (parseQuantity(tolerance)?.nano ?? 0n) < 0n;
  return [
    ...errorIf((window ?? 0) < 0, invalid(field, window, "must be greater than or equal to zero")),
    ...errorIf(
      (window ?? 0) > WINDOW_SECONDS_MAX,
      invalid(field, window, `must be less than or equal to ${WINDOW_SECONDS_MAX}`),
    ),
    ...noneOrOneOf(`${path}.selectPolicy`, rules.selectPolicy, ["Disabled", "Max", "Min"]),
    ...errorIf(
      policies.length === 0,
      required(`${path}.policies`, "must specify at least one Policy"),
    ),
    ...policies.flatMap((policy, index) => policyErrors(`${path}.policies[${index}]`, policy)),
    ...errorIf(
      isNegative,
      invalid(`${path}.tolerance`, tolerance, "must be greater than or equal to 0"),
    ),
  ];
}

function policyErrors(path: string, policy: HPAScalingPolicy): readonly FieldError[] {
  const { type, value, periodSeconds: seconds } = policy;
  const known = ["Percent", "Pods"];
  const field = `${path}.periodSeconds`;
  return [
    ...errorIf(!known.includes(type), unsupported(`${path}.type`, type, known)),
    ...errorIf(value <= 0, invalid(`${path}.value`, value, "must be greater than zero")),
    ...errorIf(seconds <= 0, invalid(field, seconds, "must be greater than zero")),
    ...errorIf(
      seconds > PERIOD_SECONDS_MAX,
      invalid(field, seconds, `must be less than or equal to ${PERIOD_SECONDS_MAX}`),
    ),
  ];
}
