import { expect, test } from "vitest";
import { ConfigMap, Secret } from "../client/builtin.ts";
import { controller } from "../controller-runtime/declared/controller.ts";
import { createTestWorld } from "./test-world.ts";

const OWNER = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {own: me}}}";

test("a reconcile that ignores its signal does not hold up the end: it is named", async () => {
  let isStuck = false;
  const stuck = controller(ConfigMap, {
    name: "stuck",
    reconcile: (map, ctx) => {
      if (map.metadata.labels?.["own"] === undefined) return Promise.resolve(ctx.done());
      isStuck = true;
      return new Promise(() => undefined);
    },
  });
  const world = await createTestWorld({ controllers: [stuck] });
  await world.apply(OWNER);
  await world.eventually(() => Promise.resolve(isStuck));
  await expect(world.close()).rejects.toThrow(
    /not stopped within 30000 ms: stuck \(default\/a\): its reconcile ignores its signal/,
  );
});

test("a deletion takes what is owned with it, or leaves it", async () => {
  const owning = controller(ConfigMap, {
    owns: [Secret],
    reconcile: async (map, ctx) => {
      if (map.metadata.labels?.["own"] === undefined) return ctx.done();
      await ctx.create(Secret, { metadata: { name: "a" } });
      return ctx.done();
    },
  });
  await using world = await createTestWorld({ controllers: [owning] });
  await world.apply(OWNER);
  await world.eventually(() => world.get(Secret, "a"));
  await world.delete(ConfigMap, "a", { propagation: "Orphan" });
  await world.eventually(async () => (await world.get(ConfigMap, "a")) === undefined);
  await world.advance("5m");
  const left = await world.get(Secret, "a");
  expect(left?.metadata.ownerReferences).toBeUndefined();
});
