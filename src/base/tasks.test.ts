/** Owned background work: task groups, mutexes, signals. */
import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { Mutex } from "./mutex.ts";
import { aborted, childSignal, orAborted } from "./signals.ts";
import { TaskGroup } from "./task-group.ts";
import { virtualEnv } from "./virtual/virtual-env.ts";

test("the first failure of a group aborts the rest and is what join() throws", async () => {
  const env = virtualEnv();
  const group = new TaskGroup(new AbortController().signal);
  let wasStopped = false;
  group.spawn(async (signal) => {
    await aborted(signal);
    wasStopped = true;
  });
  group.spawn(async (signal) => {
    await env.timers.sleep(5, signal);
    throw new Error("first");
  });
  const joined = expect(group.join()).rejects.toThrow("first");
  await env.advance(5);
  await joined;
  expect(wasStopped).toBe(true);
});

test("a group waits for tasks that were spawned while it waited", async () => {
  const group = new TaskGroup(new AbortController().signal);
  const done: string[] = [];
  group.spawn(async () => {
    group.spawn(async () => {
      await Promise.resolve();
      done.push("inner");
    });
    done.push("outer");
  });
  await group.join();
  expect(done).toEqual(["outer", "inner"]);
});

test("an error that follows the abort is an end, not a failure", async () => {
  const parent = new AbortController();
  const group = new TaskGroup(parent.signal);
  group.spawn(async (signal) => {
    await aborted(signal);
    signal.throwIfAborted();
  });
  parent.abort(new Error("stop"));
  await group.join();
  expect(getEventListeners(parent.signal, "abort")).toEqual([]);
});

test("a mutex runs sections one at a time, in the order they came, past failures", async () => {
  const mutex = new Mutex();
  const log: string[] = [];
  const section = (name: string, fails: boolean) => async (): Promise<void> => {
    log.push(`${name} in`);
    await Promise.resolve();
    log.push(`${name} out`);
    if (fails) throw new Error(name);
  };
  const runs = [
    mutex.run(section("a", false)),
    mutex.run(section("b", true)),
    mutex.run(section("c", false)),
  ];
  const results = await Promise.allSettled(runs);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(log).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
});

test("waiting with a signal leaves no listener on it, whoever wins", async () => {
  const controller = new AbortController();
  expect(await orAborted(Promise.resolve(7), controller.signal)).toBe(7);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);

  const never = orAborted(new Promise<void>(() => undefined), controller.signal);
  const refused = expect(never).rejects.toThrow("enough");
  controller.abort(new Error("enough"));
  await refused;
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("a child signal follows its parent until it is released", () => {
  const parent = new AbortController();
  const kept = childSignal(parent.signal);
  const released = childSignal(parent.signal);
  released.release();
  parent.abort("gone");
  expect([kept.signal.aborted, released.signal.aborted]).toEqual([true, false]);
  expect(kept.signal.reason).toBe("gone");
  expect(childSignal(parent.signal).signal.aborted).toBe(true);
});
