import { SpanKind, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import { expect, test } from "vitest";
import { NO_CAUSE } from "../../base/context.ts";
import { createMetrics } from "../../base/metrics.ts";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../../base/virtual/virtual-env.ts";
import { ConfigMap, Secret } from "../../client/builtin.ts";
import { LeadershipLostError } from "../../client/leader-election.ts";
import { RestClient } from "../../client/rest-client.ts";
import type { Transport } from "../../client/transport.ts";
import { createControlPlane, type ControlPlane } from "../../control-plane/control-plane.ts";
import { createInformers } from "../../informer/informers.ts";
import type { InformerEvent } from "../../informer/shared-informer-types.ts";
import type { ControllerDeps, ControllerSpec } from "../controller/controller-spec.ts";
import { DONE, TerminalError, type Reconciler } from "../controller/outcome.ts";
import { createManager } from "../manager/manager.ts";
import { withDefaults, type ManagerOptions } from "../manager/manager-options.ts";
import type { Source } from "../sources/source.ts";
import { ownSource } from "../sources/sources.ts";
import { tracedClient } from "./traced-client.ts";
import { TracedWrites } from "./traced-writes.ts";
import type { Tracer } from "./tracer.ts";

type Spans = {
  readonly tracer: Tracer;
  /** Those that have ended, in this order. */
  readonly all: () => readonly ReadableSpan[];
  readonly named: (name: string) => readonly ReadableSpan[];
};

/** The tracer of an OpenTelemetry SDK, as a program has it. */
function spans(): Spans {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  const provider = new BasicTracerProvider({ spanProcessors });
  const all = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
  return {
    tracer: provider.getTracer("test"),
    all,
    named: (name) => all().filter((span) => span.name === name),
  };
}

type World = {
  readonly env: VirtualEnv;
  readonly plane: ControlPlane;
  readonly lead: (options: Partial<ManagerOptions>) => Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A control plane, and managers that end with it. */
async function aWorld(tracer: Tracer): Promise<World> {
  const env = virtualEnv();
  const plane = await createControlPlane({ env, hasControllers: false });
  const stop = new AbortController();
  const running: Promise<unknown>[] = [];
  return {
    env,
    plane,
    lead: async (options) => {
      const { client } = plane;
      const manager = createManager({ client, env, tracer, controllers: [], ...options });
      running.push(manager.run(aContext(env, stop.signal)).catch((error: unknown) => error));
      await env.settle();
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await env.advance(1_000);
      await Promise.all(running);
      await plane.close();
    },
  };
}

const AT = { namespace: "default", name: "a" };

function aMap(): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { ...AT } };
}

/** Of that object alone: a control plane makes some of its own. */
function mapSource({ informers }: ControllerDeps): Source {
  const predicate = ({ object }: InformerEvent<ConfigMap>): boolean =>
    object.metadata.name === AT.name;
  return ownSource(informers.for(ConfigMap), { predicate });
}

/** Makes a secret of the name of each config map. */
function copying(deps: ControllerDeps): ControllerSpec {
  const { client, informers } = deps;
  const reconcile: Reconciler = async (key, context) => {
    if (informers.for(Secret).lister.get(key) !== undefined) return DONE;
    const secret: Secret = { apiVersion: "v1", kind: "Secret", metadata: { ...key } };
    await client.create(Secret, secret, context);
    return DONE;
  };
  return { name: "copying", reconcile, sources: [mapSource(deps)] };
}

/** Looks at each secret. */
function looking({ informers }: ControllerDeps): ControllerSpec {
  const reconcile: Reconciler = () => Promise.resolve(DONE);
  return { name: "looking", reconcile, sources: [ownSource(informers.for(Secret))] };
}

test("a reconcile is a root with its requests as children, linked to its causes", async () => {
  const { tracer, named } = spans();
  await using world = await aWorld(tracer);
  await world.lead({ controllers: [copying, looking] });
  const { client, context } = world.plane;
  const made = await client.create(ConfigMap, aMap(), context);
  await world.env.advance(100);

  const [copied, ...more] = named("reconcile copying");
  expect(more).toEqual([]);
  expect(copied?.parentSpanContext).toBeUndefined();
  expect(copied?.links).toEqual([]);
  expect(copied?.attributes).toMatchObject({
    "k8s.namespace.name": "default",
    "setpoint.object": "default/a",
    "setpoint.controller": "copying",
    "setpoint.reconcile.attempt": 1,
    "setpoint.reconcile.causes": [`ConfigMap default/a @${made.metadata.resourceVersion}`],
    "setpoint.reconcile.requests": 1,
    "setpoint.reconcile.result": "success",
    "setpoint.queue.wait_seconds": 0,
  });

  const [created] = named("create secrets");
  expect(created?.kind).toBe(SpanKind.CLIENT);
  expect(created?.parentSpanContext?.spanId).toBe(copied?.spanContext().spanId);
  expect(created?.attributes).toMatchObject({
    "http.request.method": "POST",
    "http.response.status_code": 201,
    "setpoint.resource": "secrets",
    "setpoint.verb": "create",
  });

  const [looked] = named("reconcile looking");
  expect(looked?.spanContext().traceId).not.toBe(copied?.spanContext().traceId);
  const secret = await client.get(Secret, AT, context);
  expect(looked?.links).toEqual([
    expect.objectContaining({
      context: created?.spanContext(),
      attributes: { "setpoint.cause": `Secret default/a @${secret.metadata.resourceVersion}` },
    }),
  ]);
});

