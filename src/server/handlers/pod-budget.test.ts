import { describe, expect, test } from "vitest";
import type { PodDisruptionBudget } from "../../apis/policy/v1/types.generated.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { chargeBudget, DISRUPTED_PODS_MAX, evictionNeedsBudget, selectsPod } from "./pod-budget.ts";

function aBudget(
  status: Partial<PodDisruptionBudget["status"]>,
  spec: PodDisruptionBudget["spec"] = { selector: {} },
): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "b", generation: 1 },
    spec,
    status: { observedGeneration: 1, ...status },
  };
}

function aPod(isReady: boolean): ApiObject {
  const conditions = [{ type: "Ready", status: isReady ? "True" : "False" }];
  return { metadata: { name: "p", labels: { app: "a" } }, status: { conditions } } as never;
}

describe("a disruption budget", () => {
  test.each([
    [{}, true],
    [{ matchLabels: { app: "a" } }, true],
    [{ matchLabels: { app: "b" } }, false],
    [undefined, false],
  ])("with the selector %j selects the pod: %s", (selector, isSelected) => {
    const budget = aBudget({}, selector === undefined ? {} : { selector });
    expect(selectsPod(budget, aPod(true))).toBe(isSelected);
  });

  test("is charged once an eviction, and remembers the pod", () => {
    const charged = chargeBudget(aBudget({ disruptionsAllowed: 2 }), "p", 0);
    expect(charged.status.disruptionsAllowed).toBe(1);
    expect(charged.status.disruptedPods).toEqual({ p: "1970-01-01T00:00:00Z" });
    expect(charged.status.conditions).toBeUndefined();
    const last = chargeBudget(charged, "q", 0);
    expect(last.status.conditions).toMatchObject([
      { type: "DisruptionAllowed", status: "False", reason: "InsufficientPods" },
    ]);
  });

  const refusals = [
    [
      "allows none",
      { disruptionsAllowed: 0, desiredHealthy: 2, currentHealthy: 2 },
      429,
      "needs 2",
    ],
    ["is behind", { observedGeneration: 0, disruptionsAllowed: 1 }, 429, "still being processed"],
    ["is negative", { disruptionsAllowed: -1 }, 403, "negative"],
    [
      "waits for too many",
      {
        disruptionsAllowed: 1,
        disruptedPods: Object.fromEntries(
          Array.from({ length: DISRUPTED_PODS_MAX + 1 }, (_, index) => [`p${index}`, ""]),
        ),
      },
      403,
      "too big",
    ],
  ] as const;
  test.each(refusals)("that %s refuses", (_what, status, code, text) => {
    let refusal: unknown;
    try {
      chargeBudget(aBudget(status), "p", 0);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ status: { code } });
    expect(JSON.stringify(refusal)).toContain(text);
  });

  test("lets pods go that are not ready, where it is told to or enough others are", () => {
    const always = aBudget({}, { selector: {}, unhealthyPodEvictionPolicy: "AlwaysAllow" });
    expect(evictionNeedsBudget(always, aPod(false))).toBe(false);
    expect(evictionNeedsBudget(always, aPod(true))).toBe(true);
    const enough = aBudget({ currentHealthy: 2, desiredHealthy: 2 });
    expect(evictionNeedsBudget(enough, aPod(false))).toBe(false);
    expect(evictionNeedsBudget(aBudget({ desiredHealthy: 2 }), aPod(false))).toBe(true);
    expect(evictionNeedsBudget(aBudget({}), aPod(false))).toBe(true);
  });
});
