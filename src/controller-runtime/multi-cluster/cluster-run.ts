/**
 * The life of one cluster in a fleet: connected, its controllers at work, connected anew when
 * something fails or its credentials change, ended when it goes. It has a manager of its own, with
 * views, queues, workers and back-off, so that no cluster waits for another.
 */
import type { Context } from "../../base/context.ts";
import { Backoff } from "../../base/backoff.ts";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { createMetrics, type Metrics } from "../../base/metrics.ts";
import { aborted, childSignal, orAborted } from "../../base/signals.ts";
import { Namespace } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type { ClientMetrics } from "../../client/metered-transport.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { interceptedClient } from "../../client/wrappers/intercepted-client.ts";
import type { Informers } from "../../informer/informers.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { Labels } from "../../machinery/labels.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus, StatusError } from "../../machinery/status.ts";
import type { ClusterReport } from "../http/debug/debug-report.ts";
import type { HealthCheck } from "../manager/health.ts";
import { createManager, type Manager } from "../manager/manager.ts";
import type { ManagerOptions } from "../manager/manager-options.ts";
import { viewChecks } from "../manager/view-health.ts";
import { withinTime } from "../within-time.ts";
import { ClusterAwayError, type FleetCluster } from "./clusters.ts";
import type { Cluster } from "./cluster.ts";
import type { FleetManagerOptions } from "./fleet-options.ts";
import { handleClient } from "./handle-client.ts";
import { Reachability } from "./reachability.ts";

const CONNECTING = "it is being connected";

/** Between two looks at a cluster that is away. */
export const PROBE_MS = 10_000;
/** How long a cluster that is connected waits for views that others have asked for. */
export const VIEWS_MS_MAX = 30_000;
const RETRY = { initialMs: 1_000, maxMs: 60_000, factor: 2, jitter: 0.5, resetMs: 300_000 };

/** Nothing is written to a cluster any more that the fleet has let go of. */
export class ClusterGoneError extends Error {
  override readonly name = "ClusterGoneError";
}

export type ClusterRunParts = {
  readonly env: Env;
  readonly callMsMax: number;
  readonly clientMetrics?: ClientMetrics | undefined;
  /** What the manager of a cluster is made with, besides what is the cluster's own. */
  readonly managerOf: (
    cluster: string,
  ) => Pick<
    ManagerOptions,
    "controllers" | "debug" | "installsDefinitions" | "gracefulStopMsMax" | "syncMsMax"
  >;
  readonly informersOf?: FleetManagerOptions["informers"];
  /** Whether this process may write at all; asked before each write. */
  readonly holds: () => boolean;
  readonly changed: () => void;
  readonly connected: (informers: Informers, life: AbortSignal) => void;
};

/** What is there while a cluster is connected. */
type Connected = { readonly manager: Manager; readonly handle: Client };

export class ClusterRun implements FleetCluster {
  readonly name: string;
  readonly client: Client;
  readonly #parts: ClusterRunParts;
  readonly #reach: Reachability;
  #cluster: Cluster;
  #metrics: Metrics = createMetrics();
  #connected: Connected | undefined;
  /** Views that are waited for. */
  #waited: Informers | undefined;
  #problem = CONNECTING;
  #reconnect: (() => void) | undefined;

