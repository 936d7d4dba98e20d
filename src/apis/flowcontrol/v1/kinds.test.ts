import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf } from "../../testing.ts";
import { flowSchemaStrategy } from "./flow-schema.ts";
import { MANDATORY_FLOW_SCHEMAS, MANDATORY_PRIORITY_LEVELS } from "./mandatory.ts";
import { priorityLevelStrategy } from "./priority-level.ts";

const priorityLevelConfiguration = { name: "low" };
const subject = { kind: "User", user: { name: "jane" } };
const resourceRule = {
  verbs: ["*"],
  apiGroups: ["*"],
  resources: ["*"],
  namespaces: ["*"],
};
const withRule = (rule: object): object => ({
  priorityLevelConfiguration,
  rules: [{ subjects: [subject], resourceRules: [resourceRule], ...rule }],
});

test("a schema is matched after those that say more", () => {
  const flowSchema = created(flowSchemaStrategy, { spec: withRule({}) });
  expect(flowSchema.spec.matchingPrecedence).toBe(1000);
  const row = flowSchemaStrategy.row(flowSchema, NOW_MS);
  expect([...row.slice(1, 4), row[5]]).toEqual(["low", 1000, "<none>", "?"]);
});

for (const { name, spec, told } of [
  { name: "a rule", spec: withRule({}), told: "" },
  {
    name: "no level",
    spec: {},
    told: "spec.priorityLevelConfiguration.name: Required value: must reference a priority level",
  },
  {
    name: "the first place",
    spec: { ...withRule({}), matchingPrecedence: 1 },
    told:
      "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have " +
      "matchingPrecedence 1",
  },
  {
    name: "a place behind the last",
    spec: { ...withRule({}), matchingPrecedence: 10_001 },
    told: "spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000",
  },
  {
    name: "a rule for nobody",
    spec: withRule({ subjects: [] }),
    told: "spec.rules[0].subjects: Required value: subjects must contain at least one value",
  },
  {
    name: "a subject of two kinds",
    spec: withRule({ subjects: [{ ...subject, group: { name: "g" } }] }),
    told:
      "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not " +
      "'Group'",
  },
  {
    name: "a rule about nothing",
    spec: withRule({ resourceRules: [] }),
    told:
      "spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to " +
      "be non-empty",
  },
  {
    name: "all verbs and one",
    spec: withRule({ resourceRules: [{ ...resourceRule, verbs: ["*", "get"] }] }),
    told:
      'spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if \'*\' is present, ' +
      "must not specify other verbs",
  },
  {
    name: "resources of nowhere",
    spec: withRule({ resourceRules: [{ ...resourceRule, namespaces: [] }] }),
    told:
      "spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not " +
      "cluster scoped must supply at least one namespace",
  },
  {
    name: "a path with a star inside",
    spec: withRule({ nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/a*b"] }] }),
    told:
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "/a*b": wildcard can ' +
      "only do suffix matching",
  },
]) {
  test(`a schema with ${name} is told: ${told}`, () => {
    expect(refusalOf(flowSchemaStrategy, { spec })).toBe(told);
  });
}

test("the first and the last schema and level are what they are", () => {
  for (const [name, spec] of MANDATORY_FLOW_SCHEMAS) {
    expect(refusalOf(flowSchemaStrategy, { metadata: { name }, spec })).toBe("");
    const changed = { ...spec, matchingPrecedence: 9 };
    expect(refusalOf(flowSchemaStrategy, { metadata: { name }, spec: changed })).toContain(
      `spec of '${name}' must equal the fixed value`,
    );
  }
  for (const [name, spec] of MANDATORY_PRIORITY_LEVELS) {
    expect(refusalOf(priorityLevelStrategy, { metadata: { name }, spec })).toBe("");
  }
  const exempt = { type: "Exempt", exempt: { lendablePercent: 50 } };
  expect(refusalOf(priorityLevelStrategy, { metadata: { name: "exempt" }, spec: exempt })).toBe("");
});

const queue = (queuing: object): object => ({
  type: "Limited",
  limited: { limitResponse: { type: "Queue", queuing } },
});

test("a level has shares and queues unless it says otherwise", () => {
  const level = created(priorityLevelStrategy, { spec: queue({}) });
  expect(level.spec.limited).toEqual({
    lendablePercent: 0,
    limitResponse: { type: "Queue", queuing: { handSize: 8, queues: 64, queueLengthLimit: 50 } },
    nominalConcurrencyShares: 30,
  });
  expect(priorityLevelStrategy.row(level, NOW_MS).slice(1, 6)).toEqual(["Limited", 30, 64, 8, 50]);
});

for (const { name, spec, told } of [
  {
    name: "a name of its own and no limits",
    spec: { type: "Exempt" },
    told:
      "spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is " +
      "'exempt'",
  },
  {
    name: "limits it does not say",
    spec: { type: "Limited" },
    told: "spec.limited: Required value: must not be empty when type is Limited",
  },
  {
    name: "a type that is none",
    spec: { type: "Some" },
    told: 'spec.type: Unsupported value: "Some": supported values: "Exempt", "Limited"',
  },
  {
    name: "queues it does not have",
    spec: { type: "Limited", limited: { limitResponse: { type: "Queue" } } },
    told:
      "spec.limited.limitResponse.queuing: Required value: must not be empty if " +
      "limited.limitResponse.type is Limited",
  },
  {
    name: "hands larger than the deck",
    spec: queue({ queues: 4, handSize: 5 }),
    told:
      "spec.limited.limitResponse.queuing.handSize: Invalid value: 5: should not be greater than " +
      "queues (4)",
  },
  {
    name: "more hands than a hash can tell apart",
    spec: queue({ queues: 512, handSize: 8 }),
    told:
      "spec.limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy bits of " +
      "deckSize 512 and handSize 8 should not be greater than 60",
  },
]) {
  test(`a level with ${name} is refused`, () => {
    expect(refusalOf(priorityLevelStrategy, { spec })).toBe(told);
  });
}

test("conditions are of different types", () => {
  const flowSchema = created(flowSchemaStrategy, { spec: withRule({}) });
  const status = { conditions: [{ type: "Dangling" }, { type: "Dangling" }] };
  const errors = flowSchemaStrategy.status?.validateUpdate({ ...flowSchema, status }, flowSchema);
  expect(errors).toMatchObject([
    { field: "status.conditions[1].type", type: "FieldValueDuplicate" },
  ]);
});
