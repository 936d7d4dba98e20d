/** A world that writes on and on: who writes what, told from the causes that the store keeps. */
import type { Context } from "../base/context.ts";
import { revision as asRevision, type Store } from "../store/store.ts";

/** Controllers wake each other, or themselves, without end. The message names them. */
export class RestlessError extends Error {
  override readonly name = "RestlessError";
}

/** Writes without any time passing that no world at rest makes. */
export const WRITES_MAX = 2_000;
/** Of the newest writes, so many are looked at. */
const LOOKED_AT = 200;
const SHOWN = 5;

/** Who wrote most of late. */
export async function restless(store: Store, context: Context): Promise<RestlessError> {
  const newest = store.status().revision;
  const counts = new Map<string, number>();
  for (let at = newest - LOOKED_AT + 1; at <= newest; at += 1) {
    const change = at > 0 ? await store.change(asRevision(at), context) : undefined;
    if (change === undefined) continue;
    const key = change.kind === "put" ? change.entry.key : change.key;
    const { actor, user, verb } = change.cause;
    const what = `${actor === "" ? user : actor}: ${verb} ${key.replace("/registry/", "")}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const most = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, SHOWN);
  return new RestlessError(
    `the world does not come to rest: ${WRITES_MAX} writes, and no time has passed. Of the last ` +
      `${LOOKED_AT}:\n${most.map(([what, count]) => `  ${count} times ${what}`).join("\n")}\n` +
      "A reconcile that writes something new each time it runs is woken by it: derive what it " +
      "writes from what it reads.",
  );
}
