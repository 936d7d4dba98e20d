import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigMap, Deployment, Namespace, Pod } from "../client/builtin.ts";
import { defineResource, type ObjectOf } from "../client/resource/define-resource.ts";
import { controller } from "../controller-runtime/declared/controller.ts";
import { isConditionTrue } from "../machinery/conditions.ts";
import { NotSeenError } from "./eventually.ts";
import { createTestWorld } from "./test-world.ts";

const Timer = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Timer",
  spec: z.object({ minutes: z.int().default(10) }),
  status: z.object({ rings: z.int().optional() }),
});
type Timer = ObjectOf<typeof Timer>;

/** Rings as often as the time since the timer was made says. */
const ringing = controller(Timer, {
  owns: [ConfigMap],
  reconcile: async (timer, ctx) => {
    const { creationTimestamp = "" } = timer.metadata;
    const ageMs = ctx.now() - Date.parse(creationTimestamp);
    const rings = Math.floor(ageMs / (timer.spec.minutes * 60_000));
    await ctx.apply(ConfigMap, { metadata: { name: "bell" }, data: { rings: String(rings) } });
    ctx.status.set({ rings });
    ctx.status.condition("Ready", true, "Rings");
    return ctx.requeueAfter(`${timer.spec.minutes}m`);
  },
});

const MANIFEST = `
apiVersion: example.dev/v1
kind: Timer
metadata:
  name: egg
`;

test("hours pass in a moment", async () => {
  await using world = await createTestWorld({ controllers: [ringing], manifests: MANIFEST });
  const timer = await world.eventually(() => world.get(Timer, "egg"), isRung);
  expect(isConditionTrue(timer?.status?.conditions, "Ready")).toBe(true);
  await world.advance("2h");
  expect((await world.get(Timer, "egg"))?.status?.rings).toBe(12);
});

function isRung(timer: Timer | undefined): boolean {
  return timer?.status?.rings === 0;
}

test("what an object owned goes with it, and a namespace takes all it holds", async () => {
  await using world = await createTestWorld({ controllers: [ringing], manifests: MANIFEST });
  await world.eventually(() => world.get(ConfigMap, "bell"));
  await world.delete(Timer, "egg");
  await world.eventually(async () => (await world.get(ConfigMap, "bell")) === undefined);

  await world.apply("{apiVersion: v1, kind: Namespace, metadata: {name: team}}");
  await world.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: team}}");
  await world.delete(Namespace, "team");
  await world.eventually(async () => (await world.get(Namespace, "team")) === undefined);
  expect(await world.list(ConfigMap, { namespace: "team" })).toEqual([]);
});

test("built-in controllers are there", async () => {
  await using world = await createTestWorld();
  const labels = { app: "web" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
  const spec = { replicas: 3, selector: { matchLabels: labels }, template };
  const web = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec };
  await world.apply([web]);
  await world.eventually(
    () => world.list(Pod),
    (pods) => pods.length === 3,
  );
  await world.change(Deployment, "web", { spec: { replicas: 1 } });
  await world.eventually(
    () => world.list(Pod),
    (pods) => pods.length === 1,
  );
});

test("what does not come is told with what was there instead", async () => {
  await using world = await createTestWorld({ manifests: MAP });
  const waiting = world.eventually(
    () => world.get(ConfigMap, "a"),
    (map) => map?.data?.["text"] === "bye",
    { within: "1m" },
  );
  await expect(waiting).rejects.toThrow(NotSeenError);
  await expect(waiting).rejects.toThrow(/not seen within 1m; last: [^]*"text": "hello"/);
});

const MAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {text: hello}}";

test("a fork goes its own way", async () => {
  await using world = await createTestWorld({ controllers: [ringing], manifests: MANIFEST });
  await world.eventually(() => world.get(Timer, "egg"), isRung);
  await using other = await world.fork();
  await other.change(Timer, "egg", { spec: { minutes: 1 } });
  await other.advance("10m");
  await world.advance("10m");
  expect((await world.get(Timer, "egg"))?.spec.minutes).toBe(10);
  expect((await world.get(Timer, "egg"))?.status?.rings).toBe(1);
  expect((await other.get(Timer, "egg"))?.status?.rings).toBeGreaterThan(5);
});

test("two worlds of one seed make the same names, of another seed others", async () => {
  const nameWith = async (seed: number): Promise<string> => {
    await using world = await createTestWorld({ seed });
    const metadata = { generateName: "a-", namespace: "default" };
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata } as const;
    return (await world.client.create(ConfigMap, map, world.context)).metadata.name ?? "";
  };
  expect(await nameWith(7)).toBe(await nameWith(7));
  expect(await nameWith(7)).not.toBe(await nameWith(8));
});

test("controllers that wake each other without end are named", async () => {
  let turn = 0;
  const restless = controller(Timer, {
    owns: [ConfigMap],
    reconcile: async (_, ctx) => {
      turn += 1;
      await ctx.apply(ConfigMap, { metadata: { name: "bell" }, data: { turn: String(turn) } });
      return ctx.done();
    },
  });
  await using world = await createTestWorld({ controllers: [restless] });
  await world.client.create(Timer, Timer.create({ metadata: AT, spec: {} }), world.context);
  await expect(world.quiet()).rejects.toThrow(
    /times timers: patch core\/configmaps\/default\/bell/,
  );
});

const AT = { name: "egg", namespace: "default" };

test("a hundred worlds in a row leave nothing behind", async () => {
  for (let count = 0; count < 100; count += 1) {
    const world = await createTestWorld({ manifests: MAP });
    expect(await world.get(ConfigMap, "a")).toBeDefined();
    await world.close();
    expect(world.env.pendingTimers).toBe(0);
  }
}, 60_000);
