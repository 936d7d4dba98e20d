/** Kinds that come and go while controllers run, on a whole control plane in virtual time. */
import { expect, test } from "vitest";
import { z } from "zod";
import { realEnv } from "../../base/real/env.ts";
import {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  CustomResourceDefinition,
} from "../../client/builtin.ts";
import { httpTransport } from "../../client/http/http-transport.ts";
import { installDefinitions } from "../../client/resource/install-definitions.ts";
import { RestClient } from "../../client/rest-client.ts";
import { defineResource, type ObjectOf } from "../../client/resource/define-resource.ts";
import { createControlPlane } from "../../control-plane/control-plane.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import type { ControllerDeps } from "../controller/controller-spec.ts";
import { controller, watches } from "../declared/controller.ts";
import { permissionsOf, rulesOf } from "../declared/permissions.ts";
import { dependent } from "../dependents/dependent.ts";
import type { ReconcileContext } from "../declared/reconcile-context.ts";
import { createManager } from "../manager/manager.ts";
import { whenServed } from "./served-source.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({}),
  status: z.object({ badges: z.int().optional(), isServed: z.boolean().optional() }),
});
const Badge = defineResource({
  group: "badges.dev",
  version: "v1",
  kind: "Badge",
  spec: z.object({}),
});
const HOME = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: home}, spec: {}}";
const BADGES = "badges.badges.dev";
const MaybeBadge = whenServed(Badge);

/** What the controllers of a world are made with. */
let deps: ControllerDeps | undefined;

const counts = controller(Site, {
  watches: [
    watches(MaybeBadge, (badge, _, given) => {
      deps = given;
      return [{ namespace: badge.metadata.namespace ?? "", name: "home" }];
    }),
  ],
  reconcile: async (_, ctx) => {
    const { length } = await ctx.list(Badge);
    ctx.status.set({ badges: length, isServed: ctx.isServed(Badge) });
    return ctx.done();
  },
});

const rest = (_: ObjectOf<typeof Site>, ctx: ReconcileContext<ObjectOf<typeof Site>>) =>
  Promise.resolve(ctx.done());

async function seen(world: TestWorld): Promise<string> {
  const { isServed, badges } = (await world.get(Site, "home"))?.status ?? {};
  return `${isServed} ${badges}`;
}

async function install(world: TestWorld): Promise<void> {
  await world.client.create(CustomResourceDefinition, Badge.definition, world.context);
}

async function addBadge(world: TestWorld, name: string): Promise<void> {
  await world.apply(
    `{apiVersion: badges.dev/v1, kind: Badge, metadata: {name: ${name}}, spec: {}}`,
  );
}

test("a kind that comes is followed, one that goes is forgotten, again and again", async () => {
  await using world = await createTestWorld({ controllers: [counts], manifests: HOME });
  await world.eventually(async () => (await seen(world)) === "false 0");
  for (const name of ["first", "second"]) {
    await install(world);
    await world.eventually(async () => (await seen(world)) === "true 0");
    await addBadge(world, name);
    await world.eventually(async () => (await seen(world)) === "true 1");
    expect(deps?.informers.peek(Badge)?.lister.list()).toHaveLength(1);
    await world.delete(CustomResourceDefinition, BADGES);
    await world.eventually(async () => (await seen(world)) === "false 0");
    expect(deps?.informers.peek(Badge)).toBeUndefined();
  }
});

test("what is there at the start is followed from the start", async () => {
  await using world = await createTestWorld({ kinds: [Site, Badge], manifests: HOME });
  await addBadge(world, "a");
  world.manage(counts);
  await world.quiet();
  expect(await seen(world)).toBe("true 1");
});

