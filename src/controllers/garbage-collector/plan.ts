/**
 * What the collector does about one object. Pure.
 *
 * An owner is `solid` (it is there), `waiting` (it is there, and goes as soon as its blocking
 * dependents have gone), `dangling` (it is gone for good) or `unknown` (of a kind that cannot be
 * asked about). One solid owner keeps an object; so does an unknown one, because a wrong deletion
 * cannot be undone.
 */
import {
  FOREGROUND_FINALIZER,
  hasFinalizer,
  ORPHAN_FINALIZER,
} from "../../machinery/finalizers.ts";
import { isTerminating, type ApiObject, type Uid } from "../../machinery/object.ts";
import { isDeletingDependents } from "./ownership.ts";

export type OwnerState = "solid" | "waiting" | "dangling" | "unknown";

export type Propagation = "Background" | "Foreground" | "Orphan";

export type GarbagePlan =
  | { readonly kind: "keep" }
  /** Take these owners out of the references: others remain. */
  | { readonly kind: "strip-owners"; readonly uids: readonly Uid[] }
  /** `isUnblocking`: first stop blocking the owners, or a circle would wait for itself. */
  | {
      readonly kind: "delete";
      readonly propagation: Propagation;
      readonly isUnblocking: boolean;
    }
  /** Take this owner out of all its dependents, then let it go. */
  | { readonly kind: "orphan-dependents" }
  /** Nothing blocks it any more: let it go. */
  | { readonly kind: "finish-foreground" };

const KEEP: GarbagePlan = { kind: "keep" };

/**
 * What an object on its way out is owed; undefined: nothing, look at its owners. `blockers`: the
 * dependents that a foreground deletion has to wait for.
 */
export function planLeaving(
  object: ApiObject,
  blockers: readonly ApiObject[],
): GarbagePlan | undefined {
  if (!isTerminating(object)) return undefined;
  if (hasFinalizer(object, ORPHAN_FINALIZER)) return { kind: "orphan-dependents" };
  if (!hasFinalizer(object, FOREGROUND_FINALIZER)) return KEEP; // something else holds it
  return blockers.length > 0 ? KEEP : { kind: "finish-foreground" };
}

/** What an object with owners in these states gets. `owners`: uid to state. */
export function planOwned(
  object: ApiObject,
  owners: ReadonlyMap<Uid, OwnerState>,
  dependents: readonly ApiObject[],
): GarbagePlan {
  const inState = (...states: readonly OwnerState[]): readonly Uid[] =>
    [...owners].filter(([, state]) => states.includes(state)).map(([uid]) => uid);
  if (owners.size === 0) return KEEP;
  if (inState("solid", "unknown").length > 0) {
    const uids = inState("dangling", "waiting");
    return uids.length === 0 ? KEEP : { kind: "strip-owners", uids };
  }
  if (inState("waiting").length > 0 && dependents.length > 0) {
    const isUnblocking = dependents.some(isDeletingDependents);
    return { kind: "delete", propagation: "Foreground", isUnblocking };
  }
  return { kind: "delete", propagation: wishedPropagation(object), isUnblocking: false };
}

/** A finalizer put on beforehand is a wish for the time of deletion. */
function wishedPropagation(object: ApiObject): Propagation {
  if (hasFinalizer(object, ORPHAN_FINALIZER)) return "Orphan";
  if (hasFinalizer(object, FOREGROUND_FINALIZER)) return "Foreground";
  return "Background";
}
