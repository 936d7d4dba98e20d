import { expect, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { virtualEnv } from "../../base/virtual/virtual-env.ts";
import { ReconcileQueue } from "./reconcile-queue.ts";

const LABELS = { name: "w", controller: "w" };

test("retries are all adds with a delay: after a failure, to look later, of a key in line", () => {
  const metrics = createMetrics();
  const options = { name: "w", retryMsMin: 5, retryMsMax: 1_000 };
  const queue = new ReconcileQueue(options, { env: virtualEnv(), metrics });
  const retries = metrics.counter("workqueue_retries_total", "");
  const adds = metrics.counter("workqueue_adds_total", "");
  queue.add("a", []);
  expect(retries.value(LABELS)).toBe(0);
  queue.retry("b", []);
  expect(retries.value(LABELS)).toBe(1);
  queue.addAfter("c", [], 60_000);
  expect(retries.value(LABELS)).toBe(2);
  queue.addAfter("a", [], 60_000);
  expect(retries.value(LABELS)).toBe(3);
  queue.addAfter("d", [], 0);
  expect(retries.value(LABELS)).toBe(3);
  expect(adds.value(LABELS)).toBe(2); // `a` and `d`; the others when their time has come
});
