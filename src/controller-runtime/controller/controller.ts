/**
 * A reconcile loop with its queue: sources fill it, workers empty it.
 *
 * Promises: a key is with at most one worker; an event during a reconcile means one more after it;
 * nothing a reconcile throws ends the controller; every reconcile has an id and knows its causes,
 * and hands both to each write it makes. What is queued at the end is dropped: the first list of
 * the next start brings it back.
 */
import { unreachable } from "../../base/assert.ts";
import { causeId, type Context } from "../../base/context.ts";
import type { Env, Log } from "../../base/env.ts";
import type { Metrics } from "../../base/metrics.ts";
import { childSignal } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import { keyText, parseKey } from "../../machinery/key.ts";
import type { ControllerReport } from "../http/debug/debug-report.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import { controllerMetrics, type ControllerMetrics } from "./controller-metrics.ts";
import { controllerReport } from "./controller-report.ts";
import type { ControllerSpec } from "./controller-spec.ts";
import { failureKind, FailureLog, turnFields } from "./failure-log.ts";
import type { Waking } from "../loop-guard/key-history.ts";
import { TurnGuard, type GuardParts } from "../loop-guard/turn-guard.ts";
import { KeyFailures } from "./key-failures.ts";
import { LongTurns } from "./long-turns.ts";
import { requireOutcome, type Outcome, type TurnContext } from "./outcome.ts";
import { tenantsOf } from "./tenants.ts";
import { TurnDiary } from "./turn-diary.ts";
import { ReconcileQueue } from "../queue/reconcile-queue.ts";
import type { Enqueue, Trigger } from "../sources/source.ts";
import { hasNewSpec, revisionsOf, rootsOf } from "../queue/trigger-set.ts";
import type { Turn } from "../queue/work-queue.ts";
import type { KeyGate } from "../sharding/key-gate.ts";
import type { TurnRecorder } from "../recording/turn-recorder.ts";
import { ShardDoor, type PutKey } from "../sharding/shard-door.ts";
import type { TracedEnd, Tracing } from "../tracing/tracing.ts";

export const RETRY_MS_MIN = 5;
export const RETRY_MS_MAX = 60_000;

/** After this long without a pause, workers let the rest of the process run. */
const SLICE_MS_MAX = 10;
/** The same where time does not move by itself. */
const SLICE_TURNS_MAX = 100;

const TIMER: readonly Trigger[] = [{ kind: "timer" }];
const RETRY: Trigger = { kind: "retry" };

/** Why the signal of a reconcile aborted when its time was up. */
export class ReconcileTimeout extends Error {
  override readonly name = "ReconcileTimeout";
}

/** Where a controller is in its life. */
export type ControllerState = "waiting" | "syncing" | "working" | "stopped";

/** What a controller works with besides its own spec. */
export type ControllerParts = {
  readonly env: Env;
  readonly metrics: Metrics;
  /** What it takes to notice keys that go round in circles. Absent: none is noticed. */
  readonly guard?: GuardParts;
  /** Says which keys are this process's. Absent: all are. */
  readonly gate?: KeyGate;
  /** Absent: reconciles are no spans. */
  readonly tracing?: Tracing;
  /** Absent: nobody writes down what reconciles read and write. */
  readonly recorder?: TurnRecorder;
  /** The calls that reconciles are in. Absent: neither they nor runs and errors are remembered. */
  readonly calls?: CallsUnderWay;
};

/**
 * One reconcile loop with its queue and workers. Managers make them of a `ControllerSpec`; this is
 * for those who run one by hand.
 */
