import { expect, test } from "vitest";
import { goStruct } from "../../go-struct.ts";
import { behaviorStruct, readBehavior } from "./behavior-annotation.ts";

const policy = { type: "Pods", value: 4, periodSeconds: 15 };
const behavior = { scaleUp: { selectPolicy: "Max", policies: [policy] } };

test("what is noted of an autoscaler's behaviour is read back", () => {
  const noted = goStruct(behavior, behaviorStruct);
  expect(noted).toEqual({
    ScaleUp: {
      StabilizationWindowSeconds: null,
      SelectPolicy: "Max",
      Policies: [{ Type: "Pods", Value: 4, PeriodSeconds: 15 }],
      Tolerance: null,
    },
    ScaleDown: null,
  });
  expect(readBehavior(JSON.parse(JSON.stringify(noted)))).toEqual(behavior);
});

test("names of fields are read in any case, and names of none are left out", () => {
  const sent = JSON.parse('{"SCALEUP": {"selectpolicy": "Max"}, "__proto__": {"Value": 1}}');
  expect(readBehavior(sent)).toEqual({ scaleUp: { selectPolicy: "Max" } });
});
