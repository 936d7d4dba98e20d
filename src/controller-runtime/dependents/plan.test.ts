import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DependentsError, graphOf, type GraphNode } from "./graph.ts";
import { planDependents, removedInOrder, wantedOf, type Progress } from "./plan.ts";

const node = (name: string, ...dependsOn: readonly string[]): GraphNode => ({ name, dependsOn });

describe("the graph", () => {
  test.each([
    [[node("a", "b"), node("b", "c"), node("c", "a")], "a -> b -> c -> a"],
    [[node("a", "a")], "a -> a"],
    [[node("x", "a"), node("a", "b"), node("b", "a")], "a -> b -> a"],
    [[node("a", "nope"), node("b")], "dependent a depends on nope, which is none of the others: b"],
    [[node("a"), node("a")], "two dependents are named a"],
    [[node("a b")], 'dependent "a b"'],
    [[node("")], 'dependent "": it is empty'],
  ])("what has no order is refused, with the way round", (nodes, message) => {
    expect(() => graphOf(nodes)).toThrow(DependentsError);
    expect(() => graphOf(nodes)).toThrow(message);
  });

  test("each comes after all that it depends on", () => {
    expect(graphOf([node("c", "b"), node("b", "a"), node("a")]).order).toEqual(["a", "b", "c"]);
  });

  test("a long chain is no deep recursion, and has an end", () => {
    const chain = Array.from({ length: 200 }, (_, at) =>
      at === 0 ? node("n0") : node(`n${at}`, `n${at - 1}`),
    );
    expect(graphOf(chain.toReversed()).order.at(-1)).toBe("n199");
    expect(() => graphOf([...chain, node("more")])).toThrow("201 dependents are more than 200");
  });
});

describe("the plan", () => {
  const graph = graphOf([node("a"), node("b", "a"), node("c", "a"), node("d", "b", "c")]);
  const plan = (wanted: readonly string[], progress: Readonly<Record<string, Progress>>) =>
    planDependents(graph, new Set(wanted), new Map(Object.entries(progress)));
  const all = graph.order;

  test("what depends on nothing is first, then side by side what depends on it", () => {
    expect(plan(all, {})).toEqual([{ name: "a", act: "apply" }]);
    expect(plan(all, { a: "busy" })).toEqual([]);
    expect(plan(all, { a: "ready" }).map(({ name }) => name)).toEqual(["b", "c"]);
    expect(plan(all, { a: "ready", b: "ready", c: "unready" })).toEqual([]);
  });

  test("what is not wanted goes backwards", () => {
    expect(plan([], {})).toEqual([{ name: "d", act: "remove" }]);
    expect(plan([], { d: "going" })).toEqual([]);
    expect(plan([], { d: "gone" }).map(({ name }) => name)).toEqual(["b", "c"]);
  });

  test("what depends on something unwanted is not wanted either", () => {
    expect([...wantedOf(graph, new Set(["a", "c", "d"]))]).toEqual(["a", "c"]);
  });

  test("at the end only those go in order that ask for it, and what depends on them", () => {
    expect([...removedInOrder(graph, ["b"])].toSorted()).toEqual(["b", "d"]);
  });
});

/** Nodes that depend on earlier ones only, so there is always an order. */
const someNodes: fc.Arbitrary<readonly GraphNode[]> = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((links) =>
    links.map((targets, at) =>
      node(`n${at}`, ...(at === 0 ? [] : targets.map((target) => `n${target % at}`))),
    ),
  );

/** A cluster as the planner sees it: what is there, and how slow it becomes ready or gone. */
class Cluster {
  readonly there = new Set<string>();
  readonly ready = new Set<string>();
  readonly #slow: () => number;
  readonly #left = new Map<string, number>();

  constructor(slow: () => number) {
    this.#slow = slow;
  }

  apply(name: string): Progress {
    if (!this.there.has(name)) this.#left.set(name, this.#slow());
    this.there.add(name);
    if (!this.#isOver(name)) return "unready";
    this.ready.add(name);
    return "ready";
  }

  remove(name: string): Progress {
    if (!this.there.has(name)) return "gone";
    if (this.ready.delete(name)) this.#left.set(name, this.#slow());
    if (!this.#isOver(name)) return "going";
    this.there.delete(name);
    return "gone";
  }

  #isOver(name: string): boolean {
    const left = this.#left.get(name) ?? 0;
    this.#left.set(name, Math.max(0, left - 1));
    return left === 0;
  }
}

test("in any graph nothing is applied before, or removed after, what it depends on", () => {
  const delays = fc.infiniteStream(fc.integer({ min: 0, max: 3 }));
  const wishes = fc.array(fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(someNodes, delays, wishes, (nodes, stream, conditions) => {
      const graph = graphOf(nodes);
      const cluster = new Cluster(() => stream.next().value ?? 0);
      for (const holds of conditions) {
        const wanted = wantedOf(graph, new Set(graph.order.filter((_, at) => holds[at] === true)));
        // Each run begins anew; a look of a node is slow three times at most.
        for (let run = 0; run <= 4 * (nodes.length + 1); run += 1) {
          const progress = new Map<string, Progress>();
          for (;;) {
            const steps = planDependents(graph, wanted, progress);
            if (steps.length === 0) break;
            for (const { name, act } of steps) {
              expect(wanted.has(name)).toBe(act === "apply");
              if (act === "apply") {
                for (const below of graph.below.get(name) ?? []) {
                  expect(cluster.ready).toContain(below);
                }
              } else {
                for (const above of graph.above.get(name) ?? []) {
                  expect(cluster.there).not.toContain(above);
                }
              }
              progress.set(name, cluster[act](name));
            }
          }
        }
        expect([...cluster.there].toSorted()).toEqual([...wanted].toSorted());
        expect([...cluster.ready].toSorted()).toEqual([...wanted].toSorted());
      }
    }),
    { numRuns: 60 },
  );
});
