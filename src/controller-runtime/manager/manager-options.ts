/** What a manager can be told, and what holds where it is told nothing. */
import { assert } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { createMetrics, type Metrics } from "../../base/metrics.ts";
import { checkOptions, type OptionNames } from "../../base/option-names.ts";
import { realEnv } from "../../base/real/env.ts";
import type { Client } from "../../client/client.ts";
import { createEventRecorder } from "../../client/event-recorder.ts";
import type { EventRecorder } from "../../client/event-recorder-types.ts";
import type { ClientMetrics } from "../../client/metered-transport.ts";
import { clientOfProgram } from "../../client/node/program-environment.ts";
import {
  createInformers,
  type Informers,
  type InformersOptions,
} from "../../informer/informers.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import type { ProbeServerOptions } from "../http/probe-server.ts";
import { isLeaseOptions, leaseElection, type LeaseOptions } from "./lease-election.ts";
import { tracedClient } from "../tracing/traced-client.ts";
import { tracedElection } from "../tracing/traced-election.ts";
import type { Tracer } from "../tracing/tracer.ts";
import { Tracing } from "../tracing/tracing.ts";
import type { ProcessMetricsOptions } from "./process-metrics.ts";
import type { LeaderElection, Runnable } from "./runnable.ts";
import type { WebhookOptions } from "../webhooks/webhook-options.ts";
import type { ReconcileLog } from "../../trace/reconcile-record.ts";
import { WatchCount } from "./watch-count.ts";
import type { ShardOptions } from "../sharding/shard-options.ts";

export const GRACEFUL_STOP_MS_MAX = 30_000;
/** What `createManager` can be told. Only `controllers` is needed. */
export type ManagerOptions = ProcessMetricsOptions & {
  /** Default: of the cluster that KUBECONFIG names, that this runs in, or of `~/.kube/config`. */
  readonly client?: Client;
  /**
   * Those there are, or what they are told, for example `{ memory: { bytesMax: 200e6 } }`.
   * Default: informers of everything that is asked for.
   */
  readonly informers?: Informers | InformersOptions;
  /** Default: one that speaks as `controller-manager`; its life is the manager's. */
  readonly recorder?: EventRecorder;
  /** Default: the real world. */
  readonly env?: Env;
  /** Made at once, so that the informers they need are known before `run()`. */
  readonly controllers: readonly ((deps: ControllerDeps) => ControllerSpec)[];
  /**
   * Whether the definitions of kinds made with `defineResource` are applied before the start
   * (default false: it takes rights that few controllers should have).
   */
  readonly installsDefinitions?: boolean;
  /** Run whether this process leads or not, e.g. the event recorder. */
  readonly runnables?: readonly Runnable[];
  /**
   * Answers the cluster's questions about objects: what `admission()` and `conversion()` declare.
   * Served by every process, whether it leads or not. Default: none.
   */
  readonly webhooks?: WebhookOptions;
  /** Serve `/healthz`, `/readyz` and `/metrics`. Default: they are not served. */
  readonly probes?: ProbeServerOptions;
  /**
   * Whether runs, calls and last errors are remembered for `manager.debug()` (default: as
   * `probes.debug`).
   */
  readonly debug?: boolean;
  /**
   * The lease that processes like this one share: one of them works, the others keep their views up
   * and wait. Default: this process always leads.
   */
  readonly leaderElection?: LeaderElection | LeaseOptions;
  /**
   * Several processes like this one share the keys of their controllers, each key with one of them
   * at a time. Default: this process has all keys. Excludes `leaderElection`.
   */
  readonly shards?: ShardOptions;
  /** Default: a registry of its own. */
  readonly metrics?: Metrics;
  /**
   * What the manager's own client tells of requests besides their number (default: nothing), e.g.
   * `["duration", "retries"]` or `"all"`. A client that is given counts by its own options.
   */
  readonly clientMetrics?: ClientMetrics;
  /**
   * Makes spans of reconciles, requests, lists and elections: any OpenTelemetry `Tracer`, such as
   * `trace.getTracer("my-operator")` (default: none are made, at no cost).
   */
  readonly tracer?: Tracer;
  /**
   * Keeps what the last reconciles read, wrote and asked for, to be explained later (default: it is
   * not kept, at no cost).
   */
  readonly reconcileLog?: ReconcileLog;
  /** How long controllers may take to stop, in milliseconds (default 30 s). */
  readonly gracefulStopMsMax?: number;
  /**
   * How long the server may be away at the start, and the first lists may take, in milliseconds,
   * before the manager ends with an error. Default: it waits for ever, and says for what.
   */
  readonly syncMsMax?: number;
};