  constructor(cluster: Cluster, parts: ClusterRunParts) {
    this.name = cluster.name;
    this.#cluster = cluster;
    this.#parts = parts;
    this.#reach = new Reachability(() => this.#parts.changed());
    this.client = lateClient(() => this.#handle());
  }

  get labels(): Labels {
    return this.#cluster.labels ?? {};
  }

  get isReady(): boolean {
    return this.#connected !== undefined && this.#reach.problem === undefined;
  }

  get state(): string {
    if (this.#connected === undefined) return this.#filling() ?? this.#problem;
    return this.#reach.problem ?? "connected";
  }

  get informers(): Informers | undefined {
    return this.#connected?.manager.deps.informers;
  }

  /** Of this connection. */
  get metrics(): Metrics {
    return this.#metrics;
  }

  async get<T extends ApiObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    context: Context,
  ): Promise<T | undefined> {
    const informer = this.informers?.peek(type);
    if (informer?.hasSynced() === true) return informer.lister.get(key);
    try {
      return await this.client.get(type, key, context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return undefined;
      throw error;
    }
  }

  /** For readiness: it says how the cluster is, and counts for nothing. */
  check(): HealthCheck {
    const controllers = this.#connected?.manager.readyz().checks ?? [];
    const bad = controllers.find(({ isOk }) => !isOk);
    const isOk = this.isReady && bad === undefined;
    const state = this.isReady && bad !== undefined ? `${bad.name}: ${bad.state}` : this.state;
    return { name: `cluster/${this.name}`, isOk, state };
  }

  /** For the debug page. */
  report(): ClusterReport {
    const report = this.#connected?.manager.debug();
    return { name: this.name, state: this.state, report };
  }

  /** What a provider says of it now. */
  tell(cluster: Cluster): void {
    const before = this.#cluster;
    this.#cluster = cluster;
    if ((before.fingerprint ?? "") !== (cluster.fingerprint ?? "")) this.#reconnect?.();
    if (JSON.stringify(before.labels) !== JSON.stringify(cluster.labels)) {
      this.#parts.changed();
    }
  }

  /** Lives until the signal aborts. No error ends it. */
  async run(context: Context): Promise<void> {
    const { env } = this.#parts;
    const log = context.log.with({ cluster: this.name });
    const backoff = new Backoff(RETRY, env);
    while (!context.signal.aborted) {
      const life = childSignal(context.signal);
      this.#reconnect = () => life.abort();
      try {
        await this.#live({ ...context, log, signal: life.signal });
      } catch (error) {
        this.#problem = errorText(error);
        if (!life.signal.aborted) log.warn("the cluster is away; it is tried again", { error });
      } finally {
        life.release();
      }
      this.#parts.changed();
      if (life.signal.aborted) continue; // ended, or to be connected anew
      const delayMs = backoff.next();
      const wait = childSignal(context.signal);
      this.#reconnect = () => wait.abort();
      await env.timers.sleep(delayMs, wait.signal).catch(() => undefined);
      wait.release();
    }
    this.#reconnect = undefined;
  }

  /** One connection, from its beginning to its end. */
  async #live(context: Context): Promise<void> {
    const { env } = this.#parts;
    const options = this.#parts.managerOf(this.name);
    const metrics = createMetrics();
    this.#metrics = metrics;
    this.#problem = CONNECTING;
    const { clientMetrics } = this.#parts;
    const connection = await this.#cluster.connect({ env, metrics, clientMetrics });
    let isOpen = true;
    try {
      const fenced = this.#fenced(connection.client, () => isOpen);
      const client = this.#reach.watched(fenced);
      await this.#probe(client, context);
      const ready = {
        name: "fleet",
        run: (inside: Context) => this.#serve(manager, inside),
      };
      const informers = this.#parts.informersOf?.({ client, env, metrics }, this.name);
      const views = informers === undefined ? {} : { informers };
      const parts = { ...options, ...views, client, env, metrics };
      const manager = createManager({ ...parts, runnables: [ready] });
      await manager.run(context);
    } finally {
      isOpen = false;
      this.#connected = undefined;
      this.#problem = "its connection has ended";
      await connection.close?.();
    }
  }

  /** The views are there: tells those who wait for the cluster, and looks after it. */
  async #serve(manager: Manager, context: Context): Promise<void> {
    const { env, callMsMax, connected } = this.#parts;
    const handle = handleClient(manager.deps.client, {
      cluster: this.name,
      problem: () => this.#reach.problem,
      late: (problem) => this.#reach.tell(problem),
      callMsMax,
      env,
    });
    const { informers } = manager.deps;
    connected(informers, context.signal);
    await this.#viewsAreFilled(informers, context.signal);
    if (context.signal.aborted) return;
    this.#connected = { manager, handle };
    context.log.info("the cluster is connected");
    this.#parts.changed();
    const probing = this.#watch(manager.deps.client, context);
    await aborted(context.signal);
    this.#connected = undefined;
    await probing;
  }

  /** A kind that cannot be listed there keeps the cluster from being ready for a while only. */
  async #viewsAreFilled(informers: Informers, signal: AbortSignal): Promise<void> {
    const limit = childSignal(signal);
    const timer = this.#parts.env.timers.after(VIEWS_MS_MAX, () => limit.abort());
    this.#waited = informers;
    try {
      await orAborted(informers.waitForSync(limit.signal), limit.signal);
    } catch (error) {
      if (!limit.signal.aborted) throw error;
    } finally {
      timer.cancel();
      limit.release();
      this.#waited = undefined;
    }
  }

  /** Which view is waited for, and why it is not there. */
  #filling(): string | undefined {
    const checks = viewChecks(this.#waited?.status() ?? []);
    const missing = checks.find(({ isOk }) => !isOk);
    return missing === undefined ? undefined : `${missing.name}: ${missing.state}`;
  }

  /** Looks again and again at a cluster that is away: there may be no other calls to tell. */
  async #watch(client: Client, context: Context): Promise<void> {
    while (!context.signal.aborted) {
      await this.#parts.env.timers.sleep(PROBE_MS, context.signal).catch(() => undefined);
      if (context.signal.aborted || this.#reach.problem === undefined) continue;
      await this.#probe(client, context).catch(() => undefined);
    }
  }

  /** Throws unless there is an answer, whatever it says. */
  async #probe(client: Client, context: Context): Promise<void> {
    const { env, callMsMax: limitMs } = this.#parts;
    const late = (): Error => new Error(`it did not answer within ${limitMs} ms`);
    try {
      await withinTime((inside) => client.list(Namespace, { limit: 1 }, inside), context, {
        limitMs,
        late,
        env,
      });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  /** What was let go of, or is another process's by now, is not written to. */
  #fenced(client: Client, isOpen: () => boolean): Client {
    return interceptedClient(client, (call, next) => {
      if (!call.isWrite || (isOpen() && this.#parts.holds())) return next();
      const why = "the fleet of this process has let go of it: nothing was written";
      return Promise.reject(new ClusterGoneError(`cluster ${this.name}: ${why}`));
    });
  }

  #handle(): Client {
    if (this.#connected !== undefined) return this.#connected.handle;
    throw new ClusterAwayError(this.name, this.#problem);
  }
}

/** A client that is looked up at each call; a look-up that throws is a call that fails. */
function lateClient(find: () => Client): Client {
  return {
    get: async (...call) => find().get(...call),
    list: async (...call) => find().list(...call),
    watch: async (...call) => find().watch(...call),
    create: async (...call) => find().create(...call),
    update: async (...call) => find().update(...call),
    updateStatus: async (...call) => find().updateStatus(...call),
    patch: async (...call) => find().patch(...call),
    delete: async (...call) => find().delete(...call),
    deleteCollection: async (...call) => find().deleteCollection(...call),
    createSubresource: async (...call) => find().createSubresource(...call),
    updateSubresource: async (...call) => find().updateSubresource(...call),
  };
}
