/**
 * The pods that wait for a node. Each is in one place:
 *
 *     gated          may not be tried yet; only a change of the pod itself helps
 *     active         next, by priority, then by how long it waits
 *     backoff        was tried just now; active again when its time is up
 *     unschedulable  fits nowhere; woken by a change that may help, or after `UNSCHEDULABLE_MS_MAX`
 *     taken          with the scheduler
 *
 * Promise: no pod is lost. Whatever the plugins think of a change, each pod is tried again in time.
 */
import { assert, unreachable } from "../base/assert.ts";
import type { Env, Timer } from "../base/env.ts";
import { Heap } from "../base/heap.ts";
import type { Pod } from "../client/builtin.ts";
import { equalValues } from "../machinery/json-value.ts";
import { keyOf, keyText } from "../machinery/key.ts";
import type { ClusterChange } from "./framework.ts";

/** After the first failed try; doubles with each further one. */
export const BACKOFF_MS_MIN = 1000;
export const BACKOFF_MS_MAX = 10_000;

/** A pod that fits nowhere is tried again after this long even if nothing seems to have changed. */
export const UNSCHEDULABLE_MS_MAX = 300_000;

type Place = "gated" | "active" | "backoff" | "unschedulable" | "taken";

/** A waiting pod, with the history of its tries. */
export type QueuedPod = {
  /** Unique to this stay in the queue: a pod of the same name later has another. */
  readonly id: number;
  readonly key: string;
  readonly pod: Pod;
  /** Tries so far, this one included. */
  readonly attempts: number;
};

type Entry = {
  readonly key: string;
  pod: Pod;
  place: Place;
  attempts: number;
  /** Earlier entries have lower ones. */
  readonly id: number;
  backoffUntilMs: number;
  unschedulableSinceMs: number;
  refusedBy: ReadonlySet<string>;
};

/** A wish to take `entry` out of a heap; void if it has moved since. */
type Ticket = { readonly entry: Entry; readonly priority: number; readonly dueMs: number };

export type QueueDeps = {
  readonly env: Pick<Env, "clock" | "timers">;
  /** Whether a pod may be tried at all. */
  readonly isGated: (pod: Pod) => boolean;
  /** Whether `change` may help a pod that these plugins refused. */
  readonly mayHelp: (change: ClusterChange, refusedBy: ReadonlySet<string>) => boolean;
};

