import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { virtualEnv, type VirtualEnv } from "../base/virtual/virtual-env.ts";
import type { Pod } from "../client/builtin.ts";
import { BACKOFF_MS_MAX, SchedulingQueue, UNSCHEDULABLE_MS_MAX, type QueuedPod } from "./queue.ts";
import { aPod } from "./testing.ts";

const FIT = new Set(["Fit"]);

function aQueue(): { readonly env: VirtualEnv; readonly queue: SchedulingQueue } {
  const env = virtualEnv();
  const queue = new SchedulingQueue({
    env,
    isGated: (pod) => (pod.spec.schedulingGates ?? []).length > 0,
    mayHelp: (change, refusedBy) => change === "pod-gone" && refusedBy.has("Fit"),
  });
  return { env, queue };
}

function take(queue: SchedulingQueue): QueuedPod {
  const queued = queue.take();
  if (queued === undefined) throw new Error("a pod is active");
  return queued;
}

const takeAll = (queue: SchedulingQueue): readonly string[] => {
  const names: string[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) {
    names.push(next.pod.metadata.name ?? "");
  }
  return names;
};

const withPriority = (name: string, priority: number): Pod => aPod(name, { spec: { priority } });

describe("a scheduling queue", () => {
  test("gives pods by priority, then in the order they came", () => {
    const { queue } = aQueue();
    for (const pod of [aPod("a"), withPriority("b", 5), aPod("c"), withPriority("d", 5)]) {
      queue.put(pod);
    }
    expect(takeAll(queue)).toEqual(["b", "d", "a", "c"]);
  });

  test("gives a pod once, however often it is put", () => {
    const { queue } = aQueue();
    queue.put(aPod("a"));
    queue.put(aPod("a", { labels: { changed: "yes" } }));
    expect(takeAll(queue)).toEqual(["a"]);
  });

  test("gives the pod as it is now", () => {
    const { queue } = aQueue();
    queue.put(aPod("a"));
    queue.put(aPod("a", { labels: { changed: "yes" } }));
    expect(take(queue).pod.metadata.labels).toEqual({ changed: "yes" });
  });

  test("waits longer after each failure, up to a limit", async () => {
    const { env, queue } = aQueue();
    queue.put(aPod("a"));
    for (const delayMs of [1000, 2000, 4000, 8000, BACKOFF_MS_MAX, BACKOFF_MS_MAX]) {
      queue.failed(take(queue));
      await env.advance(delayMs - 1);
      expect(queue.counts().backoff).toBe(1);
      await env.advance(1);
      expect(queue.counts().active).toBe(1);
    }
  });

  test("wakes unschedulable pods by a change that may help, after their back-off", async () => {
    const { env, queue } = aQueue();
    queue.put(aPod("a"));
    queue.unschedulable(take(queue), FIT);
    queue.changed("node-labels");
    expect(queue.counts()).toMatchObject({ unschedulable: 1 });
    queue.changed("pod-gone");
    expect(queue.counts()).toMatchObject({ unschedulable: 0, backoff: 1 });
    await env.advance(1000);
    queue.unschedulable(take(queue), FIT);
    await env.advance(5000);
    queue.changed("pod-gone");
    expect(queue.counts()).toMatchObject({ active: 1 });
  });

  test("tries unschedulable pods again in time though nothing seems to change", async () => {
    const { env, queue } = aQueue();
    queue.put(aPod("a"));
    queue.unschedulable(take(queue), FIT);
    await env.advance(60_000);
    queue.put(aPod("b"));
    queue.unschedulable(take(queue), FIT);
    await env.advance(UNSCHEDULABLE_MS_MAX - 60_001);
    expect(takeAll(queue)).toEqual([]);
    await env.advance(1);
    expect(takeAll(queue)).toEqual(["a"]);
    await env.advance(60_000);
    expect(takeAll(queue)).toEqual(["b"]);
  });

  test("tries a changed pod again, but not for a change of its status", async () => {
    const { env, queue } = aQueue();
    queue.put(aPod("a"));
    queue.unschedulable(take(queue), FIT);
    await env.advance(5000);
    queue.put(aPod("a", { status: { phase: "Pending", message: "waits" } }));
    expect(queue.counts().unschedulable).toBe(1);
    queue.put(aPod("a", { labels: { size: "small" } }));
    expect(queue.counts().active).toBe(1);
  });

  test("keeps gated pods until the last gate opens", async () => {
    const { env, queue } = aQueue();
    queue.put(aPod("a", { spec: { schedulingGates: [{ name: "quota" }] } }));
    queue.changed("pod-gone");
    await env.advance(2 * UNSCHEDULABLE_MS_MAX);
    expect([takeAll(queue), queue.counts().gated]).toEqual([[], 1]);
    queue.put(aPod("a"));
    expect(takeAll(queue)).toEqual(["a"]);
  });

  test("forgets removed pods in every place, and answers to them", async () => {
    const { env, queue } = aQueue();
    for (const name of ["active", "backoff", "unschedulable", "taken"]) {
      queue.put(aPod(name));
      if (name === "active") continue;
      const queued = queue.take()?.key === "default/active" ? take(queue) : undefined;
      if (name === "backoff" && queued !== undefined) queue.failed(queued);
      if (name === "unschedulable" && queued !== undefined) queue.unschedulable(queued, FIT);
    }
    for (const name of ["active", "backoff", "unschedulable", "taken"])
      queue.remove(`default/${name}`);
    await env.advance(2 * UNSCHEDULABLE_MS_MAX);
    expect(takeAll(queue)).toEqual([]);
    expect(env.pendingTimers).toBe(0);
  });

  test("does not take the answer to a pod for one to its successor of that name", () => {
    const { queue } = aQueue();
    queue.put(aPod("a"));
    const first = take(queue);
    queue.put(aPod("a", { meta: { name: "a", namespace: "default", uid: "second" } }));
    queue.failed(first);
    expect(take(queue)).toMatchObject({ attempts: 1, pod: { metadata: { uid: "second" } } });
  });

  test("wakes who waits for a pod, and lets go of the signal", async () => {
    const { env, queue } = aQueue();
    const stop = new AbortController();
    let isReady = false;
    const waiting = queue.ready(stop.signal).then(() => (isReady = true));
    await env.settle();
    expect(isReady).toBe(false);
    queue.put(aPod("a"));
    await waiting;
    takeAll(queue);
    const stopped = queue.ready(stop.signal);
    stop.abort();
    await stopped;
  });
});

