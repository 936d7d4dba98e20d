import { expect, test } from "vitest";
import { rolloutBudget } from "./rollout-budget.ts";
import { aDeployment } from "./testing.ts";

for (const { replicas, surge, unavailable, is } of [
  { replicas: 10, surge: undefined, unavailable: undefined, is: "3 2" }, // 25 % each
  { replicas: 4, surge: undefined, unavailable: undefined, is: "1 1" },
  { replicas: 3, surge: undefined, unavailable: undefined, is: "1 0" },
  { replicas: 1, surge: undefined, unavailable: undefined, is: "1 0" },
  { replicas: 0, surge: undefined, unavailable: undefined, is: "0 0" },
  { replicas: 10, surge: 2, unavailable: 3, is: "2 3" },
  { replicas: 10, surge: 0, unavailable: 0, is: "0 1" },
  { replicas: 10, surge: "0%", unavailable: "1%", is: "0 1" },
  { replicas: 10, surge: "1%", unavailable: "19%", is: "1 1" },
  { replicas: 2, surge: "100%", unavailable: "100%", is: "2 2" },
  { replicas: 2, surge: 0, unavailable: 5, is: "0 2" },
  { replicas: 10, surge: "x", unavailable: "5", is: "0 1" },
]) {
  test(`of ${replicas} with surge ${surge} and unavailable ${unavailable} is ${is}`, () => {
    const rollingUpdate = {
      ...(surge === undefined ? {} : { maxSurge: surge }),
      ...(unavailable === undefined ? {} : { maxUnavailable: unavailable }),
    };
    const deployment = aDeployment({
      replicas,
      strategy: { type: "RollingUpdate", rollingUpdate },
    });
    const budget = rolloutBudget(deployment);
    expect(`${budget.maxSurge} ${budget.maxUnavailable}`).toBe(is);
  });
}

test("Recreate has no budget", () => {
  const deployment = aDeployment({ replicas: 10, strategy: { type: "Recreate" } });
  expect(rolloutBudget(deployment)).toEqual({ maxSurge: 0, maxUnavailable: 0 });
});
