import { expect, test } from "vitest";
import { createMetrics } from "../../base/metrics.ts";
import { DepthMetric, PRIORITIES_MAX } from "./depth-metric.ts";
import { WorkQueue } from "./work-queue.ts";

test("so many priorities are told apart, the rest is counted together", () => {
  const metrics = createMetrics();
  const queue = new WorkQueue(() => 0);
  const depth = new DepthMetric(metrics, "w", queue);
  for (let priority = 0; priority < PRIORITIES_MAX + 3; priority += 1) {
    depth.see(priority);
    queue.add(`key-${priority}`, [], priority);
  }
  const lines = metrics.text().split("\n");
  const samples = lines.filter((line) => line.startsWith("workqueue_depth{"));
  expect(samples).toHaveLength(PRIORITIES_MAX + 1);
  expect(samples).toContain('workqueue_depth{controller="w",name="w",priority="24"} 1');
  expect(samples).toContain(
    'workqueue_depth{controller="w",name="w",priority="exceeded_cardinality_limit"} 3',
  );
});
