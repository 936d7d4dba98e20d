import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Trigger } from "./source.ts";
import { TRIGGERS_MAX } from "./trigger-set.ts";
import { WorkQueue } from "./work-queue.ts";

const KEYS = ["a", "b", "c"] as const;

function at(revision: number): readonly Trigger[] {
  return [{ kind: "event", revision, object: "Pod default/x" }];
}

type Step =
  | { readonly kind: "add"; readonly key: string }
  | { readonly kind: "take" }
  | { readonly kind: "done"; readonly key: string };

const anyKey = fc.constantFrom(...KEYS);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), key: anyKey }),
  fc.record({ kind: fc.constant("take" as const) }),
  fc.record({ kind: fc.constant("done" as const), key: anyKey }),
);

describe("work queue", () => {
  test("agrees with a model: one worker a key, fair, every add answered", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const queue = new WorkQueue();
        const owed = new Map<string, number[]>(); // key -> revisions added and not taken since
        const turns: string[] = [];
        const active = new Set<string>();
        let revision = 0;

        const take = (): void => {
          const expected = turns.shift();
          const turn = queue.take();
          expect(turn?.key).toBe(expected);
          if (turn === undefined) return;
          expect(active.has(turn.key)).toBe(false);
          const revisions = turn.triggers.map((one) => (one.kind === "event" ? one.revision : -1));
          expect(revisions).toEqual((owed.get(turn.key) ?? []).slice(-TRIGGERS_MAX));
          owed.delete(turn.key);
          active.add(turn.key);
        };
        const done = (key: string): void => {
          if (!active.delete(key)) return;
          queue.done(key);
          if (owed.has(key)) turns.push(key);
        };

        for (const step of steps) {
          if (step.kind === "take") take();
          else if (step.kind === "done") done(step.key);
          else {
            revision += 1;
            const isNew = !owed.has(step.key);
            expect(queue.add(step.key, at(revision))).toBe(isNew);
            if (isNew && !active.has(step.key)) turns.push(step.key);
            owed.set(step.key, [...(owed.get(step.key) ?? []), revision]);
          }
          expect(queue.depth).toBe(turns.length);
        }
        for (const key of KEYS) done(key);
        for (const _ of KEYS) take();
        expect([...owed.keys()]).toEqual([]);
      }),
    );
  });

  test("a waiting worker gets the next add; an add while active waits for done", async () => {
    const queue = new WorkQueue();
    const first = queue.next();
    queue.add("a", at(1));
    expect((await first)?.key).toBe("a");
    queue.add("a", at(2));
    expect(queue.take()).toBeUndefined();
    queue.done("a");
    expect(queue.take()).toMatchObject({ key: "a", triggers: at(2) });
  });

  test("keeps the first stamp, and the newest causes when there are too many", () => {
    const queue = new WorkQueue();
    for (let revision = 1; revision <= TRIGGERS_MAX + 8; revision += 1) {
      queue.add("a", at(revision), revision * 10);
    }
    const turn = queue.take();
    expect(turn?.stamp).toBe(10);
    expect(turn?.triggers).toHaveLength(TRIGGERS_MAX);
    expect(turn?.triggers[0]).toEqual(at(9)[0]);
  });

  test("closed to serve, gives what is queued and still owed, then ends", async () => {
    const queue = new WorkQueue();
    queue.add("a", []);
    queue.add("b", []);
    expect((await queue.next())?.key).toBe("a");
    queue.add("a", []);
    queue.close("serve");
    expect(queue.add("c", [])).toBe(false);
    let isDrained = false;
    const drained = queue.drained().then(() => (isDrained = true));
    expect((await queue.next())?.key).toBe("b");
    const last = queue.next();
    queue.done("a");
    expect((await last)?.key).toBe("a");
    const end = queue.next();
    queue.done("a");
    expect(await end).toBeUndefined();
    expect(isDrained).toBe(false);
    queue.done("b");
    await drained;
  });

  test("closed to drop, lets waiting workers go and waits for the active", async () => {
    const queue = new WorkQueue();
    queue.add("a", []);
    await queue.next();
    queue.add("b", []);
    queue.add("a", []);
    queue.close("drop");
    expect(await queue.next()).toBeUndefined();
    queue.done("a");
    await queue.drained();
    expect(queue.depth).toBe(0);
  });

  test("done without take is a defect", () => {
    expect(() => new WorkQueue().done("a")).toThrow("done() answers one take()");
  });
});
