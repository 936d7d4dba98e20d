/**
 * One API server as a process: it may die at any moment without a last word, and begins again with
 * empty memory. What it has acknowledged is in the store, which outlives it.
 */
import { rootContext } from "../../base/context.ts";
import type { Timer } from "../../base/env.ts";
import type { Transport } from "../../client/transport.ts";
import type { AnswersWebhook } from "../../control-plane/local-webhooks.ts";
import type { Store } from "../../store/store.ts";
import { Actor } from "../kernel/actor.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { simEnv, type SimLogLine } from "../kernel/sim-env.ts";
import { startServer, type SimServer } from "./api-server.ts";
import { Connection } from "./connection.ts";

export type ReplicaDeps = {
  readonly kernel: Kernel;
  /** The store as one life of the server has it: nobody hears from it after that. */
  readonly storeFor: (life: Actor) => Store;
  /** Answers people's webhooks; undefined: there are none. */
  readonly answersWebhook: AnswersWebhook | undefined;
  readonly seed: number;
  readonly lines: SimLogLine[] | undefined;
};

/** One life: from a start to the death that follows. */
export type ServerLife = {
  readonly api: SimServer;
  /** Aborts when it dies. */
  readonly signal: AbortSignal;
};

type Living = ServerLife & { readonly stop: AbortController; isServing: boolean };

export class ServerReplica {
  readonly name: string;
  readonly #deps: ReplicaDeps;
  /** Its machine: starts it again. */
  readonly #keeper: Actor;
  readonly #connections = new Set<Connection>();
  #actor: Actor;
  #life: Living | undefined;
  #lives = 0;
  #restart: Timer | undefined;
  #onServing: (() => void)[] = [];

  constructor(name: string, deps: ReplicaDeps) {
    this.name = name;
    this.#deps = deps;
    this.#keeper = new Actor(`keeper of ${name}`);
    this.#actor = new Actor(name);
    this.#actor.die();
  }

  /** The life that answers; undefined: it is down, or not yet ready. */
  get life(): ServerLife | undefined {
    return this.#life?.isServing === true ? this.#life : undefined;
  }

  /** Calls back once, when it serves. */
  whenServing(listener: () => void): void {
    if (this.life === undefined) this.#onServing.push(listener);
    else listener();
  }

  start(): void {
    if (this.#actor.isAlive) return;
    const { kernel, seed, lines, storeFor, answersWebhook } = this.#deps;
    const actor = new Actor(this.name);
    this.#actor = actor;
    const env = simEnv(kernel, actor, { seed: seed + this.#lives * LIFE_STRIDE, lines });
    this.#lives += 1;
    const stop = new AbortController();
    const context = rootContext(env, stop.signal);
    const api = startServer(storeFor(actor), env, context, answersWebhook);
    const life: Living = { api, stop, signal: stop.signal, isServing: false };
    this.#life = life;
    void api.synced().then(() => this.#serves(life));
  }

  /** Its end, now. Calls under way are lost, streams end; it is back after `restartMs`. */
  crash(why: string, restartMs: number): void {
    if (!this.#actor.isAlive) return;
    const { kernel } = this.#deps;
    kernel.log.add(kernel.nowMs, this.name, `CRASHES ${why}`);
    this.#actor.die();
    const life = this.#life;
    this.#life = undefined;
    for (const { ends } of this.#connections) {
      for (const name of ends) kernel.steps?.touched(`actor ${name}`);
    }
    for (const connection of this.#connections) connection.reset();
    life?.stop.abort(DIED);
    this.#restart = kernel.post(this.#keeper, `${this.name} starts again`, restartMs, () => {
      this.start();
    });
  }

  /** The end of all faults: it runs. */
  heal(): void {
    this.#restart?.cancel();
    this.start();
  }

  /** A connection to it; undefined: it is refused, since nobody is there. */
  connect(ends: readonly string[]): Connection | undefined {
    const { life } = this;
    if (life === undefined) return undefined;
    const connection = new Connection({
      as: (name): Transport => life.api.as(name),
      onOver: (over) => this.#connections.delete(over),
      ends,
    });
    this.#connections.add(connection);
    return connection;
  }

  #serves(life: Living): void {
    life.isServing = true;
    const listeners = this.#onServing;
    this.#onServing = [];
    for (const listener of listeners) listener();
  }
}

/** Lives of one server draw from streams of their own: no uid is given twice. */
const LIFE_STRIDE = 0x9e37;

/** Why what a server was doing has no end. */
const DIED = new Error("the simulated API server has died");
