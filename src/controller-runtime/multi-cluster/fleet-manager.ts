/**
 * The life of controllers that work in many clusters, which come and go.
 *
 *     fleet -> hub, if there is one: a manager; its leadership is that of the fleet
 *           -> each cluster a provider tells of: a manager of its own, as long as it is there
 *
 * A cluster that is slow, dead or gone holds nobody up: neither the others nor the hub. How each
 * is, `/readyz?verbose` says; the fleet is ready without them, as it can do nothing about them.
 */
import { rootContext, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { createMetrics, type Metrics } from "../../base/metrics.ts";
import { programSignal } from "../../base/real/program.ts";
import { realEnv } from "../../base/real/env.ts";
import { aborted } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { Client } from "../../client/client.ts";
import { clientOfProgram, type ProgramClient } from "../../client/node/program-environment.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import type { DebugReport } from "../http/debug/debug-report.ts";
import { serveProbes } from "../http/probe-server.ts";
import type { Health } from "../manager/health.ts";
import { isLeaseOptions, leaseElection } from "../manager/lease-election.ts";
import { createManager, type Manager } from "../manager/manager.ts";
import { showProcess } from "../manager/process-metrics.ts";
import { emptyReport, fleetReport } from "../manager/manager-report.ts";
import type { LeaderElection } from "../manager/runnable.ts";
import type { ShardOptions } from "../sharding/shard-options.ts";
import { Shards } from "../sharding/shards.ts";
import type { Source } from "../sources/source.ts";
import type { Clusters } from "./clusters.ts";
import { fleetMetrics } from "./fleet-metrics.ts";
import {
  CALL_MS_MAX,
  CLUSTER_SYNC_MS_MAX,
  type FleetManagerOptions,
  type HubOptions,
} from "./fleet-options.ts";
import { Members } from "./members.ts";

type MakeController = (deps: ControllerDeps) => ControllerSpec;

/** A manager for each cluster of a provider, and one for the hub, with one life. */
export interface FleetManager {
  /** Those of the provider, as they are now. */
  readonly clusters: Clusters;
  /** Of all: what is of a cluster has the label `cluster`. */
  readonly metrics: Metrics;
  /**
   * Once. Lives until the signal aborts and everything has ended; without a signal, until the
   * program is asked to end (SIGINT, SIGTERM). Rejects as a manager does, for what is of the hub;
   * whatever fails in a cluster is tried again.
   */
  run(until?: AbortSignal | Context): Promise<void>;
  /** Whether the process does what it should; not ok: restart it. */
  healthz(): Health;
  /** Whether the hub's controllers work, and the provider has told of clusters. */
  readyz(): Health;
  /** What it is doing now, in the hub and in each cluster: what `/debug` shows. */
  debug(): DebugReport;
}

/**
 * A manager for each cluster that a provider tells of, and one for the hub. Throws a `TypeError` if
 * the provider needs a hub and there is none.
 *
 *     await createFleetManager({
 *       hub: { leaderElection: { lease: { namespace: "fleet", name: "sites" } } },
 *       provider: secretClusters({ namespace: "fleet", labels: "fleet=sites" }),
 *       controllers: [sites],
 *     }).run();
 */
export function createFleetManager(options: FleetManagerOptions): FleetManager {
  return new RunningFleet(options);
}

class RunningFleet implements FleetManager {
  readonly metrics: Metrics;
  readonly #env: Env;
  readonly #options: FleetManagerOptions;
  readonly #members: Members;
  readonly #hub: Manager | undefined;
  readonly #program: ProgramClient | undefined;
  #phase: "created" | "running" | "stopped" | "failed" = "created";

  constructor(options: FleetManagerOptions) {
    const { provider, hub, controllers = [], env = realEnv(), informers } = options;
    const { callMsMax = CALL_MS_MAX } = options;
    if (provider.needsHub === true && hub === undefined) {
      const how = "give `hub: {}`, which is the cluster that the program's environment names";
      throw new TypeError(`hub: ${provider.name} looks for clusters there; ${how}`);
    }
    refuseDivided(options);
    this.#env = env;
    this.#options = options;
    const own = options.metrics ?? createMetrics();
    this.metrics = fleetMetrics(own, () =>
      this.#members.list().map((run) => [run.name, run.metrics] as const),
    );
    const isOwnClient = hub !== undefined && hub.client === undefined;
    const counting = { metrics: own, clientMetrics: hub?.clientMetrics ?? options.clientMetrics };
    this.#program = isOwnClient ? clientOfProgram({ env, ...counting }) : undefined;
    const client = hub?.client ?? this.#program?.client;
    const election = electionOf(hub, client, { env, metrics: own });
    const inCluster = (name: string): readonly MakeController[] =>
      controllers.map((make) => spanning(make, { cluster: name, clusters: this.#members }));
    this.#members = new Members({
      provider,
      hub: client,
      env,
      callMsMax,
      clientMetrics: options.clientMetrics,
      ...(informers === undefined ? {} : { informersOf: informers }),
      ...shardsOf(options.shards, { client, env, metrics: own }),
      holds: () => election?.holds?.() ?? true,
      managerOf: (name) => ({
        ...pick(options),
        debug: options.probes?.debug ?? false,
        controllers: inCluster(name),
      }),
    });
    this.#hub = client === undefined ? undefined : this.#makeHub(client, own, election);
    showStates(own, this.#members);
  }

  get clusters(): Clusters {
    return this.#members;
  }

  async run(until?: AbortSignal | Context): Promise<void> {
    if (until !== undefined && !("aborted" in until)) return this.#run(until);
    if (until !== undefined) return this.#run(rootContext(this.#env, until));
    const program = programSignal();
    try {
      await this.#run(rootContext(this.#env, program.signal));
    } finally {
      program.release();
    }
  }

  healthz(): Health {
    const isOk = this.#phase !== "failed";
    const hub = this.#hub?.healthz();
    const fleet = { name: "fleet", isOk, state: this.#phase };
    return { isOk: isOk && (hub?.isOk ?? true), checks: [fleet, ...(hub?.checks ?? [])] };
  }

  readyz(): Health {
    const hub = this.#hub?.readyz();
    const isStandby = hub?.checks.some(({ state }) => state === "standby") === true;
    const { counting, named } = this.#members.checks();
    const told = isStandby ? [] : counting; // it does not look for clusters while another leads
    const fleet = { name: "fleet", isOk: this.#phase === "running", state: this.#phase };
    const isOk = fleet.isOk && told.every((one) => one.isOk) && (hub?.isOk ?? true);
    return { isOk, checks: [fleet, ...(hub?.checks ?? []), ...told, ...named] };
  }

  debug(): DebugReport {
    const report = this.#hub?.debug() ?? emptyReport(this.#env, this.#phase);
    const checks = this.readyz().checks.filter(({ isOk }) => !isOk);
    return fleetReport(
      { ...report, phase: this.#phase },
      checks,
      this.#members.list().map((run) => run.report()),
    );
  }

  async #run(context: Context): Promise<void> {
    if (this.#phase !== "created") throw new Error("a fleet manager runs once");
    const { probes } = this.#options;
    const server = probes === undefined ? undefined : await serveProbes(this, probes);
    const hideProcess = showProcess(this.metrics, this.#options);
    this.#phase = "running";
    try {
      await (this.#hub === undefined ? this.#members.run(context) : this.#hub.run(context));
      this.#phase = "stopped";
    } catch (error) {
      this.#phase = "failed";
      throw error;
    } finally {
      await server?.close();
      hideProcess();
      await this.#program?.close();
    }
  }

  #makeHub(client: Client, metrics: Metrics, election: LeaderElection | undefined): Manager {
    const { leaderElection: _election, controllers = [], ...hub } = this.#options.hub ?? {};
    const members = { name: "clusters", run: (context: Context) => this.#members.run(context) };
    const led = election === undefined ? {} : { leaderElection: withMembers(election, members) };
    return createManager({
      ...hub,
      ...led,
      client,
      metrics,
      env: this.#env,
      debug: this.#options.probes?.debug ?? false,
      controllers: controllers.map((make) => spanning(make, { clusters: this.#members })),
      runnables: [...(hub.runnables ?? []), ...(election === undefined ? [members] : [])],
    });
  }
}

function electionOf(
  hub: HubOptions | undefined,
  client: Client | undefined,
  deps: { readonly env: Env; readonly metrics: Metrics },
): LeaderElection | undefined {
  const given = hub?.leaderElection;
  if (given === undefined || client === undefined || !isLeaseOptions(given)) {
    return given === undefined || isLeaseOptions(given) ? undefined : given;
  }
  return leaseElection(given, { ...deps, client });
}

function refuseDivided({ shards, hub }: FleetManagerOptions): void {
  if (shards === undefined) return;
  if (hub === undefined) throw new TypeError("shards: its leases are on the hub: give `hub: {}`");
  if (hub.leaderElection !== undefined || (hub.controllers ?? []).length > 0) {
    const why = "whose controllers see all clusters, and whose leader has them all";
    throw new TypeError(`shards: they divide the clusters; run the hub by itself, ${why}`);
  }
}

function shardsOf(
  options: ShardOptions | undefined,
  deps: { readonly client: Client | undefined; readonly env: Env; readonly metrics: Metrics },
): { readonly shards?: Shards } {
  const { client } = deps;
  if (options === undefined || client === undefined) return {};
  return { shards: new Shards(options, { ...deps, client }) };
}

/** `election`, with the clusters at work while this process leads, and no longer. */
function withMembers(
  election: LeaderElection,
  members: { readonly run: (context: Context) => Promise<void> },
): LeaderElection {
  return {
    ...election,
    run: (context, lead) =>
      election.run(context, async (leading) => {
        const group = new TaskGroup(leading.signal);
        group.spawn((signal) => members.run({ ...leading, signal }));
        try {
          await lead(leading);
          await aborted(leading.signal); // a hub without controllers leads all the same
        } finally {
          group.abort();
          await group.join();
        }
      }),
  };
}

/** A controller that is told of its cluster and of the others. */
function spanning(
  make: MakeController,
  place: { readonly cluster?: string; readonly clusters: Clusters },
): MakeController {
  const made = (deps: ControllerDeps): ControllerSpec => {
    const spec = make({ ...deps, ...place });
    const told: Source = {
      name: "clusters",
      start: () => undefined,
      waitForSync: (signal) => place.clusters.waitForSync(signal),
    };
    return { ...spec, sources: [...spec.sources, told] }; // begins when the clusters are known
  };
  return Object.assign(made, make); // what it declares is looked at before it is made
}

function pick(options: FleetManagerOptions): {
  readonly installsDefinitions?: boolean;
  readonly gracefulStopMsMax?: number;
  readonly syncMsMax: number;
} {
  const { installsDefinitions, gracefulStopMsMax, syncMsMax = CLUSTER_SYNC_MS_MAX } = options;
  return {
    ...(installsDefinitions === undefined ? {} : { installsDefinitions }),
    ...(gracefulStopMsMax === undefined ? {} : { gracefulStopMsMax }),
    syncMsMax,
  };
}

function showStates(metrics: Metrics, members: Members): void {
  const gauge = metrics.gauge("setpoint_fleet_clusters", "Clusters of the fleet, by state");
  const count = (isReady: boolean): number =>
    members.list().filter((one) => one.isReady === isReady).length;
  gauge.read({ state: "ready" }, () => count(true));
  gauge.read({ state: "away" }, () => count(false));
}
