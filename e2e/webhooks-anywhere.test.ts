/**
 * One set of webhooks, three servers: this program in-process and over HTTPS, and any other
 * Kubernetes API server that SETPOINT_CLUSTER names by its kubeconfig (skipped without; it must
 * reach this machine by 127.0.0.1, or by SETPOINT_WEBHOOK_HOST). All of them call over TLS.
 */
import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "vitest";
import { z } from "zod";
import { rootContext } from "../src/base/context.ts";
import { realEnv } from "../src/base/real/env.ts";
import {
  ConfigMap,
  CustomResourceDefinition,
  Namespace,
  Secret,
  Service,
  ValidatingWebhookConfiguration,
} from "../src/client/builtin.ts";
import type { Client } from "../src/client/client.ts";
import { defineResource } from "../src/client/resource/define-resource.ts";
import { createManager, type Manager } from "../src/controller-runtime/manager/manager.ts";
import { admission } from "../src/controller-runtime/webhooks/admission.ts";
import { onEachServer } from "./each-server.ts";

const Site = defineResource({
  group: "hooks.setpoint.test",
  version: "v1",
  kind: "Site",
  spec: z.object({ host: z.string().optional(), hosts: z.array(z.string()).optional() }),
});

const siteWebhook = admission(Site, {
  operations: ["CREATE", "UPDATE", "DELETE"],
  default: (site, ctx) => {
    const { name = "" } = site.metadata;
    const annotations = { ...site.metadata.annotations, "hooks/by": ctx.user.name };
    const { host = `${name}.dev`, hosts = [] } = site.spec;
    return { ...site, metadata: { ...site.metadata, annotations }, spec: { host, hosts } };
  },
  validate: (site, ctx) => {
    if (ctx.operation === "DELETE") return site.spec.host === "kept" ? ["it is kept"] : [];
    if (site.spec.host === "defect") throw new Error("boom");
    if (site.spec.host === "late") return new Promise(() => undefined);
    if (site.spec.host === "denied") ctx.deny("not here", 409);
    const isMoved = ctx.old !== undefined && ctx.old.spec.host !== site.spec.host;
    return isMoved ? [{ field: "spec.host", value: site.spec.host, detail: "is for ever" }] : [];
  },
  timeoutSeconds: 2,
});

const mapWebhook = admission(ConfigMap, {
  validate: () => ["no more maps"],
  namespaceSelector: { matchLabels: { "hooks.setpoint.test/maps": "none" } },
  matchConditions: [{ name: "named", expression: "object.metadata.name == 'refused'" }],
});

const env = realEnv({ level: "error" });
const quiet = realEnv({ log: { ...env.log, error: () => undefined, with: () => env.log } });
const context = rootContext(env, new AbortController().signal);
const WAIT = { timeout: 30_000, interval: 100 };
const HOST = process.env["SETPOINT_WEBHOOK_HOST"] ?? "127.0.0.1";

function managerOf(client: Client, namespace: string): Manager {
  return createManager({
    client,
    env: quiet,
    controllers: [],
    installsDefinitions: true,
    webhooks: {
      handlers: [siteWebhook, mapWebhook],
      port: 0,
      url: (port: number) => `https://${HOST}:${port}`,
      configurationName: namespace,
      certificates: { kind: "secret", secret: { namespace, name: "certificates" } },
      removesConfigurations: true,
    },
  });
}

async function lifeOfWebhooks(client: Client): Promise<void> {
  const namespace = `hooks-${env.ids.uuid().slice(0, 8)}`;
  const labels = { "hooks.setpoint.test/maps": "none" };
  const metadata = { name: namespace, labels };
  const place: Namespace = { apiVersion: "v1", kind: "Namespace", metadata, spec: {}, status: {} };
  await client.create(Namespace, place, context);
  const stop = new AbortController();
  // Two replicas: whichever registers last is called, with a certificate of the same authority.
  const managers = [managerOf(client, namespace), managerOf(client, namespace)];
  const running = managers.map((each) => each.run(stop.signal));
  const failed = Promise.all(running).then(() => "ended", String);
  const areReady = () => managers.map((each) => each.readyz().isOk);
  await Promise.race([failed, expect.poll(areReady, WAIT).toEqual([true, true])]);

  try {
    await useWebhooks(client, namespace);
  } finally {
    stop.abort();
    await Promise.all(running);
  }
  const configuration = { namespace: "", name: namespace };
  await expect(client.get(ValidatingWebhookConfiguration, configuration, context)).rejects.toThrow(
    /not found/,
  );
  const kept = { namespace, name: "kept" };
  await expect
    .poll(() => client.delete(Site, kept, context).then(() => "gone", String), WAIT)
    .toBe("gone");
  const definition = { namespace: "", name: Site.definition.metadata.name ?? "" };
  await client.delete(CustomResourceDefinition, definition, context);
  await client.delete(Namespace, { namespace: "", name: namespace }, context);
}