export class Controller {
  readonly #spec: ControllerSpec;
  readonly #guard: TurnGuard | undefined;
  readonly #gate: KeyGate | undefined;
  readonly #door: ShardDoor | undefined;
  readonly #tracing: Tracing | undefined;
  readonly #recorder: TurnRecorder | undefined;
  readonly #calls: CallsUnderWay | undefined;
  readonly #diary: TurnDiary | undefined;
  readonly #env: Env;
  readonly #metrics: ControllerMetrics;
  readonly #queue: ReconcileQueue;
  readonly #failureLog = new FailureLog();
  readonly #failures: KeyFailures;
  readonly #long: LongTurns;
  readonly #concurrency: number;
  readonly #busy = new Set<string>();
  #state: ControllerState = "waiting";
  #sliceStartMs = 0;
  #sliceTurns = 0;

  constructor(spec: ControllerSpec, deps: ControllerParts) {
    const { name, concurrency = 1, retryMsMin = RETRY_MS_MIN, retryMsMax = RETRY_MS_MAX } = spec;
    requirePositive(name, { concurrency, retryMsMin, retryMsMax, timeoutMs: spec.timeoutMs ?? 1 });
    this.#spec = spec;
    this.#env = deps.env;
    this.#failures = new KeyFailures(deps.env.clock);
    this.#long = new LongTurns(deps.env);
    this.#tracing = deps.tracing;
    this.#recorder = deps.recorder;
    this.#calls = deps.calls;
    this.#diary = deps.calls === undefined ? undefined : new TurnDiary(deps.env.clock);
    this.#concurrency = concurrency;
    this.#metrics = controllerMetrics(deps.metrics, name, concurrency);
    const { pace, fairBy } = spec;
    requirePositive(name, { ...pace });
    const order = {
      ...(pace === undefined ? {} : { pace }),
      ...(fairBy === undefined ? {} : { tenantOf: tenantsOf(name, fairBy, deps.env.log) }),
    };
    this.#queue = new ReconcileQueue({ name, retryMsMin, retryMsMax, ...order }, deps);
    const { env, gate } = deps;
    this.#gate = gate;
    if (gate !== undefined && spec.sources.some(({ isUnshared }) => isUnshared === true)) {
      throw new Error(`${name}: daemons cannot be shared among processes: leave out \`shards\``);
    }
    this.#door = gate === undefined ? undefined : new ShardDoor(gate, { env, ...spec });
    const { loopGuard = {} } = spec;
    if (deps.guard !== undefined && loopGuard !== "off") {
      this.#guard = new TurnGuard(name, loopGuard, { ...deps, ...deps.guard });
    }
  }

  get name(): string {
    return this.#spec.name;
  }

  get state(): ControllerState {
    return this.#state;
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#queue.depth;
  }