/** The options with everything decided. */
export type QualifiedOptions = Omit<ManagerOptions, "leaderElection" | "informers"> &
  Required<Pick<ManagerOptions, "client" | "recorder" | "env" | "metrics">> & {
    readonly informers: Informers;
    readonly leaderElection: LeaderElection | undefined;
    readonly tracing: Tracing | undefined;
    readonly debug: boolean;
    /** Undefined: it is not known how many watches the informers begin. */
    readonly watchCount: WatchCount | undefined;
    /** The address of the server, of a client that is the manager's own, once it is known. */
    readonly server: () => string | undefined;
    /** Ends the connections of a client that is the manager's own. */
    readonly close: () => Promise<void>;
  };

const NAMES: OptionNames<ManagerOptions> = {
  processMetrics: true,
  client: true,
  informers: true,
  recorder: true,
  env: true,
  controllers: true,
  installsDefinitions: true,
  runnables: true,
  webhooks: true,
  probes: true,
  debug: true,
  leaderElection: true,
  shards: true,
  metrics: true,
  clientMetrics: true,
  tracer: true,
  reconcileLog: true,
  gracefulStopMsMax: true,
  syncMsMax: true,
};

/** Decides what was left open. */
export function withDefaults(options: ManagerOptions): QualifiedOptions {
  checkOptions("createManager", options, NAMES);
  if (options.shards !== undefined && options.leaderElection !== undefined) {
    throw new TypeError("shards, leaderElection: one of them; with shards every process works");
  }
  const { env = realEnv(), metrics = createMetrics(), runnables = [] } = options;
  const { clientMetrics } = options;
  const own =
    options.client === undefined ? clientOfProgram({ env, metrics, clientMetrics }) : undefined;
  const close = (): Promise<void> => own?.close() ?? Promise.resolve();
  const server = (): string | undefined => own?.server();
  const plain = options.client ?? own?.client;
  assert(plain !== undefined, "one of the two is there");
  const { tracer, leaderElection: given } = options;
  const known = tracer instanceof Tracing ? tracer : undefined;
  const tracing = known ?? (tracer === undefined ? undefined : new Tracing(tracer));
  const client = tracing === undefined ? plain : tracedClient(plain, tracing);
  const isTold = options.debug ?? options.probes?.debug ?? false;
  const { informers: wanted = {} } = options;
  const watchCount = isTold && !areInformers(wanted) ? new WatchCount() : undefined;
  const followed = watchCount?.follow(client) ?? client;
  const informers = areInformers(wanted)
    ? wanted
    : createInformers({ client: followed, env, metrics }, wanted);
  const chosen =
    given !== undefined && isLeaseOptions(given)
      ? leaseElection(given, { client: plain, env, metrics })
      : given;
  const isTraced = tracer !== undefined && chosen !== undefined;
  const leaderElection = isTraced ? tracedElection(chosen, tracer) : chosen;
  const debug = { debug: isTold, watchCount };
  const parts = {
    metrics,
    client,
    server,
    close,
    env,
    informers,
    leaderElection,
    tracing,
    ...debug,
  };
  const decided = { ...options, ...parts };
  if (options.recorder !== undefined) return { ...decided, recorder: options.recorder };
  const recorder = createEventRecorder({ client, env }, { component: "controller-manager" });
  const events = { name: "events", run: (context: Context) => recorder.run(context) };
  return { ...decided, recorder, runnables: [...runnables, events] };
}

function areInformers(given: Informers | InformersOptions): given is Informers {
  return "peek" in given;
}
