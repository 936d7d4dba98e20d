/** When backups are made, and which are of no use any more. Pure: it is told what time it is. */
import { parseApiTime } from "setpoint/machinery";
import type { Backup } from "./kinds.ts";
import { REASON } from "./parts.ts";
import { progressOfBackup } from "./progress.ts";

const HOUR_MS = 3_600_000;

export type Slot = { readonly name: string; readonly nextMs: number };

/**
 * The present slot of the schedule. Its name follows from the time, so that it is backed up once,
 * whoever asks how often; slots that were slept through are left out.
 */
export function slotAt(nowMs: number, everyHours: number): Slot {
  const lengthMs = everyHours * HOUR_MS;
  const fromMs = Math.floor(nowMs / lengthMs) * lengthMs;
  const name = new Date(fromMs).toISOString().slice(0, 13).replaceAll(/[-T]/g, "");
  return { name, nextMs: fromMs + lengthMs };
}

/** The last one that can be restored from. */
export function lastComplete(backups: readonly Backup[]): Backup | undefined {
  const complete = backups.filter((backup) => progressOfBackup(backup) === "complete");
  return complete.toSorted((a, b) => finishedMs(a) - finishedMs(b)).at(-1);
}

/** Of the scheduled ones those beyond `keep`, and failed ones that a good one has followed. */
export function surplusOf(backups: readonly Backup[], keep: number): readonly Backup[] {
  const scheduled = backups
    .filter(({ metadata }) => metadata.labels?.[REASON] === "schedule")
    .toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? 1 : -1));
  const complete = scheduled.filter((backup) => progressOfBackup(backup) === "complete");
  const newest = complete[0]?.metadata.name ?? "";
  const failed = scheduled.filter(
    (backup) => progressOfBackup(backup) === "failed" && (backup.metadata.name ?? "") < newest,
  );
  return [...complete.slice(keep), ...failed];
}

/** Whether two slots have passed without a backup. */
export function isLate(last: Backup, nowMs: number, everyHours: number): boolean {
  return nowMs - finishedMs(last) > 2 * everyHours * HOUR_MS;
}

function finishedMs({ status }: Backup): number {
  return parseApiTime(status?.finishedAt ?? "");
}
