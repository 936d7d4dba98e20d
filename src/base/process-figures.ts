/**
 * What a process tells of itself: the seam (`base/real/process-figures.ts` is behind it) and the
 * metrics that are made of it. `process_*` are named as Prometheus clients of all languages name
 * them, `nodejs_*` as the `prom-client` package does, so that its dashboards work.
 */
import type { Counter, Gauge, MetricLabels, Metrics } from "./metrics.ts";

/** Figures of this moment. */
export type ProcessSnapshot = {
  readonly cpuUserSeconds: number;
  readonly cpuSystemSeconds: number;
  readonly residentBytes: number;
  readonly heapTotalBytes: number;
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  readonly heapSpaces: readonly HeapSpace[];
  /** What keeps the event loop busy or waiting, e.g. `Timeout`: how many there are of each. */
  readonly resources: ReadonlyMap<string, number>;
  readonly loop: LoopFigures;
  /** Undefined where the system does not tell. */
  readonly system: SystemFigures | undefined;
};

/** Of one part of the heap. */
export type HeapSpace = {
  readonly name: string;
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly availableBytes: number;
};

/** Since the snapshot before this one. */
export type LoopFigures = {
  /** By how much the event loop was late; 0 is none. */
  readonly lagSeconds: Readonly<Record<LagFigure, number>>;
  /** The share of the time in which the loop was busy, from 0 to 1. */
  readonly utilization: number;
};

/** What is told of how late the event loop was. */
export type LagFigure = "min" | "max" | "mean" | "stddev" | "p50" | "p90" | "p99";

/** What Linux knows of the process. */
export type SystemFigures = {
  readonly virtualBytes: number;
  readonly virtualBytesMax: number;
  readonly openFiles: number;
  readonly openFilesMax: number;
  readonly receivedBytes: number;
  readonly transmittedBytes: number;
};

/** A process that can be looked at. */
export interface ProcessFigures {
  /** In seconds since 1970. */
  readonly startSeconds: number;
  /** Of Node, e.g. `v24.1.0`. */
  readonly nodeVersion: string;
  snapshot(): ProcessSnapshot;
  /** Tells of each garbage collection, until the answer is called. */
  onCollection(tell: (kind: string, seconds: number) => void): () => void;
  /** Ends what measures the event loop. */
  close(): void;
}

const COLLECTION_SECONDS_BUCKETS: readonly number[] = [0.001, 0.01, 0.1, 1, 2, 5];

/** Shows the figures whenever the metrics are read, until the answer is called. */
export function observeProcess(metrics: Metrics, figures: ProcessFigures): () => void {
  const show = shownFigures(metrics);
  const about = metrics.gauge("nodejs_version_info", "The version of Node");
  const [major = "", minor = "", patch = ""] = figures.nodeVersion.replace(/^v/, "").split(".");
  about.set({ version: figures.nodeVersion, major, minor, patch }, 1);
  const start = "When the process was started, in seconds since 1970";
  metrics.gauge("process_start_time_seconds", start).set({}, figures.startSeconds);
  const collections = metrics.histogram(
    "nodejs_gc_duration_seconds",
    "How long garbage collections take, by kind: major, minor, incremental or weakcb",
    COLLECTION_SECONDS_BUCKETS,
  );
  const endCollections = figures.onCollection((kind, seconds) => {
    collections.observe({ kind }, seconds);
  });
  const endReads = metrics.beforeRead(() => show(figures.snapshot()));
  return () => {
    endReads();
    endCollections();
    figures.close();
  };
}

function shownFigures(metrics: Metrics): (snapshot: ProcessSnapshot) => void {
  const shows = [cpu(metrics), memory(metrics), loop(metrics), system(metrics)];
  return (snapshot) => {
    for (const show of shows) show(snapshot);
  };
}

type Show = (snapshot: ProcessSnapshot) => void;

const NONE: MetricLabels = {};

function cpu(metrics: Metrics): Show {
  const all = metrics.counter("process_cpu_seconds_total", "Processor time, in all");
  const user = metrics.counter("process_cpu_user_seconds_total", "Processor time of the program");
  const system = metrics.counter(
    "process_cpu_system_seconds_total",
    "Processor time of the system on behalf of the program",
  );
  return ({ cpuUserSeconds, cpuSystemSeconds }) => {
    stands(all, cpuUserSeconds + cpuSystemSeconds);
    stands(user, cpuUserSeconds);
    stands(system, cpuSystemSeconds);
  };
}

/** A counter that is kept elsewhere stands at this. */
function stands(counter: Counter, value: number): void {
  counter.read(NONE, () => value);
}

