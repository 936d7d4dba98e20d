/**
 * Spans across calls: a call carries the span it is made in as the `traceparent` of its cause, so
 * nothing depends on what is active at the moment, and servers get to know it as well.
 */
import type { ParentContext, Span, SpanContext } from "./tracer.ts";

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The key under which OpenTelemetry keeps a span in a context; it is the same in all versions. */
const SPAN_KEY: symbol = Symbol.for("OpenTelemetry Context Key SPAN");

/** What a tracer without a provider gives to its spans. */
const NO_TRACE = "0".repeat(32);

/** The W3C text of a span, as the header `traceparent` has it; "" of one that is in no trace. */
export function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  if (traceId === NO_TRACE) return "";
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

/** The span of a W3C text; undefined: it names none. */
export function spanContextOf(traceparent: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (traceId === NO_TRACE) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

/** What makes a new span the child of the one that `traceparent` names; of none: a root. */
export function parentOf(traceparent: string): ParentContext {
  const context = spanContextOf(traceparent);
  return context === undefined ? NO_PARENT : valuesWith(NO_VALUES, SPAN_KEY, fixedSpan(context));
}

const NO_VALUES: ReadonlyMap<symbol, unknown> = new Map();
const NO_PARENT: ParentContext = contextOf(NO_VALUES);

function contextOf(values: ReadonlyMap<symbol, unknown>): ParentContext {
  return {
    getValue: (key) => values.get(key),
    setValue: (key, value) => valuesWith(values, key, value),
    deleteValue: (key) => contextOf(new Map([...values].filter(([known]) => known !== key))),
  };
}

function valuesWith(
  values: ReadonlyMap<symbol, unknown>,
  key: symbol,
  value: unknown,
): ParentContext {
  return contextOf(new Map(values).set(key, value));
}

/** A span that is only pointed at: it is another one's to tell. */
function fixedSpan(context: SpanContext): Span {
  return {
    spanContext: () => context,
    setAttributes: () => undefined,
    setStatus: () => undefined,
    recordException: () => undefined,
    isRecording: () => false,
    end: () => undefined,
  };
}
