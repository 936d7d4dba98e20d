/** What changed between two values, as lines of JSON in unified form, as upstream shows it. */

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
  return JSON.stringify(value ?? null, null, 1).split("\n");
}

/** All lines of both, marked as kept, removed or added. */
function editsOf(old: readonly string[], next: readonly string[]): readonly Edit[] {
  const head = commonLines(old, next);
  const tail = commonLines(old.slice(head).toReversed(), next.slice(head).toReversed());
  const removed = old.slice(head, old.length - tail);
  const added = next.slice(head, next.length - tail);
  const isLarge = (removed.length + 1) * (added.length + 1) > COMPARED_MAX;
  const middle = isLarge ? replaced(removed, added) : compared(removed, added);
  return [
    ...old.slice(0, head).map((line): Edit => ({ mark: " ", line })),
    ...middle,
    ...old.slice(old.length - tail).map((line): Edit => ({ mark: " ", line })),
  ];
}

function replaced(removed: readonly string[], added: readonly string[]): readonly Edit[] {
  return [
    ...removed.map((line): Edit => ({ mark: "-", line })),
    ...added.map((line): Edit => ({ mark: "+", line })),
  ];
}

/** By the longest common subsequence of lines. */
function compared(old: readonly string[], next: readonly string[]): readonly Edit[] {
  const width = next.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = next.length - 1; j >= 0; j -= 1) {
      const below = lengths[(i + 1) * width + j] ?? 0;
      const right = lengths[i * width + j + 1] ?? 0;
      const both = (lengths[(i + 1) * width + j + 1] ?? 0) + 1;
      lengths[i * width + j] = old[i] === next[j] ? both : Math.max(below, right);
    }
  }
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < next.length) {
    const [a, b] = [old[i], next[j]];
    const isDown = (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0);
    if (a !== undefined && a === b) {
      edits.push({ mark: " ", line: a });
      i += 1;
      j += 1;
    } else if (a !== undefined && (b === undefined || isDown)) {
      edits.push({ mark: "-", line: a });
      i += 1;
    } else if (b !== undefined) {
      edits.push({ mark: "+", line: b });
      j += 1;
    }
  }
  return edits;
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
