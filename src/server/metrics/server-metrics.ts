/** The metrics of the API server, under the names dashboards know. */
import type { Env } from "../../base/env.ts";
import {
  SERIES_MAX,
  type Counter,
  type Gauge,
  type Histogram,
  type MetricLabels,
  type Metrics,
} from "../../base/metrics.ts";
import type { Store } from "../../store/store.ts";
import type { Exchange } from "../filters/filter.ts";

const DURATION_BOUNDS_S: readonly number[] = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45,
  60,
];

export type ServerMetrics = {
  readonly requests: Counter;
  readonly durations: Histogram;
  readonly inflight: Gauge;
  readonly longRunning: Gauge;
};

export function serverMetrics(deps: {
  readonly env: Env;
  readonly store: Store;
  readonly metrics: Metrics;
}): ServerMetrics {
  const { env, store, metrics } = deps;
  const startedSeconds = env.clock.now() / 1_000;
  const gauge = (name: string, help: string, read: () => number): void =>
    metrics.gauge(name, help).read({}, read);
  gauge(
    "process_start_time_seconds",
    "Start time of the process since unix epoch in seconds.",
    () => startedSeconds,
  );
  gauge(
    "setpoint_store_revision",
    "Revision of the newest durable change.",
    () => store.status().revision,
  );
  gauge(
    "setpoint_store_compacted_revision",
    "Newest revision whose history is forgotten.",
    () => store.status().compacted,
  );
  gauge("setpoint_store_keys", "Keys in the store.", () => store.status().keys);
  return {
    requests: metrics.counter(
      "apiserver_request_total",
      "Requests by verb, group, version, resource, subresource and code.",
    ),
    durations: metrics.histogram(
      "apiserver_request_duration_seconds",
      "Duration of requests until their answer began, watches excluded.",
      DURATION_BOUNDS_S,
    ),
    inflight: metrics.gauge(
      "apiserver_current_inflight_requests",
      "Requests being worked on, watches excluded.",
    ),
    longRunning: metrics.gauge(
      "apiserver_longrunning_requests",
      "Watches and followed logs that are open.",
    ),
  };
}

/** Labels that say what a request is about; never a name, and no path but of our own resources. */
export function labelsOf(exchange: Exchange, isServed: boolean): MetricLabels {
  const { info } = exchange;
  if (info.kind === "path" || !isServed) {
    return { verb: exchange.request.method, group: "", version: "", resource: "", subresource: "" };
  }
  const { group, version, resource, subresource } = info;
  const verb = info.verb.toUpperCase();
  return { verb, group, version, resource, subresource };
}

/** Makes labels once for equal requests, so that they are printed once. */
export class LabelKeeper {
  readonly #kept = new Map<string, MetricLabels>();

  keep(labels: MetricLabels): MetricLabels {
    const key = Object.values(labels).join(" ");
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    if (this.#kept.size < SERIES_MAX) this.#kept.set(key, labels);
    return labels;
  }
}
