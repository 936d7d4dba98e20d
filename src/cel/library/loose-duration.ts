/** Durations as schemas of format `duration` have them: Go's, or words such as `3 days`. */
import { CelDuration } from "../values.ts";
import { INT_MAX } from "../eval/numbers.ts";
import { parseDuration } from "./time-text.ts";

/** Names of a unit; the last of them may be the beginning of a longer word. */
type Unit = { readonly names: readonly string[]; readonly nanos: bigint };

const UNITS: readonly Unit[] = [
  { names: ["ns", "nano"], nanos: 1n },
  { names: ["us", "\u00b5s", "micro"], nanos: 1_000n },
  { names: ["ms", "milli"], nanos: 1_000_000n },
  { names: ["s", "sec"], nanos: 1_000_000_000n },
  { names: ["m", "min"], nanos: 60_000_000_000n },
  { names: ["h", "hr", "hour"], nanos: 3_600_000_000_000n },
  { names: ["d", "day"], nanos: 86_400_000_000_000n },
  { names: ["w", "wk", "week"], nanos: 604_800_000_000_000n },
];

/** The duration; undefined if the text has none in it. */
export function looseDuration(text: string): CelDuration | undefined {
  const exact = parseDuration(text);
  if (exact !== undefined) return exact;
  let total = 0n;
  let isFound = false;
  for (const [, count = "", word = ""] of text.matchAll(/(\d+)\s*([A-Za-z\u00b5]+)/g)) {
    const unit = UNITS.find(({ names }) => isName(word.toLowerCase(), names));
    if (count.length > 19) return undefined;
    if (unit === undefined) continue;
    isFound = true;
    total += BigInt(count) * unit.nanos;
  }
  return isFound && total <= INT_MAX ? new CelDuration(total) : undefined;
}

function isName(word: string, names: readonly string[]): boolean {
  const last = names.at(-1);
  return names.includes(word) || (last !== undefined && word.startsWith(last));
}
