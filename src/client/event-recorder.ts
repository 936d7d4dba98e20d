/**
 * Writes `Event` objects, so that people can read what happened to an object.
 *
 * Best effort: recording never blocks or throws; the queue is bounded and drops the newest when it is
 * full; a write is tried a few times and then given up. `run()` is its life; what is queued when the
 * signal aborts is tried once more within `DRAIN_MS`.
 */
import { Channel } from "../base/channel.ts";
import { NO_CAUSE, type Context } from "../base/context.ts";
import type { Env } from "../base/env.ts";
import { childSignal } from "../base/signals.ts";
import { apiVersionOf, type GroupVersionKind } from "../machinery/gvk.ts";
import { apiTime, type ApiObject } from "../machinery/object.ts";
import { isStatus, StatusError } from "../machinery/status.ts";
import { EventObject } from "./builtin.ts";
import type { Client } from "./client.ts";
import { EventCorrelator, type Utterance } from "./event-correlator.ts";
import type { EventRecorder } from "./event-recorder-types.ts";

/** Utterances that wait to be written; more are dropped. */
export const EVENT_QUEUE_MAX = 1_000;
/** Tries of one write, and the pause between them. */
export const EVENT_TRIES_MAX = 12;
export const EVENT_RETRY_MS = 10_000;
/** How long a stopping recorder goes on writing what is queued. */
export const DRAIN_MS = 2_000;

export type EventRecorderDeps = { readonly client: Client; readonly env: Env };

export type EventRecorderOptions = {
  /** Who speaks, e.g. `deployment-controller`: shown as `From`. */
  readonly component: string;
  /** The node it speaks from, if that matters. */
  readonly host?: string;
};

/** A recorder with a life. */
export interface RunningEventRecorder extends EventRecorder {
  readonly name: string;
  run(context: Context): Promise<void>;
}

export function createEventRecorder(
  deps: EventRecorderDeps,
  options: EventRecorderOptions,
): RunningEventRecorder {
  return new ClientEventRecorder(deps, options);
}

type Queued = Utterance & { readonly atMs: number };

class ClientEventRecorder implements RunningEventRecorder {
  readonly name: string;
  readonly #deps: EventRecorderDeps;
  readonly #options: EventRecorderOptions;
  readonly #correlator: EventCorrelator;
  readonly #queue = new Channel<Queued>({ capacity: EVENT_QUEUE_MAX, whenFull: "drop-newest" });

  constructor(deps: EventRecorderDeps, options: EventRecorderOptions) {
    this.#deps = deps;
    this.#options = options;
    this.name = `events of ${options.component}`;
    this.#correlator = new EventCorrelator(deps.env.clock);
  }

  normal(object: ApiObject, gvk: GroupVersionKind, reason: string, message: string): void {
    this.#record(object, gvk, "Normal", reason, message);
  }

  warning(object: ApiObject, gvk: GroupVersionKind, reason: string, message: string): void {
    this.#record(object, gvk, "Warning", reason, message);
  }

  async run(context: Context): Promise<void> {
    const drain = childSignal(new AbortController().signal); // outlives the given signal a little
    const writing: Context = { ...context, signal: drain.signal };
    const stop = (): void => {
      this.#queue.close();
      this.#deps.env.timers.after(DRAIN_MS, () => drain.abort());
    };
    if (context.signal.aborted) stop();
    else context.signal.addEventListener("abort", stop, { once: true });
    for await (const utterance of this.#queue) {
      if (drain.signal.aborted) break;
      await this.#write(utterance, writing, context.signal);
    }
  }

  #record(
    object: ApiObject,
    gvk: GroupVersionKind,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
  ): void {
    const { namespace = "", name = "", uid = "", resourceVersion = "" } = object.metadata;
    const apiVersion = apiVersionOf(gvk);
    const about = { kind: gvk.kind, namespace, name, uid, apiVersion, resourceVersion };
    const atMs = this.#deps.env.clock.now();
    const isTaken = this.#queue.send({ about, type, reason, message, atMs });
    if (!isTaken) this.#deps.env.log.debug("An event was dropped.", { reason, object: name });
  }

  async #write(utterance: Queued, context: Context, stopping: AbortSignal): Promise<void> {
    for (let attempt = 1; attempt <= EVENT_TRIES_MAX; attempt += 1) {
      try {
        await this.#writeOnce(utterance, context);
        return;
      } catch (error) {
        // A refusal stays one: a namespace that ends, an object that is not valid.
        const isRefused = error instanceof StatusError && error.code < 500 && error.code !== 429;
        if (isRefused || stopping.aborted || attempt === EVENT_TRIES_MAX) {
          context.log.debug("An event was not written.", { reason: utterance.reason, error });
          return;
        }
        await this.#deps.env.timers.sleep(EVENT_RETRY_MS, stopping).catch(() => undefined);
      }
    }
  }

  async #writeOnce(utterance: Queued, given: Context): Promise<void> {
    const correlation = this.#correlator.decide(utterance);
    const context = { ...given, cause: { ...NO_CAUSE, actor: this.#options.component } };
    switch (correlation.kind) {
      case "drop":
        return;
      case "create": {
        const event = this.#eventOf(utterance, correlation.message);
        await this.#deps.client.create(EventObject, event, context);
        this.#correlator.wrote(correlation.key, event.metadata.name ?? "", 1);
        return;
      }
      case "count": {
        const { key, eventName, count, message } = correlation;
        const lastTimestamp = apiTime(utterance.atMs);
        const target = { namespace: eventNamespace(utterance), name: eventName };
        const patch = { kind: "merge", patch: { count, lastTimestamp, message } } as const;
        try {
          await this.#deps.client.patch(EventObject, target, patch, context);
          this.#correlator.wrote(key, eventName, count);
        } catch (error) {
          if (!isStatus(error, "NotFound")) throw error;
          this.#correlator.lost(key);
          await this.#deps.client.create(EventObject, this.#eventOf(utterance, message), context);
        }
      }
    }
  }

  #eventOf(utterance: Queued, message: string): EventObject {
    const { about, type, reason } = utterance;
    const { component, host } = this.#options;
    const time = apiTime(utterance.atMs);
    const suffix = this.#deps.env.ids.uuid().replaceAll("-", "").slice(0, 16);
    return {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${about.name}.${suffix}`, namespace: eventNamespace(utterance) },
      involvedObject: about.namespace === "" ? { ...about, namespace: "" } : about,
      type,
      reason,
      message,
      source: host === undefined ? { component } : { component, host },
      reportingComponent: component,
      reportingInstance: host ?? "",
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    };
  }
}

/** Events about cluster-scoped objects live in the default namespace. */
function eventNamespace({ about }: Utterance): string {
  return about.namespace === "" ? "default" : about.namespace;
}
