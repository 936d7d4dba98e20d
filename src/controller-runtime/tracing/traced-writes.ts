/**
 * In which span each revision was written, as far back as an event may still come: the events of
 * writes of this process are linked to them. Writes of others are told of by nobody.
 */
import { keyOf, keyText } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { triggerText } from "../queue/trigger-set.ts";
import type { Trigger } from "../sources/source.ts";
import type { SpanContext } from "./tracer.ts";

/** Of the writes remembered, at least this many are the newest. */
export const TRACED_WRITES_MIN = 2_048;

/**
 * Remembers which span wrote which revision, so that a reconcile woken by it can link to that span.
 * The memory is bounded: of old writes nothing is known.
 */
export class TracedWrites {
  // Two generations: the older is dropped when the newer is full.
  #newer = new Map<string, SpanContext>();
  #older = new Map<string, SpanContext>();
  /** By kind: what is sent and not answered. An event may come before the answer. */
  readonly #underway = new Map<string, Set<Promise<unknown>>>();

  /** Sends a write. `kind`: as events name it. */
  async send<R>(kind: string, send: () => Promise<R>): Promise<R> {
    const all = this.#underway.get(kind) ?? new Set();
    this.#underway.set(kind, all);
    const reply = send();
    all.add(reply);
    try {
      return await reply;
    } finally {
      all.delete(reply);
      if (all.size === 0) this.#underway.delete(kind);
    }
  }

  /** `object`: as the server answered the write. */
  wrote(kind: string, object: ApiObject, span: SpanContext): void {
    const { name, resourceVersion } = object.metadata;
    if (name === undefined || resourceVersion === undefined) return;
    this.#newer.set(`${kind} ${keyText(keyOf(object))} @${resourceVersion}`, span);
    if (this.#newer.size < TRACED_WRITES_MIN) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }

  /** The span in which that was written which the trigger tells of. */
  of(trigger: Trigger): SpanContext | undefined {
    if (trigger.kind !== "event") return undefined;
    const text = triggerText(trigger);
    return this.#newer.get(text) ?? this.#older.get(text);
  }

  /** Answers to writes that may be those which the triggers tell of; undefined: there are none. */
  underway(triggers: readonly Trigger[]): Promise<unknown> | undefined {
    const replies = triggers.flatMap((trigger) => {
      if (trigger.kind !== "event" || this.of(trigger) !== undefined) return [];
      const [kind = ""] = trigger.object.split(" ", 1);
      return [...(this.#underway.get(kind) ?? [])];
    });
    return replies.length === 0 ? undefined : Promise.allSettled(replies);
  }
}
