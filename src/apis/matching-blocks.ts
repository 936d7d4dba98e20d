/**
 * What two lists of lines have in common, as Ratcliff and Obershelp find it: the longest run of
 * equal lines, then the same on both sides of it. Upstream shows differences by it; they are not
 * the shortest ones, but those that people expect.
 */

/** `size` lines that are equal, from line `at` of the one list and from line `to` of the other. */
export type Block = { readonly at: number; readonly to: number; readonly size: number };

/** In longer lists, lines that are there many times do not say where a run begins. */
const POPULAR_FROM_LINES = 200;

/** All runs in order, or undefined if finding them takes more steps than `stepsMax`. */
export function matchingBlocks(
  old: readonly string[],
  next: readonly string[],
  stepsMax: number,
): readonly Block[] | undefined {
  const places = placesOf(next);
  const search: Search = {
    old,
    next,
    candidates: old.map((line) => places.get(line) ?? []),
    rows: new Int32Array(next.length).fill(-1),
    lengths: new Int32Array(next.length),
    stepsLeft: stepsMax,
  };
  const found: Block[] = [];
  addBlocks(search, { at: 0, atEnd: old.length, to: 0, toEnd: next.length }, found);
  return search.stepsLeft < 0 ? undefined : found;
}

type Search = {
  readonly old: readonly string[];
  readonly next: readonly string[];
  /** Of every old line: where the next list has it. */
  readonly candidates: readonly (readonly number[])[];
  /** Of every next line: the old line it was last compared with, and the run that ends there. */
  readonly rows: Int32Array;
  readonly lengths: Int32Array;
  stepsLeft: number;
};

type Part = {
  readonly at: number;
  readonly atEnd: number;
  readonly to: number;
  readonly toEnd: number;
};

function placesOf(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  lines.forEach((line, index) => {
    const known = places.get(line);
    if (known === undefined) places.set(line, [index]);
    else known.push(index);
  });
  if (lines.length < POPULAR_FROM_LINES) return places;
  const timesMax = Math.floor(lines.length / 100) + 1;
  return new Map([...places].filter(([, indices]) => indices.length <= timesMax));
}

function addBlocks(search: Search, part: Part, found: Block[]): void {
  const block = longestBlock(search, part);
  const { at, to, size } = block;
  if (size === 0 || search.stepsLeft < 0) return;
  if (part.at < at && part.to < to) addBlocks(search, { ...part, atEnd: at, toEnd: to }, found);
  found.push(block);
  const rest = { ...part, at: at + size, to: to + size };
  if (rest.at < part.atEnd && rest.to < part.toEnd) addBlocks(search, rest, found);
}

/** The longest run; of those, the first in the old list, and then in the next. */
function longestBlock(search: Search, part: Part): Block {
  const { candidates, rows, lengths } = search;
  let best: Block = { at: part.at, to: part.to, size: 0 };
  rows.fill(-1, part.to, part.toEnd);
  for (let row = part.at; row < part.atEnd && search.stepsLeft >= 0; row += 1) {
    const places = candidates[row] ?? [];
    search.stepsLeft -= 1 + places.length;
    // Backwards, so that what the row before left is still there.
    for (let index = places.length - 1; index >= 0; index -= 1) {
      const place = places[index] ?? 0;
      if (place < part.to || place >= part.toEnd) continue;
      const goesOn = place > part.to && rows[place - 1] === row - 1 && row > part.at;
      const size = goesOn ? (lengths[place - 1] ?? 0) + 1 : 1;
      rows[place] = row;
      lengths[place] = size;
      const isInSameRow = best.size > 0 && best.at + best.size === row + 1;
      if (size > best.size || (size === best.size && isInSameRow)) {
        best = { at: row - size + 1, to: place - size + 1, size };
      }
    }
  }
  return extended(search, part, best);
}

/** With the equal lines around it that were too frequent to begin with. */
function extended({ old, next }: Search, part: Part, block: Block): Block {
  let { at, to, size } = block;
  while (at > part.at && to > part.to && old[at - 1] === next[to - 1]) {
    at -= 1;
    to -= 1;
    size += 1;
  }
  while (at + size < part.atEnd && to + size < part.toEnd && old[at + size] === next[to + size]) {
    size += 1;
  }
  return { at, to, size };
}
