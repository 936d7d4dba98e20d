/** What one controller tells of itself: see `http/debug/debug-report.ts`. */
import type { Clock } from "../../base/env.ts";
import type {
  AwaitingKey,
  ControllerReport,
  ErrorReport,
  LaterKey,
  SlowedKey,
} from "../http/debug/debug-report.ts";
import { topOf } from "../http/debug/top.ts";
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
};

export function controllerReport(parts: ReportParts): ControllerReport {
  const { name, state, workers, queue, diary, clock } = parts;
  const nowMs = clock.monotonic();
  const since = (ms: number): number => Math.max(0, Math.round(nowMs - ms));
  const errorOf = ({ text, atMs }: LastError): ErrorReport => ({ text, failedForMs: since(atMs) });
  const laterOf = ({ key, atMs, triggers }: DelayedKey): LaterKey => {
    const lastError = diary?.lastError(key);
    return {
      key,
      dueInMs: Math.max(0, Math.round(atMs - nowMs)),
      failures: queue.failures(key),
      causes: causesOf(triggers),
      lastError: lastError === undefined ? undefined : errorOf(lastError),
    };
  };
  const byDue = (a: DelayedKey, b: DelayedKey): number => a.atMs - b.atMs;
  const byFailures = (a: DelayedKey, b: DelayedKey): number =>
    queue.failures(b.key) - queue.failures(a.key) || byDue(a, b);
  const delayed = [...queue.delayed()];
  const hasFailed = ({ key }: DelayedKey): boolean => queue.failures(key) > 0;
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
      ({ key, sinceMs, priority, triggers }) => {
        return { key, waitsForMs: since(sinceMs), priority, causes: causesOf(triggers) };
      },
    ),
    failing: mapped(topOf(delayed.filter(hasFailed), byFailures), laterOf),
    later: mapped(
      topOf(
        delayed.filter((one) => !hasFailed(one)),
        byDue,
      ),
      laterOf,
    ),
    parked: mapped(
      topOf(
        [...(diary?.failed() ?? [])].filter(([, { isTerminal }]) => isTerminal),
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

function mapped<T, R>(
  { count, first }: { readonly count: number; readonly first: readonly T[] },
  map: (item: T) => R,
): { readonly count: number; readonly first: readonly R[] } {
  return { count, first: first.map(map) };
}

function causesOf(triggers: readonly Trigger[]): readonly string[] {
  const told = triggers.slice(-CAUSES_TOLD_MAX).map(triggerText);
  const more = triggers.length - told.length;
  return more > 0 ? [...told, `and ${more} earlier`] : told;
}
