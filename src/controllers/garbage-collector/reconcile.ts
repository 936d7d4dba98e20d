/**
 * Collects one object, or keeps the promises its deletion made about its dependents. Every delete
 * is bound to the uid and the resourceVersion the decision was made on: an object that got a new
 * owner meanwhile is not the one that was judged.
 */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import { DONE, type Reconciler } from "../../controller-runtime/controller/outcome.ts";
import {
  FOREGROUND_FINALIZER,
  ORPHAN_FINALIZER,
  withoutFinalizer,
} from "../../machinery/finalizers.ts";
import { keyOf, keyText } from "../../machinery/key.ts";
import { isTerminating, type OwnerReference, type Uid } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { OwnerStates } from "./owner-states.ts";
import { isDeletingDependents, type Member, type Ownership } from "./ownership.ts";
import { planLeaving, planOwned, type GarbagePlan, type OwnerState } from "./plan.ts";
import type { UnknownOwners } from "./unknown-owners.ts";
import { parseWorkKey } from "./work-key.ts";

const NO_OWNERS: ReadonlyMap<Uid, OwnerState> = new Map();

export function garbageReconciler(deps: {
  readonly client: Client;
  readonly ownership: Ownership;
  readonly states: OwnerStates;
  readonly unknown: UnknownOwners;
}): Reconciler {
  const { client, ownership, states, unknown } = deps;
  return async (work, context) => {
    const { resource, key } = parseWorkKey(work);
    const type = ownership.typeOfResource(resource);
    const object = type === undefined ? undefined : ownership.informer(type)?.lister.get(key);
    if (type === undefined || object === undefined) {
      unknown.note(work, false);
      return DONE;
    }
    const member: Member = { type, object };
    if (isTerminating(object)) await ownership.waitForSync(context.signal);
    const dependents = ownership.dependentsOf(object.metadata.uid ?? "");
    const leaving = planLeaving(
      object,
      isDeletingDependents(object) ? ownership.blockersOf(object) : [],
    );
    const owners = leaving === undefined ? await states.of(member, context) : NO_OWNERS;
    unknown.note(work, [...owners.values()].includes("unknown"));
    const plan = leaving ?? planOwned(object, owners, objectsOf(dependents));
    await carryOut(plan, { member, dependents, client }, context);
    return DONE;
  };
}

type Task = {
  readonly member: Member;
  readonly dependents: readonly Member[];
  readonly client: Client;
};

async function carryOut(plan: GarbagePlan, task: Task, context: Context): Promise<void> {
  const { member, client } = task;
  switch (plan.kind) {
    case "keep":
      return;
    case "strip-owners": {
      const isKept = ({ uid }: OwnerReference): boolean => !plan.uids.includes(uid);
      await writeOwners(client, member, referencesOf(member).filter(isKept), context);
      return;
    }
    case "delete":
      if (plan.isUnblocking) await unblockOwners(client, member, context);
      else await deleteMember(client, member, plan.propagation, context);
      return;
    case "orphan-dependents":
      await orphanDependents(task, context);
      await removeFinalizer(client, member, ORPHAN_FINALIZER, context);
      return;
    case "finish-foreground":
      await removeFinalizer(client, member, FOREGROUND_FINALIZER, context);
      return;
  }
}

async function deleteMember(
  client: Client,
  { type, object }: Member,
  propagationPolicy: "Background" | "Foreground" | "Orphan",
  context: Context,
): Promise<void> {
  const { uid = "", resourceVersion = "" } = object.metadata;
  const preconditions = { uid, resourceVersion };
  context.log.info("collects an object whose owners are gone", {
    kind: type.kind,
    name: keyText(keyOf(object)),
    propagationPolicy,
  });
  await unlessGone(
    client.delete(type, keyOf(object), context, { propagationPolicy, preconditions }),
  );
}

/** In a circle each waits for the other; the write wakes the object again, then it is deleted. */
async function unblockOwners(client: Client, member: Member, context: Context): Promise<void> {
  const references = referencesOf(member);
  const isBlocking = references.some(({ blockOwnerDeletion }) => blockOwnerDeletion === true);
  if (!isBlocking) {
    await deleteMember(client, member, "Foreground", context);
    return;
  }
  const unblocked = references.map((reference) => ({ ...reference, blockOwnerDeletion: false }));
  await writeOwners(client, member, unblocked, context);
}

async function orphanDependents(
  { member, dependents, client }: Task,
  context: Context,
): Promise<void> {
  const ownerUid = member.object.metadata.uid;
  for (const dependent of dependents) {
    const kept = referencesOf(dependent).filter(({ uid }) => uid !== ownerUid);
    await writeOwners(client, dependent, kept, context);
  }
}

async function writeOwners(
  client: Client,
  { type, object }: Member,
  ownerReferences: readonly OwnerReference[],
  context: Context,
): Promise<void> {
  const { uid, resourceVersion } = object.metadata;
  const metadata = { uid, resourceVersion, ownerReferences };
  const patch = { kind: "merge", patch: { metadata } } as const;
  await unlessGone(client.patch(type, keyOf(object), patch, context));
}

async function removeFinalizer(
  client: Client,
  { type, object }: Member,
  finalizer: string,
  context: Context,
): Promise<void> {
  const { uid, resourceVersion } = object.metadata;
  const metadata = { uid, resourceVersion, finalizers: withoutFinalizer(object, finalizer) };
  const patch = { kind: "merge", patch: { metadata } } as const;
  await unlessGone(client.patch(type, keyOf(object), patch, context));
}

/** What is gone needs nothing more. After a conflict the next try judges what is there then. */
async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
  }
}

function referencesOf({ object }: Member): readonly OwnerReference[] {
  return object.metadata.ownerReferences ?? [];
}

function objectsOf(members: readonly Member[]): readonly Member["object"][] {
  return members.map(({ object }) => object);
}
