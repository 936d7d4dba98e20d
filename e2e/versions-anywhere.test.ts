/**
 * The life of a kind that gets a new version: old objects, a webhook that converts them over TLS,
 * writers of both versions, the migration of what is stored, and the end of the old version. On
 * three servers: this program in-process, this program over HTTPS, and any other Kubernetes API
 * server on this machine that SETPOINT_CLUSTER names by its kubeconfig (skipped without).
 */
import { expect } from "vitest";
import { z } from "zod";
import { realEnv } from "../src/base/real/env.ts";
import { rootContext } from "../src/base/context.ts";
import { CustomResourceDefinition, Namespace } from "../src/client/builtin.ts";
import type { Client } from "../src/client/client.ts";
import { defineResource } from "../src/client/resource/define-resource.ts";
import { installDefinitions } from "../src/client/resource/install-definitions.ts";
import { migrateStorage } from "../src/client/resource/migration/migrate-storage.ts";
import { conversion } from "../src/controller-runtime/conversion/conversion.ts";
import { controller } from "../src/controller-runtime/declared/controller.ts";
import { createManager } from "../src/controller-runtime/manager/manager.ts";
import { onEachServer } from "./each-server.ts";

const specV1 = z.object({ host: z.string(), replicas: z.int().default(1) });
const specV2 = z.object({
  hosts: z.array(z.string()).min(1),
  replicas: z.int().default(1),
  tls: z.object({ secret: z.string(), strict: z.boolean().default(true) }).optional(),
});
const names = { group: "versions.setpoint.test", kind: "Site" };
const Before = defineResource({ ...names, version: "v1", spec: specV1 });
const Site = defineResource({
  ...names,
  version: "v2",
  spec: specV2,
  status: z.object({ count: z.int().optional() }),
  olderVersions: {
    v1: {
      spec: specV1,
      toHub: ({ spec: { host, replicas } }) => ({ spec: { hosts: [host], replicas } }),
      fromHub: ({ spec: { hosts, replicas } }) => ({ spec: { host: hosts[0] ?? "", replicas } }),
      deprecated: "versions.setpoint.test/v1 Site is deprecated; use v2",
    },
  },
});
const SiteV1 = Site.olderVersions.v1;

const sites = controller(Site, {
  reconcile: async (site, ctx) => {
    ctx.status.set({ count: site.spec.hosts.length });
    return Promise.resolve(ctx.done());
  },
});

const env = realEnv({ level: "error" });
const context = rootContext(env, new AbortController().signal);
const WAIT = { timeout: 30_000, interval: 50 };
const NAME = "sites.versions.setpoint.test";

async function lifeOfVersions(client: Client): Promise<void> {
  const namespace = `versions-${env.ids.uuid().slice(0, 8)}`;
  const place = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } } as const;
  await client.create(Namespace, { ...place, spec: {}, status: {} }, context);
  await installDefinitions([Before], client, context, { env });
  const keyOf = (name: string) => ({ namespace, name });
  for (const name of ["a", "b", "c"]) {
    const site = Before.create({ metadata: keyOf(name), spec: { host: `${name}.dev` } });
    await expect
      .poll(() => client.create(Before, site, context).then(said, String), WAIT)
      .toBe("ok");
  }

  const stop = new AbortController();
  const manager = createManager({
    client,
    env,
    controllers: [sites],
    installsDefinitions: true,
    webhooks: { handlers: [conversion(Site)], url: (port) => `https://127.0.0.1:${port}`, port: 0 },
  });
  const running = manager.run(stop.signal);
  const counted = (name: string) => () =>
    client.get(Site, keyOf(name), context).then(({ status }) => status?.count, String);
  await expect.poll(counted("a"), WAIT).toBe(1);
  expect(manager.readyz().isOk).toBe(true);

  const tls = { secret: "s", strict: false };
  const wide = { hosts: ["b.dev", "x.dev"], tls };
  const merge = { kind: "merge", patch: { spec: wide } } as const;
  await client.patch(Site, keyOf("b"), merge, context);
  await expect.poll(counted("b"), WAIT).toBe(2);
  const old = await client.get(SiteV1, keyOf("b"), context);
  expect(old.spec).toEqual({ host: "b.dev", replicas: 1 });
  const spec = { ...old.spec, replicas: 4 };
  await expect
    .poll(async () => {
      const now = await client.get(SiteV1, keyOf("b"), context);
      return client.update(SiteV1, { ...now, spec }, context).then(said, String);
    }, WAIT)
    .toBe("ok");
  const object = SiteV1.create({ metadata: { name: "b" }, spec: { host: "b.dev", replicas: 5 } });
  const apply = { kind: "apply", object, isForced: true } as const;
  await client.patch(SiteV1, keyOf("b"), apply, context, { fieldManager: "old-writer" });
  const { spec: kept, metadata } = await client.get(Site, keyOf("b"), context);
  expect(kept).toEqual({ ...wide, replicas: 5 });
  expect(metadata.annotations).toBeUndefined();

  const { items } = await client.list(SiteV1, { namespace }, context);
  expect(items.map((item) => item.spec.host)).toEqual(["a.dev", "b.dev", "c.dev"]);
  await migrateAndEnd(client, namespace);
  stop.abort();
  await running;
  await client.delete(CustomResourceDefinition, { namespace: "", name: NAME }, context);
  await client.delete(Namespace, { namespace: "", name: namespace }, context);
}

/** The old version goes, and every object is still there. */
async function migrateAndEnd(client: Client, namespace: string): Promise<void> {
  const key = { namespace: "", name: NAME };
  const stored = (): Promise<unknown> =>
    client.get(CustomResourceDefinition, key, context).then((crd) => crd.status.storedVersions);
  expect(await stored()).toEqual(["v1", "v2"]);
  const revision = async (): Promise<string | undefined> =>
    (await client.get(Site, { namespace, name: "c" }, context)).metadata.resourceVersion;
  const result = await migrateStorage(Site, { client, env }, context, { settleMs: 500 });
  expect(result).toMatchObject({ done: 3, failed: 0 });
  expect(await stored()).toEqual(["v2"]);
  const after = await revision();
  const again = { kind: "merge", patch: {} } as const;
  await client.patch(Site, { namespace, name: "c" }, again, context);
  expect(await revision()).toBe(after); // what is stored is what it should be

  const crd = await client.get(CustomResourceDefinition, key, context);
  const versions = crd.spec.versions.filter(({ name }) => name === "v2");
  const { conversion: _, ...others } = crd.spec;
  await client.update(CustomResourceDefinition, { ...crd, spec: { ...others, versions } }, context);
  const { items } = await client.list(Site, { namespace }, context);
  expect(items.map((item) => item.spec.hosts[0])).toEqual(["a.dev", "b.dev", "c.dev"]);
}

function said(): string {
  return "ok";
}

onEachServer("a kind gets a new version on", { env, inProcess: lifeOfVersions });
