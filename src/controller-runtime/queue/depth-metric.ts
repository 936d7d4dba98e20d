/** `workqueue_depth` by priority, with a bound on the series that users can make with it. */
import type { Gauge, Metrics } from "../../base/metrics.ts";
import { NORMAL_PRIORITY } from "./priority.ts";
import type { WorkQueue } from "./work-queue.ts";

/** Priorities that are told apart; the rest is counted together. */
export const PRIORITIES_MAX = 25;

const REST = "exceeded_cardinality_limit";

export class DepthMetric {
  readonly #gauge: Gauge;
  readonly #name: string;
  readonly #queue: Pick<WorkQueue, "depth" | "depthOf">;
  readonly #seen = new Set<number>();
  #hasRest = false;

  constructor(metrics: Metrics, name: string, queue: Pick<WorkQueue, "depth" | "depthOf">) {
    this.#gauge = metrics.gauge("workqueue_depth", "Keys that wait for a worker");
    this.#name = name;
    this.#queue = queue;
    this.see(NORMAL_PRIORITY);
  }

  /** Makes the series of a priority, the first time. */
  see(priority: number): void {
    if (this.#seen.has(priority)) return;
    if (this.#seen.size < PRIORITIES_MAX) {
      this.#seen.add(priority);
      this.#read(String(priority), () => this.#queue.depthOf(priority));
    } else if (!this.#hasRest) {
      this.#hasRest = true;
      this.#read(REST, () => this.#rest());
    }
  }

  #read(priority: string, read: () => number): void {
    this.#gauge.read({ name: this.#name, controller: this.#name, priority }, read);
  }

  #rest(): number {
    let depth = this.#queue.depth;
    for (const priority of this.#seen) depth -= this.#queue.depthOf(priority);
    return depth;
  }
}
