/**
 * Counters, gauges and histograms of one process, written in the Prometheus text format 0.0.4.
 *
 * Asking twice for a name gives the same family, so that parts that know nothing of each other may
 * share a registry. Series exist from their first touch on: a caller that wants a zero before the
 * first event touches it. Labels can come from outside, so a family keeps `SERIES_MAX` series and
 * counts the rest together, under the value "other" of every label. Labels must not change after
 * they were passed; an object that is passed again and again is printed only once.
 */
import { assert } from "./assert.ts";

/** Values of a series' labels, by label name; the same names for all series of a family. */
export type MetricLabels = Readonly<Record<string, string>>;

/** Series of one family that are told apart. */
export const SERIES_MAX = 5_000;

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
  /** Ends the series: what it measured is no more. */
  remove(labels: MetricLabels): void;
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
      const lines = inOrder(families).flatMap(([name, { family }]) => {
        const head = [`# HELP ${name} ${family.help}`, `# TYPE ${name} ${family.kind}`];
        return [...head, ...family.lines()];
      });
      return lines.map((line) => `${line}\n`).join("");
    },
  };
}

function counterFamily(name: string, help: string): { family: Family; handle: Counter } {
  const series = new SeriesMap(() => ({ value: 0 }));
  const handle: Counter = {
    add: (labels, by = 1) => {
      assert(by >= 0, "a counter never goes back");
      series.of(labels).value += by;
    },
    value: (labels) => series.find(labels)?.value ?? 0,
  };
  const lines = (): readonly string[] =>
    series.lines((labels, { value }) => [sample(name, labels, value)]);
  return { family: { kind: "counter", help, lines }, handle };
}

/** A number that is kept, or one that is asked for. */
type Level = { value: number; read: (() => number) | undefined };

function gaugeFamily(name: string, help: string): { family: Family; handle: Gauge } {
  const series = new SeriesMap((): Level => ({ value: 0, read: undefined }));
  const levelOf = ({ value, read }: Level): number => (read === undefined ? value : read());
  const set = (level: Level, value: number): void => {
    level.value = value;
    level.read = undefined;
  };
  const handle: Gauge = {
    set: (labels, value) => set(series.of(labels), value),
    add: (labels, by) => {
      const level = series.of(labels);
      set(level, levelOf(level) + by);
    },
    read: (labels, read) => {
      series.of(labels).read = read;
    },
    remove: (labels) => series.remove(labels),
    value: (labels) => {
      const level = series.find(labels);
      return level === undefined ? 0 : levelOf(level);
    },
  };
  const lines = (): readonly string[] =>
    series.lines((labels, level) => [sample(name, labels, levelOf(level))]);
  return { family: { kind: "gauge", help, lines }, handle };
}

/** `counts[i]`: values above the bound before and up to bound i. */
type Observations = { readonly counts: number[]; count: number; sum: number };

function histogramFamily(
  name: string,
  help: string,
  buckets: readonly number[],
): { family: Family; handle: Histogram } {
  const bounds = buckets.map((bound) => `le="${numberText(bound)}"`);
  const empty = (): Observations => ({ counts: buckets.map(() => 0), count: 0, sum: 0 });
  const series = new SeriesMap(empty);
  const handle: Histogram = {
    touch: (labels) => void series.of(labels),
    observe: (labels, value) => {
      const seen = series.of(labels);
      const index = buckets.findIndex((bound) => value <= bound);
      if (index >= 0) seen.counts[index] = (seen.counts[index] ?? 0) + 1;
      seen.count += 1;
      seen.sum += value;
    },
    count: (labels) => series.find(labels)?.count ?? 0,
  };
  const lines = (): readonly string[] =>
    series.lines((labels, seen) => {
      let below = 0;
      const bucketLines = bounds.map((bound, index) => {
        below += seen.counts[index] ?? 0;
        return sample(`${name}_bucket`, withPair(labels, bound), below);
      });
      return [
        ...bucketLines,
        sample(`${name}_bucket`, withPair(labels, 'le="+Inf"'), seen.count),
        sample(`${name}_sum`, labels, seen.sum),
        sample(`${name}_count`, labels, seen.count),
      ];
    });
  return { family: { kind: "histogram", help, lines }, handle };
}

/** The series of one family, by their printed labels. */
class SeriesMap<V> {
  readonly #series = new Map<string, V>();
  readonly #initial: () => V;

  constructor(initial: () => V) {
    this.#initial = initial;
  }

  /** The series with these labels, made if need be. */
  of(labels: MetricLabels): V {
    const text = labelsText(labels);
    return this.#series.get(text) ?? this.#make(text, labels);
  }

  find(labels: MetricLabels): V | undefined {
    return this.#series.get(labelsText(labels));
  }

  remove(labels: MetricLabels): void {
    this.#series.delete(labelsText(labels));
  }

  /** What `print` makes of each, in the order of their labels. */
  lines(print: (labels: string, value: V) => readonly string[]): readonly string[] {
    return inOrder(this.#series).flatMap(([labels, value]) => print(labels, value));
  }

  #make(text: string, labels: MetricLabels): V {
    const isFull = this.#series.size >= SERIES_MAX;
    const key = isFull ? printLabels(otherLabels(labels)) : text;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const made = this.#initial();
    this.#series.set(key, made);
    return made;
  }
}

function otherLabels(labels: MetricLabels): MetricLabels {
  return Object.fromEntries(Object.keys(labels).map((name) => [name, "other"]));
}

function sample(name: string, labels: string, value: number): string {
  return `${name}${labels} ${numberText(value)}`;
}

const printed = new WeakMap<MetricLabels, string>();

function labelsText(labels: MetricLabels): string {
  const known = printed.get(labels);
  if (known !== undefined) return known;
  const text = printLabels(labels);
  printed.set(labels, text);
  return text;
}

/** `{code="200",verb="GET"}`: in the order of names, so that equal labels have one text. */
function printLabels(labels: MetricLabels): string {
  const entries = inOrder(Object.entries(labels));
  const pairs = entries.map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** `labels` with one more pair, which scrapers expect last. */
function withPair(labels: string, pair: string): string {
  return labels === "" ? `{${pair}}` : `${labels.slice(0, -1)},${pair}}`;
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

/** By key, which no two entries share. */
function inOrder<V>(entries: Iterable<readonly [string, V]>): readonly (readonly [string, V])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}
