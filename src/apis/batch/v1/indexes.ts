/** Lists of indexes of a job's pods, written like `1,3-5,7`. */

/** A list and how many indexes it names, or what is wrong with it. */
export type Indexes =
  | { readonly kind: "list"; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: "problem"; readonly text: string };

/** Reads a list of indexes of a job with so many completions. */
export function parseIndexes(text: string, completions: number): Indexes {
  if (text === "") return { kind: "list", ranges: [] };
  const ranges: (readonly [number, number])[] = [];
  let last: number | undefined;
  for (const part of text.split(",")) {
    const range = parseRange(part, completions, last);
    if (typeof range === "string") return { kind: "problem", text: range };
    last = range[1];
    ranges.push(range);
  }
  return { kind: "list", ranges };
}

/** How many indexes the ranges name. */
export function countIndexes(ranges: readonly (readonly [number, number])[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

function parseRange(
  part: string,
  completions: number,
  last: number | undefined,
): readonly [number, number] | string {
  const ends = part.split("-");
  if (ends.length > 2) {
    return (
      `the fragment ${JSON.stringify(part)} violates the requirement that an index interval ` +
      "can have at most two parts separated by '-'"
    );
  }
  const [first = "", second] = ends;
  const from = indexIn(first, completions);
  if (typeof from === "string") return from;
  if (last !== undefined && last >= from) {
    return `non-increasing order, previous: ${last}, current: ${from}`;
  }
  if (second === undefined) return [from, from];
  const to = indexIn(second, completions);
  if (typeof to === "string") return to;
  if (from >= to) return `non-increasing order, previous: ${from}, current: ${to}`;
  return [from, to];
}

function indexIn(text: string, completions: number): number | string {
  if (!/^[+-]?[0-9]{1,15}$/.test(text)) {
    return `cannot convert string to integer for index: ${JSON.stringify(text)}`;
  }
  const index = Number(text);
  return index >= completions ? `too large index: ${JSON.stringify(text)}` : index;
}

/** The first index that stands in both lists; undefined if there is none. */
export function commonIndex(
  a: readonly (readonly [number, number])[],
  b: readonly (readonly [number, number])[],
): number | undefined {
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [fromA = 0, toA = 0] = a[i] ?? [];
    const [fromB = 0, toB = 0] = b[j] ?? [];
    if (fromA <= toB && fromB <= toA) return Math.max(fromA, fromB);
    if (fromA <= fromB) i += 1;
    else j += 1;
  }
  return undefined;
}
