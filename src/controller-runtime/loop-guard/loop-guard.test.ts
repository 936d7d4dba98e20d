import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap, EventObject } from "../../client/builtin.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import { controller } from "../declared/controller.ts";
import type { ControllerOptions, DeclaredController } from "../declared/declared-controller.ts";
import type { Manager } from "../manager/manager.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ text: z.string().default("hello") }),
  status: z.object({ seen: z.string().optional(), runs: z.int().optional() }),
});

const SITE = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: a}}";
const CIRCLES = "controller_runtime_reconcile_loops_total";

type SiteOptions = ControllerOptions<ReturnType<typeof Site.create>>;

/** Writes what `text` says each time, and counts its runs. */
function shop(
  text: (count: number, spec: string) => string,
  options: Partial<SiteOptions> = {},
): { readonly controller: DeclaredController; readonly runs: () => number } {
  let count = 0;
  const made = controller(Site, {
    name: "shop",
    owns: [ConfigMap],
    reconcile: async ({ spec }, ctx) => {
      count += 1;
      const data = { text: text(count, spec.text) };
      await ctx.apply(ConfigMap, { metadata: { name: "page" }, data });
      return ctx.done();
    },
    ...options,
  });
  return { controller: made, runs: () => count };
}

async function events(world: TestWorld, reason: string): Promise<readonly EventObject[]> {
  return (await world.list(EventObject)).filter((event) => event.reason === reason);
}

function trips({ metrics }: Manager, kind: string): number {
  return metrics.counter(CIRCLES, "").value({ controller: "shop", kind });
}

function slowed({ metrics }: Manager): number {
  return metrics.gauge("controller_runtime_slowed_keys", "").value({ controller: "shop" });
}

test("a key woken by nothing but its own writes is slowed down, and told of", async () => {
  let isMended = false;
  const { controller: made, runs } = shop((count) => (isMended ? "still" : `${count}`));
  await using world = await createTestWorld({ kinds: [Site], manifests: SITE });
  const manager = world.plane.manage(made);
  await world.advance("10s");
  const before = runs();
  expect(before).toBeLessThan(40);
  expect(trips(manager, "own-writes")).toBe(1);
  expect(slowed(manager)).toBe(1);
  const [event] = await events(world, "ReconcileLoop");
  expect(event?.message).toContain(
    "shop is woken by its own writes of data.text of ConfigMap default/page; " +
      "reconciles of default/a are slowed down",
  );
  expect(event?.involvedObject).toMatchObject({ kind: "ConfigMap", name: "page" });

  await world.advance("10m");
  expect(runs() - before).toBeLessThan(18); // once a minute in the end
  isMended = true;
  await world.advance("3m");
  expect(slowed(manager)).toBe(0);
  const after = runs();
  await world.advance("1h");
  expect(runs()).toBe(after);
  expect(trips(manager, "own-writes")).toBe(1);
});

test("what is new from outside passes a key that is slowed down at once", async () => {
  const seen: string[] = [];
  const { controller: made } = shop((count, spec) => {
    seen.push(spec);
    return `${count}`;
  });
  await using world = await createTestWorld({ kinds: [Site], manifests: SITE });
  world.plane.manage(made);
  await world.advance("5m");
  expect(seen.at(-1)).toBe("hello");
  await world.change(Site, "a", { spec: { text: "bye" } });
  await world.quiet();
  expect(seen.at(-1)).toBe("bye");
});

