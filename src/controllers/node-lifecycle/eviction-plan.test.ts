import { describe, expect, test } from "vitest";
import { planEviction } from "./eviction-plan.ts";
import { aNode, aPod } from "./testing.ts";

const UNREACHABLE = "node.kubernetes.io/unreachable";
const stay = { kind: "stay" };
const after = (seconds: number): object => ({ kind: "leave", toleratedMs: seconds * 1000 });

describe("eviction plan", () => {
  const node = aNode("n", { taints: [{ key: UNREACHABLE, effect: "NoExecute" }] });
  const two = aNode("n", {
    taints: [
      { key: UNREACHABLE, effect: "NoExecute" },
      { key: "other", effect: "NoExecute" },
    ],
  });
  const forAWhile = (key: string, tolerationSeconds: number): object => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds,
  });
  const forEver = { operator: "Exists" };
  for (const { name, on = node, tolerations = [], isTerminating = false, plan } of [
    { name: "a taint that is not tolerated: at once", plan: after(0) },
    {
      name: "a taint that only keeps new pods away: stay",
      on: aNode("n", { taints: [{ key: UNREACHABLE, effect: "NoSchedule" }] }),
      plan: stay,
    },
    { name: "tolerated for ever: stay", tolerations: [forEver], plan: stay },
    {
      name: "tolerated for a while: after it",
      tolerations: [forAWhile(UNREACHABLE, 300)],
      plan: after(300),
    },
    {
      name: "less than no time is at once",
      tolerations: [forAWhile(UNREACHABLE, -5)],
      plan: after(0),
    },
    {
      name: "two taints: the shorter time counts",
      on: two,
      tolerations: [forAWhile(UNREACHABLE, 300), forAWhile("other", 20)],
      plan: after(20),
    },
    {
      name: "two taints, one for ever: the other's time counts",
      on: two,
      tolerations: [forAWhile("other", 20), forEver],
      plan: after(20),
    },
    {
      name: "two taints, one not tolerated: at once",
      on: two,
      tolerations: [forAWhile(UNREACHABLE, 300)],
      plan: after(0),
    },
    { name: "on its way out already: stay", isTerminating: true, plan: stay },
  ]) {
    test(name, () => {
      const metadata = isTerminating ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {};
      const pod = aPod("p", { node: "n", tolerations, metadata });
      expect(planEviction(pod, on)).toEqual(plan);
    });
  }

  test("without its node a pod stays: the pod collector answers for it", () => {
    expect(planEviction(aPod("p", { node: "n" }), undefined)).toEqual(stay);
  });
});
