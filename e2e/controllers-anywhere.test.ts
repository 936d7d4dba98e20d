/**
 * One controller, one test, three servers: this program in-process, this program over HTTPS, and
 * any other Kubernetes API server that SETPOINT_CLUSTER names by its kubeconfig (skipped without;
 * it needs the right to define kinds).
 */
import { expect } from "vitest";
import { z } from "zod";
import { realEnv } from "../src/base/real/env.ts";
import { rootContext } from "../src/base/context.ts";
import { Deployment, Namespace } from "../src/client/builtin.ts";
import type { Client } from "../src/client/client.ts";
import { defineResource } from "../src/client/resource/define-resource.ts";
import { controller } from "../src/controller-runtime/declared/controller.ts";
import { createManager } from "../src/controller-runtime/manager/manager.ts";
import { findCondition } from "../src/machinery/conditions.ts";
import { onEachServer } from "./each-server.ts";

const Site = defineResource({
  group: "anywhere.setpoint.test",
  version: "v1",
  kind: "Site",
  spec: z.object({ image: z.string(), replicas: z.int().min(1).default(1) }),
  status: z.object({ outside: z.string().optional() }),
});

/** What is outside of the cluster, and must be gone before an object may go. */
const outside = new Set<string>();

const sites = controller(Site, {
  owns: [Deployment],
  reconcile: async ({ metadata: { name = "", uid = "" }, spec }, ctx) => {
    outside.add(uid);
    const labels = { site: name };
    const container = { name: "web", image: spec.image };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    const selector = { matchLabels: labels };
    await ctx.apply(Deployment, {
      metadata: { name },
      spec: { replicas: spec.replicas, selector, template },
    });
    ctx.status.set({ outside: uid });
    ctx.status.condition("Ready", true, "Deployed");
    return ctx.done();
  },
  finalize: ({ metadata: { uid = "" } }, ctx) => {
    outside.delete(uid);
    return Promise.resolve(ctx.done());
  },
});

const env = realEnv({ level: "error" });
const context = rootContext(env, new AbortController().signal);
const WAIT = { timeout: 30_000, interval: 50 };

/** The whole life of a site. */
async function lifeOfSite(client: Client): Promise<void> {
  const namespace = `anywhere-${env.ids.uuid().slice(0, 8)}`;
  const place = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } } as const;
  await client.create(Namespace, { ...place, spec: {}, status: {} }, context);
  const stop = new AbortController();
  const options = { client, env, controllers: [sites], installsDefinitions: true };
  const running = createManager(options).run(stop.signal);
  const key = { namespace, name: "home" };
  const site = Site.create({ metadata: key, spec: { image: "web:1" } });
  await expect
    .poll(() => client.create(Site, site, context).then(() => "made", String), WAIT)
    .toBe("made");
  const deployment = () => client.get(Deployment, key, context).then(({ spec }) => spec, String);
  await expect.poll(deployment, WAIT).toMatchObject({ replicas: 1 });
  await expect
    .poll(() => client.get(Site, key, context).then(({ status }) => status, String), WAIT)
    .toMatchObject({ observedGeneration: 1 });

  const change = { kind: "merge", patch: { spec: { replicas: 3 } } } as const;
  await client.patch(Site, key, change, context);
  await expect.poll(deployment, WAIT).toMatchObject({ replicas: 3 });

  const meddling = { kind: "merge", patch: { spec: { replicas: 7 } } } as const;
  await client.patch(Deployment, key, meddling, context);
  await expect.poll(deployment, WAIT).toMatchObject({ replicas: 3 });

  const { status, metadata } = await client.get(Site, key, context);
  expect(findCondition(status?.conditions, "Ready")?.reason).toBe("Deployed");
  expect(outside.has(metadata.uid ?? "")).toBe(true);
  await client.delete(Site, key, context);
  await expect
    .poll(
      () =>
        client.get(Site, key, context).then(
          () => "there",
          () => "gone",
        ),
      WAIT,
    )
    .toBe("gone");
  expect(outside.has(metadata.uid ?? "")).toBe(false);
  stop.abort();
  await running;
}

onEachServer("a controller runs on", { env, inProcess: lifeOfSite });
