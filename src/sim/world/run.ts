/** One run: a system is started, people and faults act on it, all is mended, and it is judged. */
import { rootContext } from "../../base/context.ts";
import { holdRejections } from "../../base/real/rejections.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { openMemoryStore } from "../../store/memory-store.ts";
import type { Store } from "../../store/store.ts";
import type { ProcessSpec, SimProcess } from "../actors/process.ts";
import { Seen } from "../actors/seen.ts";
import { SimWebhooks, type SimWebhook } from "../actors/webhooks.ts";
import { Choices, type ChoicePoint, type ChoiceSource } from "../choices/choices.ts";
import type { Witness } from "../report/witness.ts";
import type { RunCoverage } from "../explore/guided/run-coverage.ts";
import { Actor } from "../kernel/actor.ts";
import { EventLog, type LoggedEvent } from "../kernel/event-log.ts";
import { EndlessTurnError, Kernel } from "../kernel/kernel.ts";
import { NameBook } from "../kernel/name-book.ts";
import { noteRun } from "../kernel/places.ts";
import { simEnv, type SimLogLine } from "../kernel/sim-env.ts";
import type { StepWatch } from "../kernel/step-watch.ts";
import type { MakeOracle, Violation } from "../oracles/oracle.ts";
import { ReconcileLog } from "../../trace/reconcile-record.ts";
import type { ReferenceState } from "../oracles/reference.ts";
import type { Refused } from "../scenario/operation-refused.ts";
import type { Operation } from "../scenario/operation.ts";
import { SimDisk } from "./disk.ts";
import { Environment } from "./environment.ts";
import { heardStore, type Commit } from "./heard-store.ts";
import { Judge } from "./judge.ts";
import { nemesisActs } from "./nemesis.ts";
import { People } from "./people.ts";
import { makeProcesses } from "./processes.ts";
import { HEAL_MS_MAX, PAUSE_MS_MAX, REST_MS, STABLE_MS, STOP_MS_MAX } from "./run-phases.ts";
import { SimServers } from "./servers.ts";
import { staleList } from "./stale-list.ts";
import { LiveState, resourceOf } from "./state.ts";

/** What does not change from run to run. */
export type System = {
  /** What every run begins with: copied, never changed. */
  readonly base: Store;
  readonly processes: readonly ProcessSpec[];
  /** How many API servers there are over the one store (default 1). */
  readonly servers?: number;
  /** Called by the servers; their registrations are in `base` (default: none). */
  readonly webhooks?: readonly SimWebhook[];
  readonly operations: readonly Operation[];
  readonly oracles: readonly MakeOracle[];
  /** Whether an oracle compares with what there is without faults. */
  readonly needsReference: boolean;
  /** Whether the environment collects what has lost its owners. */
  readonly hasCollector: boolean;
  /** Whether the environment lets claims and volumes go (default: as `hasCollector`). */
  readonly hasVolumeProtection?: boolean;
  /** Whether pods are placed and run. */
  readonly hasNodes: boolean;
  /** Whether nodes are objects; they are in `base` then (default: they are none). */
  readonly hasNodeObjects?: boolean;
};

export type RunSpec = {
  readonly seed: number;
  readonly source: ChoiceSource;
  /** Operations that are left out, by their place. */
  readonly skipped?: ReadonlySet<number>;
  /** Keep what happened, in words, and all points of decision. Costs time. */
  readonly isTold?: boolean;
  readonly keepsPoints?: boolean;
  /** What there is when nothing goes wrong, for who compares. */
  readonly reference?: ReferenceState;
  /** Which of several things that are due at once comes first is a decision as well. */
  readonly ordersEvents?: boolean;
  /** Is told of each step, for who looks at all orders of them. */
  readonly steps?: StepWatch;
  /** Takes note of what it comes by. */
  readonly coverage?: RunCoverage;
  /** Keeps what a story is made of. Costs time. */
  readonly witness?: Witness;
};

