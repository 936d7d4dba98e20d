import { expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { ConfigMap } from "../../client/builtin.ts";
import { createControlPlane } from "../../control-plane/control-plane.ts";
import { controller } from "../../controller-runtime/declared/controller.ts";
import { createManager } from "../../controller-runtime/manager/manager.ts";
import { keyOf } from "../../machinery/key.ts";
import { OWNER_UID_INDEX } from "../lister.ts";
import { ReflectingInformer } from "../shared-informer.ts";
import { FakeHistory, type Thing } from "../testing/fake-history.ts";
import { index } from "../typed-index.ts";
import { MemoryBudget } from "./memory-budget.ts";

const COUNT = 200;

/** A view of `COUNT` things with a long text each, until `stop()`. */
async function aWorld(memory?: { readonly bytesMax: number } | MemoryBudget) {
  const env = virtualEnv();
  const history = new FakeHistory(env);
  for (let at = 0; at < COUNT; at += 1) history.set(`ns/${String(at).padStart(3, "0")}`, at);
  const informer = new ReflectingInformer<Thing>(
    { source: history, env },
    {
      transforms: [(thing) => ({ ...thing, text: `${thing.value} `.repeat(300) })],
      indexes: { [OWNER_UID_INDEX]: ({ value }) => [`owner-${value % 10}`] },
      ...(memory === undefined ? {} : { memory }),
    },
  );
  const controller = new AbortController();
  const context = aContext(env, controller.signal);
  const running = informer.run(context);
  await env.advance(5_000);
  const stop = async (): Promise<void> => {
    controller.abort();
    await running;
    expect(env.pendingTimers).toBe(0);
  };
  return { env, history, informer, context, stop };
}

const ofValue = index<Thing>(
  { group: "", version: "v1", kind: "Thing", resource: "things", isNamespaced: true },
  ({ value }) => [String(value)],
);

test("a view keeps to its budget, and reads are those of a view without one", async () => {
  const plain = await aWorld();
  const free = plain.informer.memory();
  expect(free.packedObjects).toBeUndefined();
  const bytesMax = free.bytes / 4;
  const limited = await aWorld({ bytesMax });
  expect(limited.informer.memory().bytes).toBeLessThanOrEqual(bytesMax);
  expect(limited.informer.memory().packedObjects).toBeGreaterThan(COUNT / 2);

  const worlds = [plain, limited];
  for (const { history, env } of worlds) {
    history.set("ns/007", 777);
    history.delete("ns/008");
    await env.advance(5_000);
  }
  const read = ({ informer: { lister } }: typeof plain) => [
    lister.list(),
    lister.get({ namespace: "ns", name: "007" }),
    lister.get({ namespace: "ns", name: "008" }),
    lister.byIndex(OWNER_UID_INDEX, "owner-7"),
    lister.by(ofValue, "777"),
  ];
  expect(read(limited)).toEqual(read(plain));
  await limited.env.advance(5_000);
  expect(limited.informer.memory().bytes).toBeLessThanOrEqual(bytesMax);
  for (const { stop } of worlds) await stop();
});

test("what is read again and again is not packed", async () => {
  const { informer, env, stop } = await aWorld();
  const bytesMax = informer.memory().bytes / 2;
  await stop();
  const limited = await aWorld({ bytesMax });
  const key = { namespace: "ns", name: "042" };
  const often = limited.informer.lister.get(key);
  for (let turn = 0; turn < 50; turn += 1) {
    limited.informer.lister.get({ namespace: "ns", name: String(turn * 3).padStart(3, "0") });
    expect(limited.informer.lister.get(key)).toBe(often);
    await limited.env.advance(100);
  }
  await limited.stop();
  expect(env.pendingTimers).toBe(0);
});

test("listeners are told the whole of what was packed, late ones too", async () => {
  const { informer, history, env, stop } = await aWorld({ bytesMax: 1 });
  expect(informer.memory().packedObjects).toBe(COUNT);
  const told: (readonly [string, number | undefined, number])[] = [];
  informer.addListener((event) => {
    const old = event.kind === "update" ? event.old.value : undefined;
    told.push([event.kind, old, event.object.value]);
  });
  expect(told).toHaveLength(COUNT);
  history.set("ns/005", 555);
  history.delete("ns/006");
  await env.settle();
  expect(told.slice(COUNT)).toEqual([
    ["update", 5, 555],
    ["delete", undefined, 6],
  ]);
  await stop();
});

test("a budget that cannot be kept to is warned of once, with what to do", async () => {
  const { env, informer, stop } = await aWorld({ bytesMax: 1_000 });
  for (let turn = 0; turn < 5; turn += 1) {
    for (const thing of informer.lister.list()) expect(keyOf(thing).namespace).toBe("ns");
    await env.advance(5_000);
  }
  const warnings = env.lines.filter(({ level }) => level === "warn");
  expect(warnings).toHaveLength(1);
  expect(warnings[0]?.message).toContain("parts of objects (transform)");
  expect(warnings[0]?.fields).toMatchObject({ bytesMax: 1_000 });
  await stop();
});

test("views share a budget: the one of which least is packed gives first", async () => {
  const env = virtualEnv();
  const free = await aWorld();
  const { bytes } = free.informer.memory();
  await free.stop();
  const budget = new MemoryBudget({ bytesMax: bytes }, env);
  const [first, second] = [await aWorld(budget), await aWorld(budget)];
  const controller = new AbortController();
  const running = budget.run(aContext(env, controller.signal));
  await env.advance(5_000);
  expect(budget.bytes()).toBeLessThanOrEqual(bytes);
  const packed = [first, second].map(({ informer }) => informer.memory().packedObjects ?? 0);
  expect(Math.abs((packed[0] ?? 0) - (packed[1] ?? 0))).toBeLessThan(COUNT / 4);
  await first.stop();
  await second.stop();
  controller.abort();
  await running;
  expect(budget.bytes()).toBe(0);
});

test("a budget is a number of bytes", () => {
  expect(() => new MemoryBudget({ bytesMax: 0 }, virtualEnv())).toThrow("bytesMax: 0 is no");
});

test("a manager is told the budget of its views", async () => {
  const env = virtualEnv();
  await using plane = await createControlPlane({ env, hasControllers: false });
  const map = (name: string, part: string): ConfigMap => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace: "default", name },
    data: { text: `${part} `.repeat(500) },
  });
  for (const name of ["a", "b", "c"]) {
    await plane.client.create(ConfigMap, map(name, name), plane.context);
  }
  const seen: string[] = [];
  const maps = controller(ConfigMap, {
    reconcile: ({ metadata: { name = "" }, data }, ctx) => {
      seen.push(`${name} ${data?.["text"]?.length}`);
      return Promise.resolve(ctx.done());
    },
  });
  const informers = { memory: { bytesMax: 1 }, scopeOf: () => ({ namespace: "default" }) };
  const { client } = plane;
  const manager = createManager({ client, env, informers, controllers: [maps] });
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  await env.advance(5_000);
  expect(seen.toSorted()).toEqual(["a 1000", "b 1000", "c 1000"]);
  expect(manager.deps.informers.status()).toMatchObject([
    { memory: { objects: 3, packedObjects: 3 } },
  ]);
  await client.update(ConfigMap, map("b", "new"), plane.context);
  await env.advance(5_000);
  expect(seen.at(-1)).toBe("b 2000");
  stop.abort();
  await running;
});
