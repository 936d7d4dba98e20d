import { expect, test } from "vitest";
import type { LogLine } from "../../base/virtual/virtual-env.ts";
import { ownSource } from "../sources/sources.ts";
import { controllerWorld, type ControllerWorld } from "../testing/controller-world.ts";
import { aWidget, Widget } from "../testing/widget.ts";
import { LONG_TURN_AGAIN_MS, LONG_TURN_MS } from "./long-turns.ts";
import { DONE } from "./outcome.ts";

const MINUTE_MS = 60_000;

/** A world whose controller takes so long for the widget `slow`, and no time for others. */
function aWorld(slowMs: number): ControllerWorld {
  const world = controllerWorld();
  world.start(({ informers }) => ({
    name: "widget",
    concurrency: 2,
    sources: [ownSource(informers.for(Widget))],
    reconcile: async ({ name }, { signal }) => {
      if (name === "slow") await world.env.timers.sleep(slowMs, signal);
      return DONE;
    },
  }));
  return world;
}

function told({ env }: ControllerWorld, level: string): readonly LogLine[] {
  return env.lines.filter((line) => line.level === level && line.message.includes("reconcile"));
}

test("a reconcile that runs for over a minute is told once, then every ten minutes", async () => {
  const world = aWorld(25 * MINUTE_MS);
  world.cluster.seed(Widget, aWidget("slow"));
  await world.env.advance(LONG_TURN_MS - 1);
  expect(told(world, "warn")).toEqual([]);
  await world.env.advance(1);
  expect(told(world, "warn")).toMatchObject([
    { fields: { controller: "widget", name: "slow", runningMs: LONG_TURN_MS } },
  ]);
  await world.env.advance(LONG_TURN_AGAIN_MS - 1);
  expect(told(world, "warn")).toHaveLength(1);
  await world.env.advance(1);
  expect(told(world, "warn")[1]?.fields["runningMs"]).toBe(LONG_TURN_MS + LONG_TURN_AGAIN_MS);
  await world.env.advance(15 * MINUTE_MS);
  expect(told(world, "warn")).toHaveLength(3);
  expect(told(world, "info")).toMatchObject([{ fields: { tookMs: 25 * MINUTE_MS } }]);
  await world.stop();
});

test("it is told a minute after its own beginning, whatever others do meanwhile", async () => {
  const world = aWorld(2 * MINUTE_MS);
  world.cluster.seed(Widget, aWidget("quick"));
  await world.env.advance(50_000);
  world.cluster.seed(Widget, aWidget("slow"));
  await world.env.advance(59_999);
  expect(told(world, "warn")).toEqual([]);
  await world.env.advance(1);
  expect(told(world, "warn")).toHaveLength(1);
  await world.stop();
});

test("a controller at rest sets no timer for it, and one that has ended leaves none", async () => {
  const world = aWorld(5 * MINUTE_MS);
  await world.env.settle();
  const before = world.env.pendingTimers;
  world.cluster.seed(Widget, aWidget("quick"));
  await world.env.settle();
  expect(world.env.pendingTimers).toBe(before);
  world.cluster.seed(Widget, aWidget("slow"));
  await world.env.advance(1_000);
  await world.stop();
  expect(world.env.pendingTimers).toBe(0);
});
