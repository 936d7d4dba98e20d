/** Metrics of an autoscaler in one cell of a table: what is, of what should be. */
import { NONE } from "../../table-columns.ts";
import type {
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from "./types.generated.ts";

const SHOWN_MAX = 2;
const UNKNOWN = "<unknown>";

/** `cpu: 12%/80%, 3/5 (avg) + 1 more...` */
export function metricsText(
  metrics: readonly MetricSpec[],
  statuses: readonly MetricStatus[],
): string {
  if (metrics.length === 0) return NONE;
  const all = metrics.map((metric, index) => metricText(metric, statuses[index]));
  const shown = all.slice(0, SHOWN_MAX).join(", ");
  return all.length > SHOWN_MAX ? `${shown} + ${all.length - SHOWN_MAX} more...` : shown;
}

function metricText(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case "External":
      return valueText(metric.external?.target, status?.external?.current);
    case "Object":
      return valueText(metric.object?.target, status?.object?.current);
    case "Pods": {
      const current = status?.pods?.current.averageValue ?? UNKNOWN;
      return `${current}/${metric.pods?.target.averageValue ?? "0"}`;
    }
    case "Resource":
      return resourceText(metric.resource, status?.resource?.current);
    case "ContainerResource":
      return resourceText(metric.containerResource, status?.containerResource?.current);
    default:
      return "<unknown type>";
  }
}

function valueText(
  target: MetricTarget | undefined,
  current: MetricValueStatus | undefined,
): string {
  if (target?.averageValue !== undefined) {
    return `${current?.averageValue ?? UNKNOWN}/${target.averageValue} (avg)`;
  }
  return `${current?.value ?? UNKNOWN}/${target?.value ?? "<nil>"}`;
}

function resourceText(
  source: { readonly name: string; readonly target: MetricTarget } | undefined,
  current: MetricValueStatus | undefined,
): string {
  const { averageValue, averageUtilization } = source?.target ?? {};
  const name = source?.name ?? "";
  if (averageValue !== undefined) {
    return `${name}: ${current?.averageValue ?? UNKNOWN}/${averageValue}`;
  }
  const used = current?.averageUtilization;
  const share = used === undefined ? UNKNOWN : `${used}%`;
  const aim = averageUtilization === undefined ? "<auto>" : `${averageUtilization}%`;
  return `${name}: ${share}/${aim}`;
}
