import { expect, test } from "vitest";
import type { ChoicePoint } from "../choices/choices.ts";
import { pairPlans, systematicPlans, timeTravelPlans } from "./systematic.ts";

const WRITES = ["", "crash before effect", "crash after effect", "conflict"];
const points: readonly ChoicePoint[] = [
  { kind: "call", name: "call: apps: create pods default/a", taken: "", options: WRITES },
  { kind: "call", name: "call: apps: get pods default/a", taken: "", options: WRITES.slice(0, 2) },
  { kind: "latency", name: "latency: apps: get pods", taken: "", options: ["", "3s"] },
  { kind: "event", name: "event: apps's pods sees a", taken: "", options: ["", "expired"] },
];

const textOf = (plan: ReadonlyMap<string, string>): string =>
  [...plan].map((decision) => decision.join(" = ")).join("; ");

test("each fate worth a run is a plan of its own where the decision has it", () => {
  expect([...systematicPlans(points)].map(textOf)).toEqual([
    "call: apps: create pods default/a = crash before effect",
    "call: apps: create pods default/a = crash after effect",
    "call: apps: get pods default/a = crash before effect",
    "event: apps's pods sees a = expired",
  ]);
});

test("each crash of a write comes together with each list from the past", () => {
  expect([...timeTravelPlans(points, ["pods", "secrets"])].map(textOf)).toEqual(
    ["pods", "secrets"].map(
      (resource) =>
        "call: apps: create pods default/a = crash after effect; " +
        `list: apps's ${resource} = from the beginning`,
    ),
  );
});

test("pairs are of two decisions, each once, the same for a seed, and no more than plans", () => {
  const plans = [...systematicPlans(points)];
  const pairs = [...pairPlans(plans, 3)].map(textOf);
  expect(pairs).toEqual([...pairPlans(plans, 3)].map(textOf));
  expect(new Set(pairs).size).toBe(pairs.length);
  expect(pairs.length).toBeLessThanOrEqual(plans.length);
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);
  const all = seeds.flatMap((seed) => [...pairPlans(plans, seed)]);
  expect(all.length).toBeGreaterThan(10);
  expect(all.every((pair) => pair.size === 2)).toBe(true);
  expect([...pairPlans([], 1)]).toEqual([]);
});
