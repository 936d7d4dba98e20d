import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap, Secret } from "../../client/builtin.ts";
import { defineResource, type ObjectOf } from "../../client/resource/define-resource.ts";
import { createTestWorld, type TestWorld } from "../../test-kit/test-world.ts";
import type { ControllerDeps } from "../controller/controller-spec.ts";
import { controller } from "./controller.ts";
import type { ReconcileContext, WaitOutcome } from "./reconcile-context.ts";

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({}),
  status: z.object({ runs: z.int().optional(), seen: z.string().optional() }),
});
type Site = ObjectOf<typeof Site>;
const HOME = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: home}, spec: {}}";

type Waiter = {
  readonly world: TestWorld;
  readonly runs: () => number;
  /** Whether the process keeps a view of secrets. */
  readonly hasView: () => boolean;
};

/** A world with one site, whose reconcile does as it is told. */
async function waiter(
  reconcile: (ctx: ReconcileContext<Site>, run: number) => Promise<WaitOutcome | undefined>,
  options: { readonly undeclaredReads?: "server" | "view" } = {},
): Promise<Waiter> {
  let runs = 0;
  let deps: ControllerDeps | undefined;
  const declared = controller(Site, {
    ...options,
    reconcile: async (_, ctx) => {
      runs += 1;
      return (await reconcile(ctx, runs)) ?? ctx.done();
    },
  });
  const make = (given: ControllerDeps) => {
    deps = given;
    return declared(given);
  };
  const controllers = [Object.assign(make, declared)];
  const world = await createTestWorld({ controllers, manifests: HOME, hasControllers: false });
  await world.quiet();
  return { world, runs: () => runs, hasView: () => deps?.informers.peek(Secret) !== undefined };
}

const secret = (name: string) => `{apiVersion: v1, kind: Secret, metadata: {name: ${name}}}`;

describe("something to appear", () => {
  test("wakes at once, and the view ends with the wait", async () => {
    const found: string[] = [];
    const { world, runs, hasView } = await waiter(async (ctx) => {
      const one = await ctx.get(Secret, "s");
      found.push(one?.metadata.name ?? "nothing");
      return one === undefined ? ctx.waitFor(Secret, "s") : undefined;
    });
    await using _ = world;
    expect([runs(), hasView()]).toEqual([1, true]);
    await world.apply(secret("other"));
    await world.advance("1h");
    expect([runs(), hasView()]).toEqual([1, true]);
    await world.apply(secret("s"));
    await world.quiet();
    expect(found).toEqual(["nothing", "s"]);
    expect(hasView()).toBe(false);
  });

  test("of several all are awaited, in one run", async () => {
    const { world, runs } = await waiter((ctx, run) =>
      Promise.resolve(run === 1 ? ctx.waitFor(Secret, ["a", "b"]) : undefined),
    );
    await using _ = world;
    await world.apply(secret("b"));
    await world.quiet();
    expect(runs()).toBe(1);
    await world.apply(secret("a"));
    await world.quiet();
    expect(runs()).toBe(2);
  });

  test("or something else: the first that comes wakes, the earliest timeout counts", async () => {
    const { world, runs } = await waiter((ctx) => {
      ctx.waitFor(Secret, "a", { timeout: "1m" });
      return Promise.resolve(ctx.waitFor(ConfigMap, "b", { timeout: "1h" }));
    });
    await using _ = world;
    await world.advance("59s");
    expect(runs()).toBe(1);
    await world.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}");
    await world.quiet();
    expect(runs()).toBeGreaterThanOrEqual(2);
  });
});

test("who goes on waiting for what is there rests for a second each time", async () => {
  const { world, runs } = await waiter((ctx) => Promise.resolve(ctx.waitFor(Secret, "s")));
  await using _ = world;
  await world.apply(secret("s"));
  await world.quiet();
  const before = runs();
  expect(before).toBeLessThanOrEqual(4);
  await world.advance("10s");
  expect(runs()).toBe(before + 10);
});

describe("a timeout", () => {
  test("is counted from the first of the runs that wait, whatever wakes in between", async () => {
    const told: string[] = [];
    const { world } = await waiter((ctx) => {
      const wait = ctx.waitFor(Secret, "s", { timeout: "5m" });
      told.push(wait.isTimedOut ? "too late" : "waits");
      return Promise.resolve(wait);
    });
    await using _ = world;
    for (let turn = 0; turn < 4; turn += 1) {
      await world.change(Site, "home", { metadata: { labels: { turn: String(turn) } } });
      await world.advance("1m");
    }
    expect(told).toEqual(Array(5).fill("waits"));
    await world.advance("61s");
    expect(told).toEqual([...Array(5).fill("waits"), "too late"]);
    await world.advance("1h");
    expect(told).toHaveLength(6);
  });

  test("begins anew when a run did not wait", async () => {
    let isPatient = true;
    const told: boolean[] = [];
    const { world } = await waiter((ctx) => {
      if (!isPatient) return Promise.resolve(undefined);
      const wait = ctx.waitFor(Secret, "s", { timeout: "5m" });
      told.push(wait.isTimedOut);
      return Promise.resolve(wait);
    });
    await using _ = world;
    await world.advance("4m");
    isPatient = false;
    await world.change(Site, "home", { metadata: { labels: { turn: "1" } } });
    await world.quiet();
    isPatient = true;
    await world.change(Site, "home", { metadata: { labels: { turn: "2" } } });
    await world.advance("4m");
    expect(told).toEqual([false, false]);
    await world.advance("2m");
    expect(told.at(-1)).toBe(true);
  });
});

describe("something to go", () => {
  test("that was never there is found out by the first list", async () => {
    const { world, runs, hasView } = await waiter((ctx, run) =>
      Promise.resolve(run < 3 ? ctx.waitUntilGone(Secret, "s") : undefined),
    );
    await using _ = world;
    await world.quiet();
    expect([runs(), hasView()]).toEqual([3, false]);
  });

  test("wakes when it is gone, not when its deletion begins", async () => {
    let isTold = false;
    const { world, runs } = await waiter(async (ctx) => {
      if ((await ctx.get(ConfigMap, "go")) === undefined) return ctx.waitFor(ConfigMap, "go");
      isTold = (await ctx.get(Secret, "s")) === undefined;
      return isTold ? undefined : ctx.waitUntilGone(Secret, ["s", "never-there"]);
    });
    await using _ = world;
    await world.apply(secret("s"));
    await world.change(Secret, "s", { metadata: { finalizers: ["example.dev/held"] } });
    await world.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: go}}");
    await world.quiet();
    const before = runs();
    await world.delete(Secret, "s");
    await world.quiet();
    expect([runs(), isTold]).toEqual([before, false]);
    await world.change(Secret, "s", { metadata: { finalizers: null } });
    await world.quiet();
    expect([runs(), isTold]).toEqual([before + 1, true]);
  });
});

describe("kinds that are not declared", () => {
  const reads = async (undeclaredReads: "server" | "view"): Promise<string> => {
    const { world, hasView } = await waiter(
      async (ctx) => {
        const one = await ctx.get(Secret, "s");
        ctx.status.set({ seen: one?.metadata.name ?? "nothing" });
        return undefined;
      },
      { undeclaredReads },
    );
    await using _ = world;
    await world.apply(secret("s"));
    await world.change(Site, "home", { metadata: { labels: { turn: "1" } } });
    await world.quiet();
    return `${(await world.get(Site, "home"))?.status?.seen} ${hasView()}`;
  };

  test("are read from the server, or from a view that the first read makes", async () => {
    expect(await reads("server")).toBe("s false");
    expect(await reads("view")).toBe("s true");
  });
});