test("a fight over a field names the field and the other manager", async () => {
  const { controller: made, runs } = shop(() => "mine");
  await using world = await createTestWorld({ kinds: [Site], manifests: SITE });
  const manager = world.plane.manage(made);
  let isOver = false;
  const other = controller(ConfigMap, {
    name: "rival",
    reconcile: async ({ metadata, data }, ctx) => {
      if (metadata.name !== "page" || data?.["text"] === "theirs" || isOver) return ctx.done();
      const fields = { metadata: { name: "page" }, data: { text: "theirs" } };
      await ctx.apply(ConfigMap, fields, { isOwned: false });
      return ctx.done();
    },
    loopGuard: "off",
  });
  world.manage(other);
  await world.advance("30s");
  expect(runs()).toBeLessThan(80);
  expect(trips(manager, "field-fight")).toBe(1);
  expect(slowed(manager)).toBe(1);
  const [event] = await events(world, "FieldFight");
  expect(event?.message).toBe(
    "shop and rival change data.text of ConfigMap default/page back and forth; " +
      "reconciles of default/a are slowed down until that ends",
  );
  const told = world.env.lines.find(({ fields }) => fields["target"] === "ConfigMap default/page");
  expect(told?.fields).toMatchObject({ fields: ["data.text"], others: ["rival"] });
  isOver = true;
  await world.advance("2m");
  expect(slowed(manager)).toBe(0);
  expect((await world.get(ConfigMap, "page"))?.data?.["text"]).toBe("mine");
});

test("who deletes what a controller makes is in a fight, too", async () => {
  const { controller: made } = shop(() => "mine");
  await using world = await createTestWorld({ kinds: [Site], manifests: SITE });
  const manager = world.plane.manage(made);
  const other = controller(ConfigMap, {
    name: "rival",
    reconcile: async ({ metadata }, ctx) => {
      if (metadata.name === "page") await ctx.delete(ConfigMap, "page");
      return ctx.done();
    },
    loopGuard: "off",
  });
  world.manage(other);
  await world.advance("30s");
  expect(trips(manager, "field-fight")).toBe(1);
  const [event] = await events(world, "FieldFight");
  expect(event?.message).toContain("the object as a whole of ConfigMap default/page");
});

test("many keys, and one that a user changes all the time, are let be", async () => {
  const made = controller(Site, {
    name: "shop",
    owns: [ConfigMap],
    reconcile: async ({ metadata: { name = "" }, spec }, ctx) => {
      const page = await ctx.apply(ConfigMap, { metadata: { name }, data: { text: spec.text } });
      ctx.status.set({ seen: page.metadata.resourceVersion ?? "" });
      return ctx.done();
    },
  });
  await using world = await createTestWorld({ kinds: [Site], manifests: SITE });
  const manager = world.plane.manage(made);
  for (let count = 0; count < 40; count += 1) {
    const key = { namespace: "default", name: `site-${count}` };
    await world.client.create(Site, Site.create({ metadata: key, spec: {} }), world.context);
    await world.change(Site, "a", { spec: { text: count % 2 === 0 ? "even" : "odd" } });
    await world.change(Site, "a", { metadata: { labels: { count: `${count}` } } });
    await world.advance("100ms");
  }
  expect(trips(manager, "own-writes") + trips(manager, "field-fight")).toBe(0);
  expect((await world.get(ConfigMap, "a"))?.data?.["text"]).toBe("odd");
});

test("work in many small steps, each of which makes something new, is let be", async () => {
  const made = controller(Site, {
    name: "shop",
    owns: [ConfigMap],
    reconcile: async (_, ctx) => {
      const count = ctx.owned(ConfigMap).length;
      ctx.status.set({ runs: count });
      if (count < 50) await ctx.apply(ConfigMap, { metadata: { name: `page-${count}` } });
      return ctx.done();
    },
  });
  await using world = await createTestWorld({ kinds: [Site], manifests: SITE });
  const manager = world.plane.manage(made);
  await world.advance("1s");
  expect((await world.get(Site, "a"))?.status?.runs).toBe(50);
  expect(trips(manager, "own-writes") + trips(manager, "field-fight")).toBe(0);
});

test("the guard can be set, and put off", async () => {
  const { controller: made, runs } = shop((count) => `${Math.min(count, 90)}`, {
    loopGuard: "off",
  });
  await using world = await createTestWorld({ kinds: [Site], manifests: SITE });
  world.plane.manage(made);
  await world.advance("1s");
  expect(runs()).toBeGreaterThan(89);

  const { controller: strict } = shop((count) => `${count}`, { loopGuard: { circlesMax: 0 } });
  expect(() => world.plane.manage(strict)).toThrow("shop: loopGuard.circlesMax must be positive");
});
