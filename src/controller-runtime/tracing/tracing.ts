/**
 * The spans of a manager: each reconcile is a root of its own, linked to the spans in which the
 * revisions were written that led to it. A chain of controllers is followed along those links; one
 * trace for all of it would never end.
 */
import type { CauseId } from "../../base/context.ts";
import { parseKey } from "../../machinery/key.ts";
import { triggerText } from "../queue/trigger-set.ts";
import type { Turn } from "../queue/work-queue.ts";
import type { Trigger } from "../sources/source.ts";
import { errorType, keyAttributes } from "./attributes.ts";
import { RequestTally } from "./request-tally.ts";
import { traceparentOf } from "./span-context.ts";
import { TracedWrites } from "./traced-writes.ts";
import {
  failSpan,
  type ParentContext,
  type Span,
  type SpanAttributes,
  type SpanLink,
  type SpanOptions,
  type Tracer,
} from "./tracer.ts";

/** A reconcile about to run. */
export type TracedTurn = {
  readonly controller: string;
  readonly turn: Turn;
  readonly id: CauseId;
  /** 1: nothing failed before. */
  readonly attempt: number;
  readonly queuedMs: number;
};

/** What a reconcile adds to its context. */
export type TracedParts = {
  readonly traceparent: string;
  readonly requests: RequestTally;
  /** For its log lines. */
  readonly fields: { readonly traceId: string; readonly spanId: string };
};

/** How a reconcile ended. */
export type TracedEnd = {
  readonly result: string;
  readonly error?: unknown;
  /** After how long it is run again, unless something wakes it before. Absent: not. */
  readonly againInMs?: number;
};

/** A tracer that remembers who wrote what: several managers that have the same one are linked. */
export class Tracing implements Tracer {
  readonly tracer: Tracer;
  readonly writes: TracedWrites = new TracedWrites();

  constructor(tracer: Tracer) {
    this.tracer = tracer;
  }

  startSpan(name: string, options?: SpanOptions, context?: ParentContext): Span {
    return this.tracer.startSpan(name, options, context);
  }

  startActiveSpan<R>(name: string, options: SpanOptions, work: (span: Span) => R): R {
    return this.tracer.startActiveSpan(name, options, work);
  }

  /** Runs `work`, which does not throw, in a span of its own. */
  async reconcile(
    traced: TracedTurn,
    work: (parts: TracedParts) => Promise<TracedEnd>,
  ): Promise<void> {
    const { controller, turn } = traced;
    const links = this.#linksOf(turn.triggers);
    const options = { root: true, links: [...links.values()], attributes: attributesOf(traced) };
    await this.tracer.startActiveSpan(`reconcile ${controller}`, options, async (span) => {
      const requests = new RequestTally();
      const { traceId, spanId } = span.spanContext();
      const traceparent = traceparentOf(span.spanContext());
      try {
        const { result, error } = await work({
          traceparent,
          requests,
          fields: { traceId, spanId },
        });
        span.setAttributes({ "setpoint.reconcile.result": result });
        if (error !== undefined) fail(span, error);
      } catch (error) {
        fail(span, error);
        throw error;
      } finally {
        span.setAttributes(requestAttributes(requests));
        this.#end(span, turn.triggers, links);
      }
    });
  }

  /** An event can be faster than the answer to the write that it tells of: that is waited for. */
  #end(span: Span, triggers: readonly Trigger[], known: ReadonlyMap<string, SpanLink>): void {
    const end = (): void => {
      for (const [id, link] of this.#linksOf(triggers)) if (!known.has(id)) span.addLink?.(link);
      span.end();
    };
    const answers = this.writes.underway(triggers);
    if (answers === undefined) end();
    else void answers.then(end);
  }

  /** By the id of the span, which may have written more than one of the causes. */
  #linksOf(triggers: readonly Trigger[]): ReadonlyMap<string, SpanLink> {
    const links = new Map<string, SpanLink>();
    for (const trigger of triggers) {
      const context = this.writes.of(trigger);
      if (context === undefined || links.has(context.spanId)) continue;
      const attributes = { "setpoint.cause": triggerText(trigger) };
      links.set(context.spanId, { context, attributes });
    }
    return links;
  }
}

function attributesOf({ controller, turn, id, attempt, queuedMs }: TracedTurn): SpanAttributes {
  return {
    ...keyAttributes(parseKey(turn.key)),
    "setpoint.controller": controller,
    "setpoint.reconcile.id": id,
    "setpoint.reconcile.attempt": attempt,
    "setpoint.reconcile.causes": turn.triggers.map(triggerText),
    "setpoint.queue.priority": turn.priority,
    "setpoint.queue.wait_seconds": queuedMs / 1_000,
  };
}

function requestAttributes({ tries, waitedMs }: RequestTally): SpanAttributes {
  return {
    "setpoint.reconcile.requests": tries,
    ...(waitedMs > 0 ? { "setpoint.throttled_seconds": waitedMs / 1_000 } : {}),
  };
}

function fail(span: Span, error: unknown): void {
  failSpan(span, error);
  span.setAttributes({ "error.type": errorType(error) });
}
