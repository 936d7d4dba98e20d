/**
 * Counters, gauges and histograms of one process, written in the Prometheus text format 0.0.4.
 * Asking twice for a name gives the same family; series exist from their first touch on, so a
 * caller that wants a zero before the first event touches it.
 */
import { assert } from "../base/assert.ts";
import { compareText } from "../machinery/key.ts";

/** Values of a series' labels, by label name; the same names for all series of a family. */
export type MetricLabels = Readonly<Record<string, string>>;

export type Counter = {
  /** Adds `by` (default 1; 0 only makes the series visible). */
  add(labels: MetricLabels, by?: number): void;
  value(labels: MetricLabels): number;
};

export type Gauge = {
  set(labels: MetricLabels, value: number): void;
  add(labels: MetricLabels, by: number): void;
  /** The value is asked for when the metrics are read. */
  read(labels: MetricLabels, read: () => number): void;
  value(labels: MetricLabels): number;
};

export type Histogram = {
  /** Makes the series visible with zero observations. */
  touch(labels: MetricLabels): void;
  observe(labels: MetricLabels, value: number): void;
  count(labels: MetricLabels): number;
};

export interface Metrics {
  counter(name: string, help: string): Counter;
  gauge(name: string, help: string): Gauge;
  /** `buckets`: upper bounds, ascending, without infinity. */
  histogram(name: string, help: string, buckets: readonly number[]): Histogram;
  /** All families in order of their names, as a scraper reads them. */
  text(): string;
}

type Family = {
  readonly kind: string;
  readonly help: string;
  readonly lines: () => readonly string[];
};

/** An empty registry. */
export function createMetrics(): Metrics {
  const families = new Map<string, { readonly family: Family; readonly handle: unknown }>();
  const once = <H>(name: string, kind: string, make: () => { family: Family; handle: H }): H => {
    const known = families.get(name);
    if (known === undefined) {
      const made = make();
      families.set(name, made);
      return made.handle;
    }
    assert(known.family.kind === kind, `the metric ${name} has one kind`);
    return known.handle as H; // of the same kind, so made by the same maker
  };
  return {
    counter: (name, help) => once(name, "counter", () => counterFamily(name, help)),
    gauge: (name, help) => once(name, "gauge", () => gaugeFamily(name, help)),
    histogram: (name, help, buckets) =>
      once(name, "histogram", () => histogramFamily(name, help, buckets)),
    text: () => {
      const names = [...families.keys()].sort(compareText);
      const lines = names.flatMap((name) => {
        const family = families.get(name)?.family;
        if (family === undefined) return [];
        const head = [`# HELP ${name} ${family.help}`, `# TYPE ${name} ${family.kind}`];
        return [...head, ...family.lines()];
      });
      return lines.map((line) => `${line}\n`).join("");
    },
  };
}

type Series<V> = { readonly labels: MetricLabels; value: V };

class SeriesMap<V> {
  readonly #series = new Map<string, Series<V>>();
  readonly #initial: () => V;

  constructor(initial: () => V) {
    this.#initial = initial;
  }

  of(labels: MetricLabels): Series<V> {
    const text = labelsText(labels);
    const known = this.#series.get(text);
    if (known !== undefined) return known;
    const series = { labels, value: this.#initial() };
    this.#series.set(text, series);
    return series;
  }

  inOrder(): readonly Series<V>[] {
    const entries = [...this.#series].sort(([a], [b]) => compareText(a, b));
    return entries.map(([, series]) => series);
  }
}

function counterFamily(name: string, help: string): { family: Family; handle: Counter } {
  const series = new SeriesMap(() => 0);
  const handle: Counter = {
    add: (labels, by = 1) => {
      assert(by >= 0, "a counter never goes back");
      series.of(labels).value += by;
    },
    value: (labels) => series.of(labels).value,
  };
  const lines = (): readonly string[] =>
    series.inOrder().map(({ labels, value }) => sample(name, labels, value));
  return { family: { kind: "counter", help, lines }, handle };
}

function gaugeFamily(name: string, help: string): { family: Family; handle: Gauge } {
  const series = new SeriesMap((): (() => number) => () => 0);
  const handle: Gauge = {
    set: (labels, value) => {
      series.of(labels).value = () => value;
    },
    add: (labels, by) => {
      const one = series.of(labels);
      const sum = one.value() + by;
      one.value = () => sum;
    },
    read: (labels, read) => {
      series.of(labels).value = read;
    },
    value: (labels) => series.of(labels).value(),
  };
  const lines = (): readonly string[] =>
    series.inOrder().map(({ labels, value }) => sample(name, labels, value()));
  return { family: { kind: "gauge", help, lines }, handle };
}

type Observations = { readonly counts: number[]; count: number; sum: number };

function histogramFamily(
  name: string,
  help: string,
  buckets: readonly number[],
): { family: Family; handle: Histogram } {
  const empty = (): Observations => ({ counts: buckets.map(() => 0), count: 0, sum: 0 });
  const series = new SeriesMap(empty);
  const handle: Histogram = {
    touch: (labels) => void series.of(labels),
    observe: (labels, value) => {
      const { value: seen } = series.of(labels);
      const index = buckets.findIndex((bound) => value <= bound);
      if (index >= 0) seen.counts[index] = (seen.counts[index] ?? 0) + 1;
      seen.count += 1;
      seen.sum += value;
    },
    count: (labels) => series.of(labels).value.count,
  };
  const lines = (): readonly string[] =>
    series.inOrder().flatMap(({ labels, value }) => {
      let below = 0;
      const bucketLines = buckets.map((bound, index) => {
        below += value.counts[index] ?? 0;
        return sample(`${name}_bucket`, { ...labels, le: numberText(bound) }, below);
      });
      return [
        ...bucketLines,
        sample(`${name}_bucket`, { ...labels, le: "+Inf" }, value.count),
        sample(`${name}_sum`, labels, value.sum),
        sample(`${name}_count`, labels, value.count),
      ];
    });
  return { family: { kind: "histogram", help, lines }, handle };
}

function sample(name: string, labels: MetricLabels, value: number): string {
  return `${name}${labelsText(labels)} ${numberText(value)}`;
}

function labelsText(labels: MetricLabels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/** As Go prints floats, so that bucket names equal those of Go programs: 1e-08, 0.005, +Inf. */
function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  if (value === 0 || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, "e-0$1");
}
