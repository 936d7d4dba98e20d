/** The client by which a reconcile elsewhere asks a cluster of the fleet. */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import type { Client } from "../../client/client.ts";
import { interceptedClient } from "../../client/wrappers/intercepted-client.ts";
import { withinTime } from "../within-time.ts";
import { ClusterAwayError } from "./clusters.ts";

export type HandleParts = {
  readonly cluster: string;
  /** Why no call is made now; undefined: calls are made. */
  readonly problem: () => string | undefined;
  /** Told of a call that took too long. */
  readonly late: (problem: string) => void;
  readonly callMsMax: number;
  readonly env: Pick<Env, "timers">;
};

/**
 * `client`, with calls that fail at once while the cluster is away, and take `callMsMax` at most;
 * a watch may take as long as it likes once it has begun.
 */
export function handleClient(client: Client, parts: HandleParts): Client {
  const { cluster, callMsMax: limitMs, env } = parts;
  return interceptedClient(client, async (call, next) => {
    const problem = parts.problem();
    if (problem !== undefined) throw new ClusterAwayError(cluster, problem);
    if (call.verb === "watch") return next(foreign(call.context));
    const why = `it did not answer within ${limitMs} ms`;
    const late = (): Error => {
      parts.late(why);
      return new ClusterAwayError(cluster, why);
    };
    return withinTime((context) => next(context), foreign(call.context), { limitMs, late, env });
  });
}

/** The revisions that led here are of another cluster: there, they would name something else. */
function foreign(context: Context): Context {
  return { ...context, cause: { ...context.cause, triggers: [] } };
}
