import type { Metrics } from "../../base/metrics.ts";
import { textAnswer } from "../answers.ts";
import type { PathHandler } from "../dispatch.ts";

const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** /metrics, for Prometheus. */
export function metricsPath(metrics: Metrics): PathHandler {
  return (request) =>
    request.path === "/metrics" ? textAnswer(200, metrics.text(), PROMETHEUS_TYPE) : undefined;
}