async function useWebhooks(client: Client, namespace: string): Promise<void> {
  const create = (name: string, spec: { host?: string } = {}, dryRun = false) => {
    const site = Site.create({ metadata: { name, namespace }, spec });
    return client.create(Site, site, context, { dryRun });
  };
  // A server may need a moment before it knows of a webhook.
  await expect
    .poll(() => create("probe", {}, true).then(({ spec }) => spec.host), WAIT)
    .toBeDefined();
  const home = await create("home");
  expect(home.spec).toEqual({ host: "home.dev", hosts: [] });
  expect(home.metadata.annotations).toHaveProperty("hooks/by");
  await expect(create("denied", { host: "denied" })).rejects.toMatchObject({
    status: { code: 409, reason: "Conflict" },
    message: expect.stringMatching(/denied the request: not here$/),
  });
  const key = { namespace, name: "home" };
  const patch = { kind: "merge", patch: { spec: { host: "other" } } } as const;
  await expect(client.patch(Site, key, patch, context)).rejects.toMatchObject({
    message:
      'admission webhook "validate.sites.hooks.setpoint.test" denied the request: ' +
      'Site.hooks.setpoint.test "home" is invalid: spec.host: Invalid value: "other": is for ever',
    status: { code: 422, reason: "Invalid", details: { causes: [{ field: "spec.host" }] } },
  });
  await expect(create("defect", { host: "defect" })).rejects.toThrow(
    /failed calling webhook.*boom/,
  );
  await expect(create("late", { host: "late" })).rejects.toThrow(/failed calling webhook/);
  await create("kept", { host: "kept" });
  const kept = { namespace, name: "kept" };
  await expect(client.delete(Site, kept, context)).rejects.toThrow(/it is kept/);
  await client.delete(Site, key, context);

  const map = (name: string): ConfigMap => {
    return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } };
  };
  await client.create(ConfigMap, map("allowed"), context);
  await expect(client.create(ConfigMap, map("refused"), context)).rejects.toThrow("no more maps");

  const { data = {} } = await client.get(Secret, { namespace, name: "certificates" }, context);
  const configuration = { namespace: "", name: namespace };
  const told = await client.get(ValidatingWebhookConfiguration, configuration, context);
  expect(told.webhooks?.map(({ clientConfig }) => clientConfig.caBundle)).toEqual([
    data["ca.crt"],
    data["ca.crt"],
  ]);
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/** As in a cluster, but that the Service leads to this machine. */
async function throughService(client: Client): Promise<void> {
  const namespace = `hooks-${env.ids.uuid().slice(0, 8)}`;
  const port = await freePort();
  const place: Namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace },
    spec: {},
    status: {},
  };
  await client.create(Namespace, place, context);
  const spec = { type: "ExternalName", externalName: "localhost", ports: [{ port }] } as const;
  const service: Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "hooks", namespace },
    spec,
    status: {},
  };
  await client.create(Service, service, context);
  const refuses = admission(ConfigMap, {
    validate: ({ data }) => (data?.["a"] === "b" ? ["no b"] : []),
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  });
  const stop = new AbortController();
  const manager = createManager({
    client,
    env: quiet,
    controllers: [],
    webhooks: {
      handlers: [refuses],
      port,
      service: { namespace, name: "hooks", port },
      configurationName: namespace,
      removesConfigurations: true,
    },
  });
  const running = manager.run(stop.signal);
  try {
    await expect.poll(() => manager.readyz().isOk, WAIT).toBe(true);
    const create = (name: string, data: Record<string, string>) => {
      const metadata = { name, namespace };
      const map: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
      return client.create(ConfigMap, map, context).then(() => "made", String);
    };
    const told = 'webhook "validate.configmaps.core" denied the request: no b';
    let count = 0;
    await expect.poll(() => create(`b-${(count += 1)}`, { a: "b" }), WAIT).toContain(told);
    expect(await create("c", { a: "c" })).toBe("made");
    await client.get(Secret, { namespace, name: "hooks-certificates" }, context);
  } finally {
    stop.abort();
    await running;
  }
  await client.delete(Namespace, { namespace: "", name: namespace }, context);
}

onEachServer("webhooks serve", {
  env,
  inProcess: lifeOfWebhooks,
  connected: async (client) => {
    await lifeOfWebhooks(client);
    await throughService(client);
  },
});
