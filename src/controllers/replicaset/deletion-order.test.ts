import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VIRTUAL_EPOCH_MS } from "../../base/virtual/virtual-env.ts";
import { DELETION_COST_ANNOTATION, inDeletionOrder } from "./deletion-order.ts";
import { aPod, type PodWish } from "./testing.ts";

const NOW_MS = VIRTUAL_EPOCH_MS;

/** The names in the order they would be deleted, given in the opposite one. */
function order(
  ...wishes: readonly (PodWish & { readonly siblings?: readonly string[] })[]
): string {
  const pods = wishes.map((wish) => aPod(wish));
  const siblings = wishes.flatMap((wish) =>
    (wish.siblings ?? []).map((name) =>
      aPod({ name, spec: { nodeName: wish.spec?.nodeName ?? "" } }),
    ),
  );
  return inDeletionOrder(pods, [...pods, ...siblings], NOW_MS)
    .map((pod) => pod.metadata.name)
    .join(" ");
}

const costing = (name: string, cost: string): PodWish => ({
  name,
  meta: {
    name,
    uid: name,
    namespace: "default",
    annotations: { [DELETION_COST_ANNOTATION]: cost },
  },
});

const restarted = (name: string, restartCount: number): PodWish => ({
  name,
  status: {
    containerStatuses: [{ name: "main", image: "", imageID: "", ready: true, restartCount }],
  },
});

const restartedSidecar = (name: string, restartCount: number): PodWish => ({
  name,
  spec: { initContainers: [{ name: "side", restartPolicy: "Always" }] },
  status: {
    initContainerStatuses: [{ name: "side", image: "", imageID: "", ready: true, restartCount }],
  },
});

describe("of two pods, the first to go is", () => {
  test("the one without a node", () => {
    expect(order({ name: "a" }, { name: "b", spec: { nodeName: "" } })).toBe("b a");
  });

  test("the one in the earlier phase: Pending, Unknown, Running", () => {
    const phased = (name: string, phase: string): PodWish => ({ name, status: { phase } });
    expect(order(phased("a", "Running"), phased("b", "Unknown"), phased("c", "Pending"))).toBe(
      "c b a",
    );
  });

  test("the one that is not ready", () => {
    expect(order({ name: "a", readySeconds: 10 }, { name: "b" })).toBe("b a");
  });

  test("the one that costs less", () => {
    expect(order(costing("a", "10"), costing("b", "-10"), costing("c", "0"))).toBe("b c a");
  });

  for (const cost of ["+5", "05", "1e3", "99999999999", "a", "2147483648", ""]) {
    test(`one with a malformed cost "${cost}" as if it were 0`, () => {
      expect(order(costing("a", cost), costing("b", "-1"), costing("c", "1"))).toBe("b a c");
    });
  }

  test("the one with more siblings on its node", () => {
    const lonely = { name: "a", spec: { nodeName: "node-1" } };
    const crowded = { name: "b", spec: { nodeName: "node-2" }, siblings: ["x", "y"] };
    expect(order(lonely, crowded)).toBe("b a");
  });

  test("the one that is ready for less time", () => {
    expect(order({ name: "a", readySeconds: 1000 }, { name: "b", readySeconds: 10 })).toBe("b a");
  });

  test("the one with the lower uid, if both are ready for about as long", () => {
    expect(order({ name: "b", readySeconds: 1000 }, { name: "a", readySeconds: 990 })).toBe("a b");
    expect(order({ name: "b", readySeconds: 990 }, { name: "a", readySeconds: 1000 })).toBe("a b");
  });

  test("the one that restarted more", () => {
    expect(order(restarted("a", 1), restarted("b", 7))).toBe("b a");
    expect(order(restartedSidecar("a", 1), restartedSidecar("b", 7))).toBe("b a");
  });

  test("the younger one", () => {
    expect(order({ name: "a", ageSeconds: 1000 }, { name: "b", ageSeconds: 10 })).toBe("b a");
  });

  test("the one whose age is not in the past", () => {
    expect(order({ name: "a", ageSeconds: 10 }, { name: "b", ageSeconds: -10 })).toBe("b a");
  });
});

test("an earlier criterion beats all later ones", () => {
  // Each pod is the keeper by one criterion, and worse than those after it by all later ones.
  const worst = { ageSeconds: 1, status: restarted("x", 9).status ?? {} };
  expect(
    order(
      { name: "assigned", ...worst, status: { phase: "Pending" } },
      { name: "unassigned", spec: { nodeName: "" }, readySeconds: 10_000, ageSeconds: 10_000 },
      { name: "running", ...worst, status: { phase: "Running" } },
      { name: "ready", ...worst, status: { phase: "Running" }, readySeconds: 1 },
    ),
  ).toBe("unassigned assigned running ready");
});

test("the order does not depend on the order given, and loses no pod", () => {
  const wish = fc.record({
    uid: fc.string({ minLength: 1, maxLength: 2 }),
    node: fc.constantFrom("", "n1", "n2"),
    phase: fc.constantFrom("Pending", "Running", "Unknown"),
    readySeconds: fc.option(fc.integer({ min: -5, max: 500 }), { nil: undefined }),
    ageSeconds: fc.integer({ min: -5, max: 500 }),
    restarts: fc.integer({ min: 0, max: 3 }),
  });
  const wishes = fc.uniqueArray(wish, { maxLength: 12, selector: (item) => item.uid });
  fc.assert(
    fc.property(wishes, fc.infiniteStream(fc.nat()), (items, keys) => {
      const pods = items.map((item) =>
        aPod({
          name: item.uid,
          ageSeconds: item.ageSeconds,
          ...(item.readySeconds === undefined ? {} : { readySeconds: item.readySeconds }),
          spec: { nodeName: item.node },
          ...restarted(item.uid, item.restarts),
        }),
      );
      const shuffled = pods
        .map((pod) => ({ pod, key: keys.next().value ?? 0 }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ pod }) => pod);
      const uids = (of: typeof pods): readonly (string | undefined)[] =>
        inDeletionOrder(of, pods, NOW_MS).map((pod) => pod.metadata.uid);
      expect(uids(shuffled)).toEqual(uids(pods));
      expect(new Set(uids(pods)).size).toBe(pods.length);
    }),
  );
});
