import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AGED_MS, AGED_TURN } from "./turn-order.ts";
import { WorkQueue } from "./work-queue.ts";

const TENANTS = ["a", "b", "c", "d"] as const;

/** `a/1` is of tenant `a`. */
const tenantOf = (key: string): string => key.slice(0, 1);

function fairQueue(now: () => number = () => 0): WorkQueue {
  return new WorkQueue(now, tenantOf);
}

type Step =
  | { readonly kind: "add"; readonly key: string; readonly priority: number }
  | { readonly kind: "take" }
  | { readonly kind: "done"; readonly nth: number };

const anyKey = fc
  .tuple(fc.constantFrom(...TENANTS), fc.integer({ min: 0, max: 5 }))
  .map(([tenant, number]) => `${tenant}/${number}`);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("add" as const),
    key: anyKey,
    priority: fc.constantFrom(-100, 0, 0, 0),
  }),
  fc.record({ kind: fc.constant("take" as const) }),
  fc.record({ kind: fc.constant("done" as const), nth: fc.nat(10) }),
);

describe("turns of tenants", () => {
  test("one worker serves them in turn, and each in the order of its keys", () => {
    const queue = fairQueue();
    for (const key of ["a/1", "a/2", "a/3", "a/4", "b/1", "c/1", "c/2"]) queue.add(key, []);
    const served: (string | undefined)[] = [];
    for (let turn = queue.take(); turn !== undefined; turn = queue.take()) {
      served.push(turn.key);
      queue.done(turn.key);
    }
    expect(served).toEqual(["a/1", "b/1", "c/1", "a/2", "c/2", "a/3", "a/4"]);
  });

  test("slow keys of one do not keep all workers from the others", () => {
    const queue = fairQueue();
    for (const key of ["a/1", "a/2", "a/3", "b/1", "b/2", "b/3"]) queue.add(key, []);
    expect([queue.take()?.key, queue.take()?.key]).toEqual(["a/1", "b/1"]);
    queue.done("b/1"); // a/1 is slow
    expect(queue.take()?.key).toBe("b/2");
    queue.done("b/2");
    expect(queue.take()?.key).toBe("b/3");
    expect(queue.take()?.key).toBe("a/2"); // nobody else is waiting
  });

  test("priorities go before tenants", () => {
    const queue = fairQueue();
    queue.add("b/1", [], -100);
    queue.add("a/1", []);
    queue.add("a/2", []);
    const take = (): string => {
      const { key = "" } = queue.take() ?? {};
      queue.done(key);
      return key;
    };
    expect([take(), take(), take()]).toEqual(["a/1", "a/2", "b/1"]);
  });

  test("a key waits for no more than its place among its own, times the tenants", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 120 }), (steps) => {
        const queue = fairQueue();
        let turns = 0;
        const waiting = new Map<string, { readonly byTurn: number }>();
        const take = (): void => {
          const turn = queue.take();
          if (turn === undefined) return;
          turns += 1;
          const { byTurn } = waiting.get(turn.key) ?? { byTurn: -1 };
          expect(turns).toBeLessThanOrEqual(byTurn);
          waiting.delete(turn.key);
          queue.done(turn.key);
        };
        for (const step of steps) {
          if (step.kind !== "add") take();
          else if (!waiting.has(step.key)) {
            const isOfIts = (key: string): boolean => tenantOf(key) === tenantOf(step.key);
            const place = [...waiting.keys()].filter(isOfIts).length + 1;
            queue.add(step.key, []);
            waiting.set(step.key, { byTurn: turns + place * TENANTS.length });
          }
        }
        while (waiting.size > 0) take();
        expect(queue.depth).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test("with several workers, who goes next has the fewest keys at work; none is lost", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 120 }), (steps) => {
        const queue = fairQueue();
        const waiting = new Map<string, number>(); // priority
        const active: string[] = [];
        const again = new Map<string, number>();
        const want = (key: string, priority: number): void => {
          const wanted = active.includes(key) ? again : waiting;
          wanted.set(key, Math.max(priority, wanted.get(key) ?? priority));
          queue.add(key, [], priority);
        };
        const atWork = (key: string): number =>
          active.filter((other) => tenantOf(other) === tenantOf(key)).length;
        const take = (): void => {
          const turn = queue.take();
          if (turn === undefined) return expect(waiting.size).toBe(0);
          const top = Math.max(...waiting.values());
          const eligible = [...waiting].flatMap(([key, priority]) => (priority === top ? key : []));
          expect(eligible).toContain(turn.key);
          expect(atWork(turn.key)).toBe(Math.min(...eligible.map(atWork)));
          waiting.delete(turn.key);
          active.push(turn.key);
        };
        const done = (nth: number): void => {
          const [key] = active.splice(nth % Math.max(1, active.length), 1);
          if (key === undefined) return;
          queue.done(key);
          const priority = again.get(key);
          if (priority === undefined) return;
          again.delete(key);
          waiting.set(key, priority);
        };
        for (const step of steps) {
          if (step.kind === "add") want(step.key, step.priority);
          else if (step.kind === "take") take();
          else done(step.nth);
          expect(queue.depth).toBe(waiting.size);
        }
        while (active.length + waiting.size > 0) {
          take();
          done(0);
        }
        expect(queue.take()).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test("a flood of one is no flood for the others, and aged keys still have their share", () => {
    let nowMs = 0;
    const queue = fairQueue(() => nowMs);
    for (let number = 0; number < 2_000; number += 1) queue.add(`a/${number}`, []);
    queue.add("a/late", [], -100);
    nowMs = AGED_MS;
    let worst = 0;
    for (let round = 0; round < 50; round += 1) {
      queue.add(`b/${round}`, []);
      let turns = 0;
      for (let key = ""; key !== `b/${round}`; turns += 1) {
        key = queue.take()?.key ?? "";
        queue.done(key);
        nowMs += 10;
      }
      worst = Math.max(worst, turns);
    }
    expect(worst).toBeLessThanOrEqual(3); // one of `a`, and one that has aged
    for (let number = 2_000, key = ""; key !== "a/late"; number += 1) {
      queue.add(`b/${number}`, []);
      key = queue.take()?.key ?? "";
      queue.done(key);
      expect(number).toBeLessThan(2_000 + 2_000 * AGED_TURN);
    }
  });

  test("what has gone from the queue is not kept", () => {
    const queue = fairQueue();
    queue.add("z/0", [], -100);
    for (let round = 0; round < 5_000; round += 1) {
      const key = `${TENANTS[round % 4] ?? "a"}/${round}`;
      queue.add(key, [], -100);
      queue.add(key, [], round);
      expect(queue.take()?.key).toBe(key);
      queue.done(key);
    }
    expect(queue.take()?.key).toBe("z/0");
    queue.close("drop");
    queue.done("z/0");
    expect(queue.depth).toBe(0);
  });
});
