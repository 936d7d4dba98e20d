/**
 * A kind that comes and goes while a controller runs: its view, and what the view wakes, are there
 * as long as the server has the kind, and the memory is freed when it is gone.
 *
 * The server is asked for one object of the kind, again and again: that takes no right but the one
 * to list it, and tells of definitions and of API services alike. One that may not be listed is
 * taken to be there, so that readiness names the view and the permission that lacks.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { childSignal, orAborted } from "../../base/signals.ts";
import { TaskGroup } from "../../base/task-group.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { Informers, InformerLease } from "../../informer/informers.ts";
import { groupResource } from "../../machinery/gvk.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { LOW_PRIORITY } from "../queue/priority.ts";
import type { Enqueue, Source } from "./source.ts";

/** Between two looks whether a kind has come. */
export const ABSENT_LOOK_MS = 10_000;
/** Between two looks whether it has gone. */
export const SERVED_LOOK_MS = 30_000;
/** The same, after a call that found it missing: what one call says may be true of one object. */
export const DOUBTED_LOOK_MS = 1_000;
/** How long a view that does not sync holds up the controller. */
export const SERVED_SYNC_MS_MAX = 30_000;

/**
 * The kind, for a controller that can do without it: nothing waits for it at the start. Its watch
 * begins when the server has it and ends when it is gone; all objects of the controller are looked
 * at again each time. For `owns`, `watches`, `reads`, `dependent` and `controller` itself.
 *
 *     controller(Site, { owns: [Deployment, whenServed(Certificate)], ... });
 *     if (ctx.isServed(Certificate)) await ctx.apply(Certificate, certificateOf(site));
 */
export function whenServed<T extends ApiObject>(type: ResourceType<T>): ResourceType<T> {
  const optional = { ...type, presence: "when-served" };
  return optional;
}

/** Whether the kind was made by `whenServed`. */
export function isWhenServed(type: ResourceType): boolean {
  return "presence" in type && type.presence === "when-served";
}

export type ServedSourceDeps = {
  readonly client: Pick<Client, "list">;
  readonly informers: Informers;
  readonly env: Pick<Env, "timers">;
};

/** While the kind is there. */
type Served = {
  readonly sources: readonly Source[];
  /** Ends with the kind. */
  readonly life: TaskGroup;
  readonly lease: InformerLease<ApiObject>;
};

export class ServedSource implements Source {
  readonly name: string;
  readonly #type: ResourceType;
  readonly #deps: ServedSourceDeps;
  readonly #makers: (() => Source)[] = [];
  readonly #all: () => readonly ObjectKey[];
  readonly #known = Promise.withResolvers<void>();
  #served: Served | undefined;
  #doubt: () => void = () => undefined;

  /** `all`: the objects that are looked at again when the kind comes or goes. */
  constructor(type: ResourceType, deps: ServedSourceDeps, all: () => readonly ObjectKey[]) {
    this.name = `${type.kind} (when served)`;
    this.#type = type;
    this.#deps = deps;
    this.#all = all;
  }

  get isServed(): boolean {
    return this.#served !== undefined;
  }

  /** `make` is called each time the kind has come, when its view can be peeked at. */
  add(make: () => Source): void {
    this.#makers.push(make);
  }

  /** A call has found that the kind may be gone: looks soon. */
  doubt(): void {
    this.#doubt();
  }

  start(): void {
    // All of it is in `run`: nothing is there before the first look.
  }

  async run(enqueue: Enqueue, context: Context): Promise<void> {
    try {
      for (let isFirst = true; !context.signal.aborted; isFirst = false) {
        const isServed = await this.#look(context);
        if (isServed !== undefined && isServed !== this.isServed) {
          if (isServed) this.#begin(enqueue, context);
          else await this.#end();
          if (!isFirst) this.#tell(enqueue, context);
        }
        if (isServed !== undefined) this.#known.resolve();
        await this.#pause(context.signal);
      }
    } finally {
      await this.#end();
    }
  }

  /** Resolves when it is known whether the kind is there and, if it is, what there is of it. */
  async waitForSync(signal: AbortSignal): Promise<void> {
    const limit = childSignal(signal);
    const timer = this.#deps.env.timers.after(SERVED_SYNC_MS_MAX, () => limit.abort());
    try {
      await orAborted(this.#known.promise, limit.signal);
      await this.#served?.lease.informer.waitForSync(limit.signal);
    } catch (error) {
      if (signal.aborted) throw error;
    } finally {
      timer.cancel();
      limit.release();
    }
  }

  *replay(): Iterable<ObjectKey> {
    for (const source of this.#served?.sources ?? []) yield* source.replay?.() ?? [];
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const { timers } = this.#deps.env;
    if (!this.isServed) {
      await timers.sleep(ABSENT_LOOK_MS, signal);
      return;
    }
    await timers.sleep(DOUBTED_LOOK_MS, signal);
    const rest = childSignal(signal);
    this.#doubt = () => rest.abort();
    try {
      await timers.sleep(SERVED_LOOK_MS - DOUBTED_LOOK_MS, rest.signal);
    } catch (error) {
      if (signal.aborted) throw error;
    } finally {
      this.#doubt = () => undefined;
      rest.release();
    }
  }

  /** Undefined: nobody can tell now. */
  async #look(context: Context): Promise<boolean | undefined> {
    try {
      const { namespace } = this.#deps.informers.scopeOf?.(this.#type) ?? {};
      const where = namespace === undefined ? {} : { namespace };
      await this.#deps.client.list(this.#type, { limit: 1, ...where }, context);
      return true;
    } catch (error) {
      if (isStatus(error, "NotFound")) return false;
      if (isStatus(error, "Forbidden")) return true;
      if (!context.signal.aborted) {
        const fields = { kind: groupResource(this.#type), error };
        context.log.debug("cannot find out whether a kind is served; it is asked again", fields);
      }
      return undefined;
    }
  }

  #begin(enqueue: Enqueue, context: Context): void {
    const lease = this.#deps.informers.acquire(this.#type);
    const life = new TaskGroup(context.signal);
    const sources = this.#makers.map((make) => make());
    this.#served = { sources, life, lease };
    for (const source of sources) {
      source.start(enqueue, { ...context, signal: life.signal });
      life.spawn(async (signal) => source.run?.(enqueue, { ...context, signal }));
    }
  }

  async #end(): Promise<void> {
    const served = this.#served;
    this.#served = undefined;
    served?.life.abort();
    await served?.life.join();
    served?.lease.release();
  }

  #tell(enqueue: Enqueue, { log }: Context): void {
    const kind = groupResource(this.#type);
    log.info(this.isServed ? "a kind is served from now on" : "a kind is served no more", { kind });
    for (const key of this.#all()) enqueue(key, { kind: "external" }, LOW_PRIORITY);
  }
}
