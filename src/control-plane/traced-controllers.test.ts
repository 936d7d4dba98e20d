/** The built-in controllers and the scheduler make spans where somebody traces. */
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import { expect, test } from "vitest";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import { Deployment, Namespace, Node, Pod, ServiceAccount } from "../client/builtin.ts";
import { controller } from "../controller-runtime/declared/controller.ts";
import { createControlPlane } from "./control-plane.ts";

test("a deployment is followed from one controller to the next, and to a node", async () => {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  const tracer = new BasicTracerProvider({ spanProcessors }).getTracer("test");
  const env = virtualEnv();
  await using plane = await createControlPlane({ env, tracer });
  const { client, context } = plane;
  const labels = { app: "web" };
  const ready = [{ type: "Ready", status: "True" }];
  const resources = { cpu: "4", memory: "8Gi", pods: "10" };
  await client.create(
    Node,
    { apiVersion: "v1", kind: "Node", metadata: { name: "n" }, spec: {}, status: {} },
    context,
  );
  const status = { conditions: ready, capacity: resources, allocatable: resources };
  const name = { namespace: "", name: "n" };
  const patch = { kind: "merge", patch: { status, spec: { taints: null } } } as const;
  await client.patch(Node, name, patch, context, { subresource: "status" });
  await client.patch(Node, name, patch, context);
  await env.advance(1_000);
  await client.get(ServiceAccount, { namespace: "default", name: "default" }, context);
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
  await client.create(
    Deployment,
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { namespace: "default", name: "web" },
      spec: { replicas: 1, selector: { matchLabels: labels }, template },
      status: {},
    },
    context,
  );
  await env.advance(5_000);
  const [pod] = (await client.list(Pod, { namespace: "default" }, context)).items;
  expect(pod?.spec.nodeName).toBe("n");

  const all = exporter.getFinishedSpans();
  const made = (span: string, actor: string): ReadableSpan => {
    const found = all.find(({ name, parentSpanContext }) => {
      const parent = all.find((one) => one.spanContext().spanId === parentSpanContext?.spanId);
      return name === span && parent?.name === `reconcile ${actor}`;
    });
    if (found === undefined) throw new Error(`no ${span} of ${actor}`);
    return found;
  };
  const linkedTo = (write: ReadableSpan): readonly string[] =>
    all
      .filter(({ links }) =>
        links.some((link) => link.context.spanId === write.spanContext().spanId),
      )
      .map((span) => span.name);
  const set = made("create replicasets", "deployment-controller");
  expect(linkedTo(set)).toContain("reconcile replicaset-controller");
  const ofPod = made("create pods", "replicaset-controller");
  expect(linkedTo(ofPod)).toContain("reconcile default-scheduler");
  const bound = made("create pods/binding", "default-scheduler");
  expect(bound.attributes["http.response.status_code"]).toBe(201);
  const choice = all.find((span) => span.spanContext().spanId === bound.parentSpanContext?.spanId);
  expect(choice?.attributes).toMatchObject({ "setpoint.reconcile.result": "scheduled" });
});

test("controllers beside the built-in ones are linked to them", async () => {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  const tracer = new BasicTracerProvider({ spanProcessors }).getTracer("test");
  const env = virtualEnv();
  await using plane = await createControlPlane({ env, tracer });
  const spaces = controller(Namespace, {
    owns: [Namespace],
    reconcile: async ({ metadata }, ctx) => {
      if (metadata.name !== "default") return ctx.done();
      await ctx.apply(Namespace, { metadata: { name: "made" } }, { isOwned: false });
      return ctx.done();
    },
  });
  plane.manage(spaces);
  await env.advance(5_000);
  const all = exporter.getFinishedSpans();
  const write = all.find(({ name }) => name === "patch namespaces");
  const woken = all.filter(({ links }) =>
    links.some((link) => link.context.spanId === write?.spanContext().spanId),
  );
  expect(woken.map(({ name }) => name)).toContain("reconcile serviceaccount-controller");
});
