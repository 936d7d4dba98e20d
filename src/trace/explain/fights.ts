/** Fields that two writers change back and forth, or write in turn. */
import { compareText } from "../../machinery/key.ts";
import type { ChangeFact } from "../facts.ts";

/** A field that went back to what it was this often, from one hand to another, is fought over. */
export const FIGHT_TURNS_MIN = 3;
/** So is one that hands wrote in turn this often, whatever they wrote: timestamps, checksums. */
export const NEW_VALUE_TURNS_MIN = 6;
/** A fight is over after a pause this many times as long as those within it usually are, */
const PAUSE_FACTOR = 10;
/** and at least this long. */
const PAUSE_MS_MIN = 60_000;
/** Who writes less than this part of what the busiest does is a bystander. */
const SHARE_MIN = 0.25;

export type Fight = {
  readonly field: string;
  /** `put-back`: each returns to its own value; `new-values`: it is another one each time. */
  readonly how: "put-back" | "new-values";
  /** Those that take part, in the order of their first blow. */
  readonly writers: readonly Writer[];
  /** How often one of them wrote over another, as `how` says. */
  readonly turns: number;
  readonly firstRevision: number;
  readonly lastRevision: number;
  /** Between those two. */
  readonly spanMs: number;
  /** When the last of them was made, in milliseconds since the epoch. */
  readonly lastMs: number;
  /** Who has written the field since, without taking part; the newest. Absent: nobody. */
  readonly since?: Writer;
};

type Writer = {
  readonly actor: string;
  readonly user: string;
  /** What it set the field to the last time, and where. */
  readonly value: string;
  readonly revision: number;
};

type Blow = Writer & { readonly hand: string; readonly timeMs: number };

/** The worst first. `history`: of one object, newest first. */
export function fightsIn(history: readonly ChangeFact[]): readonly Fight[] {
  const byField = new Map<string, Blow[]>();
  for (const { revision, cause, fields, what } of history.toReversed()) {
    if (what === "created" || what === "deleted") byField.clear();
    const { actor, user, timeMs } = cause;
    for (const { field, after: value = "(none)" } of fields) {
      const blows = byField.get(field) ?? [];
      blows.push({ actor, user, value, revision, hand: `${actor}\n${user}`, timeMs });
      byField.set(field, blows);
    }
  }
  const fights = [...byField].flatMap(([field, blows]) => fightsOver(field, blows));
  return fights.sort((a, b) => b.turns - a.turns || compareText(a.field, b.field));
}

function fightsOver(field: string, blows: readonly Blow[]): readonly Fight[] {
  return bouts(blows.filter(takesPart(blows))).flatMap((bout) => {
    const taking = bout.filter(takesPart(bout));
    const [first, last] = [taking[0], taking.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { putBack, inTurn } = turnsOf(taking);
    const isPutBack = putBack >= FIGHT_TURNS_MIN;
    if (!isPutBack && inTurn < NEW_VALUE_TURNS_MIN) return [];
    const newest = blows.at(-1);
    const isOver = newest !== undefined && newest.revision > last.revision;
    return [
      {
        field,
        how: isPutBack ? "put-back" : "new-values",
        writers: writersOf(taking),
        turns: isPutBack ? putBack : inTurn,
        firstRevision: first.revision,
        lastRevision: last.revision,
        spanMs: last.timeMs - first.timeMs,
        lastMs: last.timeMs,
        ...(isOver ? { since: writerOf(newest) } : {}),
      },
    ];
  });
}

/** Whoever wrote over others more than once, and not far less often than the busiest. */
function takesPart(blows: readonly Blow[]): (blow: Blow) => boolean {
  const overs = new Map<string, number>();
  blows.forEach(({ hand }, index) => {
    const before = blows[index - 1];
    if (before !== undefined && before.hand !== hand) overs.set(hand, (overs.get(hand) ?? 0) + 1);
  });
  const enough = Math.max(2, SHARE_MIN * Math.max(...overs.values(), 0));
  return ({ hand }) => (overs.get(hand) ?? 0) >= enough;
}

/** Cut where it was quiet for long. */
function bouts(blows: readonly Blow[]): readonly (readonly Blow[])[] {
  const pauses = blows.map(({ timeMs }, index) => timeMs - (blows[index - 1]?.timeMs ?? timeMs));
  const usual = pauses.slice(1).sort((a, b) => a - b)[Math.floor((pauses.length - 1) / 2)] ?? 0;
  const longest = Math.max(PAUSE_MS_MIN, PAUSE_FACTOR * usual);
  const found: Blow[][] = [];
  blows.forEach((blow, index) => {
    const bout = found.at(-1);
    if (bout === undefined || (pauses[index] ?? 0) > longest) found.push([blow]);
    else bout.push(blow);
  });
  return found;
}

/** A turn: a hand that had written before writes over another one. */
function turnsOf(blows: readonly Blow[]): { readonly putBack: number; readonly inTurn: number } {
  const values = new Map<string, string>();
  let [putBack, inTurn] = [0, 0];
  blows.forEach(({ hand, value }, index) => {
    const own = values.get(hand);
    if (own !== undefined && blows[index - 1]?.hand !== hand) {
      inTurn += 1;
      if (own === value) putBack += 1;
    }
    values.set(hand, value);
  });
  return { putBack, inTurn };
}

function writersOf(blows: readonly Blow[]): readonly Writer[] {
  const writers = new Map<string, Writer>();
  for (const blow of blows) writers.set(blow.hand, writerOf(blow));
  return [...writers.values()];
}

function writerOf({ actor, user, value, revision }: Blow): Writer {
  return { actor, user, value, revision };
}
