/**
 * Counters, gauges and histograms of one process; `metrics-text.ts` writes them for scrapers.
 *
 * Asking twice for a name gives the same family, so that parts that know nothing of each other may
 * share a registry. Series exist from their first touch on: a caller that wants a zero before the
 * first event touches it. Labels can come from outside, so a family keeps `SERIES_MAX` series and
 * counts the rest together, under the value "other" of every label. Labels must not change after
 * they were passed; an object that is passed again and again is not printed each time.
 */
import { assert } from "./assert.ts";
import {
  metricsText,
  printLabels,
  type MetricFamily,
  type MetricKind,
  type MetricSample,
  type MetricsFormat,
} from "./metrics-text.ts";

/** Values of a series' labels, by label name; the same names for all series of a family. */
export type MetricLabels = Readonly<Record<string, string>>;

/** Series of one family that are told apart. */
export const SERIES_MAX = 5_000;

/** A figure that only grows, a series for each set of labels. */
export type Counter = {
  /** Adds `by` (default 1; 0 only makes the series visible). */
  add(labels: MetricLabels, by?: number): void;
  /** The value is asked for when the metrics are read; it never goes back either. */
  read(labels: MetricLabels, read: () => number): void;
  /** What it has counted; 0 for a series that is not there. */
  value(labels: MetricLabels): number;
};

/** A figure that goes up and down, a series for each set of labels. */
export type Gauge = {
  /** Makes it this. */
  set(labels: MetricLabels, value: number): void;
  /** Makes it larger by this, or smaller. */
  add(labels: MetricLabels, by: number): void;
  /** The value is asked for when the metrics are read. */
  read(labels: MetricLabels, read: () => number): void;
  /** Ends the series: what it measured is no more. */
  remove(labels: MetricLabels): void;
  /** What it shows; 0 for a series that is not there. */
  value(labels: MetricLabels): number;
};

/** How often a figure was how large, a series for each set of labels. */
export type Histogram = {
  /** Makes the series visible with zero observations. */
  touch(labels: MetricLabels): void;
  /** One more observation. */
  observe(labels: MetricLabels, value: number): void;
  /** Observations so far. */
  count(labels: MetricLabels): number;
};

/** A registry of metrics. Asking twice for a name gives the same family. */
export interface Metrics {
  /** Its name ends in `_total`, by convention. */
  counter(name: string, help: string): Counter;
  gauge(name: string, help: string): Gauge;
  /** `buckets`: upper bounds, ascending, without infinity. */
  histogram(name: string, help: string, buckets: readonly number[]): Histogram;
  /**
   * Calls `refresh` whenever the metrics are read, before they are: for figures that belong
   * together. Answers what ends that.
   */
  beforeRead(refresh: () => void): () => void;
  /** All families in order of their names, as they are now. */
  families(): readonly MetricFamily[];
  /** The same, as a scraper reads them (default: the Prometheus text format 0.0.4). */
  text(format?: MetricsFormat): string;
}

type Family = {
  readonly kind: MetricKind;
  readonly help: string;
  readonly samples: () => readonly MetricSample[];
};

/** An empty registry. */
export function createMetrics(): Metrics {
  const families = new Map<string, { readonly family: Family; readonly handle: unknown }>();
  const once = <H>(name: string, kind: MetricKind, make: () => Made<H>): H => {
    const known = families.get(name);
    if (known === undefined) {
      const made = make();
      families.set(name, made);
      return made.handle;
    }
    assert(known.family.kind === kind, `the metric ${name} has one kind`);
    return known.handle as H; // of the same kind, so made by the same maker
  };
  const refreshes = new Set<{ readonly call: () => void }>();
  const read = (): readonly MetricFamily[] => {
    for (const { call } of refreshes) call();
    return inOrder(families).map(([name, { family }]) => {
      return { name, kind: family.kind, help: family.help, samples: family.samples() };
    });
  };
  return {
    counter: (name, help) => once(name, "counter", () => counterFamily(help)),
    gauge: (name, help) => once(name, "gauge", () => gaugeFamily(help)),
    histogram: (name, help, buckets) =>
      once(name, "histogram", () => histogramFamily(help, buckets)),
    beforeRead: (call) => {
      const refresh = { call };
      refreshes.add(refresh);
      return () => void refreshes.delete(refresh);
    },
    families: read,
    text: (format) => metricsText(read(), format),
  };
}

