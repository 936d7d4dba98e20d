/**
 * What the queue of a controller counts, under the names that client-go made known. As upstream's
 * queue with priorities does, `workqueue_retries_total` counts every add that has a delay, whether
 * a failure or a `requeueAfter` asked for it, and whether or not the key is wanted earlier already.
 */
import type { Counter, Gauge, Histogram, Metrics } from "../../base/metrics.ts";

/** 12 from 10 ns on, as in upstream's queues and webhooks. */
export const DECADES_S: readonly number[] = decades(1e-8, 12);

export type QueueMetrics = {
  readonly unfinished: (read: () => number) => void;
  readonly longest: (read: () => number) => void;
  readonly added: () => void;
  readonly retried: () => void;
  readonly waited: (seconds: number) => void;
  readonly worked: (seconds: number) => void;
};

/** All series exist from here on, so that rates are right from the first key. */
export function queueMetrics(metrics: Metrics, name: string): QueueMetrics {
  const labels = { name, controller: name };
  const gauge = (suffix: string, help: string): Gauge => metrics.gauge(`workqueue_${suffix}`, help);
  const counter = (suffix: string, help: string): Counter => {
    const made = metrics.counter(`workqueue_${suffix}`, help);
    made.add(labels, 0);
    return made;
  };
  const histogram = (suffix: string, help: string): Histogram => {
    const made = metrics.histogram(`workqueue_${suffix}`, help, DECADES_S);
    made.touch(labels);
    return made;
  };
  const adds = counter("adds_total", "Keys added");
  const retries = counter(
    "retries_total",
    "Keys added with a delay: after a failure, or to be looked at later",
  );
  const queued = histogram("queue_duration_seconds", "How long a key waits for a worker");
  const work = histogram("work_duration_seconds", "How long a worker has a key");
  const unfinished = gauge("unfinished_work_seconds", "Work in progress, summed over all workers");
  const longest = gauge(
    "longest_running_processor_seconds",
    "Work in progress of the slowest worker",
  );
  return {
    unfinished: (read) => unfinished.read(labels, read),
    longest: (read) => longest.read(labels, read),
    added: () => adds.add(labels),
    retried: () => retries.add(labels),
    waited: (seconds) => queued.observe(labels, seconds),
    worked: (seconds) => work.observe(labels, seconds),
  };
}

/** `count` bounds from `first` on, each ten times the one before: multiplied, as Go makes them. */
function decades(first: number, count: number): readonly number[] {
  const bounds: number[] = [];
  for (let bound = first; bounds.length < count; bound *= 10) bounds.push(bound);
  return bounds;
}
