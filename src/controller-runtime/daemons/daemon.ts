/**
 * A task of its own for each object, as long as there is the object: following a stream, holding a
 * connection, watching something that tells nobody. What can be done by looking again belongs into
 * `reconcile`, with `every` or `ctx.requeueAfter`: that is cheaper and survives everything.
 */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import type { Duration } from "../declared/duration.ts";

/** What a daemon is handed beside its object. Its signal aborts when the task must end. */
export type DaemonContext<T extends ApiObject = ApiObject> = Context & {
  readonly key: ObjectKey;
  readonly client: Client;
  /** The object as the local view has it now; undefined: it is gone. */
  latest(): T | undefined;
  /** Has the object reconciled. */
  wake(): void;
  /** The time of day in milliseconds since 1970. */
  now(): number;
  /** Rejects when the task must end. */
  sleep(duration: Duration): Promise<void>;
};

/** Which objects have a daemon, and when it is begun anew. */
export type DaemonOptions<T extends ApiObject> = {
  /** Of which objects there is one (default: of all). Looks at the object alone. */
  readonly when?: (object: T) => boolean;
  /** What ends it and begins it anew, besides a namesake of the object (default `spec`). */
  readonly restartsOn?: "spec" | "nothing";
  /** Between a failure and the next try (defaults 1 s, doubling up to 60 s). */
  readonly retry?: { readonly min?: Duration; readonly max?: Duration };
};

/** Made by `daemon()`, and given to `controller()`. */
export type Daemon<T extends ApiObject = ApiObject> = DaemonOptions<T> & {
  readonly name: string;
  readonly run: (object: T, context: DaemonContext<T>) => Promise<void>;
};

/**
 * A background task of each object. It begins when the object is seen, never twice at a time for
 * one object, and only in the process that leads. It is told to end, and waited for, when the
 * object is deleted or its spec changes; one that fails is begun again, one that returns is not
 * until the spec changes. It keeps no promise a crash would break: what it found, it tells by
 * `wake()`, and the reconcile looks for itself.
 *
 *     daemon("tail", async (site: Site, ctx) => {
 *       for await (const line of follow(site.spec.url, ctx.signal)) if (isNews(line)) ctx.wake();
 *     });
 */
export function daemon<T extends ApiObject>(
  name: string,
  run: Daemon<T>["run"],
  options: DaemonOptions<T> = {},
): Daemon<T> {
  return { ...options, name, run };
}
