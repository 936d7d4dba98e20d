/**
 * A client whose writes end with leadership. A process that slept (a suspended machine, a long
 * pause) may wake up in the middle of a reconcile while another process leads already: it is asked
 * before each write whether it still does. What is under way at that moment cannot be called back.
 */
import type { Client } from "../../client/client.ts";
import { LeadershipLostError } from "../../client/leader-election.ts";
import { interceptedClient } from "../../client/wrappers/intercepted-client.ts";

/** `client`, refusing writes with `LeadershipLostError` whenever `holds` says no. */
export function fencedClient(client: Client, holds: () => boolean): Client {
  return interceptedClient(client, (call, next) => {
    if (!call.isWrite || holds()) return next();
    const message = "this process does not lead any more: the write was not sent";
    return Promise.reject(new LeadershipLostError(message));
  });
}
