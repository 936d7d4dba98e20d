import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { ConfigMap } from "../../client/builtin.ts";
import { defineResource } from "../../client/resource/define-resource.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { createTestWorld } from "../../test-kit/test-world.ts";
import { controller } from "../declared/controller.ts";
import { dependent } from "../dependents/dependent.ts";
import { defineConditions } from "./define-conditions.ts";
import { summaryOf, type SummaryPart } from "./summary.ts";

const SiteConditions = defineConditions({
  PartsReady: { reasons: ["AllReady", "Waiting"] },
  Reachable: { reasons: ["Answers", "Silent"] },
  BackedUp: { reasons: ["Done", "Late"], severity: "warning" },
  Degraded: { reasons: ["FewReplicas", "AsExpected"], polarity: "negative" },
});

test("misspelt types and reasons do not compile, and are refused at run time", () => {
  type Set = typeof SiteConditions.set;
  expectTypeOf<Parameters<Set>[1]>().toEqualTypeOf<
    "PartsReady" | "Reachable" | "BackedUp" | "Degraded"
  >();
  const conditions: never[] = [];
  const status = { conditions, condition: () => undefined, generation: 1 };
  // @ts-expect-error a type that is not declared
  expect(() => SiteConditions.set({ status }, "Reachble", true, "Answers")).toThrow(TypeError);
  // @ts-expect-error a reason of another condition
  expect(() => SiteConditions.set({ status }, "Reachable", true, "Done")).toThrow(TypeError);
});

test.each([
  [{ Ready: { reasons: ["A"] } }, "Ready is the summary"],
  [{ "not a name": { reasons: ["A"] } }, 'condition "not a name"'],
  [{ A: { reasons: ["not a reason"] } }, 'not "not a reason"'],
  [{ A: { reasons: [] } }, "reasons are CamelCase words"],
  [{}, "none are declared"],
])("names that a server would refuse are refused at once", (declarations, message) => {
  expect(() => defineConditions(declarations)).toThrow(message);
});

describe("the summary", () => {
  const parts: readonly SummaryPart[] = [
    { type: "A", severity: "error", good: "True" },
    { type: "N", severity: "error", good: "False" },
    { type: "W", severity: "warning", good: "True" },
    { type: "I", severity: "info", good: "True" },
  ];
  const sum = (a: string, n: string, w = "True", i = "True") => {
    const states = { A: a, N: n, W: w, I: i };
    const conditions = Object.entries(states)
      .filter(([, status]) => status !== "")
      .map(([type, status]) => ({ type, status, reason: `R${type}`, message: `m${type}` }));
    const { status, reason, message } = summaryOf(parts, conditions, undefined);
    return `${status} ${reason} ${message}`;
  };

  test.each([
    [["True", "False"], "True AllGood "],
    [["False", "False"], "False RA A: mA"],
    [["False", "True"], "False RA A: mA; N: mN"],
    [["True", "True"], "False RN N: mN"],
    [["Unknown", "False"], "Unknown RA A: mA"],
    [["Unknown", "True"], "False RN N: mN"],
    [["", "False"], "Unknown NotYetKnown A: NotYetKnown"],
    [["True", "False", "False"], "True RW W: mW"],
    [["True", "False", "Unknown"], "True AllGood "],
    [["True", "False", "True", "False"], "True AllGood "],
  ])("%j is %s", ([a = "", n = "", w, i], expected) => {
    expect(sum(a, n, w, i)).toBe(expected);
  });

  test("what was said for an earlier generation is not known for this one", () => {
    const old = { type: "A", status: "True", reason: "R", observedGeneration: 1 };
    const [part] = parts;
    expect(part).toBeDefined();
    expect(summaryOf(part === undefined ? [] : [part], [old], 2)).toMatchObject({
      status: "Unknown",
      message: "A: not known for the newest spec",
    });
  });
});

const Site = defineResource({
  group: "example.dev",
  version: "v1",
  kind: "Site",
  spec: z.object({ isUp: z.boolean().default(true) }),
});
const HOME = "{apiVersion: example.dev/v1, kind: Site, metadata: {name: home}, spec: {}}";

test("all are told from the first time on, and Ready follows, dependents included", async () => {
  const sites = controller(Site, {
    conditions: SiteConditions,
    dependentsCondition: "PartsReady",
    dependents: [dependent(ConfigMap, { desired: () => ({ metadata: { name: "a" } }) })],
    reconcile: ({ spec: { isUp } }, ctx) => {
      SiteConditions.set(ctx, "Degraded", false, "AsExpected");
      if (isUp) SiteConditions.set(ctx, "Reachable", true, "Answers");
      return Promise.resolve(ctx.done());
    },
  });
  await using world = await createTestWorld({ controllers: [sites], manifests: HOME });
  await world.eventually(() => world.get(ConfigMap, "a"));
  await world.quiet();
  const conditions = async () => (await world.get(Site, "home"))?.status?.conditions;
  const texts = (await conditions())?.map(({ type, status }) => `${type} ${status}`);
  expect(texts?.toSorted()).toEqual([
    "BackedUp Unknown",
    "Degraded False",
    "PartsReady True",
    "Reachable True",
    "Ready True",
  ]);
  const before = findCondition(await conditions(), "Ready");
  await world.advance("1h");
  await world.change(Site, "home", { spec: { isUp: false } });
  await world.quiet();
  const after = findCondition(await conditions(), "Ready");
  expect(after).toMatchObject({
    status: "Unknown",
    reason: "NotYetKnown",
    message: "Reachable: not known for the newest spec",
    observedGeneration: 2,
  });
  expect(after?.lastTransitionTime).not.toBe(before?.lastTransitionTime);
  expect(findCondition(await conditions(), "Degraded")?.lastTransitionTime).toBe(
    before?.lastTransitionTime,
  );
});
