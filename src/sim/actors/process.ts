/**
 * A simulated process: a manager with controllers that starts, dies at any moment without a last
 * word, starts again with empty memory, and may stand still for a while and go on believing what it
 * believed.
 */
import { type Context, rootContext } from "../../base/context.ts";
import type { Env, Timer } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { RestClient } from "../../client/rest-client.ts";
import type { Client } from "../../client/client.ts";
import type { Transport } from "../../client/transport.ts";
import type { Runnable } from "../../controller-runtime/manager/runnable.ts";
import type { Manager } from "../../controller-runtime/manager/manager.ts";
import type { ReconcileLog } from "../../trace/reconcile-record.ts";
import type { Again } from "./again.ts";
import { Hold } from "./hold.ts";
import { Actor } from "../kernel/actor.ts";
import { notePlace } from "../kernel/places.ts";
import { simEnv, type SimLogLine } from "../kernel/sim-env.ts";
import { Link, type LinkDeps } from "./link.ts";

/** What a process does in each of its lives. */
export type Program = (life: {
  readonly client: Client;
  readonly transport: Transport;
  readonly env: Env;
  /** For the manager, in runs that are told: stories say then what its reconciles had read. */
  readonly reconcileLog?: ReconcileLog;
  /** For the controllers, where they are to look again at what they have looked at. */
  readonly again?: Again;
}) => Pick<Manager, "run"> | Runnable;

/** A process of the system, by name. */
export type ProcessSpec = {
  readonly name: string;
  readonly program: Program;
  /** The build before: while faults strike any life may be one of it (default: there is none). */
  readonly previous?: Program | undefined;
};

export type ProcessDeps = Omit<LinkDeps, "caller" | "crash" | "isConnected"> & {
  readonly seed: number;
  readonly lines: SimLogLine[] | undefined;
  /** Of all its lives; undefined: the run is not told. */
  readonly reconcileLog: ReconcileLog | undefined;
  /** Whether its controllers are to look again, once all is at rest (default: no). */
  readonly looksAgain?: boolean;
};

/** Between the end of one build and the start of the other. */
const REPLACE_MS = 1_000;

/** After its end by its own will: twice as long each time, as a kubelet does it. */
const RESTART_MS = 1_000;
const RESTART_MS_MAX = 300_000;

export class SimProcess {
  readonly name: string;
  readonly #program: Program;
  readonly #previous: Program | undefined;
  readonly #deps: ProcessDeps;
  /** Events of the environment that concern it: they outlive its lives. */
  readonly #keeper: Actor;
  #actor: Actor;
  #link: Link | undefined;
  #hold = new Hold();
  #lives = 0;
  #isPartitioned = false;
  #restart: Timer | undefined;
  /** Ends by its own will since it was last healed. */
  #ends = 0;
  /** Whether its present life is of the build before, and which its next one is said to be of. */
  #isPrevious = false;
  #nextIsPrevious: boolean | undefined;

  constructor({ name, program, previous }: ProcessSpec, deps: ProcessDeps) {
    this.name = name;
    this.#program = program;
    this.#previous = previous;
    this.#deps = deps;
    this.#keeper = new Actor(`keeper of ${name}`);
    this.#actor = new Actor(name);
    this.#actor.die();
  }

  /** How often it has ended by its own will since faults ended. */
  get ends(): number {
    return this.#ends;
  }

  get isUp(): boolean {
    return this.#actor.isAlive;
  }

  /** Of its present life, or the last one. */
  get hold(): Hold {
    return this.#hold;
  }

  /** Its timers that have not gone off. */
  get timers(): number {
    return this.#deps.kernel.timersOf(this.#actor);
  }

  /** Whether there is another build that it may be replaced by. */
  get hasBuilds(): boolean {
    return this.#previous !== undefined;
  }

