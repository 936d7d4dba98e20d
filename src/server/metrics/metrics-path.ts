import { textAnswer } from "../answers.ts";
import type { PathHandler } from "../dispatch.ts";
import type { MetricRegistry } from "./metric.ts";

const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** /metrics, for Prometheus. */
export function metricsPath(registry: MetricRegistry): PathHandler {
  return (request) =>
    request.path === "/metrics" ? textAnswer(200, registry.print(), PROMETHEUS_TYPE) : undefined;
}
