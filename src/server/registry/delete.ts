/**
 * Deletions: at once, after a grace period, or when the last finalizer is gone. Which of them is
 * decided by a pure function; the loop around it reads and compares-and-sets like every write.
 */
import type { Context } from "../../base/context.ts";
import { parseApiTime } from "../../machinery/api-time.ts";
import type { EncodedObject } from "../../machinery/encoded.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../machinery/finalizers.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { conflict, notFound, OBJECT_MODIFIED } from "../../machinery/status.ts";
import { ConflictError, NotFoundError, type Entry } from "../../store/store.ts";
import { causeRow } from "./cause.ts";
import { markDeleting, withMetadata } from "./metadata.ts";
import { objectOf, objectOfWritten, prepare, toStored, writtenObject } from "./read.ts";
import { storeKey, type Resource } from "./resource.ts";
import { translateStoreError } from "./store-errors.ts";
import {
  finalizersOf,
  reviewOf,
  WRITE_TRIES_MAX,
  writerOf,
  type WriteDeps,
  type WriteTarget,
} from "./write.ts";

/** What becomes of objects that the deleted one owns. */
export type Propagation = "Background" | "Foreground" | "Orphan";

export type DeleteWish = {
  /** Undefined: as long as the object says. */
  readonly graceSeconds: number | undefined;
  /** Undefined: what finalizers already on the object say, else the default of the kind. */
  readonly propagation: Propagation | undefined;
  readonly preconditions: {
    readonly uid: string | undefined;
    readonly resourceVersion: string | undefined;
  };
};

export type Deleted = {
  /** `pending`: the object stays until its grace period or finalizers end. */
  readonly kind: "gone" | "pending";
  readonly object: EncodedObject;
};

/** Deletes the object, or begins to. */
export async function deleteObject(
  target: WriteTarget,
  wish: DeleteWish,
  deps: WriteDeps,
  context: Context,
): Promise<Deleted> {
  const { resource, name } = target;
  const key = storeKey(resource, target);
  for (let tries = 1; tries <= WRITE_TRIES_MAX; tries += 1) {
    const entry = await deps.store.get(key, context);
    if (entry === undefined) throw notFound(resource, name);
    await prepare([entry], resource, context);
    const old = objectOf(entry, resource).value;
    checkPreconditions(old, wish, resource, name);
    const isOne = target.verb !== "deletecollection"; // who deletes many names none
    const asked = { ...reviewOf(target, "delete"), ...(isOne ? {} : { name: "" }) };
    const review = { ...asked, object: old, old };
    if (target.isAdmitted !== true) await deps.admission.admit(review, context);
    const deleted = await deleteEntry(entry, old, target, wish, deps, context);
    if (deleted !== undefined) return deleted;
  }
  throw conflict(resource, name, OBJECT_MODIFIED);
}

/** Undefined: another write came first, try again. */
async function deleteEntry(
  entry: Entry,
  old: ApiObject,
  target: WriteTarget,
  wish: DeleteWish,
  deps: WriteDeps,
  context: Context,
): Promise<Deleted | undefined> {
  const { resource } = target;
  const decision = decideDeletion(old, wish, resource, deps.env.clock.now());
  if (decision.kind === "nothing") return { kind: "pending", object: objectOf(entry, resource) };
  const stored = await toStored(decision.object, resource, context);
  if (target.isDryRun) {
    const object = writtenObject(stored, entry.revision, resource);
    return { kind: decision.kind === "mark" ? "pending" : "gone", object };
  }
  const cause = causeRow(target.verb, writerOf(target), deps.env, context);
  try {
    if (decision.kind === "mark") {
      const { key, revision } = entry;
      const written = await deps.store.update(key, revision, stored.bytes, cause, context);
      return { kind: "pending", object: objectOfWritten(written, stored, resource) };
    }
    const at = await deps.store.delete(entry.key, entry.revision, cause, context);
    await deps.claims.leave(resource, old, undefined, context);
    deps.claims.release(resource, old, undefined);
    return { kind: "gone", object: writtenObject(stored, at, resource) };
  } catch (error) {
    if (error instanceof ConflictError || error instanceof NotFoundError) return undefined;
    throw translateStoreError(error, resource, target.name);
  }
}

type Decision =
  /** The deletion is under way, and this request changes nothing about it. */
  | { readonly kind: "nothing" }
  /** The object is written with the marks of its deletion. */
  | { readonly kind: "mark"; readonly object: ApiObject }
  | { readonly kind: "remove"; readonly object: ApiObject };

