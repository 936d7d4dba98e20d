import { expect, test } from "vitest";
import { CALM, Choices, type ChoiceSource } from "../choices/choices.ts";
import { Actor } from "./actor.ts";
import { EventLog } from "./event-log.ts";
import { EndlessTurnError, Kernel } from "./kernel.ts";
import { simEnv } from "./sim-env.ts";

type Bench = {
  readonly kernel: Kernel;
  readonly fired: string[];
  /** Posts an event that writes down its name. */
  readonly post: (actor: Actor, name: string, delayMs: number) => { readonly cancel: () => void };
  readonly all: () => Promise<readonly string[]>;
};

function bench(source: ChoiceSource = CALM, options = { ordersEvents: false }): Bench {
  const choices = new Choices(source, { keepsPoints: true });
  const log = new EventLog({ keepsEvents: true });
  const kernel = new Kernel({ choices, log }, options);
  const fired: string[] = [];
  return {
    kernel,
    fired,
    post: (actor, name, delayMs) => kernel.post(actor, name, delayMs, () => void fired.push(name)),
    all: async () => {
      while (await kernel.step(1_000_000));
      return fired;
    },
  };
}

test("events come by their time, those of one moment in the order they were posted", async () => {
  const { kernel, post, all } = bench();
  const [a, b] = [new Actor("a"), new Actor("b")];
  post(a, "late", 20);
  post(a, "first", 10);
  post(b, "second", 10);
  post(a, "third", 10);
  post(b, "at once", -5);
  expect(await all()).toEqual(["at once", "first", "second", "third", "late"]);
  expect(kernel.nowMs).toBe(1_000_000);
  expect(kernel.lastArrivalMs).toBe(20);
});

test("the clock stands still while promise chains run to their ends", async () => {
  const { kernel, fired } = bench();
  const actor = new Actor("a");
  kernel.post(actor, "", 5, () => {
    void (async () => {
      for (let nth = 0; nth < 50; nth += 1) await Promise.resolve();
      fired.push(`at ${kernel.nowMs}`);
    })();
  });
  kernel.post(actor, "", 6, () => void fired.push(`at ${kernel.nowMs}`));
  await kernel.step(100);
  expect(fired).toEqual(["at 5"]);
  expect(await kernel.step(5)).toBe(false);
  expect(kernel.nowMs).toBe(5);
});

test("what waits in an actor that dies, or was taken back, never comes", async () => {
  const { post, all } = bench();
  const [mortal, other] = [new Actor("mortal"), new Actor("other")];
  post(mortal, "after its death", 10);
  post(other, "taken back", 10).cancel();
  post(other, "comes", 10);
  mortal.die();
  expect(await all()).toEqual(["comes"]);
});

test("a pause keeps events back, and afterwards they come in the order they were due", async () => {
  const { kernel, post, all } = bench();
  const [paused, other] = [new Actor("paused"), new Actor("other")];
  post(paused, "due at 20", 20);
  post(paused, "due at 30", 30);
  post(paused, "due at 10", 10);
  post(other, "elsewhere at 15", 15);
  post(paused, "due at 40", 40);
  paused.pausedUntilMs = 30;
  const order = ["elsewhere at 15", "due at 10", "due at 20", "due at 30", "due at 40"];
  expect(await all()).toEqual(order);
  expect(kernel.log.events.map(({ atMs }) => atMs)).toEqual([15, 30, 30, 30, 40]);
});

test("a system that goes on without time passing is stopped, its last event named", async () => {
  const { kernel } = bench();
  const actor = new Actor("busy");
  const again = (): void => void kernel.post(actor, "asks again", 0, again);
  again();
  const run = async (): Promise<void> => {
    while (await kernel.step(1));
  };
  const error = await run().catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(EndlessTurnError);
  expect(String(error)).toContain("busy: asks again");
});

test("which actor comes first is a decision, and each actor keeps its own order", async () => {
  const wanted: ChoiceSource = {
    pick: (_kind, name, options) => (name === "order: a a1" ? "b first" : (options[0] ?? "")),
  };
  const { kernel, post, all } = bench(wanted, { ordersEvents: true });
  const [a, b] = [new Actor("a"), new Actor("b")];
  for (const name of ["a1", "a2"]) post(a, name, 5);
  for (const name of ["b1", "b2"]) post(b, name, 5);
  post(b, "b3", 6);
  expect(await all()).toEqual(["b1", "a1", "a2", "b2", "b3"]);
  const options = kernel.choices.points.map((point) => point.options);
  expect(options.every((names) => names.length === 2)).toBe(true);
});

test("what is chosen to come first cannot pass a pause, nor what waits for its end", async () => {
  const first: ChoiceSource = {
    pick: (_kind, _name, options) => options.find((each) => each === "paused first") ?? "",
  };
  const { kernel, post, all } = bench(first, { ordersEvents: true });
  const [paused, other] = [new Actor("paused"), new Actor("other")];
  post(paused, "the create", 10);
  post(other, "elsewhere", 20);
  post(paused, "the change", 20);
  paused.pausedUntilMs = 40;
  expect(await all()).toEqual(["elsewhere", "the create", "the change"]);
  expect(kernel.log.events.map(({ atMs }) => atMs)).toEqual([20, 40, 40]);
});

test("the same events give the same hash, other ones or another order another", async () => {
  const hashOf = async (names: readonly string[]): Promise<string> => {
    const { kernel, post, all } = bench();
    const actor = new Actor("a");
    for (const [nth, name] of names.entries()) post(actor, name, nth);
    await all();
    return kernel.log.hash;
  };
  expect(await hashOf(["x", "y"])).toBe(await hashOf(["x", "y"]));
  expect(await hashOf(["x", "y"])).not.toBe(await hashOf(["y", "x"]));
  expect(await hashOf(["x", "y"])).toMatch(/^[0-9a-f]{16}$/);
});

test("a clock that jumps shows it, and neither timers nor the steady clock do", async () => {
  const { kernel, fired } = bench();
  const actor = new Actor("a");
  const env = simEnv(kernel, actor, { seed: 1, lines: undefined });
  const before = env.clock.now();
  actor.clockOffsetMs = 3_600_000;
  env.timers.after(10, () => void fired.push(`${env.clock.now() - before}`));
  await kernel.step(100);
  expect(fired).toEqual(["3600010"]);
  expect(env.clock.monotonic()).toBe(10);
});

test("ids and chance are each actor's own, and the same in every run of a seed", () => {
  const drawn = (name: string, seed: number): string => {
    const env = simEnv(bench().kernel, new Actor(name), { seed, lines: undefined });
    return `${env.ids.uuid()} ${env.random.next()}`;
  };
  expect(drawn("a", 1)).toBe(drawn("a", 1));
  expect(new Set([drawn("a", 1), drawn("b", 1), drawn("a", 2)]).size).toBe(3);
  expect(drawn("a", 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12} /);
});
