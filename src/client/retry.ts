/**
 * Trying again, where it is safe: the server said it did nothing (429, or 503 with a time to wait),
 * or the request reads only. A write whose answer was lost is never sent twice: the caller alone
 * can find out whether it happened.
 */
import type { Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import type { ApiRequest, ApiResponse } from "../machinery/request.ts";
import type { StatusError } from "../machinery/status.ts";
import { isSuccess, refusalOf, retryAfterMs } from "./response.ts";
import { TransportError, type Transport } from "./transport.ts";

/**
 * How patient a client is. A server that does nothing and asks to wait (429, or 503 with a time) is
 * asked again after that time; a read whose answer was lost, twice more. A write whose answer was
 * lost is never sent again.
 */
export type RetryOptions = {
  /** Tries after the first one (default 10). 0: never try again. */
  readonly retriesMax?: number;
  /** The longest wait a server can ask for (default 30 s). */
  readonly waitMsMax?: number;
};

/** Waits before a read is sent again after its answer was lost. */
const LOST_READ_WAIT_MS = 100;
/** A read is sent again this often when answers are lost: more would hide an outage. */
const LOST_READ_RETRIES_MAX = 2;

export type RetryDeps = {
  readonly transport: Transport;
  readonly env: Pick<Env, "timers">;
};

/** The server's success. Throws the refusal as `StatusError`, or the `TransportError`. */
export async function sendWithRetry(
  deps: RetryDeps,
  request: ApiRequest,
  options: Required<RetryOptions>,
  context: Context,
): Promise<ApiResponse> {
  let lost = 0;
  for (let tries = 0; ; tries += 1) {
    const answer = await sendOnce(deps.transport, request, context);
    if (answer.kind === "success") return answer.response;
    if (answer.kind === "lost") {
      lost += 1;
      const isOver = lost > LOST_READ_RETRIES_MAX || tries >= options.retriesMax;
      if (isOver || !canSendAgain(request, answer.error)) throw answer.error;
      context.requests?.waits(LOST_READ_WAIT_MS * lost);
      await deps.env.timers.sleep(LOST_READ_WAIT_MS * lost, context.signal);
      context.mayRepeat?.();
      continue;
    }
    const { response, refusal } = answer;
    const waitMs = retryAfterMs(response, refusal);
    if (waitMs === undefined || tries >= options.retriesMax || !isSafe(request, refusal)) {
      throw refusal;
    }
    context.log.debug("the server asks to wait", {
      path: request.path,
      code: refusal.code,
      waitMs,
    });
    const boundedMs = Math.min(waitMs, options.waitMsMax);
    context.requests?.waits(boundedMs);
    await deps.env.timers.sleep(boundedMs, context.signal);
    context.mayRepeat?.();
  }
}

type Answer =
  | { readonly kind: "success"; readonly response: ApiResponse }
  | { readonly kind: "refusal"; readonly response: ApiResponse; readonly refusal: StatusError }
  | { readonly kind: "lost"; readonly error: TransportError };

async function sendOnce(
  transport: Transport,
  request: ApiRequest,
  context: Context,
): Promise<Answer> {
  try {
    const response = await transport.send(request, context);
    context.requests?.answered(response.status);
    if (isSuccess(response)) return { kind: "success", response };
    return { kind: "refusal", response, refusal: await refusalOf(response) };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    context.requests?.answered(undefined);
    return { kind: "lost", error };
  }
}

/** Watches are left to their owner, who knows where to go on. */
function canSendAgain(request: ApiRequest, error: TransportError): boolean {
  const isWatch = request.query.has("watch");
  return request.method === "GET" && !isWatch && !error.isRefused;
}

/** Whether the server certainly did nothing, or doing it twice is the same. */
function isSafe(request: ApiRequest, refusal: StatusError): boolean {
  if (refusal.code === 429 || refusal.code === 503) return true;
  return request.method === "GET" && refusal.code >= 500;
}
