import { expect, test } from "vitest";
import { ConfigMap } from "../../client/builtin.ts";
import type { MakeOracle } from "../oracles/oracle.ts";
import { sameAsWithoutFaults } from "../oracles/reference.ts";
import { create } from "../scenario/operation.ts";
import { simulate } from "../simulate.ts";
import { createA, probeSystem, type Act } from "../testing/probe.ts";
import { explore } from "./explore.ts";
import { calmRun } from "./calm-run.ts";
import { found } from "../simulate.ts";

const operations = [create(ConfigMap, { metadata: { name: "b" } })];

/** Creates `a` unless it did so in an earlier run. */
function forgetful(): Act {
  let isDone = false;
  return async (client, context) => {
    if (isDone) return "nothing";
    isDone = true;
    return createA(client, context);
  };
}

test("state of a module that changes the second run is said to be that", async () => {
  const { system } = await probeSystem(forgetful(), { operations });
  await expect(calmRun(system, 1)).rejects.toThrow(/^two runs without faults differ: .*Date\.now/);
});

test("a run that is compared with one without faults does not hide that", async () => {
  const { system } = await probeSystem(forgetful(), { operations });
  const [{ make }] = [sameAsWithoutFaults()];
  const compared = { ...system, oracles: [make], needsReference: true };
  await expect(calmRun(compared, 1)).rejects.toThrow("two runs without faults differ");
});

test("a system that is the same each time begins with that run", async () => {
  const { system } = await probeSystem(createA, { operations });
  const result = await calmRun(system, 1);
  expect(result.violation).toBeUndefined();
  expect(result.points.length).toBeGreaterThan(0);
  await expect(simulate({ scenario: operations, runs: 1 })).resolves.toMatchObject({ runs: 1 });
});

test("a failure that does not come again is no story", async () => {
  const { system } = await probeSystem(createA, { operations });
  let runs = 0;
  const oracle: MakeOracle = () => {
    runs += 1;
    const isThird = runs === 3;
    return { name: "third", atRest: () => (isThird ? "it is the third run" : undefined) };
  };
  const fickle = { ...system, oracles: [oracle] };
  const budget = { runs: 5, hasTime: () => true };
  const explored = await explore(fickle, { seed: 1, allowed: new Set(["call"]), budget });
  if (explored.failure === undefined) throw new Error("the third run did not fail");
  await expect(found(fickle, { ...explored.failure, runs: explored.runs }, "")).rejects.toThrow(
    "a run that failed (third: it is the third run) does not fail again",
  );
});
