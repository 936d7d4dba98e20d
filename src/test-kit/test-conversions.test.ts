import { expect, test } from "vitest";
import { z } from "zod";
import { defineResource } from "../client/resource/define-resource.ts";
import { controller } from "../controller-runtime/declared/controller.ts";
import { createTestWorld } from "./test-world.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v2",
  kind: "Site",
  spec: z.object({ hosts: z.array(z.string()), tls: z.string().optional() }),
  status: z.object({ urls: z.array(z.string()).optional() }),
  olderVersions: {
    v1: {
      spec: z.object({ host: z.string(), size: z.int().default(1) }),
      status: z.object({ url: z.string().optional() }),
      toHub: ({ spec, status }) => ({
        spec: { hosts: [spec.host] },
        status: status && { urls: status.url === undefined ? [] : [status.url] },
      }),
      fromHub: ({ spec, status }) => ({
        spec: { host: spec.hosts[0] ?? "" },
        status: status && (status.urls?.[0] === undefined ? {} : { url: status.urls[0] }),
      }),
      deprecated: "use example.dev/v2",
    },
  },
});
const SiteV1 = Site.olderVersions.v1;

const sites = controller(Site, {
  reconcile: async (site, ctx) => {
    ctx.status.set({ urls: site.spec.hosts.map((host) => `https://${host}`) });
    return Promise.resolve(ctx.done());
  },
});

const KEPT = "example.dev/kept-by-conversion";
const metadata = { name: "home", namespace: "default" };

test("a controller of the hub serves those who speak an older version", async () => {
  await using world = await createTestWorld({ controllers: [sites] });
  const { client, context } = world;
  const made = SiteV1.create({ metadata, spec: { host: "a.dev" } });
  expect((await client.create(SiteV1, made, context)).spec).toEqual({ host: "a.dev", size: 1 });
  const old = await world.eventually(
    () => world.get(SiteV1, "home"),
    (site) => site?.status?.url !== undefined,
  );
  expect(old).toMatchObject({ apiVersion: "example.dev/v1", status: { url: "https://a.dev" } });
  expect((await world.get(Site, "home"))?.spec).toEqual({ hosts: ["a.dev"] });
});

test("what the older version cannot hold outlives its updates, patches and applies", async () => {
  await using world = await createTestWorld({ controllers: [sites] });
  const { client, context } = world;
  const spec = { hosts: ["a.dev", "b.dev"], tls: "secret" };
  await client.create(Site, Site.create({ metadata, spec }), context);
  await world.eventually(async () => (await world.get(Site, "home"))?.status !== undefined);

  const old = await client.get(SiteV1, metadata, context);
  expect(Object.keys(old.metadata.annotations ?? {})).toEqual([KEPT]);
  const labels = { by: "update" };
  await client.update(SiteV1, { ...old, metadata: { ...old.metadata, labels } }, context);
  await world.change(SiteV1, "home", { metadata: { labels: { and: "merge" } } });
  const named = { name: "home", labels: { more: "apply" } };
  await world.apply([SiteV1.create({ metadata: named, spec: { host: "a.dev" } })]);
  const site = await world.get(Site, "home");
  expect(site?.spec).toEqual(spec);
  expect(site?.metadata.annotations).toBeUndefined();
  expect(site?.metadata.labels).toEqual({ by: "update", and: "merge", more: "apply" });
  expect(site?.status?.urls).toEqual(["https://a.dev", "https://b.dev"]);

  await world.change(SiteV1, "home", { spec: { host: "c.dev" } });
  expect((await world.get(Site, "home"))?.spec).toEqual({ hosts: ["c.dev"], tls: "secret" });
});

test("a status that is written in the older version keeps what only the hub has", async () => {
  await using world = await createTestWorld({ kinds: [Site] });
  const { client, context } = world;
  const spec = { hosts: ["a.dev"], tls: "secret" };
  await client.create(Site, Site.create({ metadata, spec }), context);
  const urls = ["https://a.dev", "https://b.dev"];
  await world.change(Site, "home", { status: { urls } }, { subresource: "status" });
  await world.change(
    SiteV1,
    "home",
    { status: { observedGeneration: 7 } },
    { subresource: "status" },
  );
  const site = await world.get(Site, "home");
  expect(site?.status).toEqual({ urls, observedGeneration: 7 });
  expect(site?.spec).toEqual(spec);
});

test("a fork converts by itself", async () => {
  await using world = await createTestWorld({ kinds: [Site] });
  await world.client.create(Site, Site.create({ metadata, spec: { hosts: ["a"] } }), world.context);
  await using fork = await world.fork();
  expect((await fork.get(SiteV1, "home"))?.spec.host).toBe("a");
});