export class SchedulingQueue {
  readonly #deps: QueueDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #active: Heap<Ticket>;
  readonly #backoff = new Heap<Ticket>((a, b) => a.dueMs - b.dueMs || bySeniority(a, b));
  /** In the order in which they came here. */
  readonly #unschedulable = new Set<Entry>();
  #lastId = 0;
  #timer: { readonly timer: Timer; readonly dueMs: number } | undefined;
  #wake: (() => void) | undefined;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
    this.#active = new Heap((a, b) => b.priority - a.priority || bySeniority(a, b));
  }

  /** Waiting pods, by place. */
  counts(): Readonly<Record<Place, number>> {
    const counts = { gated: 0, active: 0, backoff: 0, unschedulable: 0, taken: 0 };
    for (const entry of this.#entries.values()) counts[entry.place] += 1;
    return counts;
  }

  /** A pod without a node is new, or has changed. */
  put(pod: Pod): void {
    const key = keyText(keyOf(pod));
    const known = this.#entries.get(key);
    if (known !== undefined && known.pod.metadata.uid !== pod.metadata.uid) this.remove(key);
    const entry = this.#entries.get(key) ?? this.#newEntry(key, pod);
    const isChanged = entry.place === "gated" || !isSameWish(entry.pod, pod);
    entry.pod = pod;
    if (entry.place === "taken" || !isChanged) return;
    if (this.#deps.isGated(pod)) this.#move(entry, "gated");
    else if (entry.place === "gated" || entry.place === "unschedulable") this.#retry(entry);
  }

  /** The pod has a node, or is gone. */
  remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#unschedulable.delete(entry);
    entry.place = "taken"; // voids its tickets
  }

  /** The next pod to try; `unschedulable()`, `failed()` or `remove()` answers it. */
  take(): QueuedPod | undefined {
    for (let ticket = this.#active.pop(); ticket !== undefined; ticket = this.#active.pop()) {
      const { entry } = ticket;
      if (entry.place !== "active") continue;
      entry.place = "taken";
      entry.attempts += 1;
      const { id, key, pod, attempts } = entry;
      return { id, key, pod, attempts };
    }
    return undefined;
  }

  /** The pod fits nowhere, said these plugins. */
  unschedulable(pod: QueuedPod, refusedBy: ReadonlySet<string>): void {
    const entry = this.#taken(pod);
    if (entry === undefined) return;
    this.#setBackoff(entry);
    entry.refusedBy = refusedBy;
    entry.unschedulableSinceMs = this.#deps.env.clock.monotonic();
    this.#move(entry, "unschedulable");
  }

  /** The try failed for a reason that has nothing to do with where pods fit. */
  failed(pod: QueuedPod): void {
    const entry = this.#taken(pod);
    if (entry === undefined) return;
    this.#setBackoff(entry);
    this.#move(entry, "backoff");
  }

  /** The cluster has changed: pods that this may help are tried again. */
  changed(change: ClusterChange): void {
    for (const entry of this.#unschedulable) {
      if (this.#deps.mayHelp(change, entry.refusedBy)) this.#retry(entry);
    }
  }

  /** Resolves when there may be a pod to take, or the signal aborts. One waiter at a time. */
  async ready(signal: AbortSignal): Promise<void> {
    if (this.#active.size > 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#wake = undefined;
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener("abort", wake);
    });
  }

  /** Ends all waiting for time; the queue is not used any more. */
  close(): void {
    this.#timer?.timer.cancel();
    this.#timer = undefined;
  }

  #newEntry(key: string, pod: Pod): Entry {
    this.#lastId += 1;
    const entry: Entry = {
      key,
      pod,
      place: "gated", // until put() has looked
      attempts: 0,
      id: this.#lastId,
      backoffUntilMs: Number.NEGATIVE_INFINITY,
      unschedulableSinceMs: 0,
      refusedBy: new Set(),
    };
    this.#entries.set(key, entry);
    return entry;
  }

  #taken({ key, id }: QueuedPod): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.id !== id) return undefined; // removed while it was tried
    assert(entry.place === "taken", "an answer is to a pod that was taken");
    return entry;
  }

  #setBackoff(entry: Entry): void {
    const delayMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** (entry.attempts - 1));
    entry.backoffUntilMs = this.#deps.env.clock.monotonic() + delayMs;
  }

  #retry(entry: Entry): void {
    const isResting = entry.backoffUntilMs > this.#deps.env.clock.monotonic();
    this.#move(entry, isResting ? "backoff" : "active");
  }

  #move(entry: Entry, place: Place): void {
    this.#unschedulable.delete(entry);
    const isGated = place !== "gated" && this.#deps.isGated(entry.pod);
    entry.place = isGated ? "gated" : place;
    const priority = entry.pod.spec.priority ?? 0;
    switch (entry.place) {
      case "active":
        this.#active.push({ entry, priority, dueMs: 0 });
        this.#wake?.();
        return;
      case "backoff":
        this.#backoff.push({ entry, priority, dueMs: entry.backoffUntilMs });
        this.#arm(entry.backoffUntilMs);
        return;
      case "unschedulable":
        this.#unschedulable.add(entry);
        this.#arm(entry.unschedulableSinceMs + UNSCHEDULABLE_MS_MAX);
        return;
      case "gated":
      case "taken":
        return;
      default:
        unreachable(entry.place);
    }
  }

  /** Sees to it that `#flush` runs at `dueMs` at the latest. */
  #arm(dueMs: number): void {
    if (this.#timer !== undefined && this.#timer.dueMs <= dueMs) return;
    this.#timer?.timer.cancel();
    const { clock, timers } = this.#deps.env;
    const timer = timers.after(dueMs - clock.monotonic(), () => this.#flush());
    this.#timer = { timer, dueMs };
  }

  /** Moves on what has waited long enough, and waits for what is due next. */
  #flush(): void {
    this.#timer = undefined;
    const nowMs = this.#deps.env.clock.monotonic();
    for (const entry of this.#unschedulable) {
      if (entry.unschedulableSinceMs + UNSCHEDULABLE_MS_MAX > nowMs) break;
      this.#retry(entry);
    }
    for (let next = this.#backoff.peek(); next !== undefined; next = this.#backoff.peek()) {
      const isVoid = next.entry.place !== "backoff" || next.entry.backoffUntilMs !== next.dueMs;
      if (!isVoid && next.dueMs > nowMs) break;
      this.#backoff.pop();
      if (!isVoid) this.#move(next.entry, "active");
    }
    const [oldest] = this.#unschedulable;
    if (oldest !== undefined) this.#arm(oldest.unschedulableSinceMs + UNSCHEDULABLE_MS_MAX);
    const resting = this.#backoff.peek();
    if (resting !== undefined) this.#arm(resting.dueMs);
  }
}

/** Whether nothing changed that a plugin looks at; the scheduler itself writes the status. */
function isSameWish(a: Pod, b: Pod): boolean {
  return (
    equalValues(a.spec, b.spec) &&
    equalValues(a.metadata.labels ?? {}, b.metadata.labels ?? {}) &&
    equalValues(a.metadata.annotations ?? {}, b.metadata.annotations ?? {})
  );
}

function bySeniority(a: Ticket, b: Ticket): number {
  return a.entry.id - b.entry.id;
}
