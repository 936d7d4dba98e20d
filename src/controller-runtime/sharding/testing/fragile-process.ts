/**
 * One of several processes in a virtual world, which can stand still, be cut off from the server,
 * or end without a word; its wall clock is its own.
 */
import type { Env, Timer } from "../../../base/env.ts";
import { sleepWith } from "../../../base/sleep.ts";
import type { VirtualEnv } from "../../../base/virtual/virtual-env.ts";
import type { Client } from "../../../client/client.ts";
import { TransportError } from "../../../client/transport.ts";
import { delegatingClient } from "../../../client/wrappers/delegating-client.ts";
import { interceptedClient, type ClientCall } from "../../../client/wrappers/intercepted-client.ts";

export type FragileOptions = {
  readonly clockSkewMs?: number;
  /** Of each call, there and back; at random up to this. */
  readonly latencyMsMax?: number;
  /** Told of each write that has had its effect. */
  readonly onWrite?: (call: ClientCall) => void;
};

export class FragileProcess {
  readonly env: Env;
  readonly client: Client;
  readonly #world: VirtualEnv;
  readonly #options: FragileOptions;
  #isCutOff = false;
  #resumed: Promise<void> | undefined;
  #resume: (() => void) | undefined;

  constructor(world: VirtualEnv, client: Client, options: FragileOptions = {}) {
    const { clockSkewMs = 0 } = options;
    this.#world = world;
    this.#options = options;
    const after = (delayMs: number, fire: () => void): Timer => this.#after(delayMs, fire);
    this.env = {
      ...world,
      log: world.log,
      clock: {
        now: () => world.clock.now() + clockSkewMs,
        monotonic: () => world.clock.monotonic(),
      },
      timers: {
        after,
        sleep: (delayMs, signal) => sleepWith(after, delayMs, signal),
        yield: () => world.timers.yield().then(() => this.#awake()),
      },
    };
    const fragile = interceptedClient(client, (call, next) => this.#call(call, next));
    this.client = delegatingClient(fragile, {
      watch: async (...call) => this.#whileAwake(await fragile.watch(...call)),
    });
  }

  get isPaused(): boolean {
    return this.#resumed !== undefined;
  }

  /** Nothing happens in it until `resume()`: answers and timers come when it wakes up. */
  pause(): void {
    if (this.#resumed !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#resumed = promise;
    this.#resume = resolve;
  }

  resume(): void {
    this.#resume?.();
    this.#resume = undefined;
    this.#resumed = undefined;
  }

  /** Whether the server is out of its reach. */
  set isCutOff(isCutOff: boolean) {
    this.#isCutOff = isCutOff;
  }

  #after(delayMs: number, fire: () => void): Timer {
    let isCancelled = false;
    const timer = this.#world.timers.after(delayMs, () => {
      void this.#awake().then(() => {
        if (!isCancelled) fire();
      });
    });
    return {
      cancel: () => {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  async #call<R>(call: ClientCall, next: () => Promise<R>): Promise<R> {
    await this.#awake();
    call.context.signal.throwIfAborted();
    await this.#delay(); // what was sent is under way, whatever becomes of this process
    if (this.#isCutOff) {
      throw new TransportError("connection refused", { isRefused: true });
    }
    const answer = await next().then(
      (value) => ({ value, error: undefined }),
      (error: unknown) => ({ value: undefined, error }),
    );
    if (call.isWrite && answer.error === undefined) this.#options.onWrite?.(call);
    await this.#delay();
    await this.#awake();
    if (this.#isCutOff) {
      throw new TransportError("the connection was cut", { isRefused: false });
    }
    if (answer.value === undefined) throw answer.error;
    return answer.value;
  }

  /** What a watch brings while the process stands still is seen when it wakes up. */
  async *#whileAwake<E>(events: AsyncIterable<E>): AsyncGenerator<E, void, undefined> {
    for await (const batch of events) {
      await this.#awake();
      yield batch;
    }
    await this.#awake();
  }

  #delay(): Promise<void> {
    const delayMs = (this.#options.latencyMsMax ?? 0) * this.#world.random.next();
    if (delayMs === 0) return Promise.resolve();
    return this.#world.timers.sleep(delayMs, new AbortController().signal);
  }

  async #awake(): Promise<void> {
    while (this.#resumed !== undefined) await this.#resumed;
  }
}
