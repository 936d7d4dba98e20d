/** What an object waits for, as people read it: each problem, below it what leads to it. */
import { parseApiTime } from "../../machinery/api-time.ts";
import { objectText } from "../../trace/facts.ts";
import type { NextStep } from "../../trace/explain/not-ready/judgement.ts";
import type { Blocker, NotReady } from "../../trace/explain/not-ready/not-ready.ts";
import { spanText } from "./span.ts";

/** Lines, the first about what was asked. `nowMs`: to say how long ago, and how soon. */
export function notReadyLines(answer: NotReady, nowMs: number): readonly string[] {
  const { blocker, text, isCut } = answer;
  if (blocker === undefined) return [`it is ready: ${text}`];
  const lines = blockerLines(blocker, "", "", nowMs);
  return isCut ? [...lines, "there are more objects than were looked at"] : lines;
}

function blockerLines(
  blocker: Blocker,
  mark: string,
  indent: string,
  nowMs: number,
): readonly string[] {
  const { object, problem, since, count, next, because } = blocker;
  const others = count > 1 ? ` and ${count - 1} more like it` : "";
  const ago = since === undefined ? "" : `, for ${spanText(nowMs - parseApiTime(since))}`;
  const lines = [`${mark}${objectText(object)}${others}: ${problem}${ago}`];
  const rail = because.length > 0 ? "│  " : "   ";
  for (const step of next) lines.push(`${indent}${rail}next: ${stepText(step, nowMs)}`);
  because.forEach((each, index) => {
    const isLast = index === because.length - 1;
    const inner = `${indent}${isLast ? "   " : "│  "}`;
    lines.push(...blockerLines(each, `${indent}${isLast ? "└─ " : "├─ "}`, inner, nowMs));
  });
  return lines;
}

function stepText({ what, at, everyMs }: NextStep, nowMs: number): string {
  const atMs = at === undefined ? Number.NaN : parseApiTime(at);
  const soon = atMs >= nowMs ? `in ${spanText(atMs - nowMs)}` : "due now";
  const when = Number.isNaN(atMs) ? "" : `, at ${at} (${soon})`;
  const again = everyMs === undefined ? "" : `, every ${spanText(everyMs)}`;
  return `${what}${when}${again}`;
}
