/**
 * Whose objects are they? A controller of sets (ReplicaSet, Deployment) controls the objects that
 * name it as their controller; it adopts those that its selector matches and nobody controls, and
 * releases those that its selector no longer matches. Two that select the same object never both
 * get it: adoption is a write on the object, refused by the server when someone was first.
 */
import type { Context } from "../base/context.ts";
import type { Client } from "../client/client.ts";
import type { ResourceType } from "../client/resource-type.ts";
import { keyOf, keyText } from "../machinery/key.ts";
import { matchesLabels, type LabelQuery } from "../machinery/labels.ts";
import { isTerminating, type ApiObject } from "../machinery/object.ts";
import { controllerOf, controllerReference, isControlledBy } from "../machinery/owners.ts";
import { isStatus } from "../machinery/status.ts";

/** What an owner should do about objects it might control. */
export type ClaimPlan<T extends ApiObject> = {
  /** Controlled already, and selected. */
  readonly keep: readonly T[];
  /** Selected, and nobody's. */
  readonly adopt: readonly T[];
  /** Controlled, and no longer selected. */
  readonly release: readonly T[];
};

/** Sorts `objects` into what `owner` keeps, adopts and releases; others' objects are in none. */
export function planClaim<T extends ApiObject>(
  owner: ApiObject,
  selector: LabelQuery,
  objects: readonly T[],
): ClaimPlan<T> {
  const isLeaving = isTerminating(owner);
  const inNamespace = objects.filter(
    (object) => object.metadata.namespace === owner.metadata.namespace,
  );
  const isSelected = (object: T): boolean => matchesLabels(selector, object.metadata.labels);
  const owned = inNamespace.filter((object) => isControlledBy(object, owner));
  return {
    keep: owned.filter(isSelected),
    adopt: inNamespace.filter(
      (object) =>
        !isLeaving &&
        controllerOf(object) === undefined &&
        !isTerminating(object) &&
        isSelected(object),
    ),
    // One that leaves gives nothing away: the garbage collector decides about its objects.
    release: isLeaving ? [] : owned.filter((object) => !isSelected(object)),
  };
}

/**
 * Makes it so, and answers the objects that `owner` controls afterwards. Before the first adoption
 * the owner is read afresh, so that one that was just deleted, or deleted and recreated, adopts
 * nothing in the name of its past.
 */
export async function claimObjects<T extends ApiObject, O extends ApiObject>(
  client: Client,
  request: {
    readonly owner: O;
    readonly ownerType: ResourceType<O>;
    readonly type: ResourceType<T>;
    readonly selector: LabelQuery;
    readonly objects: readonly T[];
  },
  context: Context,
): Promise<readonly T[]> {
  const { owner, ownerType, type } = request;
  const plan = planClaim(owner, request.selector, request.objects);
  for (const object of plan.release) await release(client, type, object, owner, context);
  if (plan.adopt.length === 0) return plan.keep;

  const fresh = await client.get(ownerType, keyOf(owner), context);
  if (fresh.metadata.uid !== owner.metadata.uid) {
    throw new Error(`${ownerType.kind} ${keyText(keyOf(owner))} is not the one it was`);
  }
  if (isTerminating(fresh)) return plan.keep;
  const adopted: T[] = [];
  for (const object of plan.adopt) {
    const reply = await adopt(client, type, object, controllerReference(owner, ownerType), context);
    if (reply !== undefined) adopted.push(reply);
  }
  return [...plan.keep, ...adopted];
}

/** The adopted object; undefined if it is gone. */
async function adopt<T extends ApiObject>(
  client: Client,
  type: ResourceType<T>,
  object: T,
  reference: ReturnType<typeof controllerReference>,
  context: Context,
): Promise<T | undefined> {
  const { uid } = object.metadata;
  // The uid is a precondition: a successor of that name is not adopted unseen.
  const patch = { metadata: { uid, ownerReferences: [reference] } };
  try {
    return await client.patch(type, keyOf(object), { kind: "strategic", patch }, context);
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    throw error;
  }
}

async function release<T extends ApiObject>(
  client: Client,
  type: ResourceType<T>,
  object: T,
  owner: ApiObject,
  context: Context,
): Promise<void> {
  const removal = { $patch: "delete", uid: owner.metadata.uid };
  const patch = { metadata: { uid: object.metadata.uid, ownerReferences: [removal] } };
  try {
    await client.patch(type, keyOf(object), { kind: "strategic", patch }, context);
  } catch (error) {
    // Invalid: the reference is gone already. NotFound: so is the object.
    if (!isStatus(error, "NotFound") && !isStatus(error, "Invalid")) throw error;
  }
}
