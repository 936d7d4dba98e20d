/** What changed between two values, as lines of JSON: for messages that refuse a change. */
import { compareText } from "../machinery/key.ts";
import { isFields } from "../machinery/object.ts";

const CONTEXT_LINES = 3;
/** A message stays readable, and an error answer small, however much was changed. */
export const DIFF_LINES_MAX = 60;

/** One hunk in unified form, from the first difference to the last; "" if there is none. */
export function lineDiff(before: unknown, after: unknown): string {
  const old = linesOf(before);
  const next = linesOf(after);
  const head = commonLines(old, next);
  const tail = commonLines(old.slice(head).reverse(), next.slice(head).reverse());
  if (head === old.length && head === next.length) return "";
  const from = Math.max(0, head - CONTEXT_LINES);
  const oldEnd = old.length - tail;
  const nextEnd = next.length - tail;
  const oldStop = Math.min(old.length, oldEnd + CONTEXT_LINES);
  const nextStop = Math.min(next.length, nextEnd + CONTEXT_LINES);
  const hunk = [
    ...old.slice(from, head).map((line) => ` ${line}`),
    ...old.slice(head, oldEnd).map((line) => `-${line}`),
    ...next.slice(head, nextEnd).map((line) => `+${line}`),
    ...old.slice(oldEnd, oldStop).map((line) => ` ${line}`),
  ];
  const shown = hunk.slice(0, DIFF_LINES_MAX);
  const left = hunk.length - shown.length;
  const title = `@@ -${from + 1},${oldStop - from} +${from + 1},${nextStop - from} @@`;
  return [title, ...shown, ...(left > 0 ? [`… ${left} more lines`] : []), ""].join("\n");
}

function linesOf(value: unknown): readonly string[] {
  return JSON.stringify(sorted(value), null, 1).split("\n");
}

/** Keys in one order, so that only values make a difference. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value ?? null;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function commonLines(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1;
  return count;
}