test("a dependent of such a kind is made as soon as there is the kind", async () => {
  const sites = controller(Site, {
    dependents: [
      dependent(MaybeBadge, { desired: () => ({ metadata: { name: "b" }, spec: {} }) }),
      dependent(ConfigMap, {
        dependsOn: ["Badge"],
        desired: () => ({ metadata: { name: "after" } }),
      }),
    ],
  });
  await using world = await createTestWorld({ controllers: [sites], manifests: HOME });
  await world.advance("1m");
  expect(await world.get(ConfigMap, "after")).toBeUndefined();
  const condition = findCondition((await world.get(Site, "home"))?.status?.conditions, "Ready");
  expect(condition).toMatchObject({ status: "True", message: "nothing is wanted" });
  await install(world);
  await world.eventually(() => world.get(Badge, "b"));
  await world.eventually(() => world.get(ConfigMap, "after"));
  await world.delete(CustomResourceDefinition, BADGES);
  const isGone = async () => (await world.get(ConfigMap, "after")) === undefined;
  await world.eventually(isGone, undefined, { within: "10s" }); // failing writes have told
});

test("what is awaited of such a kind is awaited until there is the kind, and longer", async () => {
  const said: string[] = [];
  const waits = controller(Site, {
    reads: [MaybeBadge],
    reconcile: async (_, ctx) => {
      const badge = await ctx.get(Badge, "b");
      if (badge !== undefined) {
        said.push("there");
        return ctx.done();
      }
      const wait = ctx.waitFor(Badge, "b", { timeout: "1h" });
      said.push(wait.isTimedOut ? "too late" : "waits");
      return wait;
    },
  });
  await using world = await createTestWorld({ controllers: [waits], manifests: HOME });
  await world.advance("59m");
  expect(said).toEqual(["waits"]);
  await world.advance("2m");
  expect(said).toEqual(["waits", "too late"]);
  await install(world);
  await world.advance("11s");
  expect(said.at(-1)).toBe("too late");
  await addBadge(world, "b");
  await world.quiet();
  expect(said.at(-1)).toBe("there");
});

test("a controller of such a kind waits for it without holding up the others", async () => {
  const badges = controller(MaybeBadge, {
    reconcile: async (badge, ctx) => {
      await ctx.apply(ConfigMap, { metadata: { name: `of-${badge.metadata.name}` } });
      return ctx.done();
    },
  });
  await using world = await createTestWorld({ kinds: [Site], manifests: HOME });
  world.manage(badges, counts);
  await world.quiet();
  expect(await seen(world)).toBe("false 0");
  await install(world);
  await world.eventually(async () => (await seen(world)) === "true 0");
  await addBadge(world, "x");
  await world.eventually(() => world.get(ConfigMap, "of-x"));
});

test("a kind that may not be listed holds nobody up, and readiness names it", async () => {
  await using plane = await createControlPlane({
    serve: { tokens: [{ token: "t", name: "alice", groups: [] }] },
  });
  const { url, authorityPem } = plane.serving();
  await installDefinitions([Site, Badge], plane.client, plane.context);
  const rules = rulesOf(permissionsOf([controller(Site, { owns: [], reconcile: rest })]));
  const metadata = { name: "alice" };
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const role = { apiVersion, kind: "ClusterRole", metadata, rules } as const;
  await plane.client.create(ClusterRole, role, plane.context);
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "alice" };
  const subjects = [{ kind: "User", name: "alice" }];
  const binding = { apiVersion, kind: "ClusterRoleBinding", metadata, roleRef, subjects } as const;
  await plane.client.create(ClusterRoleBinding, binding, plane.context);

  const env = realEnv({ level: "error" });
  const token = (): Promise<string> => Promise.resolve("t");
  const transport = httpTransport({ server: url, authority: authorityPem, token }, env);
  const client = new RestClient({ transport, env });
  const waiting = controller(Site, {
    reads: [MaybeBadge],
    reconcile: rest,
  });
  const manager = createManager({ client, env, controllers: [waiting] });
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  const named = (): string =>
    manager
      .readyz()
      .checks.filter(({ isOk }) => !isOk)
      .map(({ name, state }) => `${name}: ${state}`)
      .join();
  while (!/badges.badges.dev: this program may not list and watch/.test(named())) {
    await env.timers.sleep(10, stop.signal);
  }
  stop.abort();
  await running;
  await transport.close();
});
