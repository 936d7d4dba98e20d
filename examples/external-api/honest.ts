/** What went wrong with the provider, as a condition, and when to try again, as a time. */
import type { Outcome, ReconcileContext } from "setpoint/controller-runtime";
import { apiTime, findCondition, parseApiTime } from "setpoint/machinery";
import { DnsApiError } from "./dns-api.ts";
import { Postponed } from "./quota.ts";

const RETRY_MS_MIN = 5_000;
const RETRY_MS_MAX = 10 * 60_000;

/** What the contexts of both controllers have in common. */
type OurContext = Pick<ReconcileContext, "now" | "requeueAfter"> & {
  readonly status: Pick<ReconcileContext["status"], "conditions" | "condition"> & {
    set(fields: { readonly retryAt: string | null }): void;
  };
};

/**
 * Does the work, and tells in the condition `Synced` how the provider answered. Without this, a
 * failure would be tried again by the runtime, and only its log would know when.
 */
export async function honestly(ctx: OurContext, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    const outcome = await work();
    ctx.status.condition("Synced", true, "AsWanted");
    ctx.status.set({ retryAt: null });
    return outcome;
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error; // not the provider's: the runtime's business
    ctx.status.condition("Synced", false, failure.reason, failure.message);
    const delayMs = failure.delayMs ?? backOffMs(ctx);
    ctx.status.set({ retryAt: apiTime(ctx.now() + delayMs) });
    return ctx.requeueAfter(delayMs);
  }
}

type Failure = { readonly reason: string; readonly message: string; readonly delayMs?: number };

function failureOf(error: unknown): Failure | undefined {
  const message = "the provider asks us to wait";
  if (error instanceof Postponed) return { reason: "RateLimited", message, delayMs: error.delayMs };
  if (!(error instanceof DnsApiError)) return undefined;
  const { status, message: why, retryAfterMs } = error;
  const delay = retryAfterMs === undefined ? {} : { delayMs: retryAfterMs };
  if (status === 429) return { reason: "RateLimited", message, ...delay };
  const isOurFault = status >= 400 && status < 500; // soon again would be no better
  if (!isOurFault) return { reason: "Unreachable", message: why, ...delay };
  const reason = status === 403 ? "QuotaExceeded" : "Refused";
  return { reason, message: why, delayMs: RETRY_MS_MAX };
}

/**
 * As long again as it has failed already: delays double, although nobody counts. The condition
 * knows since when it is so, and it outlives a restart.
 */
function backOffMs(ctx: OurContext): number {
  const since = findCondition(ctx.status.conditions, "Synced")?.lastTransitionTime;
  const failingMs = since === undefined ? 0 : ctx.now() - parseApiTime(since);
  return Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_MIN, failingMs));
}
