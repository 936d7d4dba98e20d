/**
 * The only way to the provider: one bucket of tokens for all objects of the process, a limit on
 * how long a call may take, and respect for what the provider asks.
 */
import type { Env } from "setpoint/client";
import { DnsApiError, type DnsApi } from "./dns-api.ts";

export type QuotaOptions = {
  /** Calls that may be made at once after a rest. */
  readonly burst: number;
  readonly perSecond: number;
  /** Default 10 s. */
  readonly callMsMax?: number;
};

/** The provider is not asked before this long is over. The run is given up: come again then. */
export class Postponed extends Error {
  override readonly name = "Postponed";
  readonly delayMs: number;

  constructor(delayMs: number) {
    super(`the provider asks us to wait ${Math.ceil(delayMs / 1_000)} s`);
    this.delayMs = delayMs;
  }
}

/** A wait up to this long is waited for in the run; a longer one would only hold a worker. */
const WAIT_MS_MAX = 2_000;
/** Where a 429 does not say how long. */
const PAUSE_MS = 5_000;
/** Calls are this much slower after a 429, and a little faster again after each success. */
const SLOWER = 2;
const FASTER = 0.98;
const INTERVAL_MS_MAX = 5_000;

/** `dns`, within the quota. */
export function withinQuota(dns: DnsApi, env: Env, options: QuotaOptions): DnsApi {
  const quota = new Quota(env, options);
  return {
    get: (id, signal) => quota.call(signal, (s) => dns.get(id, s)),
    list: (query, signal) => quota.call(signal, (s) => dns.list(query, s)),
    create: (content, key, signal) => quota.call(signal, (s) => dns.create(content, key, s)),
    update: (id, content, signal) => quota.call(signal, (s) => dns.update(id, content, s)),
    delete: (id, signal) => quota.call(signal, (s) => dns.delete(id, s)),
  };
}

class Quota {
  readonly #env: Env;
  readonly #intervalMsMin: number;
  #intervalMs: number;
  readonly #burstMs: number;
  readonly #callMsMax: number;
  /** When the next call may be made if there were no burst: the bucket, as a time. */
  #nextMs = 0;
  #pausedUntilMs = 0;

  constructor(env: Env, { burst, perSecond, callMsMax = 10_000 }: QuotaOptions) {
    this.#env = env;
    this.#intervalMsMin = 1_000 / perSecond;
    this.#intervalMs = this.#intervalMsMin;
    this.#burstMs = (burst - 1) * this.#intervalMs;
    this.#callMsMax = callMsMax;
  }

  async call<R>(signal: AbortSignal, make: (signal: AbortSignal) => Promise<R>): Promise<R> {
    await this.#turn(signal);
    const limit = new AbortController();
    const timer = this.#env.timers.after(this.#callMsMax, () => {
      limit.abort(new DnsApiError(0, `no answer within ${this.#callMsMax} ms`));
    });
    try {
      const answer = await make(AbortSignal.any([signal, limit.signal]));
      this.#intervalMs = Math.max(this.#intervalMsMin, this.#intervalMs * FASTER);
      return answer;
    } catch (error) {
      if (error instanceof DnsApiError && error.status === 429) this.#pause(error.retryAfterMs);
      throw error;
    } finally {
      timer.cancel();
    }
  }

  /** Takes a token. Workers are few, so that whoever waits here waits for a few others at most. */
  async #turn(signal: AbortSignal): Promise<void> {
    this.#refuseIfPaused();
    const now = this.#env.clock.monotonic();
    const isAtRest = this.#intervalMs === this.#intervalMsMin;
    const earliestMs = isAtRest ? now - this.#burstMs : now; // no burst while it is scarce
    this.#nextMs = Math.max(this.#nextMs, this.#pausedUntilMs, earliestMs);
    const waitMs = this.#nextMs - now;
    this.#nextMs += this.#intervalMs;
    if (waitMs <= 0) return;
    await this.#env.timers.sleep(waitMs, signal);
    this.#refuseIfPaused(); // somebody else may have been refused meanwhile
  }

  #refuseIfPaused(): void {
    const leftMs = this.#pausedUntilMs - this.#env.clock.monotonic();
    if (leftMs > WAIT_MS_MAX) throw new Postponed(leftMs);
  }

  /** Somebody else uses the quota as well, or it is smaller than we were told. */
  #pause(ms: number = PAUSE_MS): void {
    this.#intervalMs = Math.min(INTERVAL_MS_MAX, this.#intervalMs * SLOWER);
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#env.clock.monotonic() + ms);
  }
}
