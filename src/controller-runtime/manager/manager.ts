/**
 * The life of all controllers of a process: what starts after what, and what ends before what.
 *
 *     start:  webhooks  ->  informers, until synced  ->  runnables  ->  leadership, if asked for
 *             ->  controllers
 *     stop:   controllers  ->  leadership given back  ->  runnables  ->  informers  ->  webhooks
 *
 * Controllers end first, so that their last reads and writes still find a view that is kept up;
 * they are given `gracefulStopMsMax` for it. Whatever fails stops all the rest, and `run()` rejects
 * with that failure. When leadership is lost there is no grace: another process is at work already.
 */
import { rootContext, type Context } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import type { Metrics } from "../../base/metrics.ts";
import { programSignal } from "../../base/real/program.ts";
import { aborted, childSignal, orAborted } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import { isDefined } from "../../client/resource/define-resource.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import { CallsUnderWay } from "../controller/calls-under-way.ts";
import { Controller } from "../controller/controller.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import { isDeclared, type DeclaredController } from "../declared/declared-controller.ts";
import { preflight, PreflightError, type ScopeOf } from "../declared/preflight.ts";
import type { DebugReport } from "../http/debug/debug-report.ts";
import { serveProbes } from "../http/probe-server.ts";
import { WriteWitness, witnessedClient } from "../loop-guard/write-witness.ts";
import { observingClient } from "../own-writes.ts";
import { recordedClient } from "../recording/recorded-client.ts";
import { recordedInformers } from "../recording/recorded-informers.ts";
import { TurnRecorder } from "../recording/turn-recorder.ts";
import { Shards } from "../sharding/shards.ts";
import { ServedWebhooks } from "../webhooks/served-webhooks.ts";
import { fencedClient } from "./fenced-client.ts";
import { healthOf, type Health } from "./health.ts";
import { managerMetrics, type ManagerMetrics } from "./manager-metrics.ts";
import {
  GRACEFUL_STOP_MS_MAX,
  withDefaults,
  type ManagerOptions,
  type QualifiedOptions,
} from "./manager-options.ts";
import { managerReport } from "./manager-report.ts";
import { showProcess } from "./process-metrics.ts";
import { StartWait } from "./start-wait.ts";
import { viewChecks, viewTrouble, ViewsNotSyncedError } from "./view-health.ts";

/** Keys of a controller that are named if it does not stop. */
const KEYS_NAMED_MAX = 3;

/**
 * Gives controllers their informers, queues and workers, and an orderly life. Made by
 * `createManager`.
 */
export interface Manager {
  /** What its controllers were made with; more can be made by hand. */
  readonly deps: ControllerDeps;
  readonly metrics: Metrics;
  /**
   * Once. Lives until the signal aborts and everything has ended; without a signal, until the
   * program is asked to end (SIGINT, SIGTERM). Rejects with `PreflightError` if the server lacks a
   * kind or a permission that the declared controllers need.
   */
  run(until?: AbortSignal | Context): Promise<void>;
  /** Whether the process does what it should; not ok: restart it. */
  healthz(): Health;
  /** Whether its controllers work, or wait for leadership with a synced view. */
  readyz(): Health;
  /** What it is doing now, as `/debug` shows it; without `debug` no runs, calls and errors. */
  debug(): DebugReport;
}

/**
 * A manager of these controllers: with one client, one view of each kind, and an orderly start and
 * end. Nothing happens before `run()`. Throws for two controllers of one name.
 *
 *     await createManager({ controllers: [sites] }).run();
 */
export function createManager(options: ManagerOptions): Manager {
  return new ControllerManager(withDefaults(options));
}

/** An end that takes longer is told of: who waits for it sees why. */
const SLOW_STOP_MS = 2_000;

type Phase = "created" | "syncing" | "standby" | "leading" | "stopping" | "stopped" | "failed";

class ControllerManager implements Manager {
  readonly deps: ControllerDeps;
  readonly metrics: Metrics;
  readonly #options: QualifiedOptions;
  readonly #controllers: readonly Controller[];
  readonly #shards: Shards | undefined;
  readonly #webhooks: ServedWebhooks | undefined;
  readonly #counts: ManagerMetrics;
  readonly #wait: StartWait;
  #phase: Phase = "created";
  #failure: string | undefined;

