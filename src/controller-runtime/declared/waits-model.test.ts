/** Any order of runs, waits and changes: nobody is forgotten, and no view stays for nobody. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { aContext } from "../../base/testing/context.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { createInformers } from "../../informer/informers.ts";
import { keyText, type ObjectKey } from "../../machinery/key.ts";
import { fakeCluster } from "../testing/fake-cluster.ts";
import { aWidget, Widget } from "../testing/widget.ts";
import { Waits, type Wait } from "./waits.ts";

const at = (name: string): ObjectKey => ({ namespace: "default", name });
const keys = ["k0", "k1", "k2"].map(at);
const names = ["a", "b", "c"];

type Step =
  | { readonly kind: "run"; readonly key: number; readonly waits: readonly Wish[] }
  | { readonly kind: "put" | "delete"; readonly name: string }
  | { readonly kind: "settle" };
type Wish = { readonly what: "ready" | "gone"; readonly objects: readonly string[] };

const wish: fc.Arbitrary<Wish> = fc.record({
  what: fc.constantFrom("ready" as const, "gone" as const),
  objects: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("run" as const),
    key: fc.nat({ max: 2 }),
    waits: fc.array(wish, { maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constantFrom("put" as const, "delete" as const),
    name: fc.constantFrom(...names),
  }),
  fc.constant({ kind: "settle" as const }),
);

const waitOf = ({ what, objects }: Wish): Wait<Widget> => ({
  type: Widget,
  objects: objects.map(at),
  what,
  isOver: (present) => (present === undefined) === (what === "gone"),
});

test("two waits of one run for the same object both count", async () => {
  const env = virtualEnv();
  const cluster = fakeCluster(env);
  const informers = createInformers({ client: cluster.client, env });
  const stop = new AbortController();
  const running = informers.run(aContext(env, stop.signal));
  const waits = new Waits(informers, env.clock);
  let wakes = 0;
  waits.source.start(() => (wakes += 1), aContext(env, stop.signal));
  const [key = at("k0")] = keys;
  waits.begin(key);
  waits.add(key, waitOf({ what: "gone", objects: ["a"] }));
  waits.add(key, waitOf({ what: "ready", objects: ["a"] }));
  waits.end(key);
  await env.advance(60_000);
  expect(wakes).toBe(1); // it is not there; the second wait once took the place of the first
  stop.abort();
  await running;
});

test("whoever waits for what is over was woken, and views end with the last wait", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const env = virtualEnv();
      const cluster = fakeCluster(env);
      const informers = createInformers({ client: cluster.client, env });
      const stop = new AbortController();
      const running = informers.run(aContext(env, stop.signal));
      const waits = new Waits(informers, env.clock);
      const woken = new Set<string>();
      const idle = new Set<string>();
      const waiting = new Map<string, readonly Wish[]>();
      waits.source.start((key) => woken.add(keyText(key)), aContext(env, stop.signal));
      const there = (name: string): boolean => cluster.find(Widget, at(name)) !== undefined;
      const isOver = ({ what, objects }: Wish): boolean =>
        objects.every((name) => there(name) === (what === "ready"));
      const run = (key: ObjectKey, wishes: readonly Wish[]): void => {
        woken.delete(keyText(key));
        idle.delete(keyText(key));
        waits.begin(key);
        for (const one of wishes) {
          if (waits.add(key, waitOf(one)).isIdle) idle.add(keyText(key)); // looks again by itself
        }
        waits.end(key);
        waiting.set(keyText(key), wishes);
      };
      for (const one of steps) {
        const [first = at("k0")] = keys.slice(one.kind === "run" ? one.key : 0);
        if (one.kind === "run") run(first, one.waits);
        else if (one.kind === "put") cluster.seed(Widget, aWidget(one.name));
        else if (one.kind === "delete" && there(one.name)) cluster.vanish(Widget, at(one.name));
        else if (one.kind === "settle") await env.advance(60_000);
      }
      await env.advance(60_000);
      for (const [who, wishes] of waiting) {
        if (wishes.some(isOver)) expect(woken.has(who) || idle.has(who)).toBe(true);
      }
      for (const key of keys) run(key, []);
      await env.advance(1_000);
      expect(waits.size).toBe(0);
      expect(informers.peek(Widget)).toBeUndefined();
      stop.abort();
      await running;
      expect(env.pendingTimers).toBe(0);
    }),
    { numRuns: 500 },
  );
});
