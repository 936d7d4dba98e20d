/** What one change led to: the writes that name it as a cause, what those led to, and so on. */
import type { ChangeFact, Facts } from "../facts.ts";

/** More consequences than this are not told at once. */
export const CONSEQUENCES_MAX = 500;
/** Changes after the first that are looked at. */
export const CONSEQUENCES_SPAN_MAX = 100_000;

export type Consequences = {
  readonly change: ChangeFact;
  /** Oldest first, each with those of the revisions before it that led to it. */
  readonly led: readonly { readonly change: ChangeFact; readonly from: readonly number[] }[];
  /** Whether there may be more than what is told. */
  readonly isCut: boolean;
};

/** Undefined: the revision is forgotten, or not there yet. */
export async function consequencesOf(
  revision: number,
  facts: Facts,
): Promise<Consequences | undefined> {
  const change = await facts.change(revision);
  if (change === undefined) return undefined;
  const reached = new Set([revision]);
  const led: { readonly change: ChangeFact; readonly from: readonly number[] }[] = [];
  const later = await facts.causesAfter(revision, CONSEQUENCES_SPAN_MAX);
  for (const { revision: at, cause } of later) {
    const from = cause.triggers.filter((trigger) => trigger < at && reached.has(trigger));
    if (from.length === 0) continue;
    if (led.length >= CONSEQUENCES_MAX) return { change, led, isCut: true };
    reached.add(at);
    const effect = await facts.change(at);
    if (effect !== undefined) led.push({ change: effect, from });
  }
  return { change, led, isCut: later.length >= CONSEQUENCES_SPAN_MAX };
}
