/** The process this runs in, as Node and Linux tell of it. */
import { readdirSync, readFileSync } from "node:fs";
import { constants, monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics } from "node:v8";
import type {
  HeapSpace,
  LoopFigures,
  ProcessFigures,
  ProcessSnapshot,
  SystemFigures,
} from "../process-figures.ts";

/** How often the event loop is asked whether it is late. */
const LOOP_SAMPLE_MS = 10;

/** Measures from now on, until it is closed; does not keep the program alive. */
export function realProcess(): ProcessFigures {
  const loop = loopWatch();
  return {
    startSeconds: (Date.now() - process.uptime() * 1_000) / 1_000,
    nodeVersion: process.version,
    snapshot: () => snapshot(loop.read()),
    onCollection,
    close: loop.close,
  };
}

function snapshot(loop: LoopFigures): ProcessSnapshot {
  const cpu = process.cpuUsage();
  const memory = process.memoryUsage();
  return {
    cpuUserSeconds: cpu.user / 1e6,
    cpuSystemSeconds: cpu.system / 1e6,
    residentBytes: memory.rss,
    heapTotalBytes: memory.heapTotal,
    heapUsedBytes: memory.heapUsed,
    externalBytes: memory.external,
    heapSpaces: heapSpaces(),
    resources: resources(),
    loop,
    system: systemFigures(),
  };
}

function heapSpaces(): readonly HeapSpace[] {
  return getHeapSpaceStatistics().map((space) => ({
    name: space.space_name.replace(/_space$/, ""),
    totalBytes: space.space_size,
    usedBytes: space.space_used_size,
    availableBytes: space.space_available_size,
  }));
}

function resources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

/** The time between two samples is their distance and the lag: only the latter is told. */
function loopWatch(): { readonly read: () => LoopFigures; readonly close: () => void } {
  const delays = monitorEventLoopDelay({ resolution: LOOP_SAMPLE_MS });
  delays.enable();
  let busy = performance.eventLoopUtilization();
  const lag = (nanoseconds: number): number => {
    const isTold = Number.isFinite(nanoseconds) && delays.count > 0;
    return isTold ? Math.max(0, nanoseconds / 1e9 - LOOP_SAMPLE_MS / 1e3) : 0;
  };
  const read = (): LoopFigures => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, busy);
    busy = now;
    const stddev = Number.isFinite(delays.stddev) ? delays.stddev / 1e9 : 0;
    const lagSeconds = {
      min: lag(delays.min),
      max: lag(delays.max),
      mean: lag(delays.mean),
      stddev,
      p50: lag(delays.percentile(50)),
      p90: lag(delays.percentile(90)),
      p99: lag(delays.percentile(99)),
    };
    delays.reset();
    return { lagSeconds, utilization };
  };
  return { read, close: () => void delays.disable() };
}

const COLLECTIONS: ReadonlyMap<unknown, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weakcb"],
]);

function onCollection(tell: (kind: string, seconds: number) => void): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      tell(kindOf(entry) ?? "other", entry.duration / 1_000);
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  return () => observer.disconnect();
}

function kindOf(entry: object): string | undefined {
  const detail: unknown = "detail" in entry ? entry.detail : undefined;
  const isKind = typeof detail === "object" && detail !== null && "kind" in detail;
  return isKind ? COLLECTIONS.get(detail.kind) : undefined;
}

/** Undefined where there is no `/proc`. */
function systemFigures(): SystemFigures | undefined {
  try {
    const limits = readFileSync("/proc/self/limits", "latin1");
    const network = networkFigures(readFileSync("/proc/self/net/netstat", "latin1"));
    return {
      virtualBytes: virtualBytes(readFileSync("/proc/self/stat", "latin1")),
      virtualBytesMax: limitOf(limits, "Max address space"),
      openFiles: readdirSync("/proc/self/fd").length - 1, // one was open to read the folder
      openFilesMax: limitOf(limits, "Max open files"),
      receivedBytes: network.get("InOctets") ?? 0,
      transmittedBytes: network.get("OutOctets") ?? 0,
    };
  } catch {
    return undefined; // no Linux, or it is not allowed to look
  }
}

/** The 23rd field; the second one is in brackets and may hold anything. */
function virtualBytes(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[20] ?? 0);
}

/** What is not limited has the greatest number that fits, as other clients of Prometheus say. */
function limitOf(limits: string, name: string): number {
  const line = limits.split("\n").find((each) => each.startsWith(name)) ?? "";
  const [soft = "unlimited"] = line.slice(name.length).trim().split(/\s+/);
  return soft === "unlimited" ? 2 ** 64 : Number(soft);
}

/** Two lines each: names, then values. */
function networkFigures(netstat: string): ReadonlyMap<string, number> {
  const lines = netstat.split("\n").filter((line) => line.startsWith("IpExt:"));
  const [names = [], values = []] = lines.map((line) => line.split(" "));
  return new Map(names.map((name, index) => [name, Number(values[index] ?? 0)]));
}
