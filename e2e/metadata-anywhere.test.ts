/**
 * A controller that follows only the metadata of what it makes, on each server: changes of labels
 * wake it, and its own writes are in the view.
 */
import { expect } from "vitest";
import { z } from "zod";
import { realEnv } from "../src/base/real/env.ts";
import { rootContext } from "../src/base/context.ts";
import { ConfigMap, Namespace } from "../src/client/builtin.ts";
import type { Client } from "../src/client/client.ts";
import { metadataOf } from "../src/client/metadata-of.ts";
import { defineResource } from "../src/client/resource/define-resource.ts";
import { controller } from "../src/controller-runtime/declared/controller.ts";
import { createManager } from "../src/controller-runtime/manager/manager.ts";
import { createInformers } from "../src/informer/informers.ts";
import { onEachServer } from "./each-server.ts";

const Page = defineResource({
  group: "metadata.setpoint.test",
  version: "v1",
  kind: "Page",
  spec: z.object({ text: z.string() }),
  status: z.object({ parts: z.array(z.string()).optional() }),
});

const env = realEnv({ level: "error" });
const context = rootContext(env, new AbortController().signal);
const WAIT = { timeout: 30_000, interval: 50 };
const PART = metadataOf(ConfigMap);

const pages = controller(Page, {
  owns: [PART],
  reconcile: async ({ metadata: { name = "" }, spec }, ctx) => {
    await ctx.apply(ConfigMap, { metadata: { name }, data: { text: spec.text } });
    const labels = { metadata: { labels: { seen: "yes" } } };
    await ctx.client.patch(PART, ctx.key, { kind: "merge", patch: labels }, ctx);
    const owned = ctx.owned(PART).map((part) => Object.keys(part).join());
    const read = await ctx.get(PART, name);
    expect(read?.metadata.labels).toEqual({ seen: "yes" });
    ctx.status.set({ parts: owned });
    return ctx.done();
  },
});

async function lifeOfPage(client: Client): Promise<void> {
  const namespace = `metadata-${env.ids.uuid().slice(0, 8)}`;
  const place = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } } as const;
  await client.create(Namespace, { ...place, spec: {}, status: {} }, context);
  const stop = new AbortController();
  const scopeOf = () => ({ namespace });
  const informers = createInformers({ client, env }, { scopeOf });
  const options = { client, env, informers, controllers: [pages], installsDefinitions: true };
  const running = createManager(options).run(stop.signal);
  const key = { namespace, name: "home" };
  const page = Page.create({ metadata: key, spec: { text: "hello" } });
  await expect
    .poll(() => client.create(Page, page, context).then(() => "made", String), WAIT)
    .toBe("made");
  const status = () => client.get(Page, key, context).then((each) => each.status, String);
  await expect.poll(status, WAIT).toMatchObject({ parts: ["apiVersion,kind,metadata"] });
  expect((await client.get(ConfigMap, key, context)).data).toEqual({ text: "hello" });
  expect(informers.peek(ConfigMap)).toBeUndefined();

  const meddling = { kind: "merge", patch: { metadata: { labels: { seen: "no" } } } } as const;
  await client.patch(PART, key, meddling, context);
  const labels = () => client.get(PART, key, context).then((each) => each.metadata.labels, String);
  await expect.poll(labels, WAIT).toEqual({ seen: "yes" });
  const listed = await client.list(PART, { namespace }, context);
  expect(listed.items.map(({ kind }) => kind)).toContain("ConfigMap");
  expect(listed.items.filter((item) => "data" in item)).toEqual([]);

  stop.abort();
  await running;
  await client.delete(Namespace, { namespace: "", name: namespace }, context);
}

onEachServer("metadata of what a controller makes is followed alone", {
  env,
  inProcess: lifeOfPage,
});
