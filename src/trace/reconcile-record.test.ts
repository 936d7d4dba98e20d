import { expect, test } from "vitest";
import { aReconcile } from "./testing/recorded-reconciles.ts";
import { ReconcileLog } from "./reconcile-record.ts";

test("keeps the newest reconciles of each controller, and sums over all", () => {
  const log = new ReconcileLog(2);
  const object = { apiVersion: "v1", kind: "Pod", namespace: "default", name: "p" };
  const write = { verb: "create", object, revision: 5, isWithoutEffect: false };
  log.add(aReconcile({ id: "1", writes: [write] }));
  log.add(aReconcile({ id: "2", writes: [{ ...write, isWithoutEffect: true }] }));
  log.add(aReconcile({ id: "3", error: "no" }));
  log.add(aReconcile({ id: "4", controller: "other" }));
  expect(log.find("1")).toBeUndefined();
  expect(log.find("2")?.id).toBe("2");
  expect(
    log.figures().map(({ recent, ...sums }) => ({ ...sums, recent: recent.map(({ id }) => id) })),
  ).toEqual([
    {
      controller: "web",
      reconciles: 3,
      withoutEffect: 1,
      failed: 1,
      busyMs: 6,
      sinceMs: -2,
      recent: ["2", "3"],
    },
    {
      controller: "other",
      reconciles: 1,
      withoutEffect: 1,
      failed: 0,
      busyMs: 2,
      sinceMs: -2,
      recent: ["4"],
    },
  ]);
  expect(() => new ReconcileLog(0)).toThrow("at least one of each, not 0");
});
