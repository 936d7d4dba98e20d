/** A past of a few lines, for tests. */
import { causeId } from "../../base/context.ts";
import type { CauseRow } from "../cause.ts";
import { isSameObject, type ChangeFact, type Facts } from "../facts.ts";

export function aCause(parts: Partial<CauseRow> = {}): CauseRow {
  return {
    user: "alice",
    actor: "kubectl",
    verb: "update",
    id: causeId(""),
    triggers: [],
    traceparent: "",
    timeMs: 0,
    ...parts,
  };
}

/** The cause of a controller's write. */
export function ofController(actor: string, triggers: readonly number[]): CauseRow {
  const user = `system:serviceaccount:kube-system:${actor}`;
  return aCause({ actor, user, id: causeId(`${actor}-1`), triggers });
}

export function aChange(parts: Partial<ChangeFact> & { readonly revision: number }): ChangeFact {
  const name = "web";
  return {
    object: { apiVersion: "v1", kind: "Pod", namespace: "default", name, uid: "u-web" },
    what: "changed",
    owners: [],
    fields: [],
    cause: aCause(),
    ...parts,
  };
}

export function recordedFacts(changes: readonly ChangeFact[]): Facts {
  const sorted = changes.toSorted((a, b) => a.revision - b.revision);
  const newest = sorted.toReversed();
  const kept = { oldest: sorted[0]?.revision ?? 0, newest: newest[0]?.revision ?? 0 };
  return {
    kept: () => kept,
    change: (revision) => Promise.resolve(sorted.find((each) => each.revision === revision)),
    history: (object, limit) => {
      const own = newest.filter((each) => isSameObject(each.object, object));
      return Promise.resolve(own.slice(0, limit));
    },
    before: (revision, limit) =>
      Promise.resolve(newest.filter((each) => each.revision < revision).slice(0, limit)),
    causesAfter: (revision, limit) =>
      Promise.resolve(sorted.filter((each) => each.revision > revision).slice(0, limit)),
  };
}
