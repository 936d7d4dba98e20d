/** What changed between two values, as lines of JSON in unified form, as upstream shows it. */
import { matchingBlocks, type Block } from "./matching-blocks.ts";

const CONTEXT_LINES = 3;
/** An error answer stays small, however much was changed. */
export const DIFF_LINES_MAX = 2_000;
/** Steps a comparison may take; beyond, all between the first and the last difference is shown. */
const COMPARED_MAX = 1_000_000;

type Edit = { readonly mark: " " | "-" | "+"; readonly line: string };

/** Hunks with three lines around every difference; "" if there is none. */
export function lineDiff(before: unknown, after: unknown): string {
  const old = linesOf(before);
  const next = linesOf(after);
  const hunks = hunksOf(editsOf(old, next));
  const lines = hunks.flatMap((hunk) => [titleOf(hunk), ...hunk.edits.map((e) => e.mark + e.line)]);
  const left = lines.length - DIFF_LINES_MAX;
  const shown = lines.slice(0, DIFF_LINES_MAX);
  if (lines.length === 0) return "";
  return [...shown, ...(left > 0 ? [`… ${left} more lines`] : []), ""].join("\n");
}

function linesOf(value: unknown): readonly string[] {
  return JSON.stringify(value ?? null, null, 1)
    .replace(ESCAPED, escaped)
    .split("\n");
}

/** What upstream's writer of JSON escapes besides. */
const ESCAPED = /[<>&\u2028\u2029]/g;

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** All lines of both, marked as kept, removed or added. */
function editsOf(old: readonly string[], next: readonly string[]): readonly Edit[] {
  const blocks = matchingBlocks(old, next, COMPARED_MAX) ?? ends(old, next);
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  for (const { at, to, size } of [...blocks, { at: old.length, to: next.length, size: 0 }]) {
    for (const line of old.slice(i, at)) edits.push({ mark: "-", line });
    for (const line of next.slice(j, to)) edits.push({ mark: "+", line });
    for (const line of old.slice(at, at + size)) edits.push({ mark: " ", line });
    [i, j] = [at + size, to + size];
  }
  return edits;
}

/** No more than the lines both begin and end with. */
function ends(old: readonly string[], next: readonly string[]): readonly Block[] {
  const head = commonLines(old, next);
  const tail = commonLines(old.slice(head).toReversed(), next.slice(head).toReversed());
  return [
    { at: 0, to: 0, size: head },
    { at: old.length - tail, to: next.length - tail, size: tail },
  ];
}

type Hunk = {
  readonly edits: readonly Edit[];
  readonly oldStart: number;
  readonly nextStart: number;
};

/** Differences with the lines around them; those that nearly touch are one. */
function hunksOf(edits: readonly Edit[]): readonly Hunk[] {
  const changed = edits.flatMap(({ mark }, index) => (mark === " " ? [] : [index]));
  const spans: [number, number][] = [];
  for (const index of changed) {
    const last = spans.at(-1);
    const from = Math.max(0, index - CONTEXT_LINES);
    const to = Math.min(edits.length, index + CONTEXT_LINES + 1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else spans.push([from, to]);
  }
  let [at, oldStart, nextStart] = [0, 1, 1];
  return spans.map(([from, to]) => {
    for (; at < from; at += 1) {
      if (edits[at]?.mark !== "+") oldStart += 1;
      if (edits[at]?.mark !== "-") nextStart += 1;
    }
    return { edits: edits.slice(from, to), oldStart, nextStart };
  });
}

function titleOf({ edits, oldStart, nextStart }: Hunk): string {
  const oldLines = edits.filter(({ mark }) => mark !== "+").length;
  const nextLines = edits.filter(({ mark }) => mark !== "-").length;
  return `@@ -${rangeText(oldStart, oldLines)} +${rangeText(nextStart, nextLines)} @@`;
}

function rangeText(start: number, count: number): string {
  if (count === 1) return String(start);
  return `${count === 0 ? start - 1 : start},${count}`;
}

function commonLines(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1;
  return count;
}
