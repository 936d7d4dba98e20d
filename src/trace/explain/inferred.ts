/**
 * What may have led to a write whose writer does not say: controllers of other runtimes send no
 * causes. They act on what they watch: the object itself, its owner, what it owns. So the latest
 * change of each by somebody else, shortly before the write, is taken to have led to it.
 */
import type { CauseRow } from "../cause.ts";
import type { ChangeFact, Facts } from "../facts.ts";

/** How many changes before the write are looked at. */
export const INFERENCE_CHANGES_MAX = 500;

/**
 * How long before the write a change may be that is taken to have led to it. Controllers act within
 * moments of what they see; after a longer pause it was a timer of theirs, or somebody asked.
 */
export const INFERENCE_MS_MAX = 10_000;

/** Revisions, ascending; none if nothing can be said. */
export async function inferredCauses(change: ChangeFact, facts: Facts): Promise<readonly number[]> {
  const ending = change.what === "deleted" ? await deletionRequest(change, facts) : undefined;
  if (ending !== undefined) return [ending];
  const { id, roots = [] } = change.cause;
  if (change.isHidden === true) return []; // which objects are near it is not told either
  if (id !== "" || roots.length > 0 || !isProgram(change.cause)) return [];
  const found = new Map<Relation, number>();
  const oldestMs = change.cause.timeMs - INFERENCE_MS_MAX;
  for (const earlier of await facts.before(change.revision, INFERENCE_CHANGES_MAX)) {
    if (earlier.cause.timeMs < oldestMs) break;
    const relation = relationOf(earlier, change);
    if (relation === undefined || found.has(relation)) continue;
    if (earlier.cause.user !== change.cause.user) found.set(relation, earlier.revision);
    if (earlier.object.uid === change.object.uid && earlier.what === "created") break;
  }
  return [...new Set(found.values())].sort((a, b) => a - b);
}

/** Whether a writer is a program of the cluster rather than a person with a tool. */
export function isProgram({ user }: CauseRow): boolean {
  return /^system:(?:serviceaccount:|node:|kube-)/.test(user);
}

type Relation = "self" | "owner" | "owned";

function relationOf(earlier: ChangeFact, change: ChangeFact): Relation | undefined {
  const { uid } = earlier.object;
  if (uid === change.object.uid) return "self";
  if (change.owners.some((owner) => owner.uid === uid)) return "owner";
  if (earlier.owners.some((owner) => owner.uid === change.object.uid)) return "owned";
  return undefined;
}

/** An object that was asked to go, goes when the last thing that kept it lets go of it. */
async function deletionRequest(change: ChangeFact, facts: Facts): Promise<number | undefined> {
  for (const earlier of await facts.history(change.object, INFERENCE_CHANGES_MAX)) {
    if (earlier.revision >= change.revision) continue;
    if (earlier.object.uid !== change.object.uid) return undefined;
    if (earlier.what === "deletion-requested") return earlier.revision;
  }
  return undefined;
}
