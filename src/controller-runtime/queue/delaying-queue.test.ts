import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { DelayingQueue } from "./delaying-queue.ts";

type Added = { readonly key: string; readonly atMs: number };

function aQueue(): {
  readonly env: ReturnType<typeof virtualEnv>;
  readonly queue: DelayingQueue;
  readonly added: readonly Added[];
} {
  const env = virtualEnv();
  const added: Added[] = [];
  const queue = new DelayingQueue(env, (key) => added.push({ key, atMs: env.clock.monotonic() }));
  return { env, queue, added };
}

describe("delaying queue", () => {
  test("each key is added once, at the earliest time asked for", async () => {
    const anyAsk = fc.record({
      afterMs: fc.integer({ min: 0, max: 40 }),
      key: fc.constantFrom("a", "b", "c"),
      delayMs: fc.integer({ min: 1, max: 100 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyAsk, { maxLength: 12 }), async (asks) => {
        const { env, queue, added } = aQueue();
        const due = new Map<string, number>();
        const expected: Added[] = [];
        const passUntil = (nowMs: number): void => {
          for (const [key, atMs] of due) {
            if (atMs > nowMs) continue;
            expected.push({ key, atMs });
            due.delete(key);
          }
        };
        for (const { afterMs, key, delayMs } of asks) {
          await env.advance(afterMs);
          passUntil(env.clock.monotonic());
          queue.addAfter(key, [], delayMs);
          const atMs = env.clock.monotonic() + delayMs;
          due.set(key, Math.min(due.get(key) ?? atMs, atMs));
          expect(queue.size).toBe(due.size);
        }
        await env.advance(1_000);
        passUntil(env.clock.monotonic());
        const inOrder = (list: readonly Added[]): readonly Added[] =>
          list.toSorted((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
        expect(inOrder(added)).toEqual(inOrder(expected));
        expect(env.pendingTimers).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test("unites the causes of all that waited together", async () => {
    const env = virtualEnv();
    const seen: unknown[] = [];
    const queue = new DelayingQueue(env, (_key, triggers) => seen.push(triggers));
    queue.addAfter("a", [{ kind: "retry" }], 50);
    queue.addAfter("a", [{ kind: "timer" }], 90);
    await env.advance(100);
    expect(seen).toEqual([[{ kind: "retry" }, { kind: "timer" }]]);
  });

  test("an earlier wish takes the wait with it, and the higher priority stays", async () => {
    const env = virtualEnv();
    const seen: unknown[] = [];
    const queue = new DelayingQueue(env, (key, _, priority) => seen.push([key, priority]));
    queue.addAfter("a", [{ kind: "retry" }], 50, -100);
    queue.addAfter("a", [{ kind: "timer" }], 90, 3);
    queue.addAfter("b", [], 60, 2);
    expect(queue.take("a")).toMatchObject({ priority: 3 });
    expect(queue.take("a")).toBeUndefined();
    await env.advance(100);
    expect(seen).toEqual([["b", 2]]);
    expect(env.pendingTimers).toBe(0);
  });

  test("asking again and again for one key arms one timer", async () => {
    const { env, queue } = aQueue();
    for (let round = 0; round < 100; round += 1) queue.addAfter("a", [], 1_000 + round);
    expect(env.pendingTimers).toBe(1);
  });

  test("without a delay adds at once; closed, adds nothing more", async () => {
    const { env, queue, added } = aQueue();
    queue.addAfter("a", [], 0);
    expect(added).toHaveLength(1);
    queue.addAfter("b", [], 10);
    queue.close();
    queue.addAfter("c", [], 10);
    await env.advance(100);
    expect(added).toHaveLength(1);
    expect(env.pendingTimers).toBe(0);
  });
});
