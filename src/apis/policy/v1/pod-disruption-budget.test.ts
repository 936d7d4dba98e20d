import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, updateRefusalOf } from "../../testing.ts";
import { podDisruptionBudgetStrategy } from "./pod-disruption-budget.ts";

test("a new budget allows nothing until a controller has counted", () => {
  const budget = created(podDisruptionBudgetStrategy, { spec: { minAvailable: "50%" } });
  expect(budget.status).toEqual({
    currentHealthy: 0,
    desiredHealthy: 0,
    disruptionsAllowed: 0,
    expectedPods: 0,
  });
  expect(podDisruptionBudgetStrategy.row(budget, NOW_MS)).toEqual([
    "x",
    "50%",
    "N/A",
    0,
    "<unknown>",
  ]);
});

for (const { name, spec, told } of [
  {
    name: "two bounds",
    spec: { minAvailable: 1, maxUnavailable: 1 },
    told: 'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
  },
  {
    name: "fewer than none",
    spec: { maxUnavailable: -1 },
    told: "spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0",
  },
  {
    name: "more than all",
    spec: { minAvailable: "101%" },
    told: 'spec.minAvailable: Invalid value: "101%": must not be greater than 100%',
  },
  {
    name: "an unknown policy",
    spec: { minAvailable: 1, unhealthyPodEvictionPolicy: "Never" },
    told: 'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
  },
  {
    name: "a selector that asks for no value",
    spec: { selector: { matchExpressions: [{ key: "a", operator: "In" }] } },
    told: "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
  },
] as const) {
  test(`a budget is refused for ${name}`, () => {
    expect(refusalOf(podDisruptionBudgetStrategy, { spec })).toBe(told);
  });
}

test("a budget can be changed as a whole, but its status counts from zero on", () => {
  const old = created(podDisruptionBudgetStrategy, { spec: { minAvailable: 1 } });
  expect(
    updateRefusalOf(podDisruptionBudgetStrategy, old, (b) => ({
      ...b,
      spec: { maxUnavailable: 2 },
    })),
  ).toBe("");
  const status = { ...old.status, currentHealthy: -1 };
  const errors = podDisruptionBudgetStrategy.status?.validateUpdate({ ...old, status }, old);
  expect(errors?.map(({ field }) => field)).toEqual(["status.currentHealthy"]);
});
