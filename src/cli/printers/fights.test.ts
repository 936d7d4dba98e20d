import { expect, test } from "vitest";
import { consequencesOf } from "../../trace/explain/consequences.ts";
import { fightsIn } from "../../trace/explain/fights.ts";
import {
  aCause,
  aChange,
  ofController,
  recordedFacts,
} from "../../trace/testing/recorded-facts.ts";
import { consequenceLines, fightLines } from "./fights.ts";

test("a fight is told with who wants what, how often, and where to look further", () => {
  const blows = Array.from({ length: 6 }, (_, index) => {
    const after = String(index % 2);
    const cause = aCause({ user: index % 2 === 0 ? "alice" : "bob", timeMs: index * 10_000 });
    return aChange({ revision: index + 1, cause, fields: [{ field: "spec.replicas", after }] });
  });
  const fights = fightsIn(blows.toReversed());
  expect(fightLines(fights, 55_000)).toEqual([
    "spec.replicas went back 4 times in 50s, from @1 to @6; " +
      "`setpoint why --revision 6` tells why it was done last",
    "  alice (kubectl) wants 0, the last time at @5",
    "  bob (kubectl) wants 1, the last time at @6",
  ]);
  expect(fightLines(fights, 110_000)[0]).toContain(
    "from @1 to @6; quiet since 1970-01-01T00:00:50Z (1m); `setpoint why",
  );
  const carol = { user: "carol", actor: "kubectl", value: "7", revision: 9 };
  const [settled = ""] = fightLines(
    fights.map((each) => ({ ...each, how: "new-values", since: carol })),
    51_000,
  );
  expect(settled).toContain("spec.replicas was written in turn 4 times in 50s, from @1 to @6, ");
  expect(settled).toContain("each time another value; quiet since 1970-01-01T00:00:50Z (1s), ");
  expect(settled).toContain("and carol (kubectl) set 7 at @9");
});

test("consequences are a tree in which each change is told once", async () => {
  const changes = [
    aChange({ revision: 1 }),
    aChange({ revision: 2, cause: ofController("a", [1]) }),
    aChange({ revision: 3, cause: ofController("b", [1, 2]) }),
    aChange({ revision: 4, cause: ofController("c", [1]) }),
  ];
  const consequences = await consequencesOf(1, recordedFacts(changes));
  const lines = consequences === undefined ? [] : consequenceLines(consequences);
  expect(lines.map((line) => line.replace(/1970.*(@\d).* by .*?, update/, "$1"))).toEqual([
    "@1",
    "├─ @2",
    "│  └─ @3 (led to by @1, too)",
    "└─ @4",
    "3 changes followed",
  ]);
});
