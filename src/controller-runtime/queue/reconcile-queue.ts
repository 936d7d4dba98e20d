/**
 * The queue of one controller: the work queue with waiting, back-off and metrics around it. This is
 * all of the tower that a controller touches.
 */
import type { Env } from "../../base/env.ts";
import type { Metrics } from "../../base/metrics.ts";
import { DelayingQueue } from "./delaying-queue.ts";
import { DepthMetric } from "./depth-metric.ts";
import { Pace, type PaceOptions } from "./pace.ts";
import type { Place } from "./place-heap.ts";
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
  /** Between whom the turns of one priority are shared. Absent: the earlier key goes first. */
  readonly tenantOf?: (key: string) => string;
  /** Absent: a key runs as soon as it is woken and has a worker. */
  readonly pace?: PaceOptions;
};

/** A key that waits for its time. */
export type DelayedKey = {
  readonly key: string;
  /** On the monotonic clock. */
  readonly atMs: number;
  readonly triggers: readonly Trigger[];
  readonly priority: number;
};

export class ReconcileQueue {
  readonly #env: Pick<Env, "clock" | "timers">;
  readonly #queue: WorkQueue;
  readonly #delaying: DelayingQueue;
  readonly #limiter: RateLimiter;
  readonly #metrics: QueueMetrics;
  readonly #depths: DepthMetric;
  readonly #pace: Pace | undefined;
  readonly #takenMs = new Map<string, number>(); // active keys: since when

  constructor(
    options: ReconcileQueueOptions,
    deps: { readonly env: Pick<Env, "clock" | "timers">; readonly metrics: Metrics },
  ) {
    this.#env = deps.env;
    this.#limiter = new RateLimiter({ minMs: options.retryMsMin, maxMs: options.retryMsMax });
    this.#queue = new WorkQueue(() => deps.env.clock.monotonic(), options.tenantOf);
    this.#pace = options.pace === undefined ? undefined : new Pace(options.pace);
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

  /** Keys that wait for a worker, in no order. */
  ready(): Iterable<Place> {
    return this.#queue.waiting();
  }

  /** What has woken such a key. */
  triggersOf(key: string): readonly Trigger[] {
    return this.#queue.triggersOf(key);
  }

  /** Keys that wait for their time, in no order. */
  delayed(): Iterable<DelayedKey> {
    return this.#delaying.waiting();
  }

  /** Failures in a row of this key. */
  failures(key: string): number {
    return this.#limiter.failures(key);
  }

  /** At once, or as soon as its pace allows: another wait of the key ends. */
  add(key: string, triggers: readonly Trigger[], priority: number = NORMAL_PRIORITY): void {
    const waiting = this.#delaying.take(key);
    const highest = Math.max(waiting?.priority ?? priority, requirePriority(priority));
    const nowMs = this.#env.clock.monotonic();
    const isPaced = this.#pace !== undefined && !this.#queue.isWanted(key);
    const atMs = isPaced ? this.#pace.woken(key, nowMs, waiting?.atMs) : nowMs;
    const { triggers: before = [], atMs: beforeMs = 0 } = waiting ?? {};
    const due = uniteTriggers(beforeMs <= atMs ? before : unanswered(before), triggers);
    if (atMs > nowMs) this.#delaying.addAfter(key, due, atMs - nowMs, highest);
    else this.#put(key, due, highest);
  }

  /** A worker's next turn; undefined at the end. */
  async next(): Promise<Turn | undefined> {
    const turn = await this.#queue.next();
    if (turn === undefined) return undefined;
    const nowMs = this.#env.clock.monotonic();
    this.#metrics.waited((nowMs - turn.sinceMs) / 1000);
    this.#takenMs.set(turn.key, nowMs);
    this.#pace?.begins(turn.key, nowMs);
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
    this.#pace?.failed(turn.key);
    this.addAfter(turn.key, turn.triggers, delayMs, turn.priority);
    this.#takenMs.delete(turn.key);
    this.#queue.done(turn.key);
  }

  /** The attempt succeeded: the next failure is a first one. */
  forget(key: string): void {
    this.#limiter.forget(key);
  }

  /** Later, as its pace allows; at once if the key is wanted at once already. */
  addAfter(
    key: string,
    triggers: readonly Trigger[],
    delayMs: number,
    priority: number = NORMAL_PRIORITY,
  ): void {
    requirePriority(priority);
    if (delayMs > 0) this.#metrics.retried();
    if (this.#queue.isWanted(key)) this.#put(key, unanswered(triggers), priority);
    else this.#delaying.addAfter(key, triggers, this.#pacedMs(key, delayMs), priority);
  }

  /** The attempt failed: again after a delay that grows with each failure. Returns the delay. */
  retry(key: string, triggers: readonly Trigger[], priority: number = NORMAL_PRIORITY): number {
    const delayMs = this.#limiter.failed(key);
    this.#pace?.failed(key);
    this.addAfter(key, triggers, delayMs, priority);
    return delayMs;
  }

  /** Refuses adds; `next()` ends when nothing is left. */
  close(leftovers: Leftovers): void {
    this.#delaying.close();
    this.#pace?.clear();
    this.#queue.close(leftovers);
  }

  drained(): Promise<void> {
    return this.#queue.drained();
  }

  #pacedMs(key: string, delayMs: number): number {
    if (this.#pace === undefined) return delayMs;
    const nowMs = this.#env.clock.monotonic();
    return this.#pace.asked(key, nowMs + delayMs) - nowMs;
  }

  #put(key: string, triggers: readonly Trigger[], priority: number): void {
    this.#pace?.due(key);
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
