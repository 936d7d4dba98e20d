import { expect, test } from "vitest";
import type { PolicyRule } from "../../apis/rbac/v1/types.generated.ts";
import { isCovered } from "./rbac-plan.ts";

const rule = (verbs: string, resources: string, names = ""): PolicyRule => ({
  verbs: verbs.split(" "),
  apiGroups: [""],
  resources: resources.split(" "),
  ...(names === "" ? {} : { resourceNames: names.split(" ") }),
});

for (const { name, wanted, present, covered } of [
  {
    name: "by several rules together",
    wanted: rule("get list", "pods secrets"),
    present: [rule("get", "pods secrets"), rule("list", "pods"), rule("*", "secrets")],
    covered: true,
  },
  {
    name: "not when a single verb of a single resource is missing",
    wanted: rule("get list", "pods secrets"),
    present: [rule("get list", "pods"), rule("get", "secrets")],
    covered: false,
  },
  {
    name: "not by rules for some names",
    wanted: rule("get", "pods"),
    present: [rule("get", "pods", "a")],
    covered: false,
  },
  {
    name: "for some names by a rule for all",
    wanted: rule("get", "pods", "a b"),
    present: [rule("get", "pods")],
    covered: true,
  },
  {
    name: "for paths by paths alone",
    wanted: { verbs: ["get"], nonResourceURLs: ["/healthz"] },
    present: [rule("*", "*")],
    covered: false,
  },
]) {
  test(`a rule is covered ${name}`, () => {
    expect(isCovered(wanted, present)).toBe(covered);
  });
}
