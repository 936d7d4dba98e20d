/**
 * Which changes are worth waking a controller for. A predicate that is too narrow hides what a
 * reconciler reads, and nothing will tell; when in doubt leave it out: keys are coalesced.
 *
 * Additions, deletions and a change of identity (uid) pass the built-in ones: they only judge what
 * an update changed.
 */
import type { InformerEvent } from "../../informer/shared-informer-types.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { equalValues } from "../../machinery/json-value.ts";

/** Whether an event is let through. Pure. */
export type Predicate<T extends ApiObject = ApiObject> = (event: InformerEvent<T>) => boolean;

/** The spec changed, or deletion began. Kinds without generations pass always. */
export const generationChanged: Predicate = updates(
  (old, next) =>
    next.metadata.generation === undefined ||
    old.metadata.generation !== next.metadata.generation ||
    old.metadata.deletionTimestamp !== next.metadata.deletionTimestamp,
);

/** The labels changed. */
export const labelsChanged: Predicate = updates(
  (old, next) => !equalValues(old.metadata.labels ?? {}, next.metadata.labels ?? {}),
);

/** The annotations changed. */
export const annotationsChanged: Predicate = updates(
  (old, next) => !equalValues(old.metadata.annotations ?? {}, next.metadata.annotations ?? {}),
);

/** Something else keeps the object from going than before. */
export const finalizersChanged: Predicate = updates(
  (old, next) => !equalValues(old.metadata.finalizers ?? [], next.metadata.finalizers ?? []),
);

/** All of them hold. */
export function allOf<T extends ApiObject>(...predicates: readonly Predicate<T>[]): Predicate<T> {
  return (event) => predicates.every((predicate) => predicate(event));
}

/** One of them holds. */
export function anyOf<T extends ApiObject>(...predicates: readonly Predicate<T>[]): Predicate<T> {
  return (event) => predicates.some((predicate) => predicate(event));
}

/**
 * Lets through what the other one does not. Mind additions and deletions: `generationChanged` and
 * its like let them through, so `not` of them does not.
 */
export function not<T extends ApiObject>(predicate: Predicate<T>): Predicate<T> {
  return (event) => !predicate(event);
}

function updates(isRelevant: (old: ApiObject, next: ApiObject) => boolean): Predicate {
  return (event) =>
    event.kind !== "update" ||
    event.old.metadata.uid !== event.object.metadata.uid ||
    isRelevant(event.old, event.object);
}