export type RunResult = {
  readonly violation: Violation | undefined;
  /** Decisions that were not calm, by name. */
  readonly taken: ReadonlyMap<string, string>;
  readonly points: readonly ChoicePoint[];
  /** Operations that were refused and are not meant to be. */
  readonly refused: readonly Refused[];
  /** Of all events. */
  readonly hash: string;
  readonly eventCount: number;
  readonly events: readonly LoggedEvent[];
  readonly lines: readonly SimLogLine[];
  readonly virtualMs: number;
  /** What is there at the end. */
  readonly state: LiveState;
};

/** Runs the system once. The same system, seed and decisions give the same events. */
export async function runOnce(system: System, spec: RunSpec): Promise<RunResult> {
  const run = new Run(system, spec);
  return run.result();
}

class Run {
  readonly #system: System;
  readonly #spec: RunSpec;
  readonly #choices: Choices;
  readonly #log: EventLog;
  readonly #kernel: Kernel;
  readonly #lines: SimLogLine[] | undefined;
  readonly #names = new NameBook();
  readonly #seen: Seen;
  readonly #state: LiveState;
  readonly #judge: Judge;
  readonly #reconciles: ReconcileLog | undefined;
  readonly #processes: SimProcess[] = [];
  #disk: SimDisk | undefined;
  #servers: SimServers | undefined;
  #environment: Environment | undefined;
  #people: People | undefined;
  /** When the last write came that is more than a sign of life. */
  #busyMs = 0;

