/** What one controller tells of itself: see `http/debug/debug-report.ts`. */
import type { Clock } from "../../base/env.ts";
import type {
  AwaitingKey,
  ControllerReport,
  ErrorReport,
  LaterKey,
  SlowedKey,
} from "../http/debug/debug-report.ts";
import { topOf, TopList, type Top } from "../http/debug/top.ts";
import type { SlowKey } from "../loop-guard/loop-guard.ts";
import type { DelayedKey, ReconcileQueue } from "../queue/reconcile-queue.ts";
import { triggerText } from "../queue/trigger-set.ts";
import type { Trigger } from "../sources/source.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import type { Awaiting } from "./controller-spec.ts";
import type { LastError, TurnDiary } from "./turn-diary.ts";

/** Of the causes of a key, the newest are told. */
export const CAUSES_TOLD_MAX = 5;

export type ReportParts = {
  readonly name: string;
  readonly state: string;
  readonly workers: number;
  readonly clock: Clock;
  readonly queue: ReconcileQueue;
  /** Absent: nobody has kept one, so runs and errors are not known. */
  readonly diary: TurnDiary | undefined;
  readonly calls: CallsUnderWay | undefined;
  readonly awaiting: Iterable<Awaiting>;
  readonly slowed: Iterable<SlowKey>;
  /** Whether the key is this process's: others may have taken it over since it failed. */
  readonly owns: (key: string) => boolean;
};

export function controllerReport(parts: ReportParts): ControllerReport {
  const { name, state, workers, queue, diary, clock, owns } = parts;
  const nowMs = clock.monotonic();
  const since = (ms: number): number => Math.max(0, Math.round(nowMs - ms));
  const errorOf = ({ text, atMs }: LastError): ErrorReport => ({ text, failedForMs: since(atMs) });
  const laterOf = ({ key, atMs, triggers, failures }: Delayed): LaterKey => {
    const lastError = diary?.lastError(key);
    return {
      key,
      dueInMs: Math.max(0, Math.round(atMs - nowMs)),
      failures,
      causes: causesOf(triggers),
      lastError: lastError === undefined ? undefined : errorOf(lastError),
    };
  };
  const { failing, later } = delayedOf(queue);
  return {
    name,
    state,
    workers,
    running: mapped(
      topOf(diary?.running() ?? [], (a, b) => a.sinceMs - b.sinceMs),
      ({ turn, id, sinceMs }) => ({
        key: turn.key,
        runsForMs: since(sinceMs),
        reconcileId: id,
        attempt: queue.failures(turn.key) + 1,
        causes: causesOf(turn.triggers),
        calls: (parts.calls?.of(id) ?? []).map(({ text, sinceMs: calledMs }) => {
          return { call: text, runsForMs: since(calledMs) };
        }),
      }),
    ),
    ready: mapped(
      topOf(queue.ready(), (a, b) => a.sinceMs - b.sinceMs),
      ({ key, sinceMs, priority }) => {
        const causes = causesOf(queue.triggersOf(key));
        return { key, waitsForMs: since(sinceMs), priority, causes };
      },
    ),
    failing: mapped(failing, laterOf),
    later: mapped(later, laterOf),
    parked: mapped(
      topOf(
        [...(diary?.failed() ?? [])].filter(([key, { isTerminal }]) => isTerminal && owns(key)),
        ([, a], [, b]) => b.atMs - a.atMs,
      ),
      ([key, error]) => ({ key, error: errorOf(error) }),
    ),
    awaiting: mapped(
      topOf(parts.awaiting, (a, b) => a.sinceMs - b.sinceMs),
      ({ key, what, sinceMs }): AwaitingKey => ({ key, what, waitsForMs: since(sinceMs) }),
    ),
    slowed: mapped(
      topOf(parts.slowed, (a, b) => b.delayMs - a.delayMs),
      ({ key, kind, delayMs }): SlowedKey => ({ key, why: kind, delayMs }),
    ),
  };
}

type Delayed = DelayedKey & { readonly failures: number };

/** There may be very many: one pass, and nothing is made for those that are not told. */
function delayedOf(queue: ReconcileQueue): {
  readonly failing: Top<Delayed>;
  readonly later: Top<Delayed>;
} {
  const later = new TopList<DelayedKey>((a, b) => a.atMs - b.atMs);
  const failing = new TopList<Delayed>((a, b) => b.failures - a.failures || a.atMs - b.atMs);
  for (const one of queue.delayed()) {
    const failures = queue.failures(one.key);
    if (failures === 0) later.add(one);
    else failing.add({ ...one, failures });
  }
  return { failing, later: mapped(later, (one) => ({ ...one, failures: 0 })) };
}

function mapped<T, R>({ count, first }: Top<T>, map: (item: T) => R): Top<R> {
  return { count, first: first.map(map) };
}

function causesOf(triggers: readonly Trigger[]): readonly string[] {
  const told = triggers.slice(-CAUSES_TOLD_MAX).map(triggerText);
  const more = triggers.length - told.length;
  return more > 0 ? [...told, `and ${more} earlier`] : told;
}
