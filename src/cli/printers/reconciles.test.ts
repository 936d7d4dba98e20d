import { expect, test } from "vitest";
import { aReconcile } from "../../trace/testing/recorded-reconciles.ts";
import { hotFooter, hotRows, lagRows, reconcileLines } from "./reconciles.ts";

test("a reconcile is told with what it had read, and how old that was", () => {
  const object = { apiVersion: "apps/v1", kind: "ReplicaSet", namespace: "default", name: "web" };
  const list = { kind: "list", apiVersion: "v1", of: "Pod", count: 2, revision: 814 } as const;
  const fact = aReconcile({ causes: ["Pod default/web-1 @811"], readsDropped: 1 });
  const reads = [
    { kind: "object", object, revision: 812, behind: 3 },
    { kind: "object", object, revision: 0 },
    { ...list, selector: "" },
  ] as const;
  expect(reconcileLines({ ...fact, reads })).toEqual([
    "reconcile r-1 of default/p by web: success, 2 ms",
    "  woken by Pod default/web-1 @811",
    "  it had read ReplicaSet default/web at revision 812 (3 behind)",
    "  it had read that there is no ReplicaSet default/web",
    "  it had read 2 of kind Pod (all) at revision 814",
    "  and 1 more",
  ]);
});

test("tables of who works without effect, and of who is behind", () => {
  const latest = { reconciles: 4, spanMs: 120_000, withoutEffectPerMinute: 1.5 };
  const sums = { reconciles: 4, withoutEffect: 3, failed: 0, busyMs: 1_200, sinceMs: 0, latest };
  const wakings = [{ what: "Pod event", count: 3 }];
  const idle = { ...sums, controller: "b", withoutEffect: 0, wakings: [], keys: [] };
  const keys = [{ what: "", count: 3 }];
  const hiddenKeys = "what you may not read ×3";
  expect(hotRows([{ ...sums, controller: "a", wakings, keys }, idle])).toEqual([
    ["a", "4", "3 (75%)", "0", "1s", "4 in 2m", "1.5", "Pod event ×3", hiddenKeys],
  ]);
  expect(hotFooter([idle], 300_000).join(" ")).toContain("since controllers began, 5m ago");
  const view = { apiVersion: "v1", kind: "Pod", hasSynced: true, revision: 7, silentMs: 2_000 };
  const late = { ...view, kind: "Node", count: 1, behindMs: 61_000, error: "no answer" };
  expect(lagRows([{ ...view, count: 0 }, late])).toEqual([
    ["Node", "v1", "7", "1 change", "1m1s", "2s", "no answer"],
    ["Pod", "v1", "7", "0", "", "2s", "synced"],
  ]);
});
