import { expect, test } from "vitest";
import { z } from "zod";
import { realEnv } from "../../base/real/env.ts";
import { ConfigMap, Role, RoleBinding, Secret } from "../../client/builtin.ts";
import { httpTransport } from "../../client/http/http-transport.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import { RestClient } from "../../client/rest-client.ts";
import { createControlPlane } from "../../control-plane/control-plane.ts";
import { createInformers } from "../../informer/informers.ts";
import { createManager } from "../manager/manager.ts";
import { controller } from "./controller.ts";
import { permissionsOf, rulesOf } from "./permissions.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ text: z.string().default("hello") }),
});

const shows = controller(Site, {
  owns: [ConfigMap],
  reads: [Secret],
  permissions: [{ apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] }],
  finalize: (_, ctx) => Promise.resolve(ctx.done()),
  reconcile: async (site, ctx) => {
    await ctx.apply(ConfigMap, { metadata: { name: "a" }, data: { text: site.spec.text } });
    return ctx.done();
  },
});

test("a kind that is not served is named at the start, with what to do", async () => {
  await using plane = await createControlPlane();
  const manager = createManager({ client: plane.client, controllers: [shows] });
  await expect(manager.run(plane.context)).rejects.toThrow(
    /does not serve sites\.v1\.example\.dev \(Site\): install its definition, with `installsDef/,
  );
});

test("permissions that are missing are named at the start, in one refusal", async () => {
  await using plane = await createControlPlane({
    serve: { tokens: [{ token: "t", name: "alice", groups: [] }] },
  });
  const { url, authorityPem } = plane.serving();
  const env = realEnv({ level: "error" });
  const token = (): Promise<string> => Promise.resolve("t");
  const transport = httpTransport({ server: url, authority: authorityPem, token }, env);
  const client = new RestClient({ transport, env });
  const manager = createManager({ client, env, controllers: [shows] });
  await expect(manager.run(plane.context)).rejects.toThrow(
    /this program may not get, list, watch, create, patch, delete configmaps: bind its user/,
  );
  await transport.close();
});

test("a view of one namespace takes the rights of a role there, and no more", async () => {
  await using plane = await createControlPlane({
    serve: { tokens: [{ token: "t", name: "alice", groups: [] }] },
  });
  const { url, authorityPem } = plane.serving();
  await installDefinitions([Site], plane.client, plane.context);
  const namespace = "default";
  const metadata = { name: "alice", namespace };
  const rules = rulesOf(permissionsOf([shows]));
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const role = { apiVersion, kind: "Role", metadata, rules } as const;
  await plane.client.create(Role, role, plane.context);
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "alice" };
  const subjects = [{ kind: "User", name: "alice" }];
  const binding = { apiVersion, kind: "RoleBinding", metadata, roleRef, subjects } as const;
  await plane.client.create(RoleBinding, binding, plane.context);

  const env = realEnv({ level: "error" });
  const token = (): Promise<string> => Promise.resolve("t");
  const transport = httpTransport({ server: url, authority: authorityPem, token }, env);
  const client = new RestClient({ transport, env });
  const informers = createInformers({ client, env }, { scopeOf: () => ({ namespace }) });
  const manager = createManager({ client, env, informers, controllers: [shows] });
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  while (!manager.readyz().isOk) await env.timers.sleep(10, stop.signal);
  stop.abort();
  await running;

  const wide = createManager({ client, env, controllers: [shows] });
  await expect(wide.run(plane.context)).rejects.toThrow(/this program may not get, list, watch/);
  await transport.close();
});

test("definitions are installed if the manager is told to", async () => {
  await using plane = await createControlPlane();
  const stop = new AbortController();
  const { client, context } = plane;
  const options = { client, controllers: [shows], installsDefinitions: true };
  const running = createManager(options).run(stop.signal);
  const only = { namespace: "default", fieldSelector: "metadata.name=a" };
  const made = await client.watch(ConfigMap, only, context);
  const metadata = { name: "s", namespace: "default" };
  for (;;) {
    try {
      await client.create(Site, Site.create({ metadata, spec: {} }), context);
      break;
    } catch {
      await new Promise((resolve) => setImmediate(resolve)); // not served yet
    }
  }
  for await (const batch of made) if (batch.some(({ kind }) => kind === "ADDED")) break;
  stop.abort();
  await running;
});

test("the rules of a role follow from what a controller declares", () => {
  expect(rulesOf(permissionsOf([shows]))).toEqual([
    {
      apiGroups: [""],
      resources: ["configmaps"],
      verbs: ["get", "list", "watch", "create", "patch", "delete"],
    },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] },
    { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] },
    { apiGroups: ["example.dev"], resources: ["sites"], verbs: ["get", "list", "watch", "patch"] },
    { apiGroups: ["example.dev"], resources: ["sites/finalizers"], verbs: ["update"] },
    { apiGroups: ["example.dev"], resources: ["sites/status"], verbs: ["patch"] },
  ]);
});