  /** Keys whose reconcile is under way. */
  get busy(): readonly string[] {
    return [...this.#busy];
  }

  /** What it is doing. Of runs and errors only if it was made with `calls`. */
  report(): ControllerReport {
    return controllerReport({
      name: this.name,
      state: this.#state,
      workers: this.#concurrency,
      clock: this.#env.clock,
      queue: this.#queue,
      diary: this.#diary,
      calls: this.#calls,
      awaiting: this.#spec.awaiting?.() ?? [],
      slowed: this.#guard?.slowKeys() ?? [],
      owns: (key) => this.#gate?.owns(key) ?? true,
    });
  }

  /** Works until the signal aborts, then waits for the reconciles that are under way. */
  async run(context: Context): Promise<void> {
    const log = context.log.with({ controller: this.name });
    const put: PutKey = (key, triggers, priority) => {
      const isOurs = this.#door?.admits(key, triggers, priority) ?? true;
      if (!isOurs) return;
      // Who has mended a spec does not wait for what its mistakes have earned.
      if (hasNewSpec(triggers)) this.#queue.forget(key);
      this.#queue.add(key, triggers, priority);
    };
    const enqueue: Enqueue = (key, trigger, priority) => put(keyText(key), [trigger], priority);
    this.#door?.start(put, context);
    const group = new TaskGroup(context.signal);
    const stop = (): void => this.#queue.close("drop");
    if (group.signal.aborted) stop();
    else group.signal.addEventListener("abort", stop, { once: true });
    this.#state = "syncing";
    for (const source of this.#spec.sources) {
      source.start(enqueue, { ...context, log, signal: group.signal });
      group.spawn(async (signal) => source.run?.(enqueue, { ...context, log, signal }));
    }
    group.spawn(async (signal) => {
      await Promise.all(this.#spec.sources.map((source) => source.waitForSync(signal)));
      this.#state = "working";
      log.info("controller works", { workers: this.#concurrency });
      for (let worker = 0; worker < this.#concurrency; worker += 1) {
        group.spawn(() => this.#work({ ...context, log, signal: group.signal }));
      }
    });
    await group.join().finally(() => {
      stop();
      this.#long.close();
      this.#state = "stopped";
    });
  }

  async #work(context: Context): Promise<void> {
    for (;;) {
      const turn = await this.#queue.next();
      if (turn === undefined) return;
      const admission = await this.#guard?.admit(turn, context);
      if (admission?.kind === "hold") {
        this.#queue.postpone(turn, admission.delayMs);
        continue;
      }
      if (this.#door?.admits(turn.key, turn.triggers, turn.priority) === false) {
        this.#queue.forget(turn.key);
        this.#queue.done(turn.key);
        continue;
      }
      this.#metrics.started();
      this.#busy.add(turn.key);
      const startMs = this.#env.clock.monotonic();
      try {
        await this.#serve(turn, context, admission?.waking);
      } finally {
        this.#metrics.ended((this.#env.clock.monotonic() - startMs) / 1000);
        this.#busy.delete(turn.key);
        this.#long.ends(turn.key);
        this.#queue.done(turn.key);
      }
      await this.#pause();
    }
  }

  async #serve(turn: Turn, context: Context, waking: Waking | undefined): Promise<void> {
    const id = causeId(this.#env.ids.uuid());
    const passage = this.#gate?.enter(turn.key, id, context.signal);
    if (this.#gate !== undefined && passage === undefined) return; // lost at this very moment
    const log = context.log.with(turnFields(turn.key, turn.triggers, id));
    this.#long.begins(turn.key, log, () => this.#calls?.of(id).map(({ text }) => text) ?? []);
    const triggers = revisionsOf(turn.triggers);
    const roots = rootsOf(turn.triggers);
    const told = { actor: this.name, id, triggers, traceparent: "" };
    const cause = roots === undefined ? told : { ...told, roots };
    const signal = passage?.signal ?? context.signal;
    const failures = this.#failures.of(turn.key);
    const call: TurnContext = { signal, cause, log, causes: turn.triggers, failures };
    if (this.#tracing === undefined) {
      await this.#recorded(turn, call, waking).finally(() => passage?.leave());
      return;
    }
    const attempt = this.#queue.failures(turn.key) + 1;
    const queuedMs = this.#env.clock.monotonic() - turn.sinceMs;
    const traced = { controller: this.name, turn, id, attempt, queuedMs };
    await this.#tracing.reconcile(traced, ({ traceparent, requests, fields }) => {
      const inside = { cause: { ...cause, traceparent }, log: log.with(fields), requests };
      const traced = this.#recorded(turn, { ...call, ...inside }, waking);
      return traced.finally(() => passage?.leave());
    });
  }

  #recorded(turn: Turn, call: TurnContext, waking: Waking | undefined): Promise<TracedEnd> {
    if (this.#recorder === undefined) return this.#try(turn, call, waking);
    const { id } = call.cause;
    const recorded = { controller: this.name, turn, id };
    return this.#recorder.during(recorded, () => this.#try(turn, call, waking));
  }

  /** One reconcile, and what its end means for the queue. */
  async #try(turn: Turn, context: TurnContext, waking: Waking | undefined): Promise<TracedEnd> {
    const { log, signal, cause } = context;
    log.debug("reconcile starts");
    this.#guard?.begin(cause.id);
    this.#diary?.begins(turn, cause.id);
    try {
      const outcome = requireOutcome(await this.#reconcile(turn, context));
      return this.#accept(turn, outcome, log);
    } catch (error) {
      if (!signal.aborted) return this.#refuse(turn, error, context);
      log.debug("reconcile was cut short: the controller ends, or another process gets the key");
      return CUT_SHORT;
    } finally {
      this.#diary?.ends(turn.key);
      this.#guard?.end(cause.id, turn, waking, log);
    }
  }

  async #reconcile(turn: Turn, context: TurnContext): Promise<Outcome> {
    const { timeoutMs } = this.#spec;
    const key = parseKey(turn.key);
    if (timeoutMs === undefined) return this.#spec.reconcile(key, context);
    const child = childSignal(context.signal);
    const timeout = new ReconcileTimeout(`the reconcile took longer than ${timeoutMs} ms`);
    const timer = this.#env.timers.after(timeoutMs, () => {
      this.#metrics.timedOut();
      child.abort(timeout);
    });
    try {
      return await this.#spec.reconcile(key, { ...context, signal: child.signal });
    } finally {
      timer.cancel();
      child.release();
    }
  }

