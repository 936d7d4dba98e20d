/**
 * The queue of one controller: the work queue with waiting, back-off and metrics around it. This is
 * all of the tower that a controller touches.
 */
import type { Env } from "../../base/env.ts";
import type { Metrics } from "../../base/metrics.ts";
import { DelayingQueue } from "./delaying-queue.ts";
import { DepthMetric } from "./depth-metric.ts";
import { NORMAL_PRIORITY, requirePriority } from "./priority.ts";
import { queueMetrics, type QueueMetrics } from "./queue-metrics.ts";
import { RateLimiter } from "./rate-limiter.ts";
import type { Trigger } from "../sources/source.ts";
import { uniteTriggers } from "./trigger-set.ts";
import { WorkQueue, type Leftovers, type Turn } from "./work-queue.ts";

export type ReconcileQueueOptions = {
  /** In the labels `name` and `controller`. */
  readonly name: string;
  readonly retryMsMin: number;
  readonly retryMsMax: number;
};

export class ReconcileQueue {
  readonly #env: Pick<Env, "clock" | "timers">;
  readonly #queue: WorkQueue;
  readonly #delaying: DelayingQueue;
  readonly #limiter: RateLimiter;
  readonly #metrics: QueueMetrics;
  readonly #depths: DepthMetric;
  readonly #takenMs = new Map<string, number>(); // active keys: since when

  constructor(
    options: ReconcileQueueOptions,
    deps: { readonly env: Pick<Env, "clock" | "timers">; readonly metrics: Metrics },
  ) {
    this.#env = deps.env;
    this.#limiter = new RateLimiter({ minMs: options.retryMsMin, maxMs: options.retryMsMax });
    this.#queue = new WorkQueue(() => deps.env.clock.monotonic());
    this.#delaying = new DelayingQueue(deps.env, (key, triggers, priority) =>
      this.#put(key, triggers, priority),
    );
    this.#metrics = queueMetrics(deps.metrics, options.name);
    this.#depths = new DepthMetric(deps.metrics, options.name, this.#queue);
    this.#metrics.unfinished(() => this.#workSeconds().reduce((sum, one) => sum + one, 0));
    this.#metrics.longest(() => Math.max(0, ...this.#workSeconds()));
  }

  /** Keys that wait for a worker now. */
  get depth(): number {
    return this.#queue.depth;
  }

  /** Failures in a row of this key. */
  failures(key: string): number {
    return this.#limiter.failures(key);
  }

  /** At once: a wait of the key ends. */
  add(key: string, triggers: readonly Trigger[], priority: number = NORMAL_PRIORITY): void {
    const waiting = this.#delaying.take(key);
    const due = uniteTriggers(unanswered(waiting?.triggers ?? []), triggers);
    this.#put(key, due, Math.max(waiting?.priority ?? priority, requirePriority(priority)));
  }

  /** A worker's next turn; undefined at the end. */
  async next(): Promise<Turn | undefined> {
    const turn = await this.#queue.next();
    if (turn === undefined) return undefined;
    const nowMs = this.#env.clock.monotonic();
    this.#metrics.waited((nowMs - turn.sinceMs) / 1000);
    this.#takenMs.set(turn.key, nowMs);
    return turn;
  }

  /** Ends the turn. */
  done(key: string): void {
    const nowMs = this.#env.clock.monotonic();
    this.#metrics.worked((nowMs - (this.#takenMs.get(key) ?? nowMs)) / 1000);
    this.#takenMs.delete(key);
    this.#queue.done(key);
  }

  /** Ends the turn without work: it comes again after a while. */
  postpone(turn: Turn, delayMs: number): void {
    this.addAfter(turn.key, turn.triggers, delayMs, turn.priority);
    this.#takenMs.delete(turn.key);
    this.#queue.done(turn.key);
  }

  /** The attempt succeeded: the next failure is a first one. */
  forget(key: string): void {
    this.#limiter.forget(key);
  }

  /** Later; at once if the key is wanted at once already. */
  addAfter(
    key: string,
    triggers: readonly Trigger[],
    delayMs: number,
    priority: number = NORMAL_PRIORITY,
  ): void {
    requirePriority(priority);
    if (delayMs > 0) this.#metrics.retried();
    if (this.#queue.isWanted(key)) this.#put(key, unanswered(triggers), priority);
    else this.#delaying.addAfter(key, triggers, delayMs, priority);
  }

  /** The attempt failed: again after a delay that grows with each failure. Returns the delay. */
  retry(key: string, triggers: readonly Trigger[], priority: number = NORMAL_PRIORITY): number {
    const delayMs = this.#limiter.failed(key);
    this.addAfter(key, triggers, delayMs, priority);
    return delayMs;
  }

  /** Refuses adds; `next()` ends when nothing is left. */
  close(leftovers: Leftovers): void {
    this.#delaying.close();
    this.#queue.close(leftovers);
  }

  drained(): Promise<void> {
    return this.#queue.drained();
  }

  #put(key: string, triggers: readonly Trigger[], priority: number): void {
    this.#depths.see(priority);
    if (this.#queue.add(key, triggers, priority)) this.#metrics.added();
  }

  #workSeconds(): readonly number[] {
    const nowMs = this.#env.clock.monotonic();
    return [...this.#takenMs.values()].map((takenMs) => (nowMs - takenMs) / 1000);
  }
}

/** A timer that has not rung is no cause. */
function unanswered(triggers: readonly Trigger[]): readonly Trigger[] {
  return triggers.filter(({ kind }) => kind !== "timer");
}
