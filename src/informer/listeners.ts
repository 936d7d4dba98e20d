/**
 * Those who listen to an informer: told one event at a time, in order, each kept from the mistakes
 * of the others. Whoever asks for it is shown all objects again from time to time.
 */
import { milliseconds } from "../base/duration.ts";
import type { Env } from "../base/env.ts";
import { aborted, childSignal } from "../base/signals.ts";
import { TaskGroup } from "../base/task-group.ts";
import type { ObjectKey } from "../machinery/key.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { EventListener, InformerEvent, ListenerOptions } from "./shared-informer-types.ts";

/** The shortest time between two resyncs of a listener; as upstream. */
export const RESYNC_MS_MIN = 1_000;
/** Each time is longer by up to this part of it, so that listeners do not all come at once. */
export const RESYNC_JITTER = 0.1;
/** Objects shown again before anything else has its turn. */
export const RESYNC_OBJECTS_MAX = 500;

/** What listeners have been told so far. */
export type Told<T extends ApiObject> = {
  readonly deliveredKeys: () => readonly ObjectKey[];
  readonly deliveredAt: (key: ObjectKey) => T | undefined;
};

type Entry<T extends ApiObject> = {
  readonly call: EventListener<T>;
  readonly resyncMs: number | undefined;
  readonly life: AbortController;
};

export class Listeners<T extends ApiObject> {
  readonly #env: Env;
  readonly #name: string;
  readonly #told: Told<T>;
  readonly #entries = new Set<Entry<T>>();
  /** Of the resyncs, while `run()` runs. */
  #group: TaskGroup | undefined;

  /** `name`: of the informer, in logs. */
  constructor(env: Env, name: string, told: Told<T>) {
    this.#env = env;
    this.#name = name;
    this.#told = told;
  }

  /** Adds a listener, and tells it of `present`. Answers what removes it. */
  add(call: EventListener<T>, options: ListenerOptions, present: Iterable<T>): () => void {
    const entry = { call, resyncMs: resyncMsOf(options), life: new AbortController() };
    this.#entries.add(entry);
    for (const object of present) this.#call(entry, { kind: "add", object, isInitial: true });
    this.#begin(entry);
    return () => {
      this.#entries.delete(entry);
      entry.life.abort();
    };
  }

  /** Listeners may come and go inside a call: those that come have heard of this event. */
  tell(event: InformerEvent<T>): void {
    const entries = [...this.#entries];
    for (const entry of entries) {
      if (this.#entries.has(entry)) this.#call(entry, event);
    }
  }

  /** Resyncs those who asked for it, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const group = new TaskGroup(signal);
    this.#group = group;
    for (const entry of this.#entries) this.#begin(entry);
    group.spawn((ended) => aborted(ended)); // keeps the group alive for those who come later
    try {
      await group.join();
    } finally {
      this.#group = undefined;
    }
  }

  #begin(entry: Entry<T>): void {
    const { resyncMs } = entry;
    if (resyncMs === undefined || !this.#entries.has(entry)) return;
    this.#group?.spawn((signal) => this.#resyncing(entry, resyncMs, signal));
  }

  async #resyncing(entry: Entry<T>, everyMs: number, signal: AbortSignal): Promise<void> {
    const { timers, random } = this.#env;
    const child = childSignal(signal);
    const end = (): void => child.abort();
    entry.life.signal.addEventListener("abort", end, { once: true });
    if (entry.life.signal.aborted) end();
    try {
      while (!child.signal.aborted) {
        await timers.sleep(everyMs * (1 + RESYNC_JITTER * random.next()), child.signal);
        await this.#resync(entry, child.signal);
      }
    } catch (error) {
      if (!child.signal.aborted) throw error;
    } finally {
      entry.life.signal.removeEventListener("abort", end);
      child.release();
    }
  }

  async #resync(entry: Entry<T>, signal: AbortSignal): Promise<void> {
    let shown = 0;
    for (const key of this.#told.deliveredKeys()) {
      const object = this.#told.deliveredAt(key);
      if (object === undefined) continue; // it has gone meanwhile
      this.#call(entry, { kind: "update", old: object, object });
      shown += 1;
      if (shown % RESYNC_OBJECTS_MAX === 0) await this.#env.timers.yield();
      if (signal.aborted) return;
    }
  }

  #call(entry: Entry<T>, event: InformerEvent<T>): void {
    try {
      entry.call(event);
    } catch (error) {
      const { namespace, name } = event.object.metadata;
      this.#env.log.error("a listener of an informer threw; it misses this event", {
        informer: this.#name,
        event: event.kind,
        object: { namespace, name },
        error,
      });
    }
  }
}

function resyncMsOf({ resyncEvery }: ListenerOptions): number | undefined {
  if (resyncEvery === undefined) return undefined;
  const ms = milliseconds(resyncEvery);
  if (ms >= RESYNC_MS_MIN) return ms;
  throw new RangeError(`resyncEvery: ${resyncEvery} is less than ${RESYNC_MS_MIN} ms`);
}
