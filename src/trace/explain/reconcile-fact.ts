/** What the reconcile knew that made a change: what it had read, and how old that was. */
import type { ChangeFact, Facts } from "../facts.ts";
import type { ReadRecord, ReconcileRecord } from "../reconcile-record.ts";

/** Changes of one object that are counted after it was read. */
export const BEHIND_MAX = 100;

/** A read, and how many changes of the object it had missed when the change was made. */
export type ReadFact = ReadRecord & { readonly behind?: number };

export type ReconcileFact = Omit<ReconcileRecord, "reads"> & {
  readonly reads: readonly ReadFact[];
};

export async function reconcileFact(
  record: ReconcileRecord,
  change: ChangeFact,
  facts: Facts,
): Promise<ReconcileFact> {
  const reads: ReadFact[] = [];
  for (const read of record.reads) {
    if (read.revision >= change.revision) continue; // it was read after the change was made
    if (read.kind === "list") reads.push(read);
    else reads.push({ ...read, behind: await behindOf(read, record, change, facts) });
  }
  return { ...record, reads };
}

/** What the reconcile itself has written is no news to it. */
async function behindOf(
  { object, revision }: ReadRecord & { readonly kind: "object" },
  { id }: ReconcileRecord,
  change: ChangeFact,
  facts: Facts,
): Promise<number> {
  const history = await facts.history(object, BEHIND_MAX);
  const isMissed = (later: ChangeFact): boolean =>
    later.revision > revision && later.revision < change.revision && later.cause.id !== id;
  // Of what was not there, only what came after it was looked for could be missed; when it was
  // looked for is not known.
  return revision === 0 ? 0 : history.filter(isMissed).length;
}
