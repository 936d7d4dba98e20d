/**
 * Writes what happened to objects as `Event` objects, for `kubectl get events`.
 *
 * Best effort by design: telling never waits and never throws, a full queue drops what is new, and
 * an event that cannot be written after a few minutes is given up. Repetitions are counted on the
 * first event instead of written anew.
 *
 * A name ends in the time of telling in hexadecimal nanoseconds, as upstream's do: timestamps know
 * only seconds, so the order of the names of one object's events is what tells its story in order.
 */
import { Channel } from "../base/channel.ts";
import { withCause, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { orAborted } from "../base/signals.ts";
import { apiVersionOf, type GroupVersionKind } from "../machinery/gvk.ts";
import { keyOf } from "../machinery/key.ts";
import { apiTime, type ApiObject } from "../machinery/object.ts";
import { isStatus } from "../machinery/status.ts";
import { EventObject } from "./builtin.ts";
import type { Client } from "./client.ts";
import { EventCorrelator, type Tally } from "./event-correlator.ts";
import type { EventRecorder } from "./event-recorder-types.ts";
import { TransportError } from "./transport.ts";

/** What an event recorder writes through. */
export type EventRecorderDeps = { readonly client: Client; readonly env: Env };

/** Under which name an event recorder speaks. */
export type EventRecorderOptions = {
  /** Who tells, e.g. `deployment-controller`. */
  readonly component: string;
  /** On which machine, where that matters (default ""). */
  readonly host?: string;
};

/** A recorder that writes while `run()` runs. */
export interface RunningEventRecorder extends EventRecorder {
  /** One that names another component, and writes through this one. */
  as(component: string): EventRecorder;
  /** Writes what is told, until the signal aborts. */
  run(context: Context): Promise<void>;
}

/** Happenings that wait to be written. */
export const EVENT_QUEUE_MAX = 1_000;
/** Tries to write one event, and the wait between them. */
export const EVENT_TRIES_MAX = 12;
export const EVENT_RETRY_MS = 10_000;
/** The API refuses longer messages. */
const MESSAGE_LENGTH_MAX = 1_024;
/** Leaves room for a suffix in 253 characters. */
const NAME_LENGTH_MAX = 230;
const NS_PER_MS = 1_000_000;
/** Of 64 bits. */
const NAME_SUFFIX_LENGTH = 16;

/** A recorder that writes events in the name of a component, while its `run()` runs. */
export function createEventRecorder(
  deps: EventRecorderDeps,
  options: EventRecorderOptions,
): RunningEventRecorder {
  return new ApiEventRecorder(deps, options);
}

type ObjectReference = EventObject["involvedObject"];

type Told = {
  readonly component: string;
  readonly object: ObjectReference;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly timeMs: number;
  /** When, unlike that of anything else this recorder told, and later than all before. */
  readonly timeNs: bigint;
};

class ApiEventRecorder implements RunningEventRecorder {
  readonly #deps: EventRecorderDeps;
  readonly #component: string;
  readonly #host: string;
  readonly #queue = new Channel<Told>({ capacity: EVENT_QUEUE_MAX, whenFull: "drop-newest" });
  readonly #correlator = new EventCorrelator<EventObject>();
  #dropped = 0;
  #lastNs = 0n;

  constructor(deps: EventRecorderDeps, options: EventRecorderOptions) {
    this.#deps = deps;
    this.#component = options.component;
    this.#host = options.host ?? "";
  }

  normal(object: ApiObject, gvk: GroupVersionKind, reason: string, message: string): void {
    this.#tell({ type: "Normal", component: this.#component, reason, message }, object, gvk);
  }

  warning(object: ApiObject, gvk: GroupVersionKind, reason: string, message: string): void {
    this.#tell({ type: "Warning", component: this.#component, reason, message }, object, gvk);
  }

  as(component: string): EventRecorder {
    return {
      normal: (object, gvk, reason, message) => {
        this.#tell({ type: "Normal", component, reason, message }, object, gvk);
      },
      warning: (object, gvk, reason, message) => {
        this.#tell({ type: "Warning", component, reason, message }, object, gvk);
      },
    };
  }

  async run(context: Context): Promise<void> {
    try {
      for (;;) {
        await orAborted(this.#queue.ready(), context.signal);
        this.#reportDropped(context);
        for (const told of this.#queue.drain()) await this.#write(told, context);
      }
    } catch (error) {
      if (!context.signal.aborted) throw error;
    }
  }

  #tell(
    words: Pick<Told, "type" | "component" | "reason" | "message">,
    object: ApiObject,
    gvk: GroupVersionKind,
  ): void {
    const { name, namespace, uid, resourceVersion } = object.metadata;
    const timeMs = this.#deps.env.clock.now();
    this.#queue.send({
      ...words,
      message: words.message.slice(0, MESSAGE_LENGTH_MAX),
      timeMs,
      timeNs: this.#nextNs(timeMs),
      object: {
        apiVersion: apiVersionOf(gvk),
        kind: gvk.kind,
        ...(name === undefined ? {} : { name }),
        ...(namespace === undefined ? {} : { namespace }),
        ...(uid === undefined ? {} : { uid }),
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
    });
  }

  /**
   * The clock knows no less than milliseconds. Where in its millisecond the first one lies is left
   * to chance, so that two recorders that tell of one object at once do not take the same name.
   */
  #nextNs(timeMs: number): bigint {
    const startNs = BigInt(Math.floor(timeMs)) * BigInt(NS_PER_MS);
    if (startNs > this.#lastNs) {
      const offsetNs = Math.floor((this.#deps.env.random.next() * NS_PER_MS) / 2);
      this.#lastNs = startNs + BigInt(offsetNs);
    } else {
      this.#lastNs += 1n; // the same millisecond, or the clock was set back
    }
    return this.#lastNs;
  }

  async #write(told: Told, context: Context): Promise<void> {
    const { kind, namespace = "", name = "", uid = "" } = told.object;
    const objectId = JSON.stringify([told.component, kind, namespace, name, uid]);
    const correlation = this.#correlator.correlate({ ...told, objectId }, told.timeMs);
    if (correlation.kind === "dropped") return;
    const { tally } = correlation;
    const message = correlation.message.slice(0, MESSAGE_LENGTH_MAX);
    for (let tries = 1; ; tries += 1) {
      try {
        tally.event = await this.#send({ ...told, message }, tally, context);
        return;
      } catch (error) {
        context.signal.throwIfAborted();
        const fields = { object: told.object, reason: told.reason, error };
        if (!isWorthRetry(error)) {
          context.log.debug("an event was refused", fields); // e.g. its namespace is going away
          return;
        }
        if (tries >= EVENT_TRIES_MAX) {
          context.log.warn("an event could not be written and is given up", fields);
          return;
        }
        await this.#deps.env.timers.sleep(EVENT_RETRY_MS, context.signal);
      }
    }
  }

  /** Counts up the event there is; one that is gone by now is written anew. */
  async #send(told: Told, tally: Tally<EventObject>, context: Context): Promise<EventObject> {
    const { client } = this.#deps;
    const call = causedBy(told.object, context);
    if (tally.event === undefined) {
      return client.create(EventObject, this.#eventOf(told, tally), call);
    }
    const lastTimestamp = apiTime(told.timeMs);
    const patch = { count: tally.count, lastTimestamp, message: told.message };
    try {
      const key = keyOf(tally.event);
      return await client.patch(EventObject, key, { kind: "strategic", patch }, call);
    } catch (error) {
      if (!isStatus(error, "NotFound")) throw error;
      return client.create(EventObject, this.#eventOf(told, tally), call);
    }
  }

  #eventOf(told: Told, tally: Tally<EventObject>): EventObject {
    const { object } = told;
    const suffix = told.timeNs.toString(16).padStart(NAME_SUFFIX_LENGTH, "0");
    const host = this.#host === "" ? {} : { host: this.#host };
    return {
      apiVersion: "v1",
      kind: "Event",
      metadata: {
        name: `${(object.name ?? "").slice(0, NAME_LENGTH_MAX)}.${suffix}`,
        namespace: object.namespace ?? "default",
      },
      involvedObject: object,
      type: told.type,
      reason: told.reason,
      message: told.message,
      source: { component: told.component, ...host },
      reportingComponent: told.component,
      reportingInstance: this.#host,
      firstTimestamp: apiTime(tally.firstMs),
      lastTimestamp: apiTime(told.timeMs),
      count: tally.count,
    };
  }

  #reportDropped(context: Context): void {
    const dropped = this.#queue.dropped - this.#dropped;
    if (dropped === 0) return;
    this.#dropped = this.#queue.dropped;
    context.log.warn("events were dropped: they came faster than they could be written", {
      dropped,
    });
  }
}

/** No answer, or a server that is not well; a refusal of the event itself will not change. */
function isWorthRetry(error: unknown): boolean {
  if (error instanceof TransportError) return true;
  return isStatus(error) && (error.code >= 500 || error.code === 429);
}

/** What is told of an object follows from its state as the teller had it. */
function causedBy({ resourceVersion = "" }: Told["object"], context: Context): Context {
  const revision = Number(resourceVersion);
  if (!Number.isSafeInteger(revision) || revision <= 0) return context;
  return withCause(context, { ...context.cause, triggers: [revision] });
}
