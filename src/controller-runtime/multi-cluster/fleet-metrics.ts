/**
 * The figures of many clusters as one: those of each are kept apart, so that they go with it, and
 * are given the label `cluster` when they are read.
 */
import type { Metrics } from "../../base/metrics.ts";
import {
  metricsText,
  withLabel,
  type MetricFamily,
  type MetricSample,
} from "../../base/metrics-text.ts";

type Gathered = { readonly family: MetricFamily; readonly samples: MetricSample[] };

/** `own`, with the series of the clusters when it is read. */
export function fleetMetrics(
  own: Metrics,
  clusters: () => Iterable<readonly [name: string, metrics: Metrics]>,
): Metrics {
  const families = (): readonly MetricFamily[] => {
    const gathered = new Map<string, Gathered>();
    gather(gathered, own, (sample) => sample);
    for (const [name, metrics] of clusters()) {
      gather(gathered, metrics, (sample) => {
        return { ...sample, labels: withLabel(sample.labels, "cluster", name) };
      });
    }
    const inOrder = [...gathered].sort(([a], [b]) => (a < b ? -1 : 1));
    return inOrder.map(([, { family, samples }]) => ({ ...family, samples }));
  };
  return {
    counter: (...family) => own.counter(...family),
    gauge: (...family) => own.gauge(...family),
    histogram: (...family) => own.histogram(...family),
    beforeRead: (refresh) => own.beforeRead(refresh),
    families,
    text: (format) => metricsText(families(), format),
  };
}

/** Adds what a registry has now. */
function gather(
  gathered: Map<string, Gathered>,
  metrics: Metrics,
  change: (sample: MetricSample) => MetricSample,
): void {
  for (const family of metrics.families()) {
    const known = gathered.get(family.name) ?? { family, samples: [] };
    gathered.set(family.name, known);
    for (const sample of family.samples) known.samples.push(change(sample));
  }
}
