/** A span for each request, if somebody makes spans. */
import { withCause } from "../../base/context.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import type { Exchange, Filter } from "./filter.ts";

/** Makes the spans of a server's requests; kept apart from any tracer. */
export interface RequestTracer {
  begin(request: TracedRequest): RequestSpan;
}

export type TracedRequest = {
  /** `POST pods/binding`; of what is no resource, the method alone: paths have no end. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** W3C trace context that came with the request; "" if none did. */
  readonly traceparent: string;
  /** "" where the request is about no resource. */
  readonly resource: string;
  readonly subresource: string;
  readonly verb: string;
  readonly namespace: string;
  readonly user: string;
};

export interface RequestSpan {
  /** W3C trace context of the span itself: of what the request does. "" if it is in no trace. */
  readonly traceparent: string;
  /** With the answer; of a watch, when it begins. `revision`: of what was written or read. */
  answered(status: number, revision: string | undefined): void;
  /** No answer came about. */
  failed(error: unknown): void;
}

/** What a request writes names its span, whose parent is the span of the caller. */
export function trace(tracer: RequestTracer): Filter {
  return async (exchange, next, context) => {
    const { cause } = context;
    const span = tracer.begin(tracedRequest(exchange, cause.traceparent));
    const { traceparent } = span;
    const inside = traceparent === "" ? context : withCause(context, { ...cause, traceparent });
    try {
      const answer = await next(exchange, inside);
      span.answered(answer.status, revisionOf(answer));
      return answer;
    } catch (error) {
      span.failed(error);
      throw error;
    }
  };
}

function tracedRequest({ request, info, user }: Exchange, traceparent: string): TracedRequest {
  const { method, path } = request;
  const asked = { method, path, traceparent, user: user.name };
  if (info.kind === "path") {
    const nothing = { resource: "", subresource: "", verb: "", namespace: "" };
    return { ...asked, ...nothing, name: method };
  }
  const { verb, resource, subresource, namespace } = info;
  const what = subresource === "" ? resource : `${resource}/${subresource}`;
  return { ...asked, name: `${method} ${what}`, resource, subresource, verb, namespace };
}

function revisionOf({ body }: ApiResponse): string | undefined {
  return body.kind === "object" ? body.object.value.metadata.resourceVersion : undefined;
}
