/** Fields that two writers change back and forth. */
import { compareText } from "../../machinery/key.ts";
import type { ChangeFact } from "../facts.ts";

/** A field that went back to what it was this often, from one hand to another, is fought over. */
export const FIGHT_TURNS_MIN = 3;

export type Fight = {
  readonly field: string;
  /** In the order of their first blow. */
  readonly writers: readonly {
    readonly actor: string;
    readonly user: string;
    /** What it set the field to the last time, and where. */
    readonly value: string;
    readonly revision: number;
  }[];
  /** How often it was put back. */
  readonly turns: number;
  readonly firstRevision: number;
  readonly lastRevision: number;
  /** Between those two. */
  readonly spanMs: number;
};

type Blow = Fight["writers"][number];

type Run = {
  readonly blows: Blow[];
  readonly firstRevision: number;
  readonly firstMs: number;
  turns: number;
  lastRevision: number;
  lastMs: number;
};

/** The worst first. `history`: of one object, newest first. */
export function fightsIn(history: readonly ChangeFact[]): readonly Fight[] {
  const runs = new Map<string, Run>();
  for (const { revision, cause, fields, what } of history.toReversed()) {
    if (what === "created" || what === "deleted") runs.clear();
    for (const { field, after = "(none)" } of fields) {
      const first = { firstRevision: revision, firstMs: cause.timeMs };
      const run = runs.get(field) ?? { ...first, blows: [], turns: 0, lastRevision: 0, lastMs: 0 };
      runs.set(field, run);
      const { actor, user } = cause;
      strike(run, { actor, user, value: after, revision }, cause.timeMs);
    }
  }
  const fights = [...runs].flatMap(([field, { blows, turns, firstMs, lastMs, ...revisions }]) => {
    if (turns < FIGHT_TURNS_MIN) return [];
    const { firstRevision, lastRevision } = revisions;
    const spanMs = lastMs - firstMs;
    return [{ field, writers: writersOf(blows), turns, firstRevision, lastRevision, spanMs }];
  });
  return fights.sort((a, b) => b.turns - a.turns || compareText(a.field, b.field));
}

/** A turn: another hand puts back the value it had put there before. */
function strike(run: Run, blow: Blow, timeMs: number): void {
  const last = run.blows.at(-1);
  const isOtherHand = last !== undefined && (last.actor !== blow.actor || last.user !== blow.user);
  const own = run.blows.findLast(({ actor, user }) => actor === blow.actor && user === blow.user);
  if (isOtherHand && own?.value === blow.value) {
    run.turns += 1;
    run.lastRevision = blow.revision;
    run.lastMs = timeMs;
  }
  run.blows.push(blow);
}

function writersOf(blows: readonly Blow[]): readonly Blow[] {
  const writers = new Map<string, Blow>();
  for (const blow of blows) writers.set(`${blow.actor}\n${blow.user}`, blow);
  return [...writers.values()];
}
