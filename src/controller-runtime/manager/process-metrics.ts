/** Which figures of its process a manager shows among its metrics. */
import type { Metrics } from "../../base/metrics.ts";
import { observeProcess, type ProcessFigures } from "../../base/process-figures.ts";
import { realProcess } from "../../base/real/process-figures.ts";
import type { ProbeServerOptions } from "../http/probe-server.ts";

/** Of managers: what they tell of their process. */
export type ProcessMetricsOptions = {
  /**
   * The process that tells `process_*` and `nodejs_*` metrics of itself: its processor time,
   * memory, files, event loop and garbage collections. Default: this one where `probes` are served,
   * else none; "off": none.
   */
  readonly processMetrics?: ProcessFigures | "off";
};

/** Begins to show them, until the answer is called. */
export function showProcess(
  metrics: Metrics,
  { probes, processMetrics }: ProcessMetricsOptions & { readonly probes?: ProbeServerOptions },
): () => void {
  if (processMetrics === "off") return nothing;
  if (processMetrics !== undefined) return observeProcess(metrics, processMetrics);
  return probes === undefined ? nothing : observeProcess(metrics, realProcess());
}

function nothing(): void {
  // There is nothing to end.
}
