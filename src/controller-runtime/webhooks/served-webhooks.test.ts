/** Webhooks as an API server calls them: over TLS, on loopback ports. */
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { realEnv } from "../../base/real/env.ts";
import { createMetrics } from "../../base/metrics.ts";
import {
  MutatingWebhookConfiguration,
  Secret,
  ValidatingWebhookConfiguration,
} from "../../client/builtin.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import { createControlPlane, type ControlPlane } from "../../control-plane/control-plane.ts";
import { createManager, type Manager } from "../manager/manager.ts";
import { admission } from "./admission.ts";
import type { WebhookOptions } from "./webhook-options.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ host: z.string().optional(), replicas: z.int().default(1) }),
});

const siteWebhook = admission(Site, {
  operations: ["CREATE", "UPDATE", "DELETE"],
  default: (site) => {
    const host = site.spec.host ?? `${site.metadata.name ?? ""}.example.dev`;
    return { ...site, spec: { ...site.spec, host } };
  },
  validate: (site, ctx) => {
    if (ctx.operation === "DELETE") return site.metadata.name === "kept" ? ["it is kept"] : [];
    if (site.spec.host === "defect") throw new Error("boom");
    if (site.spec.replicas > 10) ctx.warn("that is a lot");
    const isMoved = ctx.old !== undefined && ctx.old.spec.host !== site.spec.host;
    return isMoved ? [{ field: "spec.host", value: site.spec.host, detail: "is for ever" }] : [];
  },
});

const env = realEnv({ level: "error", log: silent() });
const metrics = createMetrics();
let plane: ControlPlane;
let manager: Manager;
let running: Promise<void>;
const stop = new AbortController();

function silent(): ReturnType<typeof realEnv>["log"] {
  const nothing = (): void => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing, with: () => log };
  return log;
}

/** Resolves when it is ready. */
async function start(
  one: Manager,
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<void> }> {
  const ended = one.run(signal);
  const isReady = (): void => expect(one.readyz()).toMatchObject({ isOk: true });
  await Promise.race([ended, vi.waitFor(isReady, { timeout: 10_000 })]);
  return { ended };
}

function managerWith(more: Partial<WebhookOptions> = {}): Manager {
  const webhooks: WebhookOptions = {
    handlers: [siteWebhook],
    port: 0,
    host: "127.0.0.1",
    url: (port: number) => `https://127.0.0.1:${port}`,
  };
  return createManager({
    client: plane.client,
    env,
    metrics,
    controllers: [],
    webhooks: { ...webhooks, ...more } as WebhookOptions,
  });
}

beforeAll(async () => {
  plane = await createControlPlane({ env, hasControllers: false });
  await installDefinitions([Site], plane.client, plane.context);
  manager = managerWith();
  running = (await start(manager, stop.signal)).ended;
});

afterAll(async () => {
  stop.abort();
  await running;
  const { client, context } = plane;
  expect((await client.list(MutatingWebhookConfiguration, {}, context)).items).toEqual([]);
  expect((await client.list(ValidatingWebhookConfiguration, {}, context)).items).toEqual([]);
  await plane.close();
});

const named = (name: string) => ({ namespace: "default", name });

function create(name: string, spec: { host?: string; replicas?: number } = {}) {
  const site = Site.create({ metadata: { name, namespace: "default" }, spec });
  return plane.client.create(Site, site, plane.context);
}

test("defaults are filled in, and what is wrong with a field is told as the API does", async () => {
  expect((await create("home")).spec).toEqual({ host: "home.example.dev", replicas: 1 });
  const patch = { kind: "merge", patch: { spec: { host: "other" } } } as const;
  const refused = plane.client.patch(Site, named("home"), patch, plane.context);
  await expect(refused).rejects.toMatchObject({
    message:
      'admission webhook "validate.sites.example.dev" denied the request: ' +
      'Site.example.dev "home" is invalid: spec.host: Invalid value: "other": is for ever',
    status: { code: 422, reason: "Invalid", details: { causes: [{ field: "spec.host" }] } },
  });
});

test("deletions are asked about if the author wants to be asked", async () => {
  await create("kept");
  await create("lost");
  await plane.client.delete(Site, named("lost"), plane.context);
  await expect(plane.client.delete(Site, named("kept"), plane.context)).rejects.toThrow(
    /denied the request: it is kept/,
  );
});

test("a webhook with a defect fails, is counted, and serves on", async () => {
  await expect(create("broken", { host: "defect" })).rejects.toThrow(
    /failed calling webhook .*the webhook \/validate-example-dev-v1-site failed: boom/,
  );
  await create("sound");
  const text = metrics.text();
  expect(text).toContain("controller_runtime_webhook_panics_total 1\n");
  const series = 'controller_runtime_webhook_requests_total{code="500",webhook="/validate-';
  expect(text).toContain(`${series}example-dev-v1-site"} 1\n`);
  expect(text).toMatch(/controller_runtime_webhook_requests_in_flight\{webhook=".*"\} 0/);
  expect(text).toMatch(/certwatcher_read_certificate_total [1-9]/);
  expect(text).toContain("certwatcher_read_certificate_errors_total 0\n");
});

test("replicas that start together serve certificates of one authority", async () => {
  const ends = new AbortController();
  const certificates = { kind: "secret", secret: named("shared") } as const;
  const options = { certificates, removesConfigurations: false };
  const [first, second] = [managerWith(options), managerWith(options)];
  const both = await Promise.all([start(first, ends.signal), start(second, ends.signal)]);
  const { data = {} } = await plane.client.get(Secret, named("shared"), plane.context);
  expect(Object.keys(data).sort()).toEqual(["ca.crt", "ca.key", "tls.crt", "tls.key"]);
  const kept = await plane.client.get(
    ValidatingWebhookConfiguration,
    { namespace: "", name: "sites.example.dev" },
    plane.context,
  );
  const clientConfig = kept.webhooks?.[0]?.clientConfig;
  expect(clientConfig?.caBundle).toBe(data["ca.crt"]);
  const ca = Buffer.from(data["ca.crt"] ?? "", "base64");
  const { port } = new URL(clientConfig?.url ?? "");
  expect(await shownTo(ca, Number(port))).toBe(true);
  await create("shared");
  ends.abort();
  await Promise.all(both.map(({ ended }) => ended));
});

/** Whether who trusts `ca` trusts the server. */
function shownTo(ca: Buffer, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ca, port, host: "127.0.0.1" }, () => {
      resolve(socket.authorized);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}
