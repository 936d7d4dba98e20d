import { expect, test } from "vitest";
import { storyOf } from "../../trace/explain/why.ts";
import {
  aCause,
  aChange,
  ofController,
  recordedFacts,
} from "../../trace/testing/recorded-facts.ts";
import { changeLine, storyLines, withoutStatus } from "./story.ts";

test("a story is a tree of what led to what, with who, when and which field", async () => {
  const fields = [{ field: "spec.replicas", before: "2", after: "3" }];
  const facts = recordedFacts([
    aChange({ revision: 5, fields, cause: aCause({ verb: "patch" }) }),
    aChange({
      revision: 7,
      what: "created",
      cause: {
        ...ofController("replicaset", [3, 5]),
        roots: ["retry"],
        edits: ["defaults", "ServiceAccount", "webhook sidecars.example.com"],
      },
    }),
  ]);
  const story = await storyOf(7, facts);
  expect(story === undefined ? [] : storyLines(story)).toEqual([
    "1970-01-01T00:00:00.000Z @7 Pod default/web created by " +
      "system:serviceaccount:kube-system:replicaset, update (on its way changed by " +
      "ServiceAccount, webhook sidecars.example.com)",
    "├─ 1970-01-01T00:00:00.000Z @5 Pod default/web changed by alice (kubectl), patch: " +
      "spec.replicas 2 -> 3",
    "│  └─ it was asked for: this is where it began",
    "├─ the try before had failed",
    "└─ led to by @3, older than what is kept",
  ]);
});

test("history without status leaves out changes of it alone, and is short in its values", () => {
  const status = { field: "status.replicas", before: "1", after: "2" };
  const spec = { field: "spec.text", before: `"${"x".repeat(100)}"`, after: "1" };
  const told = withoutStatus([
    aChange({ revision: 9, fields: [status, spec] }),
    aChange({ revision: 8, fields: [status] }),
    aChange({ revision: 7, isOlderThanKept: true }),
  ]);
  expect(told.map(({ revision, fields }) => [revision, fields])).toEqual([
    [9, [spec]],
    [7, []],
  ]);
  const lines = told.map((change) => changeLine(change).replace(/^\S+ /, ""));
  expect(lines).toEqual([
    `@9 Pod default/web changed by alice (kubectl), update: spec.text "${"x".repeat(38)}… -> 1`,
    "@7 Pod default/web there already, changed by alice (kubectl), update",
  ]);
});
