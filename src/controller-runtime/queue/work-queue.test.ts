import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LOW_PRIORITY } from "./priority.ts";
import type { Trigger } from "../sources/source.ts";
import { TRIGGERS_MAX } from "./trigger-set.ts";
import { AGED_MS, AGED_TURN } from "./turn-order.ts";
import { WorkQueue } from "./work-queue.ts";

const KEYS = ["a", "b", "c"] as const;

function at(revision: number): readonly Trigger[] {
  return [{ kind: "event", revision, object: "Pod default/x" }];
}

type Step =
  | { readonly kind: "add"; readonly key: string; readonly priority: number }
  | { readonly kind: "take" }
  | { readonly kind: "done"; readonly key: string }
  | { readonly kind: "pass"; readonly ms: number };

const anyKey = fc.constantFrom(...KEYS);
const anyPriority = fc.constantFrom(-100, 0, 0, 7);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), key: anyKey, priority: anyPriority }),
  fc.record({ kind: fc.constant("take" as const) }),
  fc.record({ kind: fc.constant("done" as const), key: anyKey }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(1, AGED_MS / 2) }),
);

/** What is owed to a key: a list of them, searched from end to end, is the whole model. */
type Owed = {
  readonly key: string;
  readonly sinceMs: number;
  readonly revisions: number[];
  priority: number;
  order: number;
};

class Model {
  readonly active = new Set<string>();
  owed: readonly Owed[] = [];
  #order = 0;
  #turnsSinceAged = 0;

  get waiting(): readonly Owed[] {
    return this.owed.filter(({ key }) => !this.active.has(key));
  }

  /** Whether the key was not owed before. */
  add(key: string, priority: number, revision: number, nowMs: number): boolean {
    const known = this.owed.find((one) => one.key === key);
    this.#order += 1;
    known?.revisions.push(revision);
    if (known === undefined) {
      const owed = { key, priority, sinceMs: nowMs, order: this.#order, revisions: [revision] };
      this.owed = [...this.owed, owed];
    } else if (priority > known.priority) {
      known.priority = priority;
      known.order = this.#order;
    }
    return known === undefined;
  }

  take(nowMs: number): Owed | undefined {
    const byAge = this.waiting.toSorted((a, b) => a.sinceMs - b.sinceMs || a.order - b.order);
    const byRank = this.waiting.toSorted((a, b) => b.priority - a.priority || a.order - b.order);
    const oldest = byAge[0];
    this.#turnsSinceAged += 1;
    const isAged = oldest !== undefined && nowMs - oldest.sinceMs >= AGED_MS;
    const isItsTurn = isAged && this.#turnsSinceAged >= AGED_TURN;
    if (isItsTurn) this.#turnsSinceAged = 0;
    const taken = isItsTurn ? oldest : byRank[0];
    this.owed = this.owed.filter((one) => one !== taken);
    if (taken !== undefined) this.active.add(taken.key);
    return taken;
  }
}

describe("work queue", () => {
  test("agrees with a model: one worker a key, urgent first, every add answered", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        let nowMs = 0;
        let revision = 0;
        const queue = new WorkQueue(() => nowMs);
        const model = new Model();

        const take = (): void => {
          const expected = model.take(nowMs);
          const turn = queue.take();
          expect(turn?.key).toBe(expected?.key);
          if (turn === undefined || expected === undefined) return;
          expect(turn).toMatchObject({ priority: expected.priority, sinceMs: expected.sinceMs });
          const revisions = turn.triggers.map((one) => (one.kind === "event" ? one.revision : -1));
          expect(revisions).toEqual(expected.revisions.slice(-TRIGGERS_MAX));
        };
        const done = (key: string): void => {
          if (model.active.delete(key)) queue.done(key);
        };

        for (const step of steps) {
          if (step.kind === "take") take();
          else if (step.kind === "done") done(step.key);
          else if (step.kind === "pass") nowMs += step.ms;
          else {
            revision += 1;
            const isNew = model.add(step.key, step.priority, revision, nowMs);
            expect(queue.add(step.key, at(revision), step.priority)).toBe(isNew);
          }
          expect(queue.depth).toBe(model.waiting.length);
          const low = model.waiting.filter(({ priority }) => priority === -100);
          expect(queue.depthOf(-100)).toBe(low.length);
        }
        for (const key of KEYS) done(key);
        for (const _ of KEYS) take();
        expect(model.owed).toEqual([]);
        expect(queue.take()).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test("a stream of urgent keys does not keep the others waiting for good", () => {
    let nowMs = 0;
    const queue = new WorkQueue(() => nowMs);
    for (const key of KEYS) queue.add(key, [], LOW_PRIORITY);
    const served = new Map<string, number>();
    for (let turn = 0; served.size < KEYS.length; turn += 1) {
      for (let more = 0; more < 3; more += 1) queue.add(`urgent-${turn}-${more}`, []);
      const { key = "" } = queue.take() ?? {};
      queue.done(key);
      if (!key.startsWith("urgent")) served.set(key, nowMs);
      nowMs += 100;
    }
    expect([...served.keys()]).toEqual(KEYS);
    const times = [...served.values()];
    expect(times[0]).toBe(AGED_MS);
    expect(Math.max(...times)).toBeLessThan(AGED_MS + KEYS.length * AGED_TURN * 100);
  });

  test("places of keys that were raised again and again are not kept", () => {
    const queue = new WorkQueue(() => 0);
    queue.add("low", [], LOW_PRIORITY);
    for (let round = 0; round < 1_000; round += 1) {
      queue.add("a", [], LOW_PRIORITY);
      queue.add("a", [], round);
      expect(queue.take()?.key).toBe("a");
      queue.done("a");
    }
    expect(queue.depth).toBe(1);
    expect(queue.take()?.key).toBe("low");
  });

  test("a waiting worker gets the next add; an add while active waits for done", async () => {
    const queue = new WorkQueue(() => 0);
    const first = queue.next();
    queue.add("a", at(1));
    expect((await first)?.key).toBe("a");
    queue.add("a", at(2));
    expect(queue.take()).toBeUndefined();
    queue.done("a");
    expect(queue.take()).toMatchObject({ key: "a", triggers: at(2) });
  });

  test("keeps the first time, and the newest causes when there are too many", () => {
    let nowMs = 0;
    const queue = new WorkQueue(() => nowMs);
    for (let revision = 1; revision <= TRIGGERS_MAX + 8; revision += 1) {
      nowMs = revision * 10;
      queue.add("a", at(revision));
    }
    const turn = queue.take();
    expect(turn?.sinceMs).toBe(10);
    expect(turn?.triggers).toHaveLength(TRIGGERS_MAX);
    expect(turn?.triggers[0]).toEqual(at(9)[0]);
  });

  test("closed to serve, gives what is queued and still owed, then ends", async () => {
    const queue = new WorkQueue(() => 0);
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
    const queue = new WorkQueue(() => 0);
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
    expect(() => new WorkQueue(() => 0).done("a")).toThrow("done() answers one take()");
  });
});
