/** Requests to the server are spans where somebody traces, and what they write names them. */
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { expect, test } from "vitest";
import { withCause } from "../base/context.ts";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { ConfigMap } from "../client/builtin.ts";
import { createControlPlane } from "./control-plane.ts";

const CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const map = (name: string): ConfigMap => {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "default", name } };
};

test("a request is the child of its caller's span, and the cause of what it wrote", async () => {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  const tracer = new BasicTracerProvider({ spanProcessors }).getTracer("test");
  const env = virtualEnv();
  await using plane = await createControlPlane({ env, tracer, hasControllers: false });
  const { client, context, store } = plane;
  const call = withCause(context, { ...context.cause, traceparent: CALLER });
  const made = await client.create(ConfigMap, map("a"), call);
  const { resourceVersion = "" } = made.metadata;
  const spans = exporter.getFinishedSpans();
  const span = spans.find(({ attributes }) => attributes["setpoint.revision"] === resourceVersion);
  expect(span).toMatchObject({
    name: "POST configmaps",
    kind: 1,
    parentSpanContext: { traceId: CALLER.slice(3, 35), spanId: CALLER.slice(36, 52) },
    attributes: {
      "http.request.method": "POST",
      "http.response.status_code": 201,
      "url.path": "/api/v1/namespaces/default/configmaps",
      "setpoint.verb": "create",
      "setpoint.resource": "configmaps",
      "k8s.namespace.name": "default",
    },
  });
  const [entry] = await store.history("/registry/core/configmaps/default/a", { limit: 1 }, context);
  const spanId = span?.spanContext().spanId ?? "";
  expect(entry?.cause.traceparent).toBe(`00-${CALLER.slice(3, 35)}-${spanId}-01`);
  await expect(client.create(ConfigMap, map("a"), call)).rejects.toThrow("already exists");
  const refused = exporter
    .getFinishedSpans()
    .find(({ attributes }) => attributes["http.response.status_code"] === 409);
  expect(refused).toMatchObject({ name: "POST configmaps", status: { code: 0 } }); // no failure
});

test("without a tracer the trace context of the caller is kept as it came", async () => {
  await using plane = await createControlPlane({ env: virtualEnv(), hasControllers: false });
  const { client, context, store } = plane;
  const call = withCause(context, { ...context.cause, traceparent: CALLER });
  await client.create(ConfigMap, map("a"), call);
  const [entry] = await store.history("/registry/core/configmaps/default/a", { limit: 1 }, context);
  expect(entry?.cause.traceparent).toBe(CALLER);
});