test("the server is told the span of each request", async () => {
  const { tracer, named } = spans();
  const env = virtualEnv();
  const sent: string[] = [];
  const transport: Transport = {
    send: (_, { cause }) => {
      sent.push(cause.traceparent);
      return Promise.resolve({ status: 200, headers: {}, warnings: [], body: { kind: "none" } });
    },
    close: () => Promise.resolve(),
  };
  const plain = new RestClient({ transport, env });
  const client = tracedClient(plain, { tracer, writes: new TracedWrites() });
  const [traceId, spanId] = ["a".repeat(32), "b".repeat(16)];
  const cause = { ...NO_CAUSE, traceparent: `00-${traceId}-${spanId}-01` };
  await client.deleteCollection(ConfigMap, { namespace: "x" }, { ...aContext(env), cause });
  const [span] = named("deletecollection configmaps");
  expect(span?.parentSpanContext).toMatchObject({ traceId, spanId });
  expect(sent).toEqual([`00-${traceId}-${span?.spanContext().spanId}-01`]);
});

test("a failure is recorded, the next try is the second, and its log names the span", async () => {
  const { tracer, named } = spans();
  await using world = await aWorld(tracer);
  let runs = 0;
  await world.lead({
    controllers: [
      (deps) => ({
        name: "failing",
        sources: [mapSource(deps)],
        reconcile: () => {
          runs += 1;
          const failure = runs === 1 ? new Error("not today") : new TerminalError("never");
          return Promise.reject(failure);
        },
      }),
    ],
  });
  await world.plane.client.create(ConfigMap, aMap(), world.plane.context);
  await world.env.advance(100);
  const [first, second] = named("reconcile failing");
  expect(first?.status).toEqual({ code: 2, message: "not today" });
  expect(first?.events[0]?.attributes).toMatchObject({ "exception.message": "not today" });
  expect(second?.attributes).toMatchObject({
    "setpoint.reconcile.attempt": 2,
    "setpoint.reconcile.result": "error",
    "error.type": "TerminalError",
  });
  const { traceId, spanId } = second?.spanContext() ?? {};
  const line = world.env.lines.find(({ message }) => message === "reconcile failed for good");
  expect(line?.fields).toMatchObject({ controller: "failing", traceId, spanId });
});

test("the tries of a request are counted, and the time that was waited for them", async () => {
  const { tracer, named } = spans();
  const env = virtualEnv();
  const answers = [429, 429, 200];
  const transport: Transport = {
    send: () => {
      const status = answers.shift() ?? 500;
      const headers: Readonly<Record<string, string>> =
        status === 429 ? { "retry-after": "2" } : {};
      return Promise.resolve({ status, headers, warnings: [], body: { kind: "none" } });
    },
    close: () => Promise.resolve(),
  };
  const plain = new RestClient({ transport, env });
  const client = tracedClient(plain, { tracer, writes: new TracedWrites() });
  const call = client.deleteCollection(ConfigMap, { namespace: "x" }, aContext(env));
  await env.advance(5_000);
  await call;
  expect(named("deletecollection configmaps")[0]?.attributes).toMatchObject({
    "http.response.status_code": 200,
    "http.request.resend_count": 2,
    "setpoint.throttled_seconds": 4,
  });
});

test("a streaming list is a span until its objects are there; a refusal is named", async () => {
  const { tracer, all, named } = spans();
  await using world = await aWorld(tracer);
  await world.plane.client.create(ConfigMap, aMap(), world.plane.context);
  await world.lead({ controllers: [copying] });
  await world.env.advance(100);
  expect(named("streaming list configmaps")).toHaveLength(1);
  expect(named("streaming list configmaps")[0]?.status.code).toBe(0);
  const client = tracedClient(world.plane.client, { tracer, writes: new TracedWrites() });
  const missing = client.get(ConfigMap, { ...AT, name: "none" }, world.plane.context);
  await expect(missing).rejects.toThrow("not found");
  expect(all().at(-1)?.attributes).toMatchObject({
    "http.response.status_code": 404,
    "error.type": "NotFound",
  });
});

test("the wait for leadership is a span, and so is its loss", async () => {
  const { tracer, named } = spans();
  await using world = await aWorld(tracer);
  const env = world.env;
  await world.lead({
    leaderElection: {
      name: "ns/lease",
      run: async (context, lead) => {
        await env.timers.sleep(500, context.signal);
        const stop = new AbortController();
        const leading = lead({ ...context, signal: stop.signal });
        await env.timers.sleep(500, context.signal);
        stop.abort();
        await leading;
        throw new LeadershipLostError("another one leads");
      },
    },
  });
  await env.advance(400);
  expect(named("leader election")).toEqual([]);
  await env.advance(200);
  expect(named("leader election")[0]?.attributes).toEqual({ "setpoint.lease": "ns/lease" });
  expect(named("leadership lost")).toEqual([]);
  await env.advance(1_000);
  expect(named("leadership lost")[0]?.status.message).toBe("another one leads");
});

test("of a tracer without a provider nothing is sent", async () => {
  await using world = await aWorld(trace.getTracer("nobody"));
  const traceparents: string[] = [];
  await world.lead({
    controllers: [
      (deps) => ({
        name: "quiet",
        sources: [mapSource(deps)],
        reconcile: (_, { cause }) => {
          traceparents.push(cause.traceparent);
          return Promise.resolve(DONE);
        },
      }),
    ],
  });
  await world.plane.client.create(ConfigMap, aMap(), world.plane.context);
  await world.env.advance(100);
  expect(traceparents).toEqual([""]);
});

test("without a tracer the client is the one that was given", () => {
  const env = virtualEnv();
  const client = new RestClient({
    transport: { send: () => Promise.reject(new Error()), close: () => Promise.resolve() },
    env,
  });
  const informers = createInformers({ client, env, metrics: createMetrics() });
  const decided = withDefaults({ client, informers, env, controllers: [] });
  expect(decided.client).toBe(client);
  expect(decided.tracing).toBeUndefined();
});
