/** Metrics that an autoscaler follows, checked in the order in which problems are reported. */
import { dnsLabelProblem, pathSegmentProblem } from "../../../machinery/names.ts";
import { parseQuantity } from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  errorIf,
  forbidden,
  fromProblem,
  invalid,
  required,
  unsupported,
} from "../../field-errors.ts";
import { containerResourceNameErrors } from "../../core/v1/resource-validation.ts";
import { referenceErrors } from "./reference-validation.ts";
import type { MetricIdentifier, MetricSpec, MetricTarget } from "./types.generated.ts";

/** The field of each type, in the order in which upstream looks at them. */
const FIELDS = {
  Object: "object",
  External: "external",
  Pods: "pods",
  Resource: "resource",
  ContainerResource: "containerResource",
} as const;

type SourceName = (typeof FIELDS)[keyof typeof FIELDS];

const TYPES: readonly string[] = ["ContainerResource", "External", "Object", "Pods", "Resource"];

/** What is wrong with the metrics; `minReplicas` 0 needs one that does not come from pods. */
export function metricErrors(
  field: string,
  metrics: readonly MetricSpec[],
  minReplicas: number | undefined,
): readonly FieldError[] {
  const isWoken = metrics.some(({ type }) => type === "Object" || type === "External");
  const detail =
    "must specify at least one Object or External metric to support scaling to zero replicas";
  return [
    ...metrics.flatMap((metric, index) => oneMetricErrors(`${field}[${index}]`, metric)),
    ...errorIf(minReplicas === 0 && !isWoken, forbidden(field, detail)),
  ];
}

function oneMetricErrors(path: string, metric: MetricSpec): readonly FieldError[] {
  const present = Object.values(FIELDS).filter((name) => metric[name] !== undefined);
  const [first] = present;
  const expected = Object.entries(FIELDS).find(([type]) => type === metric.type)?.[1];
  const isUnknown = !TYPES.includes(metric.type);
  const missing = "must populate information for the given metric source";
  return [
    ...errorIf(metric.type === "", required(`${path}.type`, "must specify a metric source type")),
    ...errorIf(isUnknown, unsupported(`${path}.type`, metric.type, TYPES)),
    ...(first === undefined ? [] : sourceErrors(`${path}.${first}`, first, metric)),
    ...(expected === undefined ? [unsupported(`${path}.type`, metric.type, TYPES)] : []),
    ...(expected === undefined || metric[expected] !== undefined
      ? []
      : [required(`${path}.${expected}`, missing)]),
    ...(present.length === 1 ? [] : present)
      .filter((name) => name !== expected)
      .map((name) => forbidden(`${path}.${name}`, "must populate the given metric source only")),
  ];
}

function sourceErrors(path: string, name: SourceName, metric: MetricSpec): readonly FieldError[] {
  switch (name) {
    case "object":
      return metric.object === undefined ? [] : objectErrors(path, metric.object);
    case "external":
      return metric.external === undefined ? [] : externalErrors(path, metric.external);
    case "pods":
      return metric.pods === undefined ? [] : podsErrors(path, metric.pods);
    case "resource":
      return metric.resource === undefined ? [] : resourceErrors(path, metric.resource, undefined);
    case "containerResource": {
      const source = metric.containerResource;
      return source === undefined ? [] : resourceErrors(path, source, source.container);
    }
  }
}

function objectErrors(
  path: string,
  source: NonNullable<MetricSpec["object"]>,
): readonly FieldError[] {
  const { value, averageValue } = source.target;
  const detail = "must set either a target value or averageValue";
  return [
    ...referenceErrors(`${path}.describedObject`, source.describedObject, true),
    ...identifierErrors(`${path}.metric`, source.metric),
    ...targetErrors(`${path}.target`, source.target),
    ...errorIf(
      value === undefined && averageValue === undefined,
      required(`${path}.target.averageValue`, detail),
    ),
  ];
}

function externalErrors(
  path: string,
  source: NonNullable<MetricSpec["external"]>,
): readonly FieldError[] {
  const { value, averageValue } = source.target;
  const neither = "must set either a target value for metric or a per-pod target";
  const both = "may not set both a target value for metric and a per-pod target";
  return [
    ...identifierErrors(`${path}.metric`, source.metric),
    ...targetErrors(`${path}.target`, source.target),
    ...errorIf(
      value === undefined && averageValue === undefined,
      required(`${path}.target.averageValue`, neither),
    ),
    ...errorIf(
      value !== undefined && averageValue !== undefined,
      forbidden(`${path}.target.value`, both),
    ),
  ];
}

function podsErrors(path: string, source: NonNullable<MetricSpec["pods"]>): readonly FieldError[] {
  const { averageValue } = source.target;
  const detail = "must specify a positive target averageValue";
  return [
    ...identifierErrors(`${path}.metric`, source.metric),
    ...targetErrors(`${path}.target`, source.target),
    ...errorIf(averageValue === undefined, required(`${path}.target.averageValue`, detail)),
  ];
}

/** Of pods as a whole, or of the container of that name in each. */
function resourceErrors(
  path: string,
  source: { readonly name: string; readonly target: MetricTarget },
  container: string | undefined,
): readonly FieldError[] {
  const { averageUtilization, averageValue } = source.target;
  const neither = "must set either a target raw value or a target utilization";
  const both = "may not set both a target raw value and a target utilization";
  const hasShare = averageUtilization !== undefined;
  const hasAmount = averageValue !== undefined;
  return [
    ...errorIf(source.name === "", required(`${path}.name`, "must specify a resource name")),
    ...(container === undefined ? [] : containerErrors(path, source.name, container)),
    ...targetErrors(`${path}.target`, source.target),
    ...errorIf(!hasShare && !hasAmount, required(`${path}.target.averageUtilization`, neither)),
    ...errorIf(hasShare && hasAmount, forbidden(`${path}.target.averageValue`, both)),
  ];
}

function containerErrors(path: string, name: string, container: string): readonly FieldError[] {
  const field = `${path}.container`;
  return [
    ...(name === "" ? [] : containerResourceNameErrors(`${path}.name`, name)),
    ...(container === ""
      ? [required(field, "must specify a container")]
      : fromProblem(field, container, dnsLabelProblem(container))),
  ];
}

function identifierErrors(path: string, metric: MetricIdentifier): readonly FieldError[] {
  const field = `${path}.name`;
  return [
    ...(metric.name === ""
      ? [required(field, "must specify a metric name")]
      : fromProblem(field, metric.name, pathSegmentProblem(metric.name))),
  ];
}

function targetErrors(path: string, target: MetricTarget): readonly FieldError[] {
  const { type, value, averageValue, averageUtilization } = target;
  const isKnown = ["Utilization", "Value", "AverageValue"].includes(type);
  const detail = "must be either Utilization, Value, or AverageValue";
  return [
    ...errorIf(type === "", required(`${path}.type`, "must specify a metric target type")),
    ...errorIf(!isKnown, invalid(`${path}.type`, type, detail)),
    ...amountErrors(`${path}.value`, value),
    ...amountErrors(`${path}.averageValue`, averageValue),
    ...(averageUtilization === undefined || averageUtilization >= 1
      ? []
      : [invalid(`${path}.averageUtilization`, averageUtilization, "must be greater than 0")]),
  ];
}

function amountErrors(field: string, amount: string | undefined): readonly FieldError[] {
  if (amount === undefined || isPositive(amount)) return [];
  return [invalid(field, amount, "must be positive")];
}

function isPositive(amount: string): boolean {
  return (parseQuantity(amount)?.nano ?? 0n) > 0n;
}
