import { expect, test } from "vitest";
import { ReconcileLog } from "../reconcile-record.ts";
import { aReconcile } from "../testing/recorded-reconciles.ts";
import { hotControllers } from "./hot.ts";

test("who works most often without effect comes first, with what wakes it", () => {
  const log = new ReconcileLog();
  const object = { apiVersion: "v1", kind: "Pod", namespace: "default", name: "p" };
  const write = { verb: "create", object, revision: 5, isWithoutEffect: false };
  log.add(aReconcile({ id: "1", controller: "busy", writes: [write], causes: ["timer"] }));
  const causes = ["Pod default/a @4", "Pod default/b @5", "resync"];
  log.add(aReconcile({ id: "2", causes, key: "default/a" }));
  log.add(aReconcile({ id: "3", causes: ["Pod default/a @6"], key: "default/a" }));
  log.add(aReconcile({ id: "4", causes: ["timer"], error: "no" }));
  expect(hotControllers(log.figures(), 120_000)).toEqual([
    {
      controller: "web",
      reconciles: 3,
      withoutEffect: 2,
      failed: 1,
      busyMs: 6,
      sinceMs: -2,
      latest: { reconciles: 3, spanMs: 120_002, withoutEffectPerMinute: 1 },
      wakings: [
        { what: "Pod event", count: 2 },
        { what: "resync", count: 1 },
      ],
      keys: [{ what: "default/a", count: 2 }],
    },
    {
      controller: "busy",
      reconciles: 1,
      withoutEffect: 0,
      failed: 0,
      busyMs: 2,
      sinceMs: -2,
      latest: { reconciles: 1, spanMs: 120_002, withoutEffectPerMinute: 0 },
      wakings: [],
      keys: [],
    },
  ]);
});

test("who is hot now comes before who was hot once", () => {
  const log = new ReconcileLog(2);
  for (let at = 0; at < 9; at += 1) log.add(aReconcile({ id: `o${at}`, controller: "once" }));
  log.add(aReconcile({ id: "1", controller: "now", endMs: 3_590_000 }));
  log.add(aReconcile({ id: "2", controller: "now", endMs: 3_600_000 }));
  const hot = hotControllers(log.figures(), 3_600_000);
  expect(hot.map(({ controller }) => controller)).toEqual(["now", "once"]);
  expect(hot[0]?.latest).toEqual({ reconciles: 2, spanMs: 10_002, withoutEffectPerMinute: 2 });
});