function memory(metrics: Metrics): Show {
  const resident = metrics.gauge("process_resident_memory_bytes", "Memory in use");
  const heap = metrics.gauge("process_heap_bytes", "Memory that the heap has");
  const total = metrics.gauge("nodejs_heap_size_total_bytes", "Memory that the heap has");
  const used = metrics.gauge("nodejs_heap_size_used_bytes", "Memory that the heap uses");
  const external = metrics.gauge(
    "nodejs_external_memory_bytes",
    "Memory outside of the heap that belongs to objects in it",
  );
  const space = (what: string, help: string): Gauge =>
    metrics.gauge(`nodejs_heap_space_size_${what}_bytes`, `${help}, by part of the heap`);
  const spaceTotal = space("total", "Memory that the heap has");
  const spaceUsed = space("used", "Memory that the heap uses");
  const spaceAvailable = space("available", "Memory that the heap has and does not use");
  return (snapshot) => {
    resident.set(NONE, snapshot.residentBytes);
    heap.set(NONE, snapshot.heapTotalBytes);
    total.set(NONE, snapshot.heapTotalBytes);
    used.set(NONE, snapshot.heapUsedBytes);
    external.set(NONE, snapshot.externalBytes);
    for (const { name, totalBytes, usedBytes, availableBytes } of snapshot.heapSpaces) {
      const labels = { space: name };
      spaceTotal.set(labels, totalBytes);
      spaceUsed.set(labels, usedBytes);
      spaceAvailable.set(labels, availableBytes);
    }
  };
}

const LAGS: readonly (readonly [figure: LagFigure, words: string])[] = [
  ["min", "The least"],
  ["max", "The greatest"],
  ["mean", "The mean"],
  ["stddev", "The standard deviation of the"],
  ["p50", "The median"],
  ["p90", "The 90th percentile of the"],
  ["p99", "The 99th percentile of the"],
];

function loop(metrics: Metrics): Show {
  const lag = metrics.gauge(
    "nodejs_eventloop_lag_seconds",
    "By how much the event loop was late on average, since the last look",
  );
  const utilization = metrics.gauge(
    "nodejs_eventloop_utilization",
    "The share of the time in which the event loop was busy, since the last look",
  );
  const lags = LAGS.map(([figure, words]) => {
    const help = `${words} lag of the event loop since the last look`;
    return [figure, metrics.gauge(`nodejs_eventloop_lag_${figure}_seconds`, help)] as const;
  });
  const resources = resourceGauges(metrics);
  return (snapshot) => {
    const { lagSeconds } = snapshot.loop;
    lag.set(NONE, lagSeconds.mean);
    utilization.set(NONE, snapshot.loop.utilization);
    for (const [figure, gauge] of lags) gauge.set(NONE, lagSeconds[figure]);
    resources(snapshot);
  };
}

/** Kinds that are no more lose their series. */
function resourceGauges(metrics: Metrics): Show {
  const each = metrics.gauge(
    "nodejs_active_resources",
    "What keeps the process alive, such as sockets and timers, by type",
  );
  const all = metrics.gauge(
    "nodejs_active_resources_total",
    "What keeps the process alive, such as sockets and timers",
  );
  let shown: readonly string[] = [];
  return ({ resources }) => {
    for (const type of shown) if (!resources.has(type)) each.remove({ type });
    shown = [...resources.keys()];
    let sum = 0;
    for (const [type, count] of resources) {
      each.set({ type }, count);
      sum += count;
    }
    all.set(NONE, sum);
  };
}

function system(metrics: Metrics): Show {
  const virtual = metrics.gauge("process_virtual_memory_bytes", "Memory that has an address");
  const virtualMax = metrics.gauge(
    "process_virtual_memory_max_bytes",
    "Memory that may have an address",
  );
  const files = metrics.gauge("process_open_fds", "File descriptors that are open");
  const filesMax = metrics.gauge("process_max_fds", "File descriptors that may be open");
  const received = metrics.counter(
    "process_network_receive_bytes_total",
    "Bytes that came in over the network the process is in",
  );
  const transmitted = metrics.counter(
    "process_network_transmit_bytes_total",
    "Bytes that went out over the network the process is in",
  );
  return ({ system: told }) => {
    if (told === undefined) return;
    virtual.set(NONE, told.virtualBytes);
    virtualMax.set(NONE, told.virtualBytesMax);
    files.set(NONE, told.openFiles);
    filesMax.set(NONE, told.openFilesMax);
    stands(received, told.receivedBytes);
    stands(transmitted, told.transmittedBytes);
  };
}
