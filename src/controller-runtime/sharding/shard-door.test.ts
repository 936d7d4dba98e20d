import { expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { keyText } from "../../machinery/key.ts";
import type { Source, Trigger } from "../sources/source.ts";
import { ownSource } from "../sources/sources.ts";
import { fakeCluster } from "../testing/fake-cluster.ts";
import { aWidget, Widget } from "../testing/widget.ts";
import type { KeyGate } from "./key-gate.ts";
import { ShardDoor, TURNED_AWAY_MAX } from "./shard-door.ts";

const TIMER: readonly Trigger[] = [{ kind: "timer" }];

/** A gate that a test opens key by key, and what has been put through the door. */
function aDoor(sources: readonly Source[] = []) {
  const env = virtualEnv();
  const owned = new Set<string>();
  const listeners = new Set<(isGained: (key: string) => boolean) => void>();
  const gate: KeyGate = {
    owns: (key) => owned.has(key),
    enter: () => undefined,
    onGain: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const door = new ShardDoor(gate, { env, sources });
  const put: string[] = [];
  const stop = new AbortController();
  const note = (key: string, triggers: readonly Trigger[]): void => {
    put.push(`${key} ${triggers.map(({ kind }) => kind).join()}`);
  };
  door.start(note, aContext(env, stop.signal));
  return {
    env,
    door,
    put,
    listeners,
    stop: () => stop.abort(),
    gain: async (...keys: readonly string[]) => {
      for (const key of keys) owned.add(key);
      for (const listener of listeners) listener((key) => keys.includes(key));
      await env.settle();
    },
  };
}

test("what is another's is turned away, and comes when it is gained, with its causes", async () => {
  const { door, put, gain } = aDoor();
  expect(door.admits("default/a", TIMER)).toBe(false);
  expect(door.admits("default/b", TIMER)).toBe(false);
  await gain("default/a");
  expect(put).toEqual(["default/a timer"]);
  expect(door.admits("default/a", TIMER)).toBe(true);
});

test("gained keys are told by the sources once more, each once, the others not", async () => {
  const cluster = fakeCluster(virtualEnv());
  const informer = cluster.informers.for(Widget);
  for (const name of ["a", "b", "c"]) cluster.seed(Widget, aWidget(name));
  const { door, put, gain, env } = aDoor([ownSource(informer), ownSource(informer)]);
  await env.settle();
  door.admits("default/b", TIMER);
  await gain("default/a", "default/b");
  expect(put).toEqual(["default/b timer", "default/a initial"]);
});

test("a great many gained keys leave room for other work", async () => {
  const keys = Array.from({ length: 5_000 }, (_, index) => ({
    namespace: "default",
    name: `w${index}`,
  }));
  const source: Source = {
    name: "many",
    start: () => undefined,
    waitForSync: () => Promise.resolve(),
    replay: () => keys,
  };
  const { put, gain, env } = aDoor([source]);
  const gained = gain(...keys.map(keyText));
  expect(put.length).toBeLessThan(5_000);
  await gained;
  while (put.length < 5_000) await env.settle();
  expect(new Set(put).size).toBe(5_000);
});

test("only so many keys that were turned away are remembered: the last ones", async () => {
  const { door, put, gain } = aDoor();
  const names = Array.from({ length: TURNED_AWAY_MAX + 2 }, (_, index) => `k${index}`);
  for (const name of names) door.admits(name, TIMER);
  door.admits("k2", TIMER); // counts as new
  door.admits("more", TIMER);
  await gain("k0", "k1", "k2", "k3", "k4");
  expect(put).toEqual(["k4 timer", "k2 timer"]);
});

test("nobody listens any more at the end", () => {
  const { listeners, stop } = aDoor();
  expect(listeners.size).toBe(1);
  stop();
  expect(listeners.size).toBe(0);
});