  start(): void {
    if (this.isUp) return;
    this.#lives += 1;
    const program = this.#nextProgram();
    const { kernel, seed, lines } = this.#deps;
    this.#deps.seen.forget(this.name);
    const actor = new Actor(this.name);
    actor.clockOffsetMs = this.#actor.clockOffsetMs;
    this.#actor = actor;
    const crash = (why: string): void => this.#crashOf(actor, why);
    const link = new Link({
      ...this.#deps,
      caller: actor,
      crash,
      isConnected: () => !this.#isPartitioned,
    });
    this.#link = link;
    const env = simEnv(kernel, actor, { seed: seed + this.#lives * LIFE_STRIDE, lines });
    notePlace(env, { kernel, caller: actor, crash });
    const client = new RestClient({ transport: link, env }, { fieldManager: this.name });
    const build = this.#isPrevious ? ", of the build before" : "";
    kernel.post(actor, `starts (life ${this.#lives}${build})`, 0, () => {
      const hold = new Hold();
      this.#hold = hold;
      const context = rootContext(env, hold.signal);
      const { reconcileLog, looksAgain = false } = this.#deps;
      const log = reconcileLog === undefined ? {} : { reconcileLog };
      const told = looksAgain ? { ...log, again: hold.again } : log;
      const make = () => program({ client, transport: link, env, ...told });
      void this.#live(actor, context, make);
    });
  }

  /** It is ended, and goes on as the other build. */
  replace(): void {
    if (!this.isUp) return;
    this.#nextIsPrevious = !this.#isPrevious;
    this.crash("to be replaced by another build", REPLACE_MS);
  }

  /** Which build a life is of is a decision; the present one in a run without faults. */
  #nextProgram(): Program {
    const said = this.#nextIsPrevious;
    this.#nextIsPrevious = undefined;
    this.#isPrevious = false;
    if (this.#previous === undefined) return this.#program;
    const { choices } = this.#deps.kernel;
    const options = ["", "the build before"] as const;
    const picked = said ?? choices.choose("version", `${this.name} starts as`, options) !== "";
    this.#isPrevious = picked && !choices.isHealed;
    return this.#isPrevious ? this.#previous : this.#program;
  }

  /** Its end, now; another life begins after `restartMs`. */
  crash(why: string, restartMs: number): void {
    if (!this.isUp) return;
    const { kernel } = this.#deps;
    this.#actor.die();
    this.#link?.cut();
    kernel.log.add(kernel.nowMs, this.name, `CRASHES ${why}`);
    this.#restart?.cancel();
    this.#restart = kernel.post(this.#keeper, "", restartMs, () => this.start());
  }

  /** It stands still; what comes for it waits. */
  pause(forMs: number): void {
    const { kernel } = this.#deps;
    this.#actor.pausedUntilMs = kernel.nowMs + forMs;
    kernel.log.add(kernel.nowMs, this.name, `PAUSES for ${forMs} ms`);
  }

  /** Its wall clock shows something else from now on. */
  jumpClock(byMs: number): void {
    const { kernel } = this.#deps;
    this.#actor.clockOffsetMs += byMs;
    kernel.log.add(kernel.nowMs, this.name, `ITS CLOCK JUMPS by ${byMs} ms`);
  }

  /** It and the server do not reach each other for a while. */
  partition(forMs: number): void {
    const { kernel } = this.#deps;
    this.#isPartitioned = true;
    this.#link?.cut();
    kernel.log.add(kernel.nowMs, this.name, `IS CUT OFF for ${forMs} ms`);
    kernel.post(this.#keeper, "", forMs, () => {
      this.#isPartitioned = false;
    });
  }

  /** Its streams end; it may come back at once. */
  cutStreams(): void {
    const { kernel } = this.#deps;
    kernel.log.add(kernel.nowMs, this.name, "LOSES ITS CONNECTION");
    this.#link?.cut();
  }

  /** The end of all faults: it runs, is of this build, is connected, and its clock is right. */
  heal(): void {
    this.#isPartitioned = false;
    this.#ends = 0;
    this.#restart?.cancel();
    this.#actor.pausedUntilMs = 0;
    this.#actor.clockOffsetMs = 0;
    if (this.#isPrevious) this.replace();
    this.start();
  }

  #crashOf(actor: Actor, why: string): void {
    if (actor !== this.#actor || !actor.isAlive) return;
    const { choices } = this.#deps.kernel;
    const options = ["1s", "at once", "20s", "10min"] as const;
    const after = choices.choose("world", `${this.name} is started again after`, options);
    this.crash(why, RESTARTS[after]);
  }

  async #live(
    actor: Actor,
    context: Context,
    make: () => Pick<Manager, "run"> | Runnable,
  ): Promise<void> {
    let why = "it ended";
    try {
      const made = make();
      this.#hold.takes(made);
      await made.run(context);
    } catch (error) {
      why = errorText(error);
    }
    if (actor === this.#actor && this.#hold.isAskedToEnd) {
      this.#hold.ended();
      return;
    }
    if (actor !== this.#actor || !actor.isAlive) return;
    this.#ends += 1;
    this.crash(`by itself: ${why}`, Math.min(RESTART_MS * 2 ** (this.#ends - 1), RESTART_MS_MAX));
  }
}

/** Lives of one process draw from streams of their own. */
const LIFE_STRIDE = 0x9e37;

const RESTARTS = { "1s": 1_000, "at once": 0, "20s": 20_000, "10min": 600_000 } as const;
