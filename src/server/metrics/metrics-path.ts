import type { Metrics } from "../../base/metrics.ts";
import { writtenMetrics } from "../../base/metrics-text.ts";
import { textAnswer } from "../answers.ts";
import type { PathHandler } from "../dispatch.ts";

/** /metrics, for Prometheus, in the form it asks for. */
export function metricsPath(metrics: Metrics): PathHandler {
  return (request) => {
    if (request.path !== "/metrics") return undefined;
    const { text, contentType } = writtenMetrics(metrics, request.headers["accept"]);
    return textAnswer(200, text, contentType);
  };
}
