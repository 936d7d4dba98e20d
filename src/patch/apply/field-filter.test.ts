import fc from "fast-check";
import { expect, test } from "vitest";
import { excluding, includingOnly } from "./field-filter.ts";
import { difference, isEmptySet, namedFields, setText } from "./field-set.ts";
import { anySet, aSet } from "./testing/apply-model.ts";

test("fields of other endpoints go with all that is in them", () => {
  const set = aSet(["spec", "a"], ["status"], ["status", "b"], ["metadata", "labels", "c"]);
  const filter = excluding(namedFields([["status"], ["metadata", "labels"]]));
  expect(setText(filter(set))).toBe(".spec.a");
});

test("an endpoint of nested fields has these and the way to them", () => {
  const set = aSet(
    ["spec"],
    ["spec", "containers", { name: "a" }],
    ["spec", "containers", { name: "a" }, "resources", "limits", "cpu"],
    ["spec", "containers", { name: "a" }, "image"],
    ["spec", "nodeName"],
    ["status", "phase"],
  );
  const filter = includingOnly([["spec", "containers", "*", "resources"]]);
  expect(setText(filter(set))).toBe(
    '.spec\n.spec.containers[name="a"]\n.spec.containers[name="a"].resources.limits.cpu',
  );
});

test("a filter adds nothing", () => {
  const filters = [excluding(namedFields([["a"]])), includingOnly([["a", "*"], ["b"]])];
  fc.assert(
    fc.property(anySet, fc.constantFrom(...filters), (set, filter) => {
      expect(isEmptySet(difference(filter(set), set))).toBe(true);
      expect(setText(filter(filter(set)))).toBe(setText(filter(set)));
    }),
  );
});
