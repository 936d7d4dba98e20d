/** What a controller counts, under the names that controller-runtime made known. */
import type { Metrics } from "../../base/metrics.ts";

const RESULTS = ["error", "requeue_after", "requeue", "success"] as const;

const RECONCILE_SECONDS_BUCKETS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];

export type ReconcileResult = (typeof RESULTS)[number];

export type ControllerMetrics = {
  readonly started: () => void;
  readonly ended: (seconds: number) => void;
  readonly result: (result: ReconcileResult) => void;
  readonly terminal: () => void;
  readonly panicked: () => void;
  readonly timedOut: () => void;
};

/** All series exist from here on, so that rates are right from the first event. */
export function controllerMetrics(
  metrics: Metrics,
  controller: string,
  concurrency: number,
): ControllerMetrics {
  const labels = { controller };
  const counter = (suffix: string, help: string): (() => void) => {
    const made = metrics.counter(`controller_runtime_${suffix}`, help);
    made.add(labels, 0);
    return () => made.add(labels);
  };
  const total = metrics.counter("controller_runtime_reconcile_total", "Reconciles by result");
  const byResult = new Map(RESULTS.map((result) => [result, { controller, result }]));
  for (const told of byResult.values()) total.add(told, 0);
  const errors = counter("reconcile_errors_total", "Reconciles that failed");
  const terminal = counter(
    "terminal_reconcile_errors_total",
    "Reconciles that failed and are not tried again",
  );
  const panics = counter("reconcile_panics_total", "Reconciles that met a defect");
  const timeouts = counter("reconcile_timeouts_total", "Reconciles that ran out of time");
  const seconds = metrics.histogram(
    "controller_runtime_reconcile_time_seconds",
    "How long a reconcile takes",
    RECONCILE_SECONDS_BUCKETS,
  );
  seconds.touch(labels);
  const active = metrics.gauge("controller_runtime_active_workers", "Workers with a key");
  active.set(labels, 0);
  metrics.gauge("controller_runtime_max_concurrent_reconciles", "Workers").set(labels, concurrency);
  return {
    started: () => active.add(labels, 1),
    ended: (duration) => {
      active.add(labels, -1);
      seconds.observe(labels, duration);
    },
    result: (result) => {
      total.add(byResult.get(result) ?? { controller, result });
      if (result === "error") errors();
    },
    terminal,
    panicked: panics,
    timedOut: timeouts,
  };
}
