/** Webhooks live on what `generate install` makes and allows: nothing is missing. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { rootContext } from "../../base/context.ts";
import { realEnv } from "../../base/real/env.ts";
import {
  ClusterRoleBinding,
  Secret,
  ValidatingWebhookConfiguration,
} from "../../client/builtin.ts";
import { RestClient } from "../../client/rest-client.ts";
import type { Transport } from "../../client/transport.ts";
import { createControlPlane, type ControlPlane } from "../../control-plane/control-plane.ts";
import { createManager, type Manager } from "../../controller-runtime/manager/manager.ts";
import { applyManifests } from "../../test-kit/apply-manifests.ts";
import { HEALTH_PORT } from "../authoring/manifests-of-module.ts";
import { loadModule } from "../authoring/load-module.ts";
import { contentsOf, type ModuleContents } from "../authoring/module-contents.ts";
import { parseManifests } from "../manifests.ts";
import { generateAccess, generateInstall } from "./generate.ts";

const ROOT = join(import.meta.dirname, "../../..");
mkdirSync(join(ROOT, "tmp"), { recursive: true });
const folder = mkdtempSync(join(ROOT, "tmp", "webhooks-"));
const env = realEnv({ level: "error" });
const deps = { env, signal: new AbortController().signal };
const NAME = "shop";
const PLACEMENT = { name: NAME, namespace: undefined };

const MODULE = join(folder, "shop.ts");
writeFileSync(
  MODULE,
  `import { admission, controller, defineResource } from "setpoint/controller-runtime";
import { z } from "zod";
export const Site = defineResource({
  group: "shop.example.dev", version: "v1", kind: "Site", spec: z.object({ host: z.string() }),
});
export const sites = controller(Site, { reconcile: async (_, ctx) => ctx.done() });
export const siteWebhook = admission(Site, {
  default: (site) => site,
  validate: ({ spec }) => (spec.host === "bad" ? ["no"] : []),
  permissions: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }],
});
`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function installed(): Promise<string> {
  const options = { ...PLACEMENT, image: "shop:1", replicas: 2, healthPort: HEALTH_PORT };
  return generateInstall(MODULE, options, deps);
}

function managerOf(
  { plane, user }: { plane: ControlPlane; user: string },
  module: ModuleContents,
): Manager {
  const transport: Transport = {
    send: ({ headers, ...request }, context) =>
      plane.transport.send(
        { ...request, headers: { ...headers, "impersonate-user": user } },
        context,
      ),
    close: () => Promise.resolve(),
  };
  const { controllers, webhooks: handlers } = module;
  return createManager({
    client: new RestClient({ transport, env }, { fieldManager: NAME }),
    env,
    controllers,
    webhooks: {
      handlers,
      service: { namespace: NAME, name: `${NAME}-webhook` },
      port: 0,
      host: "127.0.0.1",
    },
  });
}

test("a Service, an empty Secret, roles by name, and configurations at the end", async () => {
  const objects = parseManifests(await installed(), "install.yaml").map(({ object }) => object);
  const kinds = objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`);
  expect(kinds.slice(-6)).toEqual([
    "Secret shop-webhook-certificates",
    "Service shop-webhook",
    "PodDisruptionBudget shop",
    "Deployment shop",
    "MutatingWebhookConfiguration shop-webhook",
    "ValidatingWebhookConfiguration shop-webhook",
  ]);
  const role = objects.find(({ kind }) => kind === "ClusterRole");
  const verbs = ["get", "create", "patch"];
  const rule = {
    apiGroups: ["admissionregistration.k8s.io"],
    resourceNames: ["shop-webhook"],
    verbs,
  };
  expect(role).toHaveProperty("rules", [
    expect.anything(),
    expect.objectContaining({ resources: ["sites"] }),
    expect.objectContaining({ resources: ["sites/status"] }),
    expect.objectContaining({ resources: ["selfsubjectaccessreviews"] }),
    { ...rule, resources: ["mutatingwebhookconfigurations"] },
    { ...rule, resources: ["validatingwebhookconfigurations"] },
    { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] },
  ]);
  expect(objects.find(({ kind }) => kind === "Role")).toHaveProperty("rules", [
    expect.anything(),
    {
      apiGroups: [""],
      resources: ["secrets"],
      resourceNames: ["shop-webhook-certificates"],
      verbs: ["get", "update"],
    },
  ]);
  expect(await generateAccess(MODULE, PLACEMENT, deps)).toContain("shop-webhook-certificates");
});

test("the program fills the Secret and the configurations with what it is allowed", async () => {
  await using plane = await createControlPlane({ env, hasControllers: false });
  await applyManifests(await installed(), plane.client, plane.context);
  const module = contentsOf(await loadModule(MODULE, deps));
  const manager = managerOf({ plane, user: `system:serviceaccount:${NAME}:${NAME}` }, module);
  const stop = new AbortController();
  const running = manager.run(rootContext(env, stop.signal));
  const isReady = (): void => expect(manager.readyz()).toMatchObject({ isOk: true });
  await Promise.race([running, vi.waitFor(isReady, { timeout: 10_000 })]);
  const key = { namespace: NAME, name: "shop-webhook-certificates" };
  const { data = {} } = await plane.client.get(Secret, key, plane.context);
  const configuration = { namespace: "", name: "shop-webhook" };
  const { webhooks, metadata } = await plane.client.get(
    ValidatingWebhookConfiguration,
    configuration,
    plane.context,
  );
  expect(webhooks?.[0]?.clientConfig.caBundle).toBe(data["ca.crt"]);
  expect(metadata.labels).toEqual({ "app.kubernetes.io/name": NAME });
  stop.abort();
  await running;
});

test("what a program may not do for its webhooks is said at the start, with all else", async () => {
  await using plane = await createControlPlane({ env, hasControllers: false });
  await applyManifests(await installed(), plane.client, plane.context);
  const binding = (name: string) => [ClusterRoleBinding, { namespace: "", name }] as const;
  await plane.client.delete(...binding(NAME), plane.context);
  // Roles that come with a cluster follow one by one; this one allows to ask what one may.
  await vi.waitFor(() => plane.client.get(...binding("system:basic-user"), plane.context));
  const module = contentsOf(await loadModule(MODULE, deps));
  const manager = managerOf({ plane, user: `system:serviceaccount:${NAME}:${NAME}` }, module);
  const failure = await manager.run(rootContext(env, deps.signal)).catch(String);
  expect(failure).toMatch(
    /may not get, create, patch validatingwebhookconfigurations\.adm.*"shop-webhook", for webhooks/,
  );
  expect(failure).toContain("this program may not get configmaps, for webhooks");
  expect(failure).toMatch(/this program may not get, list, watch sites\.shop\.example\.dev/);
  expect(failure).not.toContain("secrets");
});
