/** The spans of a control plane's server, made by any tracer of OpenTelemetry. */
import { parentOf, traceparentOf } from "../controller-runtime/tracing/span-context.ts";
import { failSpan, SPAN_KIND_SERVER, type Tracer } from "../controller-runtime/tracing/tracer.ts";
import type { RequestTracer } from "../server/filters/trace.ts";

/** Statuses from here on are failures of the server. */
const SERVER_ERROR = 500;

export function requestTracer(tracer: Tracer): RequestTracer {
  return {
    begin: (request) => {
      const { resource, subresource, namespace, verb } = request;
      const attributes = {
        "http.request.method": request.method,
        "url.path": request.path,
        "enduser.id": request.user,
        ...(resource === "" ? {} : { "setpoint.resource": resource, "setpoint.verb": verb }),
        ...(subresource === "" ? {} : { "setpoint.subresource": subresource }),
        ...(namespace === "" ? {} : { "k8s.namespace.name": namespace }),
      };
      const options = { kind: SPAN_KIND_SERVER, attributes };
      const span = tracer.startSpan(request.name, options, parentOf(request.traceparent));
      return {
        traceparent: traceparentOf(span.spanContext()),
        answered: (status, revision) => {
          span.setAttributes({
            "http.response.status_code": status,
            ...(revision === undefined ? {} : { "setpoint.revision": revision }),
          });
          if (status >= SERVER_ERROR) failSpan(span, new Error(`answered with ${status}`));
          span.end();
        },
        failed: (error) => {
          failSpan(span, error);
          span.end();
        },
      };
    },
  };
}