type Made<H> = { readonly family: Family; readonly handle: H };

/** A number that is kept, or one that is asked for. */
type Level = { value: number; read: (() => number) | undefined };

const levelOf = ({ value, read }: Level): number => (read === undefined ? value : read());

function setLevel(level: Level, value: number): void {
  level.value = value;
  level.read = undefined;
}

function levels(): SeriesMap<Level> {
  return new SeriesMap((): Level => ({ value: 0, read: undefined }));
}

function levelSamples(series: SeriesMap<Level>): readonly MetricSample[] {
  return series.samples((labels, level) => [{ suffix: "", labels, value: levelOf(level) }]);
}

function counterFamily(help: string): Made<Counter> {
  const series = levels();
  const handle: Counter = {
    add: (labels, by = 1) => {
      assert(by >= 0, "a counter never goes back");
      const level = series.of(labels);
      setLevel(level, levelOf(level) + by);
    },
    read: (labels, read) => {
      series.of(labels).read = read;
    },
    value: (labels) => valueOf(series, labels),
  };
  return { family: { kind: "counter", help, samples: () => levelSamples(series) }, handle };
}

function gaugeFamily(help: string): Made<Gauge> {
  const series = levels();
  const handle: Gauge = {
    set: (labels, value) => setLevel(series.of(labels), value),
    add: (labels, by) => {
      const level = series.of(labels);
      setLevel(level, levelOf(level) + by);
    },
    read: (labels, read) => {
      series.of(labels).read = read;
    },
    remove: (labels) => series.remove(labels),
    value: (labels) => valueOf(series, labels),
  };
  return { family: { kind: "gauge", help, samples: () => levelSamples(series) }, handle };
}

function valueOf(series: SeriesMap<Level>, labels: MetricLabels): number {
  const level = series.find(labels);
  return level === undefined ? 0 : levelOf(level);
}

/** `counts[i]`: values above the bound before and up to bound i. */
type Observations = { readonly counts: number[]; count: number; sum: number };

function histogramFamily(help: string, buckets: readonly number[]): Made<Histogram> {
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
  const samples = (): readonly MetricSample[] =>
    series.samples((labels, seen) => {
      let below = 0;
      const counted = buckets.map((bound, index): MetricSample => {
        below += seen.counts[index] ?? 0;
        return { suffix: "_bucket", labels, bound, value: below };
      });
      return [
        ...counted,
        { suffix: "_bucket", labels, bound: Number.POSITIVE_INFINITY, value: seen.count },
        { suffix: "_sum", labels, value: seen.sum },
        { suffix: "_count", labels, value: seen.count },
      ];
    });
  return { family: { kind: "histogram", help, samples }, handle };
}

/** The series of one family, by their printed labels. */
class SeriesMap<V> {
  readonly #series = new Map<string, V>();
  readonly #initial: () => V;
  /** Those asked for last, and their series: most often they are asked for again. */
  #last: { readonly labels: MetricLabels; readonly value: V } | undefined;

  constructor(initial: () => V) {
    this.#initial = initial;
  }

  /** The series with these labels, made if need be. */
  of(labels: MetricLabels): V {
    if (this.#last?.labels === labels) return this.#last.value;
    const text = printLabels(labels);
    const value = this.#series.get(text) ?? this.#make(text, labels);
    this.#last = { labels, value };
    return value;
  }

  find(labels: MetricLabels): V | undefined {
    return this.#series.get(printLabels(labels));
  }

  remove(labels: MetricLabels): void {
    this.#last = undefined;
    this.#series.delete(printLabels(labels));
  }

  /** What `read` makes of each, in the order of their labels. */
  samples(read: (labels: string, value: V) => readonly MetricSample[]): readonly MetricSample[] {
    return inOrder(this.#series).flatMap(([labels, value]) => read(labels, value));
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

/** By key, which no two entries share. */
function inOrder<V>(entries: Iterable<readonly [string, V]>): readonly (readonly [string, V])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}
