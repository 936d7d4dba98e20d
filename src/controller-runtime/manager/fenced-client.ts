/**
 * A client whose writes end with leadership. A process that slept (a suspended machine, a long
 * pause) may wake up in the middle of a reconcile while another process leads already: it is asked
 * before each write whether it still does, and again before a write that had to wait is sent once
 * more. What is under way at that moment cannot be called back.
 */
import type { Client } from "../../client/client.ts";
import { LeadershipLostError } from "../../client/leader-election.ts";
import { interceptedClient } from "../../client/wrappers/intercepted-client.ts";

/** `client`, refusing writes with `LeadershipLostError` whenever `holds` says no. */
export function fencedClient(client: Client, holds: () => boolean): Client {
  const mayRepeat = (): void => {
    if (holds()) return;
    throw new LeadershipLostError("this process does not lead any more: the write was not sent");
  };
  return interceptedClient(client, async (call, next) => {
    if (!call.isWrite) return next();
    mayRepeat();
    return next({ ...call.context, mayRepeat });
  });
}