/** What a deletion of `old` does now. Pure. */
export function decideDeletion(
  old: ApiObject,
  wish: DeleteWish,
  resource: Resource,
  nowMs: number,
): Decision {
  const grace = decideGrace(old, wish, resource, nowMs);
  if (grace.kind === "pending") return { kind: "nothing" };
  const withFinalizers = applyPropagation(grace.object, wish.propagation, resource);
  const isBlocked = finalizersOf(withFinalizers, resource).length > 0;
  if (grace.kind === "graceful") {
    const isWaiting = isBlocked || grace.graceSeconds > 0;
    return { kind: isWaiting ? "mark" : "remove", object: withFinalizers };
  }
  if (!isBlocked) return { kind: "remove", object: withFinalizers };
  const isMarked = old.metadata.deletionTimestamp !== undefined;
  if (isMarked && withFinalizers === old) return { kind: "nothing" };
  const marked = isMarked ? withFinalizers : begin(withFinalizers, nowMs, 0, resource);
  return { kind: "mark", object: marked };
}

type Grace =
  | { readonly kind: "pending" }
  | { readonly kind: "graceful"; readonly object: ApiObject; readonly graceSeconds: number }
  | { readonly kind: "none"; readonly object: ApiObject };

function decideGrace(old: ApiObject, wish: DeleteWish, resource: Resource, nowMs: number): Grace {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = old.metadata;
  const rule = resource.strategy.grace;
  if (deletionTimestamp === undefined) {
    if (rule === undefined) return { kind: "none", object: old };
    const graceSeconds = rule(old, wish.graceSeconds);
    const object = begin(old, nowMs, graceSeconds, resource);
    return { kind: "graceful", object, graceSeconds };
  }
  if (deletionGracePeriodSeconds === 0) return { kind: "none", object: old };
  // A deletion under way can only be shortened.
  const asked = wish.graceSeconds === undefined ? undefined : Math.max(wish.graceSeconds, 0);
  if (asked === undefined || asked >= deletionGracePeriodSeconds) return { kind: "pending" };
  const beganMs = parseApiTime(deletionTimestamp) - deletionGracePeriodSeconds * 1_000;
  const { generation } = old.metadata;
  const sooner = withMetadata(
    markDeleting(old, { nowMs: beganMs, graceSeconds: asked }),
    { generation }, // it was counted when the deletion began
  );
  return { kind: "graceful", object: sooner, graceSeconds: asked };
}

/** `object` on its way out. */
function begin(
  object: ApiObject,
  nowMs: number,
  graceSeconds: number,
  resource: Resource,
): ApiObject {
  const marked = markDeleting(object, { nowMs, graceSeconds });
  return resource.strategy.whenDeletionBegins?.(marked) ?? marked;
}

/** The finalizers that make the garbage collector do what was asked. */
function applyPropagation(
  object: ApiObject,
  asked: Propagation | undefined,
  resource: Resource,
): ApiObject {
  const before = object.metadata.finalizers ?? [];
  const unsaid = resource.strategy.defaultPropagation ?? "Background";
  const propagation = asked ?? propagationOf(before, unsaid);
  const others = before.filter(
    (name) => name !== ORPHAN_FINALIZER && name !== FOREGROUND_FINALIZER,
  );
  const finalizers = [...others, ...finalizersFor(propagation)];
  const isSame =
    finalizers.length === before.length && finalizers.every((name) => before.includes(name));
  return isSame ? object : withMetadata(object, { finalizers });
}

function propagationOf(finalizers: readonly string[], unsaid: Propagation): Propagation {
  if (finalizers.includes(ORPHAN_FINALIZER)) return "Orphan";
  return finalizers.includes(FOREGROUND_FINALIZER) ? "Foreground" : unsaid;
}

function finalizersFor(propagation: Propagation): readonly string[] {
  switch (propagation) {
    case "Background":
      return [];
    case "Foreground":
      return [FOREGROUND_FINALIZER];
    case "Orphan":
      return [ORPHAN_FINALIZER];
  }
}

function checkPreconditions(
  old: ApiObject,
  wish: DeleteWish,
  resource: Resource,
  name: string,
): void {
  const { uid, resourceVersion } = wish.preconditions;
  // Upstream names the kind here, not the resource.
  const about = { group: resource.group, resource: resource.kind };
  if (uid !== undefined && uid !== old.metadata.uid) {
    const why =
      `the UID in the precondition (${uid}) does not match the UID in record ` +
      `(${old.metadata.uid}). The object might have been deleted and then recreated`;
    throw conflict(about, name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
    const why =
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ` +
      `ResourceVersion in record (${old.metadata.resourceVersion}). ` +
      "The object might have been modified";
    throw conflict(about, name, why);
  }
}
