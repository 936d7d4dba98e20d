/**
 * `setpoint/controller-runtime`: write a controller once, run it in this process against Setpoint
 * or unchanged against any Kubernetes cluster.
 *
 * In the order a newcomer meets them: a `Reconciler` brings the world closer to what one object
 * declares and answers with an `Outcome`; sources say what wakes it; a `ControllerSpec` names both;
 * a manager gives many of them informers, queues, workers and an orderly life.
 */
export { DONE, requeueAfter, TerminalError, type Outcome, type Reconciler } from "./outcome.ts";
export type { Enqueue, Source, Trigger } from "./source.ts";
export {
  channelSource,
  ownedSource,
  ownSource,
  periodicSource,
  watchSource,
  type ChannelSource,
  type WatchSourceOptions,
} from "./sources.ts";
export {
  allOf,
  annotationsChanged,
  anyOf,
  generationChanged,
  labelsChanged,
  not,
  type Predicate,
} from "./predicates.ts";
export type { ControllerDeps, ControllerSpec } from "./controller-spec.ts";
export {
  createManager,
  type Health,
  type HealthCheck,
  type Manager,
  type ManagerOptions,
} from "./manager.ts";
export type { LeaderElection, Runnable } from "./runnable.ts";
export { Controller, ReconcileTimeout, type ControllerState } from "./controller.ts";
export { observingClient } from "./own-writes.ts";
export { slowStartBatch, type BatchResult } from "./slow-start.ts";
export {
  createMetrics,
  type Counter,
  type Gauge,
  type Histogram,
  type MetricLabels,
  type Metrics,
} from "../base/metrics.ts";