test("no pod is lost, and none is given twice, whatever happens", async () => {
  const name = fc.constantFrom("a", "b", "c");
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom("put", "gated", "remove"), name, ms: fc.constant(0) }),
    fc.record({
      kind: fc.constantFrom("take", "fail", "unschedulable", "change"),
      name,
      ms: fc.constant(0),
    }),
    fc.record({ kind: fc.constant("advance"), name, ms: fc.nat({ max: 20_000 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { env, queue } = aQueue();
      const waiting = new Map<string, "gated" | "open">();
      const taken: QueuedPod[] = [];
      for (const { kind, name: pod, ms } of steps) {
        const isTaken = taken.some(({ key }) => key === `default/${pod}`);
        if (kind === "put") {
          queue.put(aPod(pod, { labels: { step: String(ms) } }));
          waiting.set(pod, "open");
        }
        if (kind === "gated" && !waiting.has(pod) && !isTaken) {
          queue.put(aPod(pod, { spec: { schedulingGates: [{ name: "gate" }] } }));
          waiting.set(pod, "gated");
        }
        if (kind === "remove") {
          queue.remove(`default/${pod}`);
          waiting.delete(pod);
        }
        if (kind === "take") {
          const queued = queue.take();
          if (queued === undefined) continue;
          const key = queued.pod.metadata.name ?? "";
          expect(waiting.get(key)).toBe("open");
          expect(taken.some((other) => other.id === queued.id)).toBe(false);
          taken.push(queued);
        }
        if (kind === "fail") for (const each of taken.splice(0, 1)) queue.failed(each);
        if (kind === "unschedulable") {
          for (const each of taken.splice(0, 1)) queue.unschedulable(each, FIT);
        }
        if (kind === "change") queue.changed("pod-gone");
        await env.advance(ms);
      }
      for (const each of taken.splice(0)) queue.unschedulable(each, FIT);
      await env.advance(2 * UNSCHEDULABLE_MS_MAX);
      const open = [...waiting].filter(([, state]) => state === "open").map(([key]) => key);
      expect(takeAll(queue).toSorted()).toEqual(open.toSorted());
    }),
    { numRuns: 40 },
  );
});