  constructor(options: QualifiedOptions) {
    const { informers, recorder, env, leaderElection } = options;
    this.#options = options;
    this.#wait = new StartWait({ env, server: options.server, limitMs: options.syncMsMax });
    const holds = leaderElection?.holds;
    const led = holds === undefined ? options.client : fencedClient(options.client, holds);
    this.metrics = options.metrics;
    this.#shards = options.shards === undefined ? undefined : new Shards(options.shards, options);
    const client = this.#shards?.fence(led) ?? led;
    const witness = new WriteWitness();
    const observing = observingClient(client, informers);
    const witnessed = witnessedClient(observing, informers, witness);
    const calls = options.debug ? new CallsUnderWay(env.clock) : undefined;
    const told = calls === undefined ? witnessed : calls.watch(witnessed);
    const { reconcileLog } = options;
    const turns = reconcileLog === undefined ? undefined : new TurnRecorder(reconcileLog, env);
    const plain = { client: told, informers, recorder, env };
    this.deps = turns === undefined ? plain : recordedDeps(plain, turns);
    const specs = options.controllers.map((make) => make(this.deps));
    refuseDuplicates(specs);
    const { webhooks } = options;
    this.#webhooks = webhooks === undefined ? undefined : new ServedWebhooks(webhooks, options);
    const { tracing } = options;
    const parts = {
      env,
      metrics: this.metrics,
      guard: { ...plain, witness },
      ...(turns === undefined ? {} : { recorder: turns }),
      ...(tracing === undefined ? {} : { tracing }),
      ...(calls === undefined ? {} : { calls }),
      ...(this.#shards === undefined ? {} : { gate: this.#shards }),
    };
    this.#controllers = specs.map((spec) => new Controller(spec, parts));
    this.#counts = managerMetrics(this.metrics, {
      ...(leaderElection === undefined ? {} : { lease: leaderElection.name }),
      controllers: specs.map(({ name }) => name),
    });
  }

  async run(until?: AbortSignal | Context): Promise<void> {
    if (until !== undefined && !("aborted" in until)) return this.#run(until);
    const { env } = this.#options;
    if (until !== undefined) return this.#run(rootContext(env, until));
    const program = programSignal();
    try {
      await this.#run(rootContext(env, program.signal));
    } finally {
      program.release();
    }
  }

  async #run(context: Context): Promise<void> {
    const { probes, close } = this.#options;
    const server = probes === undefined ? undefined : await serveProbes(this, probes);
    const hideProcess = showProcess(this.metrics, this.#options);
    try {
      await this.#live(context);
    } finally {
      await this.#webhooks?.close();
      await server?.close();
      hideProcess();
      await close();
    }
  }

  async #live(context: Context): Promise<void> {
    if (this.#phase !== "created") throw new Error("a manager runs once");
    const view = new TaskGroup(new AbortController().signal);
    const services = new TaskGroup(new AbortController().signal);
    const work = new TaskGroup(new AbortController().signal);
    const hooks = new TaskGroup(new AbortController().signal);
    const groups = [work, services, view, hooks];
    const stop = childSignal(context.signal);
    for (const group of groups) void aborted(group.signal).then(() => stop.abort());
    const failures: unknown[] = [];
    try {
      await this.#start({ hooks, view, services, work }, { ...context, signal: stop.signal });
      await aborted(stop.signal);
    } catch (reason) {
      if (!stop.signal.aborted) failures.push(reason);
    } finally {
      stop.release();
    }
    failures.push(...(await this.#stop(groups, context)));
    this.#phase = failures.length === 0 ? "stopped" : "failed";
    if (failures.length === 0) return;
    this.#failure = errorText(failures[0]);
    throw failures[0];
  }

  healthz(): Health {
    const why = this.#failure === undefined ? "" : `: ${this.#failure}`;
    const state = `${this.#phase}${why}`;
    const check = { name: "manager", isOk: this.#phase !== "failed", state };
    return this.#counts.checked("healthz", healthOf([check]));
  }

  readyz(): Health {
    return this.#counts.checked("readyz", this.#ready());
  }

  debug(): DebugReport {
    const { env, leaderElection, informers, watchCount } = this.#options;
    return managerReport({
      env,
      leaderElection,
      watchCount,
      phase: this.#phase,
      ready: this.#ready(),
      shards: this.#shards?.check().state,
      controllers: this.#controllers,
      views: informers.status(),
      webhooks: this.#webhooks,
    });
  }

  #ready(): Health {
    const isLeading = this.#phase === "leading";
    const webhooks = this.#webhooks === undefined ? [] : [this.#webhooks.health()];
    // Views of converted kinds can sync only once servers reach this process, so it is ready.
    const isEarly = this.#phase === "syncing" && this.#webhooks?.hasConversions === true;
    const isStandby = this.#phase === "standby";
    const problem = isStandby ? this.#options.leaderElection?.problem?.() : this.#wait.problem;
    const manager = {
      name: "manager",
      isOk: isLeading || isStandby || isEarly,
      state: problem === undefined ? this.#phase : `${this.#phase}: ${problem}`,
    };
    const controllers = this.#controllers.map(({ name, state }) => ({
      name,
      isOk: !isLeading || state === "working",
      state,
    }));
    const shards = this.#shards === undefined ? [] : [this.#shards.check()];
    const views = isEarly ? [] : viewChecks(this.#options.informers.status());
    const checks = [manager, ...controllers, ...shards, ...views, ...webhooks];
    return healthOf(checks);
  }

  async #start(
    groups: Readonly<Record<"hooks" | "view" | "services" | "work", TaskGroup>>,
    context: Context,
  ): Promise<void> {
    const { informers, runnables = [], leaderElection } = this.#options;
    this.#phase = "syncing";
    await this.#prepare(context);
    const webhooks = this.#webhooks;
    if (webhooks !== undefined) {
      groups.hooks.spawn((signal) => webhooks.run({ ...context, signal }));
    }
    groups.view.spawn((signal) => informers.run({ ...context, signal }));
    await this.#sync(context);
    const shards = this.#shards === undefined ? [] : [this.#shards];
    for (const runnable of [...runnables, ...shards]) {
      groups.services.spawn((signal) => runnable.run({ ...context, signal }));
    }
    this.#phase = "standby";
    const lead = (leading: Context): Promise<void> => this.#lead(leading);
    groups.work.spawn((signal) => {
      const inside = { ...context, signal };
      return leaderElection === undefined ? lead(inside) : leaderElection.run(inside, lead);
    });
  }

  /** Sees to it that the server has what the declared controllers need. */
  async #prepare(context: Context): Promise<void> {
    const { client, controllers, informers, installsDefinitions = false } = this.#options;
    const declared = controllers.filter(isDeclared);
    const problems: string[] = [];
    const step = async (
      what: string,
      work: (inside: Context) => Promise<readonly string[]>,
    ): Promise<void> => {
      if (problems.length > 0) return;
      const found = async (inside: Context): Promise<void> => {
        problems.push(...(await work(inside)));
      };
      await this.#wait.retried(what, found, context);
    };
    if (installsDefinitions) {
      await step("to take definitions", (inside) => this.#install(declared, inside));
    }
    if (this.#webhooks !== undefined) {
      await step("to register webhooks", (inside) => this.#startWebhooks(inside));
    }
    if (declared.length + problems.length === 0) return;
    const scopeOf: ScopeOf = (type) => informers.scopeOf?.(type) ?? {};
    const look = (inside: Context): Promise<void> =>
      preflight(declared, client, inside, problems, scopeOf);
    await this.#wait.retried("to say what it serves and allows", look, context);
  }

  /** Definitions whose versions a webhook converts need to know where it is. */
  async #install(
    declared: readonly DeclaredController[],
    context: Context,
  ): Promise<readonly string[]> {
    const { webhooks: { handlers = [] } = {} } = this.#options;
    const types = [...declared, ...handlers].map(({ type }) => type);
    const kinds = [...new Set(types.filter(isDefined))];
    const webhooks = this.#webhooks?.hasConversions === true ? this.#webhooks : undefined;
    return lacking(async () => {
      const { client, env } = this.#options;
      const reach = await webhooks?.listen(context);
      const conversion =
        reach === undefined ? {} : { conversion: (path: string) => reach.clientConfig(path) };
      await installDefinitions(kinds, client, context, { env, ...conversion });
    });
  }

  /** Before anything is read: servers may ask for conversions. Answers what permissions lack. */
  #startWebhooks(context: Context): Promise<readonly string[]> {
    return lacking(() => this.#webhooks?.start(context) ?? Promise.resolve());
  }

  /** The first lists; without `syncMsMax` they may take for ever, and it is said why they do. */
  async #sync({ signal, log }: Context): Promise<void> {
    const { informers, env, syncMsMax } = this.#options;
    const limit = childSignal(signal);
    const giveUp = (withinMs: number): void => {
      limit.abort(new ViewsNotSyncedError(withinMs, informers.status()));
    };
    const timer =
      syncMsMax === undefined ? undefined : env.timers.after(syncMsMax, () => giveUp(syncMsMax));
    const synced = orAborted(informers.waitForSync(limit.signal), limit.signal);
    try {
      const look = () => viewTrouble(informers.status());
      await this.#wait.watched("to list what its controllers read", synced, log, look);
    } finally {
      timer?.cancel();
      limit.release();
    }
  }

  async #lead(context: Context): Promise<void> {
    this.#counts.leads();
    this.#phase = "leading";
    const group = new TaskGroup(context.signal);
    for (const controller of this.#controllers) {
      this.#counts.starts(controller.name);
      group.spawn((signal) =>
        controller.run({ ...context, signal }).finally(() => this.#counts.ended(controller.name)),
      );
    }
    try {
      await group.join();
    } finally {
      this.#counts.leadsNoMore();
    }
  }

  /** Ends the groups one after the other, and says what failed in them. */
  async #stop(groups: readonly TaskGroup[], { log }: Context): Promise<readonly unknown[]> {
    const { env, gracefulStopMsMax = GRACEFUL_STOP_MS_MAX } = this.#options;
    this.#phase = "stopping";
    const failures: unknown[] = [];
    const late = new AbortController();
    const busy = (): string => {
      const working = this.#controllers.filter(({ state }) => state === "working");
      return working.map(stillBusy).join(", ");
    };
    const slow = env.timers.after(SLOW_STOP_MS, () => {
      const waitsMsMax = gracefulStopMsMax;
      log.info("the end of runs is waited for; asked again, the program ends at once", {
        controllers: busy(),
        waitsMsMax,
      });
    });
    const timer = env.timers.after(gracefulStopMsMax, () => {
      late.abort(new Error(`not stopped within ${gracefulStopMsMax} ms: ${busy()}`));
    });
    for (const group of groups) {
      group.abort();
      await orAborted(group.join(), late.signal).catch((reason: unknown) => failures.push(reason));
    }
    slow.cancel();
    timer.cancel();
    return failures;
  }
}

function recordedDeps(deps: ControllerDeps, turns: TurnRecorder): ControllerDeps {
  const { client, informers } = deps;
  return {
    ...deps,
    client: recordedClient(client, informers, turns),
    informers: recordedInformers(informers, turns),
  };
}

async function lacking(work: () => Promise<void>): Promise<readonly string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof PreflightError) return error.problems;
    throw error;
  }
}

/** `sites (default/a, default/b and 3 more)` */
function stillBusy({ name, busy }: Controller): string {
  if (busy.length === 0) return name;
  const more = busy.length > KEYS_NAMED_MAX ? ` and ${busy.length - KEYS_NAMED_MAX} more` : "";
  return `${name} (${busy.slice(0, KEYS_NAMED_MAX).join(", ")}${more})`;
}

function refuseDuplicates(specs: readonly ControllerSpec[]): void {
  const names = specs.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`controllers: two are named ${twice}`);
}