  #accept(turn: Turn, outcome: Outcome, log: Log): TracedEnd {
    this.#queue.forget(turn.key);
    this.#failureLog.succeeded(turn.key, log);
    this.#failures.succeeded(turn.key);
    this.#diary?.succeeds(turn.key);
    const end = endOf(outcome);
    this.#metrics.result(end.result);
    if (outcome.kind === "requeue-after") {
      const { delayMs: againInMs, priority = turn.priority } = outcome;
      this.#queue.addAfter(turn.key, TIMER, againInMs, priority);
      return { ...end, againInMs };
    }
    if (outcome.kind === "waiting" && outcome.timeoutMs !== undefined) {
      const { timeoutMs: againInMs } = outcome;
      this.#queue.addAfter(turn.key, TIMER, againInMs, turn.priority);
      return { ...end, againInMs };
    }
    return end;
  }

  #refuse(turn: Turn, error: unknown, { log }: Context): TracedEnd {
    const end = { result: "error", error };
    this.#metrics.result("error");
    this.#failures.failed(turn.key, error);
    const kind = failureKind(error);
    const told = { error: error ?? String(error) }; // a log leaves out what is undefined
    this.#diary?.fails(turn.key, error, { isTerminal: kind === "terminal" });
    if (kind === "terminal") {
      this.#metrics.terminal();
      this.#failureLog.failed(turn.key, kind, told, log);
      return end;
    }
    if (kind === "defect") this.#metrics.panicked();
    const retryInMs = this.#queue.retry(turn.key, [...turn.triggers, RETRY], turn.priority);
    this.#failureLog.failed(turn.key, kind, { ...told, retryInMs }, log);
    return { ...end, againInMs: retryInMs };
  }

  /** Beside a server in one process, a busy loop would never let timers and sockets run. */
  async #pause(): Promise<void> {
    const nowMs = this.#env.clock.monotonic();
    this.#sliceTurns += 1;
    const isShort = nowMs - this.#sliceStartMs < SLICE_MS_MAX;
    if (isShort && this.#sliceTurns < SLICE_TURNS_MAX) return;
    await this.#env.timers.yield();
    this.#sliceTurns = 0;
    this.#sliceStartMs = this.#env.clock.monotonic();
  }
}

const SUCCESS = { result: "success" } as const;
const REQUEUE_AFTER = { result: "requeue_after" } as const;
const CUT_SHORT = { result: "cut short" } as const;

function endOf(outcome: Outcome): typeof SUCCESS | typeof REQUEUE_AFTER {
  switch (outcome.kind) {
    case "done":
      return SUCCESS;
    case "requeue-after":
      return REQUEUE_AFTER;
    case "waiting":
      return outcome.timeoutMs === undefined ? SUCCESS : REQUEUE_AFTER;
    default:
      return unreachable(outcome);
  }
}

function requirePositive(controller: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(value > 0)) throw new RangeError(`${controller}: ${name} must be positive, not ${value}`);
  }
}
