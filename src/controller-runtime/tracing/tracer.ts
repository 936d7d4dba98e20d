/**
 * What is asked of a tracer: the part of OpenTelemetry's API that is used here, as types of our
 * own. Any `Tracer` of `@opentelemetry/api` is one; nothing of that package is needed at run time.
 */

export type SpanAttributes = Readonly<
  Record<string, string | number | boolean | string[] | undefined>
>;

/** Where a span is in its trace: W3C trace context in parts. */
export type SpanContext = {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean;
};

/** Another span that led to this one. */
export type SpanLink = { readonly context: SpanContext; readonly attributes?: SpanAttributes };

/** The part of OpenTelemetry's `SpanOptions` that is used here. */
export type SpanOptions = {
  /** OpenTelemetry's numbers: 0 internal (default), 1 server, 2 client. */
  readonly kind?: number;
  readonly attributes?: SpanAttributes;
  readonly links?: SpanLink[];
  /** No parent, whatever is active. */
  readonly root?: boolean;
};

/** The part of OpenTelemetry's `Span` that is used here. */
export interface Span {
  spanContext(): SpanContext;
  setAttributes(attributes: SpanAttributes): unknown;
  /** Absent in tracers of before 2024: what is known only later is not linked there. */
  addLink?(link: SpanLink): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  recordException(exception: Error | string): void;
  /** False: nobody will see it, so that nothing has to be told to it. */
  isRecording(): boolean;
  end(): void;
}

/** OpenTelemetry's carrier of the parent span. */
export interface ParentContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): ParentContext;
  deleteValue(key: symbol): ParentContext;
}

/** Makes spans. `trace.getTracer("my-operator")` of `@opentelemetry/api` is one. */
export interface Tracer {
  startSpan(name: string, options?: SpanOptions, context?: ParentContext): Span;
  /** As `startSpan`, and what `work` does, awaits included, finds the span as the active one. */
  startActiveSpan<R>(name: string, options: SpanOptions, work: (span: Span) => R): R;
}

export const SPAN_KIND_SERVER = 1;
export const SPAN_KIND_CLIENT = 2;
export const STATUS_ERROR = 2;

/** Marks the span as failed, with the reason. */
export function failSpan(span: Span, error: unknown): void {
  const isError = error instanceof Error;
  const message = isError ? error.message : String(error);
  span.recordException(isError ? error : message);
  span.setStatus({ code: STATUS_ERROR, message });
}
