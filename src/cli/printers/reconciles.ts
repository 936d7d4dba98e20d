/** What controllers did, as people read it. */
import type { ViewLag } from "../../trace/explain/answer.ts";
import type { Count, HotController } from "../../trace/explain/hot.ts";
import type { ReadFact, ReconcileFact } from "../../trace/explain/reconcile-fact.ts";
import { objectText } from "../../trace/facts.ts";
import { spanText } from "./span.ts";

/** What the reconcile knew that made a change. */
export function reconcileLines(fact: ReconcileFact): readonly string[] {
  const { controller, key, id, causes, reads, readsDropped, result, durationMs } = fact;
  const woken = causes.length === 0 ? "nothing that is known" : causes.join(", ");
  const lines = [
    `reconcile ${id} of ${keyName(key)} by ${controller}: ${result}, ${Math.round(durationMs)} ms`,
    `  woken by ${woken}`,
  ];
  for (const read of reads) lines.push(`  it had read ${readText(read)}`);
  if (readsDropped > 0) lines.push(`  and ${readsDropped} more`);
  return lines;
}

function readText(read: ReadFact): string {
  if (read.kind === "list") {
    const which = read.selector === "" ? "all" : read.selector;
    return `${read.count} of kind ${read.of} (${which}) at revision ${read.revision}`;
  }
  const object = objectText(read.object);
  if (read.revision === 0) return `that there is no ${object}`;
  const { behind = 0 } = read;
  const age = behind === 0 ? "" : ` (${behind} behind)`;
  return `${object} at revision ${read.revision}${age}`;
}

export const HOT_HEADINGS: readonly string[] = [
  "CONTROLLER",
  "RECONCILES",
  "WITHOUT EFFECT",
  "FAILED",
  "BUSY",
  "LATEST",
  "IDLE/MIN",
  "WOKEN BY",
  "KEYS",
];

/** Rows of a table; who never worked without effect is left out, unless nobody did. */
export function hotRows(hot: readonly HotController[]): readonly (readonly string[])[] {
  const told = hot.filter(({ withoutEffect }) => withoutEffect > 0);
  return (told.length === 0 ? hot : told).map((each) => {
    const { controller, reconciles, withoutEffect, failed, busyMs, wakings, keys, latest } = each;
    const share = reconciles === 0 ? 0 : Math.round((100 * withoutEffect) / reconciles);
    return [
      controller,
      String(reconciles),
      `${withoutEffect} (${share}%)`,
      String(failed),
      spanText(busyMs),
      `${latest.reconciles} in ${spanText(latest.spanMs)}`,
      String(latest.withoutEffectPerMinute),
      countsText(wakings),
      countsText(keys.map(({ what, count }) => ({ what: keyName(what), count }))),
    ];
  });
}

/** Which columns tell of which time. */
export function hotFooter(hot: readonly HotController[], nowMs: number): readonly string[] {
  if (hot.length === 0) return [];
  const spanMs = nowMs - Math.min(...hot.map(({ sinceMs }) => sinceMs));
  return [
    "",
    `RECONCILES to BUSY count since controllers began, ${spanText(spanMs)} ago. LATEST are the ` +
      "newest of each that are kept:",
    "IDLE/MIN (how many of them had no effect, per minute), WOKEN BY and KEYS are of those.",
  ];
}

/** A key; without a name, it is of something that the asker may not read. */
function keyName(key: string): string {
  return key === "" ? "what you may not read" : key;
}

function countsText(counts: readonly Count[]): string {
  return counts.map(({ what, count }) => `${what} ×${count}`).join(", ");
}

export const LAG_HEADINGS: readonly string[] = [
  "KIND",
  "VERSION",
  "REVISION",
  "BEHIND",
  "FOR",
  "SILENT",
  "STATE",
];

/** Rows of a table of all views, those that are furthest behind first. */
export function lagRows(lag: readonly ViewLag[]): readonly (readonly string[])[] {
  const sorted = lag.toSorted((a, b) => b.count - a.count);
  return sorted.map(({ apiVersion, kind, hasSynced, revision, count, ...more }) => [
    kind,
    apiVersion,
    String(revision),
    count === 0 ? "0" : `${count} ${count === 1 ? "change" : "changes"}`,
    more.behindMs === undefined ? "" : spanText(more.behindMs),
    more.silentMs === undefined ? "" : spanText(more.silentMs),
    stateText(hasSynced, more.error),
  ]);
}

function stateText(hasSynced: boolean, error: string | undefined): string {
  if (error !== undefined) return error;
  return hasSynced ? "synced" : "not listed yet";
}
