import { describe, expect, test } from "vitest";
import type { PodDisruptionBudget } from "../../apis/policy/v1/types.generated.ts";
import type { Pod } from "../../client/builtin.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { DELETION_TIMEOUT_MS, expectationOf, needsScale, planBudget } from "./plan.ts";

const NOW_MS = 1_000_000_000_000;

function aBudget(
  spec: PodDisruptionBudget["spec"],
  status: PodDisruptionBudget["status"] = {},
): PodDisruptionBudget {
  const metadata = { name: "b", namespace: "default", generation: 2 };
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec, status };
}

function aPod(name: string, state: "ready" | "not ready" | "ending" = "ready"): Pod {
  const status = state === "not ready" ? "False" : "True";
  const deletionTimestamp = apiTime(NOW_MS);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", ...(state === "ending" ? { deletionTimestamp } : {}) },
    spec: { containers: [] },
    status: { conditions: [{ type: "Ready", status }] },
  };
}

describe("what a budget expects", () => {
  for (const { spec, pods, desiredHealthy, asksMakers } of [
    { spec: { minAvailable: 2 }, pods: 3, desiredHealthy: 2, asksMakers: false },
    { spec: { minAvailable: "50%" }, pods: 3, desiredHealthy: 2, asksMakers: true },
    { spec: { maxUnavailable: 1 }, pods: 3, desiredHealthy: 2, asksMakers: true },
    { spec: { maxUnavailable: 5 }, pods: 3, desiredHealthy: 0, asksMakers: true },
    { spec: { maxUnavailable: "30%" }, pods: 3, desiredHealthy: 2, asksMakers: true },
    { spec: { maxUnavailable: "100%" }, pods: 3, desiredHealthy: 0, asksMakers: true },
  ]) {
    test(`${JSON.stringify(spec)} of ${pods} is ${desiredHealthy} healthy ones`, () => {
      expect(expectationOf(spec, pods)).toEqual({ expectedPods: pods, desiredHealthy });
      expect(needsScale(spec)).toBe(asksMakers);
    });
  }

  test("neither limit set means none at all", () => {
    expect(expectationOf({}, 3)).toEqual({ expectedPods: 0, desiredHealthy: 0 });
  });
});

describe("budget plan", () => {
  const spec = { minAvailable: 1 };
  const expectation = { expectedPods: 3, desiredHealthy: 1 };

  test("counts ready pods that stay, and says what may go", () => {
    const pods = [aPod("a"), aPod("b"), aPod("c", "not ready"), aPod("d", "ending")];
    const { status, recheckAtMs } = planBudget(aBudget(spec), pods, expectation, NOW_MS);
    expect(status).toEqual({
      currentHealthy: 2,
      desiredHealthy: 1,
      expectedPods: 3,
      disruptionsAllowed: 1,
      observedGeneration: 2,
      conditions: [
        {
          type: "DisruptionAllowed",
          status: "True",
          reason: "SufficientPods",
          message: "",
          observedGeneration: 2,
          lastTransitionTime: apiTime(NOW_MS),
        },
      ],
    });
    expect(recheckAtMs).toBeUndefined();
  });

  test("says the very same when nothing has changed, so that nothing is written", () => {
    const pods = [aPod("a"), aPod("b")];
    const { status } = planBudget(aBudget(spec), pods, expectation, NOW_MS);
    const again = planBudget(aBudget(spec, status), pods, expectation, NOW_MS + 60_000);
    expect(again.status).toBe(status);
  });

  test("allows nothing where no pod is expected", () => {
    const nobody = { expectedPods: 0, desiredHealthy: 0 };
    const { status } = planBudget(aBudget(spec), [aPod("a")], nobody, NOW_MS);
    expect(status).toMatchObject({ disruptionsAllowed: 0 });
    expect(status.conditions?.[0]).toMatchObject({ status: "False", reason: "InsufficientPods" });
  });

  test("a pod whose eviction was let through is not healthy, for two minutes", () => {
    const evicted = { disruptedPods: { a: apiTime(NOW_MS), gone: apiTime(NOW_MS) } };
    const pods = [aPod("a"), aPod("b")];
    const soon = planBudget(aBudget(spec, evicted), pods, expectation, NOW_MS + 1_000);
    expect(soon.status).toMatchObject({
      currentHealthy: 1,
      disruptionsAllowed: 0,
      disruptedPods: { a: apiTime(NOW_MS) },
    });
    expect(soon.status.disruptedPods).not.toHaveProperty("gone");
    expect(soon.recheckAtMs).toBe(NOW_MS + DELETION_TIMEOUT_MS);
    const laterMs = NOW_MS + DELETION_TIMEOUT_MS + 1;
    const late = planBudget(aBudget(spec, evicted), pods, expectation, laterMs);
    expect(late.status.disruptedPods).toBeUndefined();
    expect(late.status).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 1 });
    expect(late.notDeleted.map(({ metadata }) => metadata.name)).toEqual(["a"]);
  });
});
