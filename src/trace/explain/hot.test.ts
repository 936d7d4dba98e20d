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
  expect(hotControllers(log.figures())).toEqual([
    {
      controller: "web",
      reconciles: 3,
      withoutEffect: 2,
      failed: 1,
      busyMs: 6,
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
      wakings: [],
      keys: [],
    },
  ]);
});
