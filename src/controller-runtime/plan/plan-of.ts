/**
 * What one controller would do now, found out by running its reconcile once for each object, with
 * writes that the server checks, defaults and answers, and does not keep (`dryRun=All`).
 */
import { causeId, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { realEnv } from "../../base/real/env.ts";
import { childSignal, orAborted } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { Client } from "../../client/client.ts";
import type { EventRecorder } from "../../client/event-recorder-types.ts";
import { clientOfProgram } from "../../client/node/program-environment.ts";
import { createInformers, type Informers } from "../../informer/informers.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import { ReconcileTimeout } from "../controller/controller.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import type { Outcome, TurnContext } from "../controller/outcome.ts";
import { isDeclared } from "../declared/declared-controller.ts";
import { milliseconds, type Duration } from "../declared/duration.ts";
import { preflight, type ScopeOf } from "../declared/preflight.ts";
import { ViewsNotSyncedError } from "../manager/view-health.ts";
import { ServedSource } from "../sources/served-source.ts";
import { withinTime } from "../within-time.ts";
import {
  PLAN_LIMITS,
  type Plan,
  type PlannedEnd,
  type PlannedEvent,
  type PlannedRun,
} from "./plan.ts";
import { planningClient, RunNotes } from "./planning-client.ts";

/** Objects that are looked at, where nothing else is said. */
export const PLANNED_OBJECTS_MAX = 1_000;
/** How long one run may take, where neither the plan nor the controller says. */
export const PLANNED_RUN_MS_MAX = 30_000;
/** How long the views may take to sync, where nothing else is said. */
const SYNC_MS_MAX = 120_000;

/** Of what a plan is made. */
export type PlanOptions = {
  /** Default: of the cluster that the program's environment names, as a manager's. */
  readonly client?: Client;
  /** The objects to look at (default: all that the controller's sources tell of). */
  readonly keys?: readonly ObjectKey[];
  /** Of those, so many are looked at (default 1000), in the order of their keys. */
  readonly objectsMax?: number;
  /** How long one run may take (default: as the controller says, or 30 s). */
  readonly timeout?: Duration;
  /** How long the local views may take to sync (default 2 min). */
  readonly syncTimeout?: Duration;
  /** Default: informers of its own. They must not run yet; they end with the plan. */
  readonly informers?: Informers;
  /** Default: the real world. */
  readonly env?: Env;
  /** Ends it early. */
  readonly signal?: AbortSignal;
};

/**
 * Runs the reconcile of a controller once for each object, and answers what would change. The
 * cluster is not changed: each write through `ctx` and `deps.client` is a dry run, of which the
 * server says what would come of it; events are taken down. `ctx.planning` is true, so that a
 * reconcile can leave out what it does elsewhere: that would be done in earnest. Daemons are not
 * started, nor are sources of one's own. What a plan cannot know is in its `limits`.
 *
 * It takes the rights of the controller itself, and to read what it writes. Rejects with
 * `PreflightError` if the server lacks a kind or a permission; what fails in a run is in the plan.
 *
 *     if (process.argv.includes("--plan")) {
 *       console.log(planText(await planOf(siteController)));
 *     } else {
 *       await createManager({ controllers: [siteController] }).run();
 *     }
 */
export async function planOf(
  controller: (deps: ControllerDeps) => ControllerSpec,
  options: PlanOptions = {},
): Promise<Plan> {
  const { env = realEnv(), signal = new AbortController().signal } = options;
  const own = options.client === undefined ? clientOfProgram({ env }) : undefined;
  const client = options.client ?? own?.client;
  if (client === undefined) throw new TypeError("planOf: there is no client");
  try {
    const planning = new Planning(controller, { ...options, client, env });
    return await planning.run(signal);
  } finally {
    await own?.close();
  }
}

type Parts = PlanOptions & Required<Pick<PlanOptions, "client" | "env">>;

class Planning {
  readonly #make: (deps: ControllerDeps) => ControllerSpec;
  readonly #parts: Parts;
  readonly #informers: Informers;
  readonly #spec: ControllerSpec;
  #notes = new RunNotes();
  #events: PlannedEvent[] = [];
  #outside: string[] = [];

  constructor(make: (deps: ControllerDeps) => ControllerSpec, parts: Parts) {
    const { client, env, informers } = parts;
    this.#make = make;
    this.#parts = parts;
    this.#informers = informers ?? createInformers({ client, env });
    this.#spec = make({
      client: planningClient(client, () => this.#notes),
      informers: this.#informers,
      recorder: this.#recorder(),
      env,
      isPlanning: true,
    });
  }

  async run(signal: AbortSignal): Promise<Plan> {
    const { client, env } = this.#parts;
    const context = this.#context(signal);
    if (isDeclared(this.#make)) {
      const scopeOf: ScopeOf = (type) => this.#informers.scopeOf?.(type) ?? {};
      await preflight([this.#make], client, context, [], scopeOf);
    }
    const group = new TaskGroup(signal);
    const served = this.#spec.sources.filter((source) => source instanceof ServedSource);
    try {
      group.spawn((life) => this.#informers.run({ ...context, signal: life }));
      for (const source of served) {
        source.start();
        group.spawn((life) => source.run(nothing, { ...context, signal: life }));
      }
      await this.#sync(group.signal, () =>
        Promise.all(served.map((source) => source.waitForSync(group.signal))),
      );
      const at = apiTime(env.clock.now());
      return { controller: this.#spec.name, at, ...(await this.#runs(group.signal)) };
    } finally {
      group.abort();
      await group.join();
    }
  }

  async #sync(signal: AbortSignal, more: () => Promise<unknown>): Promise<void> {
    const { env, syncTimeout = SYNC_MS_MAX } = this.#parts;
    const limitMs = milliseconds(syncTimeout);
    const limit = childSignal(signal);
    const timer = env.timers.after(limitMs, () => {
      limit.abort(new ViewsNotSyncedError(limitMs, this.#informers.status()));
    });
    try {
      await orAborted(more(), limit.signal);
      await orAborted(this.#informers.waitForSync(limit.signal), limit.signal);
    } finally {
      timer.cancel();
      limit.release();
    }
  }

  async #runs(signal: AbortSignal): Promise<Pick<Plan, "runs" | "leftOut" | "limits">> {
    const { objectsMax = PLANNED_OBJECTS_MAX, env } = this.#parts;
    const keys = this.#keys();
    const runs: PlannedRun[] = [];
    for (const [text, key] of keys.slice(0, objectsMax)) {
      signal.throwIfAborted();
      runs.push(await this.#once(text, key, signal));
      await env.timers.yield();
    }
    return { runs, leftOut: Math.max(0, keys.length - objectsMax), limits: PLAN_LIMITS };
  }

  /** By their texts, each once, in order. */
  #keys(): readonly (readonly [string, ObjectKey])[] {
    const all =
      this.#parts.keys ?? this.#spec.sources.flatMap((one) => [...(one.replay?.() ?? [])]);
    const byText = new Map(all.map((key) => [keyText(key), key]));
    return [...byText].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  async #once(text: string, key: ObjectKey, signal: AbortSignal): Promise<PlannedRun> {
    this.#notes = new RunNotes();
    this.#events = [];
    this.#outside = [];
    const end = await this.#end(text, key, signal);
    return {
      key: text,
      writes: this.#notes.writes,
      events: this.#events,
      outside: this.#outside,
      end,
    };
  }

  async #end(text: string, key: ObjectKey, signal: AbortSignal): Promise<PlannedEnd> {
    const { env, timeout = this.#spec.timeoutMs ?? PLANNED_RUN_MS_MAX } = this.#parts;
    const limitMs = milliseconds(timeout);
    const late = (): Error => new ReconcileTimeout(`the run took longer than ${limitMs} ms`);
    const context = this.#context(signal);
    try {
      const run = (limited: Context): Promise<Outcome> =>
        orAborted(this.#spec.reconcile(key, { ...context, ...limited }), limited.signal);
      return this.#endOf(text, await withinTime(run, context, { limitMs, late, env }));
    } catch (error) {
      signal.throwIfAborted();
      const why = this.#notes.unknown;
      return why === undefined
        ? { kind: "failed", error: errorText(error) }
        : { kind: "unknown", why };
    }
  }

  #endOf(key: string, outcome: Outcome): PlannedEnd {
    const why = this.#notes.unknown;
    if (why !== undefined) return { kind: "unknown", why };
    const awaiting = [...(this.#spec.awaiting?.() ?? [])];
    const waits = awaiting.flatMap((one) => (one.key === key ? one.what : []));
    if (waits.length > 0) return { kind: "waiting", for: waits };
    switch (outcome.kind) {
      case "done":
        return { kind: "done" };
      case "requeue-after":
        return { kind: "requeue-after", delayMs: outcome.delayMs };
      case "waiting":
        return { kind: "waiting", for: [] };
    }
  }

  #context(signal: AbortSignal): TurnContext {
    const { env } = this.#parts;
    const id = causeId(env.ids.uuid());
    const cause = { actor: this.#spec.name, id, triggers: [], traceparent: "" };
    const planning = { wouldDo: (what: string): void => void this.#outside.push(what) };
    const log = env.log.with({ controller: this.#spec.name, plan: true });
    return { signal, cause, log, causes: [{ kind: "initial" }], planning };
  }

  #recorder(): EventRecorder {
    return {
      normal: (_object, _gvk, reason, message) =>
        void this.#events.push({ type: "Normal", reason, message }),
      warning: (_object, _gvk, reason, message) =>
        void this.#events.push({ type: "Warning", reason, message }),
    };
  }
}

function nothing(): void {
  // Nobody is woken: each object is looked at once.
}