  constructor(system: System, spec: RunSpec) {
    this.#system = system;
    this.#spec = spec;
    const { witness, source, keepsPoints = false } = spec;
    this.#choices = new Choices(witness?.hears(source) ?? source, { keepsPoints });
    this.#log = new EventLog({ keepsEvents: spec.isTold ?? false, onKept: witness?.onEvent });
    const { ordersEvents = false, steps } = spec;
    this.#kernel = new Kernel({ choices: this.#choices, log: this.#log }, { ordersEvents, steps });
    witness?.begins(
      () => ({ atMs: this.#kernel.nowMs, place: this.#log.events.length }),
      (resource, object) => this.#names.nameOf(resource, object),
    );
    this.#seen = new Seen(witness?.onShown);
    this.#lines = (spec.isTold ?? false) ? [] : undefined;
    this.#state = new LiveState(() => this.#kernel.nowMs);
    noteRun(this.#state, this.#kernel);
    const oracles = system.oracles.map((make) => make());
    const readsReconciles = oracles.some((oracle) => oracle.readsReconciles === true);
    this.#reconciles = witness?.reconciles ?? (readsReconciles ? new ReconcileLog() : undefined);
    this.#judge = new Judge(oracles, {
      state: this.#state,
      kernel: this.#kernel,
      seen: this.#seen,
      processes: this.#processes,
      reconciles: this.#reconciles,
      reference: spec.reference,
    });
  }

  async result(): Promise<RunResult> {
    const release = holdRejections();
    // By a name: V8 takes a function that is written right of a property for one that stays.
    const onUncaught = ({ name }: Actor, error: unknown): void => this.#judge.uncaught(name, error);
    this.#kernel.onUncaught = onUncaught;
    try {
      await this.#start();
      await this.#faults();
      await this.#heal();
    } catch (error) {
      if (!(error instanceof EndlessTurnError)) throw error;
      this.#judge.blame("no end", error.message);
    } finally {
      release();
    }
    return {
      violation: this.#judge.violation,
      taken: this.#choices.taken,
      points: this.#choices.points,
      refused: this.#people?.refused ?? [],
      hash: this.#log.hash,
      eventCount: this.#log.count,
      events: this.#log.events,
      lines: this.#lines ?? [],
      virtualMs: this.#kernel.nowMs,
      state: this.#state,
    };
  }

  async #start(): Promise<void> {
    const kernel = this.#kernel;
    const store = await this.#openStore();
    const parts = { kernel, seed: this.#spec.seed, lines: this.#lines, names: this.#names };
    const heard = {
      onRead: (what: string): void => kernel.steps?.read(what),
      onCommit: (commit: Commit): void => this.#onCommit(commit),
    };
    const onRepaired = (): void => servers.openStoreAgain();
    const disk = new SimDisk({ kernel, store: heardStore(store, heard), onRepaired });
    this.#disk = disk;
    const storeFor = (life: Actor): Store => disk.storeFor(life);
    const as = (name: string) => servers.as(name);
    const { servers: count = 1, webhooks = [] } = this.#system;
    const called = webhooks.length === 0 ? undefined : new SimWebhooks(webhooks, { ...parts, as });
    const answersWebhook = called?.answers;
    const servers: SimServers = new SimServers(count, { ...parts, storeFor, answersWebhook });
    this.#servers = servers;
    await servers.start();
    this.#environment = new Environment({ ...parts, as, state: this.#state }, this.#system);
    const staleRevision = staleList(kernel, store);
    const { looksAgain } = this.#judge;
    const reconcileLog = this.#reconciles;
    const told = { seen: this.#seen, watch: this.#judge, reconcileLog, looksAgain };
    const deps = { ...parts, ...told, servers, staleRevision };
    this.#processes.push(...makeProcesses(this.#system.processes, deps));
    for (const process of this.#processes) process.start();
    this.#people = new People({ ...parts, transport: as("user") });
  }

  /** A copy of what every run begins with. */
  async #openStore(): Promise<Store> {
    const { seed } = this.#spec;
    const env = simEnv(this.#kernel, new Actor("store"), { seed, lines: this.#lines });
    const store = await openMemoryStore(env, { copyOf: this.#system.base });
    const context = rootContext(env, new AbortController().signal);
    const everything = await store.range({ prefix: "/registry/" }, context);
    for (const entry of everything.entries) {
      this.#state.take({ key: entry.key, revision: entry.revision, entry });
    }
    this.#state.reaches(everything.revision);
    return store;
  }

  /** People do one thing after the other; between them the environment does its worst. */
  async #faults(): Promise<void> {
    await this.#untilRest(PAUSE_MS_MAX);
    const { operations } = this.#system;
    for (const [place, operation] of operations.entries()) {
      if (this.#isOver) return;
      if (this.#spec.skipped?.has(place) === true) continue;
      this.#kernel.steps?.barrier();
      await this.#operate(operation);
      this.#kernel.steps?.barrier();
      this.#act(`after "${operation.name}"`);
      const pace = this.#choices.choose("pace", `after "${operation.name}"`, PACES);
      if (pace === "") await this.#untilRest(PAUSE_MS_MAX);
      else await this.#until(this.#kernel.nowMs + PACE_MS[pace]);
    }
    for (const [tick, waitMs] of LATE_FAULTS_MS.entries()) {
      if (this.#isOver) return;
      this.#kernel.steps?.barrier();
      this.#act(`late ${tick + 1}`);
      await this.#until(this.#kernel.nowMs + waitMs);
    }
  }

  /** The environment may do its worst now. */
  #act(when: string): void {
    const servers = this.#servers?.replicas ?? [];
    const nodes = this.#environment?.nodes ?? [];
    const [processes, disk] = [this.#processes, this.#disk];
    nemesisActs({ processes, servers, nodes, disk }, when, this.#choices);
  }

  /** No more faults: by and by the system is as it should be, and stays so. */
  async #heal(): Promise<void> {
    if (this.#isOver) return;
    this.#choices.heal();
    this.#kernel.steps?.barrier();
    this.#judge.healed();
    this.#log.add(this.#kernel.nowMs, "world", "ALL IS MENDED");
    this.#disk?.heal();
    this.#servers?.heal();
    for (const process of this.#processes) process.heal();
    this.#environment?.heal();
    await this.#kernel.settle();
    const isAtRest = await this.#untilRest(HEAL_MS_MAX);
    if (this.#isOver) return;
    if (!isAtRest) {
      this.#judge.onRestless(HEAL_MS_MAX);
      return;
    }
    this.#judge.atRest();
    if (this.#judge.looksAgain) await this.#lookAgain();
    if (this.#isOver) return;
    await this.#until(this.#kernel.nowMs + STABLE_MS);
    if (!this.#isOver) this.#judge.atEnd();
    if (this.#judge.stops) await this.#stop();
  }

  /** Controllers reconcile what they have reconciled. */
  async #lookAgain(): Promise<void> {
    for (const { hold } of this.#processes) hold.again.look();
    await this.#kernel.settle();
    await this.#untilRest(PAUSE_MS_MAX);
  }

  /** Processes are asked to end. */
  async #stop(): Promise<void> {
    if (this.#isOver) return;
    for (const { hold } of this.#processes) hold.asksToEnd();
    await this.#kernel.settle();
    await this.#until(this.#kernel.nowMs + STOP_MS_MAX);
    if (!this.#isOver) this.#judge.afterStop();
  }

  get #isOver(): boolean {
    return this.#judge.violation !== undefined || this.#spec.witness?.isStopped === true;
  }

  async #operate(operation: Operation): Promise<void> {
    const kernel = this.#kernel;
    let isDone = false;
    void this.#people?.does(operation).finally(() => {
      isDone = true;
    });
    await kernel.settle();
    const endMs = kernel.nowMs + PAUSE_MS_MAX;
    while (!isDone && !this.#isOver && (await kernel.step(endMs)));
  }

  async #until(endMs: number): Promise<void> {
    while (!this.#isOver && (await this.#kernel.step(endMs)));
  }

  /** Until nothing is under way and nothing has been written for a while. */
  async #untilRest(withinMs: number): Promise<boolean> {
    const kernel = this.#kernel;
    const endMs = kernel.nowMs + withinMs;
    this.#busyMs = kernel.nowMs;
    while (!this.#isOver && kernel.nowMs < endMs) {
      const restMs = Math.max(this.#busyMs, kernel.lastArrivalMs) + REST_MS;
      if (restMs <= kernel.nowMs) return true;
      await kernel.step(Math.min(restMs, endMs));
    }
    return false;
  }

  #onCommit(commit: Commit): void {
    const { before, beforeRevision, after } = this.#state.take(commit);
    const resource = resourceOf(commit.key);
    this.#kernel.steps?.wrote(commit.key);
    this.#kernel.steps?.wrote(`${resource} `);
    this.#kernel.steps?.touched(`actor ${commit.cause.user}`);
    if (before === undefined && after !== undefined) this.#names.note(resource, after.value);
    const shown: ApiObject | undefined = after?.value ?? before?.value;
    if (shown === undefined) return;
    const { cause } = commit;
    const called = this.#names.nameOf(resource, shown);
    const what = `${cause.verb} ${resource} ${called}`;
    const states = { before: before?.value, after: after?.value };
    this.#spec.witness?.onCommit(commit, { resource, called, ...states });
    this.#log.add(this.#kernel.nowMs, "store", `${what} by ${cause.user} at ${commit.revision}`);
    if (!SIGNS_OF_LIFE.includes(resource)) this.#busyMs = this.#kernel.nowMs;
    const write = {
      atMs: this.#kernel.nowMs,
      revision: commit.revision,
      verb: cause.verb,
      actor: cause.user,
      resource,
      key: commit.key,
      before: before?.value,
      beforeRevision,
      after: after?.value,
      cause,
    };
    this.#judge.onWrite(write);
    this.#spec.coverage?.onWrite(write, this.#seen.shownLast(cause.user));
    this.#environment?.onWrite(write);
  }
}

/** Written by those who live, whatever else happens. */
const SIGNS_OF_LIFE: readonly string[] = ["leases", "events"];

const PACES = ["", "0", "10ms", "300ms", "5s", "60s"] as const;
const PACE_MS = { "0": 0, "10ms": 10, "300ms": 300, "5s": 5_000, "60s": 60_000 } as const;

/** After the last operation the environment may act so often, each time with some time to show. */
const LATE_FAULTS_MS: readonly number[] = [500, 10_000, 60_000];
