import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";
import { observeProcess, type ProcessFigures, type ProcessSnapshot } from "./process-figures.ts";

const SNAPSHOT: ProcessSnapshot = {
  cpuUserSeconds: 1.5,
  cpuSystemSeconds: 0.5,
  residentBytes: 100,
  heapTotalBytes: 50,
  heapUsedBytes: 40,
  externalBytes: 5,
  heapSpaces: [{ name: "old", totalBytes: 30, usedBytes: 20, availableBytes: 10 }],
  resources: new Map([["Timeout", 2]]),
  loop: {
    lagSeconds: { min: 0, max: 0.2, mean: 0.01, stddev: 0.02, p50: 0, p90: 0.1, p99: 0.15 },
    utilization: 0.25,
  },
  system: {
    virtualBytes: 1_000,
    virtualBytesMax: 2 ** 64,
    openFiles: 7,
    openFilesMax: 1_024,
    receivedBytes: 11,
    transmittedBytes: 12,
  },
};

/** A process whose figures the test sets. */
class ToldProcess implements ProcessFigures {
  readonly startSeconds = 1_767_225_600;
  readonly nodeVersion = "v24.1.2";
  now: ProcessSnapshot = SNAPSHOT;
  looks = 0;
  isClosed = false;
  collected: ((kind: string, seconds: number) => void) | undefined;

  snapshot(): ProcessSnapshot {
    this.looks += 1;
    return this.now;
  }

  onCollection(tell: (kind: string, seconds: number) => void): () => void {
    this.collected = tell;
    return () => (this.collected = undefined);
  }

  close(): void {
    this.isClosed = true;
  }
}

test("one look at the process makes all of its metrics", () => {
  const metrics = createMetrics();
  const told = new ToldProcess();
  observeProcess(metrics, told);
  told.collected?.("minor", 0.002);
  expect(told.looks).toBe(0);
  const lines = metrics.text().split("\n");
  expect(told.looks).toBe(1);
  for (const line of [
    "process_cpu_seconds_total 2",
    "process_cpu_user_seconds_total 1.5",
    "process_cpu_system_seconds_total 0.5",
    "process_resident_memory_bytes 100",
    "process_start_time_seconds 1767225600",
    "process_virtual_memory_max_bytes 18446744073709552000",
    "process_open_fds 7",
    "process_network_receive_bytes_total 11",
    'nodejs_version_info{major="24",minor="1",patch="2",version="v24.1.2"} 1',
    'nodejs_heap_space_size_used_bytes{space="old"} 20',
    "nodejs_heap_size_used_bytes 40",
    "nodejs_eventloop_lag_seconds 0.01",
    "nodejs_eventloop_lag_p99_seconds 0.15",
    "nodejs_eventloop_utilization 0.25",
    'nodejs_active_resources{type="Timeout"} 2',
    "nodejs_active_resources_total 2",
    'nodejs_gc_duration_seconds_bucket{kind="minor",le="0.01"} 1',
  ]) {
    expect(lines).toContain(line);
  }
});

test("a type of resource that is no more has no series", () => {
  const metrics = createMetrics();
  const told = new ToldProcess();
  observeProcess(metrics, told);
  metrics.text();
  told.now = { ...SNAPSHOT, resources: new Map([["TCPSocketWrap", 1]]) };
  expect(metrics.text()).not.toContain('type="Timeout"');
  expect(metrics.text()).toContain('nodejs_active_resources{type="TCPSocketWrap"} 1');
});

test("where the system tells nothing, there are no series of it", () => {
  const metrics = createMetrics();
  const told = new ToldProcess();
  told.now = { ...SNAPSHOT, system: undefined };
  observeProcess(metrics, told);
  expect(metrics.text()).not.toMatch(/^process_open_fds /m);
});

test("when it ends, nothing is looked at any more", () => {
  const metrics = createMetrics();
  const told = new ToldProcess();
  const end = observeProcess(metrics, told);
  end();
  metrics.text();
  expect([told.looks, told.isClosed, told.collected]).toEqual([0, true, undefined]);
});
