/** Reads "not older than": a client may have seen a revision that this store has yet to reach. */
import type { Context } from "../../base/context.ts";
import { tooLargeResourceVersion } from "../registry/store-errors.ts";
import type { HandlerDeps } from "./request.ts";

/** How long a read waits for its revision. */
export const REVISION_WAIT_MS_MAX = 3_000;
const REVISION_POLL_MS = 50;

/** Throws 504 with the cause clients look for when the store does not get there in time. */
export async function waitForRevision(
  asked: number,
  deps: HandlerDeps,
  context: Context,
): Promise<void> {
  const { clock, timers } = deps.env;
  const endMs = clock.monotonic() + REVISION_WAIT_MS_MAX;
  while (deps.store.status().revision < asked) {
    if (clock.monotonic() >= endMs) {
      throw tooLargeResourceVersion(String(asked), deps.store.status().revision);
    }
    await timers.sleep(REVISION_POLL_MS, context.signal);
  }
}
