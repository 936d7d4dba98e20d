import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, updateRefusalOf } from "../../testing.ts";
import { priorityClassStrategy } from "./priority-class.ts";

const named = (name: string, fields: object): object => ({ metadata: { name }, ...fields });

test("a class has a value, a policy and a generation that stays", () => {
  const priorityClass = created(priorityClassStrategy, {});
  expect(priorityClass).toMatchObject({
    value: 0,
    preemptionPolicy: "PreemptLowerPriority",
    metadata: { generation: 1 },
  });
  const row = priorityClassStrategy.row(priorityClass, NOW_MS);
  expect([...row.slice(1, 3), row[4]]).toEqual([0, false, "PreemptLowerPriority"]);
});

const RESERVED =
  "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system " +
  "use only. error: ";

for (const { name, sent, told } of [
  {
    name: "a value of the system",
    sent: { value: 1_000_000_001 },
    told: "value: Forbidden: maximum allowed value of a user defined priority is 1000000000",
  },
  {
    name: "a name of the system",
    sent: named("system-mine", {}),
    told: `${RESERVED}system-mine is not a known system priority class`,
  },
  {
    name: "the name of a class of the system and another value",
    sent: named("system-node-critical", { value: 1 }),
    told: `${RESERVED}value of system-node-critical PriorityClass must be 2000001000`,
  },
  {
    name: "the name and value of a class of the system",
    sent: named("system-node-critical", { value: 2_000_001_000 }),
    told: "",
  },
  {
    name: "a policy that is none",
    sent: { preemptionPolicy: "Always" },
    told:
      'preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", ' +
      '"Never"',
  },
]) {
  test(`a class with ${name} is told: ${told}`, () => {
    expect(refusalOf(priorityClassStrategy, { ...sent })).toBe(told);
  });
}

test("a value stays", () => {
  const old = created(priorityClassStrategy, { value: 1 });
  const change = (fields: object): string =>
    updateRefusalOf(priorityClassStrategy, old, (same) => ({ ...same, ...fields }));
  expect(change({ value: 2 })).toBe("value: Forbidden: may not be changed in an update.");
  expect(change({ preemptionPolicy: "Never" })).toBe(
    'preemptionPolicy: Invalid value: "Never": field is immutable',
  );
  expect(change({ globalDefault: true })).toBe("");
});
