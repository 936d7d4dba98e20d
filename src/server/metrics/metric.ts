/** Counters, gauges and histograms, printed as Prometheus text. Names follow upstream's. */
import { compareText } from "../../machinery/key.ts";

export type MetricLabels = Readonly<Record<string, string>>;

/** Series kept of one metric; more are counted under the label values "other". */
export const SERIES_MAX = 5_000;

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** One line a sample, without the header. */
  lines(): readonly string[];
}

/** A number per set of label values that goes up, or up and down. */
export class NumberMetric implements Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly #values = new Map<string, number>();

  constructor(type: "counter" | "gauge", name: string, help: string) {
    this.type = type;
    this.name = name;
    this.help = help;
  }

  add(labels: MetricLabels, amount = 1): void {
    const key = seriesKey(labels, this.#values);
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }

  lines(): readonly string[] {
    return sorted(this.#values).map(([key, value]) => `${this.name}${key} ${value}`);
  }
}

/** A gauge that is read when it is asked for. */
export class ReadMetric implements Metric {
  readonly name: string;
  readonly help: string;
  readonly type = "gauge";
  readonly #read: () => number;

  constructor(name: string, help: string, read: () => number) {
    this.name = name;
    this.help = help;
    this.#read = read;
  }

  lines(): readonly string[] {
    return [`${this.name} ${this.#read()}`];
  }
}

type Series = { readonly buckets: number[]; sum: number; count: number };

/** How often a value fell under each bound. */
export class HistogramMetric implements Metric {
  readonly name: string;
  readonly help: string;
  readonly type = "histogram";
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Series>();

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
  }

  observe(labels: MetricLabels, value: number): void {
    const key = seriesKey(labels, this.#series);
    const series = this.#series.get(key) ?? {
      buckets: this.#bounds.map(() => 0),
      sum: 0,
      count: 0,
    };
    this.#series.set(key, series);
    series.sum += value;
    series.count += 1;
    for (const [index, bound] of this.#bounds.entries()) {
      if (value <= bound) series.buckets[index] = (series.buckets[index] ?? 0) + 1;
    }
  }

  lines(): readonly string[] {
    return sorted(this.#series).flatMap(([key, series]) => [
      ...this.#bounds.map(
        (bound, index) =>
          `${this.name}_bucket${withLabel(key, "le", String(bound))} ${series.buckets[index]}`,
      ),
      `${this.name}_bucket${withLabel(key, "le", "+Inf")} ${series.count}`,
      `${this.name}_sum${key} ${series.sum}`,
      `${this.name}_count${key} ${series.count}`,
    ]);
  }
}

/** All metrics of a process, in the order they were made. */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();

  counter(name: string, help: string): NumberMetric {
    return this.#keep(new NumberMetric("counter", name, help));
  }

  gauge(name: string, help: string): NumberMetric {
    return this.#keep(new NumberMetric("gauge", name, help));
  }

  readGauge(name: string, help: string, read: () => number): ReadMetric {
    return this.#keep(new ReadMetric(name, help, read));
  }

  histogram(name: string, help: string, bounds: readonly number[]): HistogramMetric {
    return this.#keep(new HistogramMetric(name, help, bounds));
  }

  /** The text format of Prometheus. */
  print(): string {
    const blocks = [...this.#metrics.values()].map((metric) =>
      [
        `# HELP ${metric.name} ${metric.help}`,
        `# TYPE ${metric.name} ${metric.type}`,
        ...metric.lines(),
      ].join("\n"),
    );
    return `${blocks.join("\n")}\n`;
  }

  #keep<M extends Metric>(metric: M): M {
    this.#metrics.set(metric.name, metric);
    return metric;
  }
}

/** `{code="200",verb="GET"}`, or the overflow series once there are too many. */
function seriesKey(labels: MetricLabels, known: ReadonlyMap<string, unknown>): string {
  const key = labelText(labels);
  if (known.has(key) || known.size < SERIES_MAX) return key;
  return labelText(Object.fromEntries(Object.keys(labels).map((name) => [name, "other"])));
}

const labelTexts = new WeakMap<MetricLabels, string>();

/** Printed once for labels that are kept and used again. */
function labelText(labels: MetricLabels): string {
  const known = labelTexts.get(labels);
  if (known !== undefined) return known;
  const made = printLabels(labels);
  labelTexts.set(labels, made);
  return made;
}

function printLabels(labels: MetricLabels): string {
  const pairs = Object.entries(labels)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function withLabel(key: string, name: string, value: string): string {
  const pair = `${name}="${value}"`;
  return key === "" ? `{${pair}}` : `${key.slice(0, -1)},${pair}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function sorted<V>(values: ReadonlyMap<string, V>): readonly (readonly [string, V])[] {
  return [...values].sort(([a], [b]) => compareText(a, b));
}
