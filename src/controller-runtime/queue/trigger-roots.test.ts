import { expect, test } from "vitest";
import type { Trigger } from "../sources/source.ts";
import { revisionsOf, rootsOf } from "./trigger-set.ts";

test("what woke a key is told as revisions, and as roots where it was no change", () => {
  const event = { kind: "event", revision: 7, object: "Pod default/a" } as const;
  const cluster = { kind: "cluster", cluster: "west", object: "Pod default/a" } as const;
  const cases: readonly (readonly [readonly Trigger[], readonly string[] | undefined])[] = [
    [[event], undefined],
    [[event, { kind: "retry" }], ["retry"]],
    [
      [{ kind: "resync" }, { kind: "timer" }, { kind: "initial" }],
      ["start", "timer", "resync"],
    ],
    [[cluster, { kind: "external" }], ["external"]],
  ];
  for (const [triggers, roots] of cases) expect(rootsOf(triggers)).toEqual(roots);
  expect(revisionsOf([event, { kind: "retry" }, event])).toEqual([7]);
});
