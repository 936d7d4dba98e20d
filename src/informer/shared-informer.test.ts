import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { aContext } from "../base/testing/context.ts";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import { refusedConnection, FakeHistory, stateText, type Thing } from "./testing/fake-history.ts";
import { ReflectingInformer, type SharedInformerOptions } from "./shared-informer.ts";
import type { EventListener } from "./shared-informer-types.ts";
import { index } from "./typed-index.ts";

type World = {
  readonly env: VirtualEnv;
  readonly history: FakeHistory;
  readonly informer: ReflectingInformer<Thing>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

function aWorld(options: SharedInformerOptions<Thing> = {}): World {
  const env = virtualEnv();
  const history = new FakeHistory(env);
  history.set("ns/a", 1);
  const informer = new ReflectingInformer<Thing>({ source: history, env }, options);
  const controller = new AbortController();
  let run = Promise.resolve();
  return {
    env,
    history,
    informer,
    start: async () => {
      run = informer.run(aContext(env, controller.signal));
      await env.settle();
    },
    stop: async () => {
      controller.abort();
      await run;
      expect(env.pendingTimers).toBe(0);
      expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    },
  };
}

/** A listener that writes down what it hears. */
function aDiary(): { readonly lines: string[]; readonly listener: EventListener<Thing> } {
  const lines: string[] = [];
  const listener: EventListener<Thing> = (event) => {
    const mark = event.kind === "add" && event.isInitial ? "initial" : event.kind;
    lines.push(`${mark} ${stateText(event.object, false)}`);
  };
  return { lines, listener };
}

test("listeners hear what is there, then what changes", async () => {
  const { env, history, informer, start, stop } = aWorld();
  const { lines, listener } = aDiary();
  const registration = informer.addListener(listener);
  expect(registration.hasSynced()).toBe(false);
  await start();
  expect(registration.hasSynced()).toBe(true);
  history.set("ns/b", 1);
  history.set("ns/a", 2);
  history.delete("ns/b");
  await env.settle();
  expect(lines).toEqual([
    "initial uid-1@101",
    "add uid-2@102",
    "update uid-1@103",
    "delete uid-2@104",
  ]);
  expect(informer.revision()).toBe(104);
  await stop();
});

test("whatever is told or read is frozen at every depth, however it came", async () => {
  const { env, history, informer, start, stop } = aWorld({
    transforms: [(thing) => ({ ...thing })],
  });
  const plain = aWorld();
  const seen: Thing[] = [];
  for (const each of [informer, plain.informer]) {
    each.addListener((event) => {
      seen.push(event.object, ...(event.kind === "update" ? [event.old] : []));
    });
  }
  await start();
  await plain.start();
  for (const each of [history, plain.history]) {
    each.set("ns/b", 1);
    each.set("ns/a", 2);
    each.delete("ns/b");
  }
  await env.settle();
  await plain.env.settle();
  seen.push(...informer.lister.list(), ...plain.informer.lister.list());
  expect(seen.length).toBeGreaterThanOrEqual(12);
  for (const { metadata } of seen) expect(Object.isFrozen(metadata)).toBe(true);
  expect(seen.every((thing) => Object.isFrozen(thing))).toBe(true);
  await stop();
  await plain.stop();
});

test("a late listener is told everything at once, as initial, and has synced", async () => {
  const { env, history, informer, start, stop } = aWorld();
  await start();
  history.set("ns/b", 1);
  await env.settle();
  const { lines, listener } = aDiary();
  const registration = informer.addListener(listener);
  expect(lines).toEqual(["initial uid-1@101", "initial uid-2@102"]);
  expect(registration.hasSynced()).toBe(true);
  registration.remove();
  history.set("ns/b", 2);
  await env.settle();
  expect(lines.length).toBe(2);
  await stop();
});

test("a listener reads its own event, or something newer, from lister and indexes", async () => {
  const indexes = { value: (thing: Thing) => [String(thing.value)] };
  const { env, history, informer, start, stop } = aWorld({ indexes });
  const reads: string[] = [];
  informer.addListener((event) => {
    const { namespace = "", name = "" } = event.object.metadata;
    const read = informer.lister.get({ namespace, name });
    const found = informer.lister.byIndex("value", String(event.object.value)).length;
    reads.push(`${event.kind} ${read?.value ?? "gone"} ${found}`);
  });
  await start();
  history.set("ns/a", 2);
  history.delete("ns/a");
  await env.settle();
  expect(reads).toEqual(["add 1 1", "update 2 1", "delete gone 0"]);
  await stop();
});

test("an exception in a listener is logged and reaches nobody else", async () => {
  const { env, history, informer, start, stop } = aWorld({ name: "v1/things" });
  const { lines, listener } = aDiary();
  informer.addListener(() => {
    throw new Error("defect");
  });
  informer.addListener(listener);
  await start();
  history.set("ns/a", 2);
  await env.settle();
  expect(lines).toEqual(["initial uid-1@101", "update uid-1@102"]);
  const errors = env.lines.filter((line) => line.level === "error");
  expect(errors.map((line) => line.fields["informer"])).toEqual(["v1/things", "v1/things"]);
  await stop();
});

test("an index function that throws leaves the object out of that index alone", async () => {
  const indexes = {
    bad: (): readonly string[] => {
      throw new Error("defect");
    },
    good: () => ["x"],
  };
  const { env, informer, start, stop } = aWorld({ indexes });
  await start();
  expect(informer.lister.byIndex("good", "x").length).toBe(1);
  expect(informer.lister.byIndex("bad", "x")).toEqual([]);
  expect(env.lines.some((line) => line.message.startsWith("an index function threw"))).toBe(true);
  await stop();
});

test("listeners may come and go inside a call", async () => {
  const { env, history, informer, start, stop } = aWorld();
  const late = aDiary();
  let hasAdded = false;
  const first = informer.addListener(() => {
    first.remove();
    if (hasAdded) return;
    hasAdded = true;
    informer.addListener(late.listener);
  });
  await start();
  history.set("ns/a", 2);
  await env.settle();
  expect(late.lines).toEqual(["initial uid-1@101", "update uid-1@102"]);
  await stop();
});

test("waiting for the first list ends with it, or with the waiter's signal", async () => {
  const world = aWorld();
  world.history.listFaults.push(refusedConnection());
  world.history.watchFaults.push(refusedConnection());
  const { env, informer, start, stop } = world;
  const patient = new AbortController();
  const impatient = new AbortController();
  let hasSynced = false;
  const waiting = informer.waitForSync(patient.signal).then(() => (hasSynced = true));
  const given = expect(informer.waitForSync(impatient.signal)).rejects.toThrow("enough");
  await start();
  impatient.abort(new Error("enough"));
  await given;
  expect(hasSynced).toBe(false);
  expect(informer.lastError).toBeDefined();
  await env.advance(2_000);
  await waiting;
  expect(informer.hasSynced()).toBe(true);
  expect(informer.lastError).toBeUndefined();
  await informer.waitForSync(impatient.signal); // nothing to wait for
  expect(getEventListeners(patient.signal, "abort")).toEqual([]);
  await stop();
});

test("own writes outside of the scope are not shown", async () => {
  const { history, informer, start, stop } = aWorld({ scope: { namespace: "ns" } });
  await start();
  informer.ownWrites.wrote(history.set("other/x", 1));
  informer.ownWrites.wrote(history.set("ns/x", 1));
  expect(informer.lister.list().map((thing) => thing.metadata.namespace)).toEqual(["ns", "ns"]);
  await stop();
});

test("under a selector only objects it has picked show own writes", async () => {
  const { history, informer, start, stop } = aWorld({ scope: { fieldSelector: "value>0" } });
  await start();
  informer.ownWrites.wrote(history.set("ns/x", 0));
  informer.ownWrites.wrote(history.set("ns/a", 5));
  expect(informer.lister.list().map((thing) => thing.value)).toEqual([5]);
  await stop();
});

test("objects are frozen, so that no reader can change what another sees", async () => {
  const { informer, start, stop } = aWorld();
  await start();
  const thing = informer.lister.get({ namespace: "ns", name: "a" });
  expect(Object.isFrozen(thing) && Object.isFrozen(thing?.metadata)).toBe(true);
  await stop();
});

test("it tells how far it is behind own writes, and how long the server was silent", async () => {
  const { env, history, informer, start, stop } = aWorld();
  expect(informer.freshness()).toEqual({ revision: 0, revisionsBehind: 0, silentMs: undefined });
  await start();
  await env.advance(5_000);
  expect(informer.freshness()).toEqual({ revision: 101, revisionsBehind: 0, silentMs: 5_000 });
  history.silenceWatches();
  history.tick();
  informer.ownWrites.wrote(history.set("ns/b", 1));
  expect(informer.freshness()).toMatchObject({ revision: 101, revisionsBehind: 2 });
  await env.advance(640_000); // the dead watch is ended, and the next one catches up
  expect(informer.freshness()).toMatchObject({ revision: 103, revisionsBehind: 0 });
  await stop();
});

test("it tells what it takes, and reads by an index that is a value", async () => {
  const { history, informer, start, stop } = aWorld();
  const byValue = index(
    { group: "", version: "v1", kind: "Thing", resource: "things", isNamespaced: true },
    (thing: Thing) => [String(thing.value)],
  );
  expect(informer.by(byValue, "1")).toEqual([]);
  expect(informer.memory()).toEqual({ objects: 0, bytes: 0 });
  await start();
  expect(informer.by(byValue, "1")).toEqual(history.objects());
  expect(informer.lister.by(byValue, "2")).toEqual([]);
  expect(informer.memory().objects).toBe(1);
  expect(informer.memory().bytes).toBeGreaterThan(100);
  await stop();
});
