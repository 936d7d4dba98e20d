import { expect, test } from "vitest";
import { created, refusalOf, updateRefusalOf } from "../../testing.ts";
import { runtimeClassStrategy } from "./runtime-class.ts";

for (const { name, sent, told } of [
  { name: "a handler", sent: { handler: "runc" }, told: "" },
  { name: "no handler", sent: {}, told: "handler: Required value" },
  {
    name: "an overhead of what nobody counts",
    sent: { handler: "runc", overhead: { podFixed: { disk: "1" } } },
    told: 'overhead.limits[disk]: Invalid value: "disk"',
  },
  {
    name: "a selector that is none",
    sent: { handler: "runc", scheduling: { nodeSelector: { "a/b/c": "d" } } },
    told: 'scheduling.nodeSelector: Invalid value: "a/b/c"',
  },
  {
    name: "a toleration of no key",
    sent: { handler: "runc", scheduling: { tolerations: [{ operator: "Equal" }] } },
    told: "scheduling.tolerations[0].operator: Invalid value",
  },
]) {
  test(`a class with ${name} is told: ${told}`, () => {
    const refusal = refusalOf(runtimeClassStrategy, sent);
    if (told === "") expect(refusal).toBe("");
    else expect(refusal).toContain(told);
  });
}

test("a handler stays", () => {
  const old = created(runtimeClassStrategy, { handler: "runc" });
  expect(updateRefusalOf(runtimeClassStrategy, old, (same) => ({ ...same, handler: "crun" }))).toBe(
    'handler: Invalid value: "crun": field is immutable',
  );
});
