import { expect, test } from "vitest";
import { z } from "zod";
import { defineResource, type ObjectOf } from "../../client/resource/define-resource.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import { controller } from "../declared/controller.ts";
import { daemon, type DaemonOptions } from "./daemon.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ text: z.string().default("a") }),
  status: z.object({ beats: z.int().optional() }),
});
type Site = ObjectOf<typeof Site>;

const site = (name: string) =>
  `{apiVersion: example.dev/v1, kind: Site, metadata: {name: ${name}}, spec: {}}`;

type Watched = {
  readonly world: TestWorld;
  readonly said: string[];
  beats: number;
  isBroken: boolean;
};

/** A daemon that wakes its object every minute, and says when it begins and ends. */
async function watched(options: DaemonOptions<Site> = {}): Promise<Watched> {
  const state = { said: [] as string[], beats: 0, isBroken: false };
  const heart = daemon(
    "heart",
    async ({ metadata: { name = "" }, spec: { text } }: Site, ctx) => {
      state.said.push(`+${name}${text}`);
      try {
        for (;;) {
          await ctx.sleep("1m");
          if (state.isBroken) throw new Error("a stroke");
          state.beats += 1;
          ctx.wake();
        }
      } finally {
        state.said.push(`-${name}${text}`);
      }
    },
    options,
  );
  const sites = controller(Site, {
    daemons: [heart],
    reconcile: (_, ctx) => {
      ctx.status.set({ beats: state.beats });
      return Promise.resolve(ctx.done());
    },
  });
  const world = await createTestWorld({ controllers: [sites], manifests: site("x") });
  await world.quiet();
  return Object.assign(state, { world });
}

test("each object has one, and what it finds wakes the reconcile", async () => {
  const state = await watched();
  await using world = state.world;
  await world.apply(site("z"));
  await world.quiet();
  expect(state.said).toEqual(["+xa", "+za"]);
  await world.advance("90s");
  expect((await world.get(Site, "x"))?.status?.beats).toBeGreaterThan(0);
});

test("it ends with its object, and with the controller", async () => {
  const state = await watched();
  const { world, said } = state;
  await world.delete(Site, "x");
  await world.quiet();
  expect(said).toEqual(["+xa", "-xa"]);
  await world.apply(site("x"));
  await world.quiet();
  expect(said.slice(2)).toEqual(["+xa"]);
  await world.close();
  expect(said.slice(2)).toEqual(["+xa", "-xa"]);
  expect(world.env.pendingTimers).toBe(0);
});

test("a new spec begins it anew, after the end of the old one, if that is wished for", async () => {
  for (const restartsOn of ["spec", "nothing"] as const) {
    const state = await watched({ restartsOn });
    await using world = state.world;
    await world.change(Site, "x", { metadata: { labels: { a: "b" } } });
    await world.quiet();
    expect(state.said).toEqual(["+xa"]);
    await world.change(Site, "x", { spec: { text: "b" } });
    await world.quiet();
    expect(state.said).toEqual(restartsOn === "spec" ? ["+xa", "-xa", "+xb"] : ["+xa"]);
  }
});

test("one that fails is begun again, later each time", async () => {
  const state = await watched({ retry: { min: "10s", max: "1m" } });
  await using world = state.world;
  state.isBroken = true;
  await world.advance("61s");
  expect(state.said).toEqual(["+xa", "-xa"]);
  await world.advance("12s");
  expect(state.said).toEqual(["+xa", "-xa", "+xa"]);
  await world.advance("1h");
  const begun = state.said.filter((word) => word.startsWith("+")).length;
  expect(begun).toBeGreaterThan(25);
  expect(begun).toBeLessThan(40);
  state.isBroken = false;
  await world.advance("10m");
  expect(state.beats).toBeGreaterThan(5);
});

test("an object for which it is not wanted has none, until it is", async () => {
  const state = await watched({ when: ({ spec }) => spec.text === "b" });
  await using world = state.world;
  expect(state.said).toEqual([]);
  await world.change(Site, "x", { spec: { text: "b" } });
  await world.quiet();
  await world.change(Site, "x", { spec: { text: "c" } });
  await world.quiet();
  expect(state.said).toEqual(["+xb", "-xb"]);
});

test("one that returns is not begun again for the same spec", async () => {
  const said: string[] = [];
  const once = daemon("once", ({ spec }: Site) => {
    said.push(spec.text);
    return Promise.resolve();
  });
  const sites = controller(Site, {
    daemons: [once],
    reconcile: (_, ctx) => Promise.resolve(ctx.done()),
  });
  await using world = await createTestWorld({ controllers: [sites], manifests: site("x") });
  await world.advance("1h");
  await world.change(Site, "x", { spec: { text: "b" } });
  await world.advance("1h");
  expect(said).toEqual(["a", "b"]);
});
