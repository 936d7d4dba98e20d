/**
 * Dependents in their order, kinds that come and go, waits: one test, three servers, as in
 * `controllers-anywhere.test.ts`. Nothing here needs a server that collects garbage.
 */
import { expect } from "vitest";
import { z } from "zod";
import { realEnv } from "../src/base/real/env.ts";
import { rootContext } from "../src/base/context.ts";
import { ConfigMap, CustomResourceDefinition, Namespace, Secret } from "../src/client/builtin.ts";
import type { Client } from "../src/client/client.ts";
import { defineResource, type ObjectOf } from "../src/client/resource/define-resource.ts";
import {
  controller,
  createManager,
  defineConditions,
  dependent,
  external,
  whenServed,
} from "../src/controller-runtime/index.ts";
import { findCondition } from "../src/machinery/conditions.ts";
import { onEachServer } from "./each-server.ts";

const GROUP = "dependents.setpoint.test";
const Site = defineResource({
  group: GROUP,
  version: "v1",
  kind: "OrderedSite",
  spec: z.object({
    pages: z.array(z.string()).default(["a", "b"]),
    hasCache: z.boolean().default(true),
  }),
});
type Site = ObjectOf<typeof Site>;
const Badge = defineResource({ group: GROUP, version: "v1", kind: "Badge", spec: z.object({}) });

const SiteConditions = defineConditions({
  PartsReady: { reasons: ["AllReady", "Waiting", "Removing", "Failed"] },
  TokenThere: { reasons: ["There", "Missing"] },
});

/** Outside of the cluster, by the uid of the site. */
const records = new Set<string>();

const record = external("record", {
  read: ({ metadata: { uid = "" } }: Site) => Promise.resolve(records.has(uid) ? uid : undefined),
  create: ({ metadata: { uid = "" } }) => {
    records.add(uid);
    return Promise.resolve(uid);
  },
  delete: (_, uid) => {
    records.delete(uid);
    return Promise.resolve();
  },
});

const sites = controller(Site, {
  conditions: SiteConditions,
  dependentsCondition: "PartsReady",
  dependents: [
    record,
    dependent(Secret, {
      name: "cache",
      dependsOn: [record],
      when: ({ spec }) => spec.hasCache,
      desired: () => ({ metadata: { name: "cache" } }),
    }),
    dependent(ConfigMap, {
      name: "pages",
      dependsOn: ["cache"],
      desired: ({ spec }) => spec.pages.map((name) => ({ metadata: { name } })),
    }),
    dependent(whenServed(Badge), {
      desired: () => ({ metadata: { name: "badge" }, spec: {} }),
    }),
  ],
  reconcile: async (_, ctx) => {
    const token = await ctx.get(Secret, "token");
    const isThere = token !== undefined;
    SiteConditions.set(ctx, "TokenThere", isThere, isThere ? "There" : "Missing");
    return isThere ? ctx.done() : ctx.waitFor(Secret, "token");
  },
});

const env = realEnv({ level: "error" });
const context = rootContext(env, new AbortController().signal);
const WAIT = { timeout: 30_000, interval: 50 };

async function lifeOfSite(client: Client): Promise<void> {
  const namespace = `dependents-${env.ids.uuid().slice(0, 8)}`;
  const place = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } } as const;
  await client.create(Namespace, { ...place, spec: {}, status: {} }, context);
  const stop = new AbortController();
  const options = { client, env, controllers: [sites], installsDefinitions: true };
  const manager = createManager(options);
  const running = manager.run(stop.signal);
  const at = (name: string) => ({ namespace, name });
  const site = Site.create({ metadata: at("home"), spec: {} });
  await expect
    .poll(() => client.create(Site, site, context).then(() => "made", String), WAIT)
    .toBe("made");
  const pages = async () => {
    const { items } = await client.list(ConfigMap, { namespace }, context);
    return items.map(({ metadata: { name = "" } }) => name).filter((name) => name.length === 1);
  };
  const ready = async () => {
    const { status } = await client.get(Site, at("home"), context);
    const { reason, message } = findCondition(status?.conditions, "Ready") ?? {};
    return `${reason}: ${message}`;
  };
  await expect.poll(pages, WAIT).toEqual(["a", "b"]);
  await expect.poll(ready, WAIT).toBe("Missing: TokenThere: Missing");
  const secret = { apiVersion: "v1", kind: "Secret", metadata: at("token") } as const;
  await client.create(Secret, secret, context);
  await expect.poll(ready, WAIT).toBe("AllGood: ");

  const change = (spec: object) =>
    client.patch(Site, at("home"), { kind: "merge", patch: { spec } }, context);
  await change({ pages: ["b", "c"] });
  await expect.poll(pages, WAIT).toEqual(["b", "c"]);
  await change({ hasCache: false });
  await expect.poll(pages, WAIT).toEqual([]);

  await client.create(CustomResourceDefinition, Badge.definition, context);
  const badge = () => client.get(Badge, at("badge"), context).then(() => "there", String);
  await expect.poll(badge, WAIT).toBe("there");
  const definition = { namespace: "", name: Badge.definition.metadata.name ?? "" };
  await client.delete(CustomResourceDefinition, definition, context);
  const view = () => manager.deps.informers.peek(Badge) === undefined;
  await expect.poll(view, { timeout: 45_000, interval: 50 }).toBe(true);
  await expect.poll(ready, WAIT).toBe("AllGood: ");

  expect(records.size).toBe(1);
  await client.delete(Site, at("home"), context);
  const gone = () => client.get(Site, at("home"), context).then(() => "there", String);
  await expect.poll(gone, WAIT).toContain("not found");
  expect(records.size).toBe(0);
  stop.abort();
  await running;
}

onEachServer("dependents are kept on", { env, inProcess: lifeOfSite, timeoutMs: 120_000 });
