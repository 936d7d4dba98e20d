import { describe, expect, test } from "vitest";
import { isTolerated, tolerates, type TaintShape, type TolerationShape } from "./taints.ts";

describe("tolerations", () => {
  const taint: TaintShape = { key: "k", value: "v", effect: "NoExecute" };
  const cases: readonly (readonly [string, TolerationShape, boolean])[] = [
    ["the same key and value, whatever the effect", { key: "k", value: "v" }, true],
    ["Equal is the default operator", { key: "k", operator: "Equal", value: "v" }, true],
    ["another value", { key: "k", value: "w" }, false],
    ["no value", { key: "k" }, false],
    ["another key", { key: "j", operator: "Exists" }, false],
    ["the key with any value", { key: "k", operator: "Exists" }, true],
    ["every taint", { operator: "Exists" }, true],
    ["every taint of another effect", { operator: "Exists", effect: "NoSchedule" }, false],
    ["neither key nor operator", { value: "v" }, false],
    ["an unknown operator", { key: "k", operator: "Like", value: "v" }, false],
  ];
  for (const [name, toleration, expected] of cases) {
    test(name, () => expect(tolerates(toleration, taint)).toBe(expected));
  }

  test("a taint without a value is met by a toleration without one", () => {
    expect(tolerates({ key: "k" }, { key: "k", effect: "NoSchedule" })).toBe(true);
  });

  test("one toleration of several is enough, and none is not", () => {
    expect(isTolerated(taint, [{ key: "j" }, { operator: "Exists" }])).toBe(true);
    expect(isTolerated(taint, [])).toBe(false);
    expect(isTolerated(taint, undefined)).toBe(false);
  });
});
