/** A client whose calls go through the caller's own function, one and all. */
import type { Client } from "../client.ts";
import { clientThrough, type Interceptor } from "./client-through.ts";

export type { ClientCall, Interceptor } from "./client-through.ts";

/**
 * `client`, with every call handed to `intercept`. For faults in tests, above all: before `next`
 * the server has not heard of the call, after it the write is done and only its answer is lost.
 *
 *     let conflicts = 2;
 *     const unlucky = interceptedClient(client, async (call, next) => {
 *       if (call.verb === "update" && conflicts-- > 0) throw new StatusError(aConflict);
 *       return next();
 *     });
 */
export function interceptedClient(client: Client, intercept: Interceptor): Client {
  return clientThrough(client, { call: intercept });
}
