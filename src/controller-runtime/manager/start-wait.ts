/**
 * How a manager begins while its API server is away: it tries for as long as it may, and says at
 * once and then now and then, in one line, what it waits for, whom it asked, why that failed and
 * what to do. Readiness says the same.
 *
 * Away is a server that cannot be reached, one that is reached and cannot answer (429, 5xx: its
 * storage is down, it starts, it is overloaded), and one that says nothing. What it does answer,
 * such as that a right is missing, is for its caller.
 */
import { Backoff, type BackoffOptions } from "../../base/backoff.ts";
import { withSignal, type Context } from "../../base/context.ts";
import type { Env, Log } from "../../base/env.ts";
import { errorText } from "../../base/error-text.ts";
import { childSignal, orAborted } from "../../base/signals.ts";
import { TransportError } from "../../client/transport.ts";
import { isStatus } from "../../machinery/status.ts";

/** Between two tries of a step. */
export const START_BACKOFF: BackoffOptions = {
  initialMs: 1_000,
  maxMs: 10_000,
  factor: 2,
  jitter: 0.1,
  resetMs: Number.POSITIVE_INFINITY,
};
/** Until silence is told of. */
export const SILENT_MS = 5_000;
/** Between the first two lines; the pause doubles. */
const TELL_MS_MIN = 10_000;
const TELL_MS_MAX = 60_000;
const LOOK_MS = 1_000;

/** Why a step is not done yet, and what to do about it. */
export type Trouble = { readonly why: string; readonly hint: string };

export type StartWaitParts = {
  readonly env: Env;
  /** The address that is asked; undefined: it is not known. */
  readonly server?: (() => string | undefined) | undefined;
  /** How long a step may take. Default: for ever. */
  readonly limitMs?: number | undefined;
};

/** The server was away for longer than the manager was told to wait (`syncMsMax`). */
export class ServerAwayError extends Error {
  override readonly name = "ServerAwayError";
}

/** One life of a manager's start. */
export class StartWait {
  readonly #parts: StartWaitParts;
  #problem: string | undefined;

  constructor(parts: StartWaitParts) {
    this.#parts = parts;
  }

  /** What is waited for now, and why; undefined if nothing is in the way. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Does `work` until it is done, again and again while the server is away. Rejects with what else
   * it fails with, `ServerAwayError` after the time limit, or the signal's reason at once.
   */
  async retried(
    step: string,
    work: (context: Context) => Promise<void>,
    context: Context,
  ): Promise<void> {
    const { env, limitMs } = this.#parts;
    const limit = childSignal(context.signal);
    const inside = withSignal(context, limit.signal);
    let trouble: Trouble | undefined;
    const timer =
      limitMs === undefined
        ? undefined
        : env.timers.after(limitMs, () => limit.abort(this.#tooLate(step, limitMs, trouble)));
    const backoff = new Backoff(START_BACKOFF, env);
    const teller = this.#teller(step, context.log, () => trouble);
    try {
      for (;;) {
        try {
          await orAborted(work(inside), limit.signal);
          teller.done();
          return;
        } catch (error) {
          if (limit.signal.aborted || !isAway(error)) throw error;
          trouble = troubleOf(error);
        }
        teller.look();
        await env.timers.sleep(backoff.next(), limit.signal);
      }
    } finally {
      teller.end();
      timer?.cancel();
      limit.release();
    }
  }

  /** Waits for `work`, and tells what `look` finds in its way. */
  async watched(
    step: string,
    work: Promise<void>,
    log: Log,
    look: () => Trouble | undefined,
  ): Promise<void> {
    const teller = this.#teller(step, log, look);
    try {
      await work;
      teller.done();
    } finally {
      teller.end();
    }
  }

  #teller(
    step: string,
    log: Log,
    find: () => Trouble | undefined,
  ): { look(): void; done(): void; end(): void } {
    const { clock, timers } = this.#parts.env;
    const server = (): string => this.#parts.server?.() ?? "the API server";
    const beganMs = clock.monotonic();
    let nextMs = beganMs;
    let pauseMs = TELL_MS_MIN;
    let hasTold = false;
    const look = (): void => {
      const nowMs = clock.monotonic();
      const waitedMs = nowMs - beganMs;
      const found = find() ?? (waitedMs >= SILENT_MS ? silence(waitedMs) : undefined);
      if (found === undefined) return;
      const { why, hint } = found;
      const asked = server();
      this.#problem = `waits for ${asked} ${step}: ${why}`;
      if (nowMs < nextMs) return;
      const waited = Math.round(waitedMs / 1_000);
      const fields = { server: asked, why, hint, waitedSeconds: waited };
      log.warn(`the start waits for ${asked} ${step}`, fields);
      hasTold = true;
      nextMs = nowMs + pauseMs;
      pauseMs = Math.min(TELL_MS_MAX, pauseMs * 2);
    };
    const again = (): void => {
      look();
      timer = timers.after(LOOK_MS, again);
    };
    let timer = timers.after(LOOK_MS, again);
    const done = (): void => {
      if (hasTold) log.info("the start waits no more", { server: server(), step });
    };
    const end = (): void => {
      timer.cancel();
      this.#problem = undefined;
    };
    return { look, done, end };
  }

  #tooLate(step: string, limitMs: number, trouble: Trouble | undefined): ServerAwayError {
    const server = this.#parts.server?.() ?? "the API server";
    const { why, hint } = trouble ?? silence(limitMs);
    const within = `within ${limitMs} ms (syncMsMax)`;
    return new ServerAwayError(`${server} was not there ${step} ${within}: ${why}. ${hint}`);
  }
}

/** Whether the failure is of the moment: the server is not reached, or cannot answer now. */
export function isAway(error: unknown): boolean {
  return (
    error instanceof TransportError ||
    (isStatus(error) && (error.code >= 500 || error.code === 429))
  );
}

export function troubleOf(error: unknown): Trouble {
  const why = errorText(error);
  if (error instanceof TransportError) {
    const hint = error.isRefused
      ? "Start the server, or see whether KUBECONFIG names the right one"
      : "See whether the network between this program and the server is well";
    return { why: `it is not reached: ${why}`, hint };
  }
  if (!isStatus(error)) return { why, hint: "See what the server says" };
  const hint = "It is reached and cannot answer: see its own log and its /readyz, and its storage";
  return { why: `it answers ${error.code}: ${why}`, hint };
}

function silence(forMs: number): Trouble {
  const why = `no answer for ${Math.round(forMs / 1_000)} s`;
  return { why, hint: "It may be overloaded, or something on the way keeps packets" };
}
