import { describe, expect, test } from "vitest";
import { virtualEnv } from "../base/virtual/virtual-env.ts";
import type { Node } from "../client/builtin.ts";
import { decide, enoughNodes, type Decision } from "./cycle.ts";
import { higherIsBetter, SKIP, type Plugin } from "./framework.ts";
import { aNode, aPod, aSnapshot } from "./testing.ts";

const nodes = ["a", "b", "c"].map((name) => aNode(name));

function refusing(name: string, reasons: Readonly<Record<string, readonly string[]>>): Plugin {
  return {
    name,
    wakesOn: [],
    preFilter: () => ({ kind: "judge", filter: (node) => reasons[node.name] ?? [] }),
  };
}

function scoring(points: Readonly<Record<string, number>>, weight = 1): Plugin {
  return {
    name: "Scoring",
    wakesOn: [],
    weight,
    preFilter: () => ({
      kind: "judge",
      score: (node) => points[node.name] ?? 0,
      normalize: higherIsBetter,
    }),
  };
}

function decided(plugins: readonly Plugin[], at: readonly Node[] = nodes, seed = 1): Decision {
  const { random } = virtualEnv({ seed });
  return decide({ pod: aPod(), snapshot: aSnapshot(at), plugins, random });
}

describe("a cycle", () => {
  test("says why no node will do, counting each reason", () => {
    const plugins = [
      refusing("First", { a: ["Insufficient cpu", "Too many pods"] }),
      refusing("Second", { a: ["never asked"], b: ["Insufficient cpu"], c: ["are tainted"] }),
      refusing("Third", { b: ["never asked"] }),
    ];
    expect(decided(plugins)).toEqual({
      kind: "unschedulable",
      message: "0/3 nodes are available: 1 Too many pods, 1 are tainted, 2 Insufficient cpu.",
      refusedBy: new Set(["First", "Second"]),
    });
  });

  test("passes on why a pod can go nowhere", () => {
    const plugin: Plugin = {
      name: "Claims",
      wakesOn: [],
      preFilter: () => ({ kind: "reject", reason: "claim not found" }),
    };
    expect(decided([plugin])).toEqual({
      kind: "unschedulable",
      message: "0/3 nodes are available: claim not found.",
      refusedBy: new Set(["Claims"]),
    });
  });

  test("has a word for a cluster without nodes", () => {
    expect(decided([], [])).toMatchObject({ message: "no nodes available to schedule pods" });
  });

  test("takes the best of those that fit", () => {
    const plugins = [
      refusing("No", { c: ["no"] }),
      scoring({ a: 1, b: 2, c: 9 }),
      { name: "Silent", wakesOn: [], preFilter: () => SKIP },
    ];
    expect(decided(plugins)).toEqual({ kind: "node", nodeName: "b" });
  });

  test("weighs the scores", () => {
    expect(decided([scoring({ a: 10, b: 9 }), scoring({ b: 10 }, 5)])).toMatchObject({
      nodeName: "b",
    });
    expect(decided([scoring({ a: 10, b: 9 }, 20), scoring({ b: 10 })])).toMatchObject({
      nodeName: "a",
    });
  });

  test("chooses among equals by chance, the same by the same seed", () => {
    const chosen = Array.from({ length: 30 }, (_, seed) => decided([], nodes, seed + 1));
    const again = Array.from({ length: 30 }, (_, seed) => decided([], nodes, seed + 1));
    expect(chosen).toEqual(again);
    expect(new Set(chosen.map((each) => each.kind === "node" && each.nodeName)).size).toBe(3);
  });
});

describe("in a large cluster", () => {
  for (const [count, enough] of [
    [1, 1],
    [99, 99],
    [100, 100],
    [200, 100],
    [1000, 420],
    [5000, 500],
    [10_000, 500],
  ] as const) {
    test(`${enough} fitting nodes of ${count} are enough`, () => {
      expect(enoughNodes(count)).toBe(enough);
    });
  }

  test("a cycle stops when it has enough, and begins where it is told", () => {
    const many = Array.from({ length: 200 }, (_, index) => aNode(String(1000 + index)));
    const asked: string[] = [];
    const plugin: Plugin = {
      name: "Asked",
      wakesOn: [],
      preFilter: () => ({
        kind: "judge",
        filter: (node) => {
          asked.push(node.name);
          return [];
        },
      }),
    };
    const { random } = virtualEnv();
    decide({ pod: aPod(), snapshot: aSnapshot(many), plugins: [plugin], random, start: 150 });
    expect([asked.length, asked[0], asked.at(-1)]).toEqual([100, "1150", "1049"]);
  });
});
