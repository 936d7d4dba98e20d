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
import { Actor } from "../kernel/actor.ts";
import { simEnv, type SimLogLine } from "../kernel/sim-env.ts";
import { Link, type LinkDeps } from "./link.ts";

/** What a process does in each of its lives. */
export type Program = (life: {
  readonly client: Client;
  readonly transport: Transport;
  readonly env: Env;
  /** For the manager, in runs that are told: stories say then what its reconciles had read. */
  readonly reconcileLog?: ReconcileLog;
}) => Pick<Manager, "run"> | Runnable;

export type ProcessDeps = Omit<LinkDeps, "caller" | "crash" | "isConnected"> & {
  readonly seed: number;
  readonly lines: SimLogLine[] | undefined;
  /** Of all its lives; undefined: the run is not told. */
  readonly reconcileLog: ReconcileLog | undefined;
};

/** After its end by its own will: twice as long each time, as a kubelet does it. */
const RESTART_MS = 1_000;
const RESTART_MS_MAX = 300_000;

export class SimProcess {
  readonly name: string;
  readonly #program: Program;
  readonly #deps: ProcessDeps;
  /** Events of the environment that concern it: they outlive its lives. */
  readonly #keeper: Actor;
  #actor: Actor;
  #link: Link | undefined;
  #lives = 0;
  #isPartitioned = false;
  #restart: Timer | undefined;
  /** Ends by its own will since it was last healed. */
  #ends = 0;

  constructor(name: string, program: Program, deps: ProcessDeps) {
    this.name = name;
    this.#program = program;
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

  start(): void {
    if (this.isUp) return;
    this.#lives += 1;
    const { kernel, seed, lines } = this.#deps;
    this.#deps.seen.forget(this.name);
    const actor = new Actor(this.name);
    actor.clockOffsetMs = this.#actor.clockOffsetMs;
    this.#actor = actor;
    const link = new Link({
      ...this.#deps,
      caller: actor,
      crash: (why) => this.#crashOf(actor, why),
      isConnected: () => !this.#isPartitioned,
    });
    this.#link = link;
    const env = simEnv(kernel, actor, { seed: seed + this.#lives * LIFE_STRIDE, lines });
    const client = new RestClient({ transport: link, env }, { fieldManager: this.name });
    kernel.post(actor, `starts (life ${this.#lives})`, 0, () => {
      const context = rootContext(env, new AbortController().signal);
      const { reconcileLog } = this.#deps;
      const told = reconcileLog === undefined ? {} : { reconcileLog };
      const make = () => this.#program({ client, transport: link, env, ...told });
      void this.#live(actor, context, make);
    });
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

  /** The end of all faults: it runs, is connected, and its clock is right. */
  heal(): void {
    this.#isPartitioned = false;
    this.#ends = 0;
    this.#restart?.cancel();
    this.#actor.pausedUntilMs = 0;
    this.#actor.clockOffsetMs = 0;
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
      await make().run(context);
    } catch (error) {
      why = errorText(error);
    }
    if (actor !== this.#actor || !actor.isAlive) return;
    this.#ends += 1;
    this.crash(`by itself: ${why}`, Math.min(RESTART_MS * 2 ** (this.#ends - 1), RESTART_MS_MAX));
  }
}

/** Lives of one process draw from streams of their own. */
const LIFE_STRIDE = 0x9e37;

const RESTARTS = { "1s": 1_000, "at once": 0, "20s": 20_000, "10min": 600_000 } as const;
