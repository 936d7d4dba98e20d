/** What a webhook server counts, under the names that controller-runtime made known. */
import type { Counter, Metrics } from "../../base/metrics.ts";
import { DECADES_S } from "../queue/queue-metrics.ts";
import type { WebhookHandler } from "./webhook-handler.ts";

export type WebhookMetrics = {
  readonly started: () => void;
  readonly ended: (code: number, seconds: number) => void;
  readonly panicked: () => void;
};

/** Of one path. All series exist from here on, so that rates are right from the first request. */
export function webhookMetrics(
  metrics: Metrics,
  { path, kind }: Pick<WebhookHandler, "path" | "kind">,
): WebhookMetrics {
  const labels = { webhook: path };
  const total = metrics.counter(
    "controller_runtime_webhook_requests_total",
    "Requests of webhooks by HTTP status code",
  );
  for (const code of ["200", "500"]) total.add({ ...labels, code }, 0);
  const active = metrics.gauge(
    "controller_runtime_webhook_requests_in_flight",
    "Requests of webhooks that are being answered",
  );
  active.set(labels, 0);
  const seconds = metrics.histogram(
    "controller_runtime_webhook_latency_seconds",
    "How long webhooks take to answer",
    DECADES_S,
  );
  seconds.touch(labels);
  const panicsOf = (prefix: string): Counter => {
    const name = `controller_runtime_${prefix}_panics_total`;
    const made = metrics.counter(name, "Requests of webhooks that met a defect");
    made.add({}, 0);
    return made;
  };
  const admission = panicsOf("webhook");
  const conversion = panicsOf("conversion_webhook");
  const panics = kind === "conversion" ? conversion : admission;
  return {
    started: () => active.add(labels, 1),
    ended: (code, duration) => {
      active.add(labels, -1);
      total.add({ ...labels, code: String(code) });
      seconds.observe(labels, duration);
    },
    panicked: () => panics.add({}),
  };
}

export type CertificateMetrics = {
  readonly read: () => void;
  readonly failed: () => void;
};

export function certificateMetrics(metrics: Metrics): CertificateMetrics {
  const reads = metrics.counter(
    "certwatcher_read_certificate_total",
    "How often certificates were read",
  );
  const errors = metrics.counter(
    "certwatcher_read_certificate_errors_total",
    "How often certificates could not be read",
  );
  reads.add({}, 0);
  errors.add({}, 0);
  return { read: () => reads.add({}), failed: () => errors.add({}) };
}
