/** Shards on a whole control plane: real leases, real conflicts, declared controllers. */
import { expect, test } from "vitest";
import { rootContext } from "../../base/context.ts";
import { ConfigMap, Lease } from "../../client/builtin.ts";
import { interceptedClient } from "../../client/wrappers/intercepted-client.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import { controller } from "../declared/controller.ts";
import type { DeclaredController } from "../declared/declared-controller.ts";
import { createManager } from "../manager/manager.ts";

/** Keeps a copy `<name>-copy` of each ConfigMap that is to have one, owned by it. */
const copies: DeclaredController = controller(ConfigMap, {
  name: "copies",
  owns: [ConfigMap],
  async reconcile({ metadata: { name = "", labels = {} }, data = {} }, ctx) {
    if (labels["copied"] !== "yes") return ctx.done();
    await ctx.apply(ConfigMap, { metadata: { name: `${name}-copy` }, data });
    return ctx.done();
  },
});

/** One process: which objects it has written. */
function start(world: TestWorld) {
  const wrote = new Set<string>();
  const client = interceptedClient(world.client, (call, next) => {
    if (call.isWrite && call.type.kind === "ConfigMap") wrote.add(call.key.name);
    return next();
  });
  const { env } = world;
  const shards = { lease: { namespace: "default", name: "copies" } };
  const manager = createManager({ client, env, controllers: [copies], shards });
  const stop = new AbortController();
  const running = manager.run(rootContext(env, stop.signal));
  return {
    manager,
    wrote,
    stop: async () => {
      stop.abort();
      await world.advance("1s");
      await running;
    },
  };
}

async function touch(world: TestWorld, level: string): Promise<void> {
  for (let index = 0; index < 12; index += 1) {
    await world.apply(
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: c${index}, labels: {copied: "yes"}}, ` +
        `data: {level: ${level}}}`,
    );
  }
}

async function copiesWith(world: TestWorld, level: string): Promise<number> {
  const all = await world.list(ConfigMap, { namespace: "default" });
  return all.filter(
    ({ metadata, data }) => metadata.name?.endsWith("-copy") === true && data?.["level"] === level,
  ).length;
}

test("processes share objects, and what an object owns is kept by the same one", async () => {
  await using world = await createTestWorld({ hasControllers: false });
  const replicas = [start(world), start(world), start(world)];
  await world.advance("10s");
  const leases = await world.list(Lease, { namespace: "default" });
  expect(leases.map(({ spec }) => spec.leaseDurationSeconds)).toEqual([15, 15, 15]);
  await touch(world, "one");
  await world.advance("5s");
  expect(await copiesWith(world, "one")).toBe(12);
  for (const { wrote } of replicas) expect(wrote.size).toBeGreaterThan(0);
  for (let index = 0; index < 12; index += 1) {
    const owners = replicas.filter(({ wrote }) => wrote.has(`c${index}-copy`));
    expect(owners).toHaveLength(1);
    await world.delete(ConfigMap, `c${index}-copy`); // its owner's process is woken, no other
  }
  await world.advance("5s");
  expect(await copiesWith(world, "one")).toBe(12);
  for (let index = 0; index < 12; index += 1) {
    expect(replicas.filter(({ wrote }) => wrote.has(`c${index}-copy`))).toHaveLength(1);
  }
  const [first, ...others] = replicas;
  await first?.stop();
  await touch(world, "two");
  await world.advance("5s");
  expect(await copiesWith(world, "two")).toBe(12);
  for (const { stop } of others) await stop();
  expect(await world.list(Lease, { namespace: "default" })).toEqual([]);
});

test("who deletes the leases does no harm: their processes join anew", async () => {
  await using world = await createTestWorld({ hasControllers: false });
  await touch(world, "one");
  const replica = start(world);
  const { client } = world;
  await world.advance("5s");
  expect(await copiesWith(world, "one")).toBe(12);
  for (const lease of await world.list(Lease, { namespace: "default" })) {
    const key = { namespace: "default", name: lease.metadata.name ?? "" };
    await client.delete(Lease, key, world.context); // somebody is careless
  }
  await world.advance("10s");
  await touch(world, "two");
  await world.advance("10s");
  expect(await copiesWith(world, "two")).toBe(12);
  expect(replica.manager.readyz().checks.find(({ name }) => name === "shards")?.isOk).toBe(true);
  await replica.stop();
});
