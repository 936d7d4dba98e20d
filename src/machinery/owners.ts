import { assert } from "../base/assert.ts";
import { apiVersionOf, type GroupVersionKind } from "./gvk.ts";
import type { ApiObject, OwnerReference } from "./object.ts";

/** The owner that manages the object, if one does. */
export function controllerOf(object: ApiObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** Whether `owner` (by uid) is the managing owner. */
export function isControlledBy(object: ApiObject, owner: ApiObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid && owner.metadata.uid !== undefined;
}

/** A reference that makes `owner` the managing owner and blocks its foreground deletion. */
export function controllerReference(owner: ApiObject, gvk: GroupVersionKind): OwnerReference {
  const { name, uid } = owner.metadata;
  assert(name !== undefined && uid !== undefined, "an owner is stored, so it has name and uid");
  return {
    apiVersion: apiVersionOf(gvk),
    kind: gvk.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
