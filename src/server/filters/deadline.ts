/**
 * No request hangs: one that is not answered in time is told so, and its work is stopped. Clients
 * may ask for less time than they have. Watches, logs and connections end in their own ways.
 */
import { withSignal, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { childSignal } from "../../base/signals.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { badRequest, isStatus, plainRefusal, StatusError } from "../../machinery/status.ts";
import { renderStatus } from "../handlers/render.ts";
import type { Exchange, Filter, Next } from "./filter.ts";
import { GoDurationError, parseGoDuration } from "./go-duration.ts";

/** From the beginning of a request to that of its answer. */
export const REQUEST_MS_MAX = 60_000;

/** The same for a request that writes. */
export const WRITE_MS_MAX = 34_000;

const LONG_SUBRESOURCES: readonly string[] = ["attach", "exec", "log", "portforward", "proxy"];

export function deadline(env: Env): Filter {
  return async (exchange, next, context) => {
    if (isLong(exchange)) return next(exchange, context);
    try {
      return await inTime(exchange, limitOf(exchange), next, env, context);
    } catch (error) {
      if (!isStatus(error)) throw error;
      return renderStatus(error.status, exchange.request.headers["accept"]);
    }
  };
}

type Limit = { readonly ms: number; readonly text: string };

const ALLOTTED = "Timeout: request did not complete within the allotted timeout";
const REQUESTED =
  "Timeout: request did not complete within requested timeout - context deadline exceeded";

/** Throws 504 when there is no answer in time. */
async function inTime(
  exchange: Exchange,
  limit: Limit,
  next: Next,
  env: Env,
  context: Context,
): Promise<ApiResponse> {
  const child = childSignal(context.signal);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = env.timers.after(limit.ms, () => {
    const refusal = plainRefusal(504, "Timeout", limit.text);
    reject(new StatusError({ ...refusal.status, details: {} }));
    child.abort(refusal);
  });
  try {
    return await Promise.race([next(exchange, withSignal(context, child.signal)), late]);
  } finally {
    timer.cancel();
    child.release();
  }
}

/** Throws 400 for a time that cannot be read. */
function limitOf({ request }: Exchange): Limit {
  const asked = askedMs(request.query.get("timeout") ?? "");
  const isWrite = request.method !== "GET" && request.method !== "HEAD";
  const most = isWrite
    ? { ms: WRITE_MS_MAX, text: REQUESTED }
    : { ms: REQUEST_MS_MAX, text: ALLOTTED };
  return asked > 0 && asked < most.ms ? { ms: asked, text: ALLOTTED } : most;
}

function askedMs(text: string): number {
  if (text === "") return 0;
  try {
    return parseGoDuration(text);
  } catch (error) {
    if (!(error instanceof GoDurationError)) throw error;
    throw badRequest(`invalid timeout specified in the request URL - ${error.message}`);
  }
}

function isLong({ info }: Exchange): boolean {
  if (info.kind === "path") return false;
  return info.verb === "watch" || LONG_SUBRESOURCES.includes(info.subresource);
}
