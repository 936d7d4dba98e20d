/**
 * What wakes the collector:
 * - an object that has owners, or whose deletion made a promise: itself;
 * - an owner that is gone, or begins to wait for its dependents: those;
 * - a dependent that is gone, or no longer names an owner or blocks it: the owners that wait;
 * - a kind that is followed from now on: the objects that have an owner of a kind unknown so far.
 */
import type { ResourceType } from "../../client/resource-type.ts";
import { kindsSource } from "../../controller-runtime/sources/kinds-source.ts";
import type { Source } from "../../controller-runtime/sources/source.ts";
import type { KindInformers } from "../../informer/kind-informers.ts";
import type { InformerEvent } from "../../informer/shared-informer-types.ts";
import { hasFinalizer, ORPHAN_FINALIZER } from "../../machinery/finalizers.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import { isDeletingDependents, type Ownership } from "./ownership.ts";
import type { UnknownOwners } from "./unknown-owners.ts";
import { workKey } from "./work-key.ts";

export function garbageSources(
  kinds: KindInformers,
  ownership: Ownership,
  unknown: UnknownOwners,
): readonly Source[] {
  return [
    kindsSource(kinds, (object, event, type) => wokenBy(object, event, type, ownership)),
    unknown.source(kinds),
  ];
}

function wokenBy(
  object: ApiObject,
  event: InformerEvent<ApiObject>,
  type: ResourceType,
  ownership: Ownership,
): readonly ObjectKey[] {
  const isGone = event.kind === "delete" || isReplaced(object, event);
  const self = !isGone && needsCare(object) ? [workKey(type, keyOf(object))] : [];
  const isLookedAt = isGone || isDeletingDependents(object);
  return [
    ...self,
    ...(isLookedAt ? dependentKeys(object, ownership) : []),
    ...(event.kind === "add" ? [] : waitingOwnerKeys(object, ownership)),
  ];
}

/** A deletion and a new object of the name may come as one update. */
function isReplaced(object: ApiObject, event: InformerEvent<ApiObject>): boolean {
  return event.kind === "update" && object.metadata.uid !== event.object.metadata.uid;
}

function needsCare(object: ApiObject): boolean {
  if ((object.metadata.ownerReferences?.length ?? 0) > 0) return true;
  return (
    isDeletingDependents(object) ||
    (isTerminating(object) && hasFinalizer(object, ORPHAN_FINALIZER))
  );
}

function dependentKeys(owner: ApiObject, ownership: Ownership): readonly ObjectKey[] {
  const dependents = ownership.dependentsOf(owner.metadata.uid ?? "");
  return dependents.map(({ type, object }) => workKey(type, keyOf(object)));
}

function waitingOwnerKeys(dependent: ApiObject, ownership: Ownership): readonly ObjectKey[] {
  return (dependent.metadata.ownerReferences ?? []).flatMap((reference) => {
    const type = ownership.typeOfReference(reference);
    const owner = type === undefined ? undefined : ownership.find(type, reference.uid);
    if (type === undefined || owner === undefined || !isDeletingDependents(owner)) return [];
    return [workKey(type, keyOf(owner))];
  });
}
