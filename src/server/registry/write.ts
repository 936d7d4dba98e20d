/**
 * The only read-change-write loop. Every write goes through it in the same order: read, change,
 * default, mutate, prepare, validate, admit, compare-and-set. Steps take an object and give one
 * back; a step that refuses throws a `StatusError`, and then nothing was written. When another
 * write came first the loop starts over with what that one left, so a change that depends on the
 * old state is never applied to a state it was not computed from.
 *
 * Owners of fields are told after defaulting and before admission, as upstream does: what admission
 * sets has no owner.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { runInTurns, type Interruptible } from "../../base/interruptible.ts";
import type { WriteMoment } from "../../apis/strategy.ts";
import type { EncodedObject } from "../../machinery/encoded.ts";
import type { GroupVersionKind } from "../../machinery/gvk.ts";
import type { ApiObject, Fields, ManagedFieldsEntry } from "../../machinery/object.ts";
import type { UserInfo } from "../../machinery/request.ts";
import {
  conflict,
  forbidden,
  invalid,
  notFound,
  OBJECT_MODIFIED,
  StatusError,
  type FieldError,
} from "../../machinery/status.ts";
import { ConflictError, ExistsError, NotFoundError } from "../../store/store.ts";
import type { Entry, Store } from "../../store/store.ts";
import { Pace } from "../handlers/pace.ts";
import type { Admission, Review } from "../admission/admission.ts";
import { causeRow } from "./cause.ts";
import type { Claim, Claims } from "./claims.ts";
import { GENERATED_NAME_TRIES_MAX, generateName } from "./generate-name.ts";
import { admittedEntries, isSameOwnership, trackedEntries } from "./managed-fields.ts";
import {
  canonical,
  countGeneration,
  inNamespace,
  keepIdentity,
  ownersOf,
  refuseResourceVersion,
  stampNew,
  withMetadata,
  withOwners,
  withoutDoubleOwners,
} from "./metadata.ts";
import { validateMetadata, validateMetadataUpdate } from "./metadata-validation.ts";
import { namespaceErrors } from "./namespace-demand.ts";
import { checkPreconditions, refuseUid } from "./preconditions.ts";
import { isStale, objectOf, objectOfWritten, prepare, toStored, writtenObject } from "./read.ts";
import { storeKey, type Resource, type Resources } from "./resource.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { translateStoreError } from "./store-errors.ts";

export type WriteDeps = {
  readonly env: Env;
  readonly store: Store;
  readonly resources: Resources;
  readonly admission: Admission;
  readonly claims: Claims;
};

/** What is written, by whom. */
export type WriteTarget = {
  readonly resource: Resource;
  readonly subresource: string;
  readonly namespace: string;
  /** "" for a create. */
  readonly name: string;
  readonly user: UserInfo;
  /** Field manager or user agent. */
  readonly manager: string;
  /** For the cause row: `create`, `update`, `patch`, `delete`, with `/subresource`. */
  readonly verb: string;
  readonly isDryRun: boolean;
  /** The options of the request, for admission. */
  readonly options?: Fields;
  /** Tells the writer something without refusing. */
  readonly warn?: (text: string) => void;
  /** Admission was asked already, about what was sent rather than what is written. */
  readonly isAdmitted?: boolean;
  /** Takes the names of what changes the object on its way, for the cause row. */
  readonly edits?: Set<string>;
};

/** How a write ended. */
export type Written = {
  readonly kind: "created" | "updated" | "unchanged" | "deleted";
  readonly object: EncodedObject;
};

/**
 * What a change does to the owners of fields.
 *
 * - `updated`: the writer owns what it changes.
 * - `given`: the next state brings its owners along.
 * - `kept`: whoever owned a field still does.
 */
export type Ownership = "updated" | "given" | "kept";

/** A new object, and what it takes to be allowed to make it. */
export type Draft = {
  readonly object: ApiObject;
  readonly ownership: Exclude<Ownership, "kept">;
  /** Rejects when the writer may not create. Asked before admission has the last word. */
  readonly authorize?: (context: Context) => Promise<void>;
};

/** A change of an object, and which of its parts it may touch. */
export type Modification = {
  /** The next state; called again when the old one changed meanwhile. May throw. */
  readonly next: (old: ApiObject, context: Context) => ApiObject | Promise<ApiObject>;
  /** Default: `kept`. */
  readonly ownership?: Ownership;
  /** Keeps what this endpoint does not cover, e.g. status. */
  readonly prepare: (next: ApiObject, old: ApiObject, moment: WriteMoment) => ApiObject;
  readonly validate: (next: ApiObject, old: ApiObject) => readonly FieldError[];
  /** What `validate` says, as work that can be interrupted; where it takes long. */
  readonly longValidation?: (
    next: ApiObject,
    old: ApiObject,
    warn: (text: string) => void,
  ) => Interruptible<readonly FieldError[]>;
  /** What the writer is told of a state in which nothing is wrong. */
  readonly warnings?: (next: ApiObject, old: ApiObject) => readonly string[];
  readonly hasDefaults: boolean;
  readonly countsGeneration: boolean;
  /** Default: admission sees the object as it is. */
  readonly form?: ReviewForm;
  /** Makes the object of a write to a name that does not exist yet, where that is allowed. */
  readonly create?: (context: Context) => Draft | Promise<Draft>;
};

/** How admission sees the objects of a subresource that has a kind of its own. */
export type ReviewForm = {
  readonly kind: GroupVersionKind;
  readonly show: (object: ApiObject) => ApiObject;
  /** `object` with what admission changed in its other form. */
  readonly take: (object: ApiObject, shown: ApiObject) => ApiObject;
};

/** The name of defaulting among the edits of a write. */
const DEFAULTS = "defaults";

/** Tries of one write against others of the same object, before it gives up with Conflict. */
export const WRITE_TRIES_MAX = 256;

/** A create, from object to revision. */
export async function createObject(
  sent: ApiObject,
  target: WriteTarget,
  deps: WriteDeps,
  context: Context,
): Promise<Written> {
  const draft: Draft = { object: sent, ownership: "updated" };
  const { name = "", generateName: prefix = "" } = sent.metadata;
  const isGenerated = name === "" && prefix !== "";
  for (let tries = 1; ; tries += 1) {
    const named = isGenerated ? generateName(prefix, deps.env.random) : name;
    const outcome = await createNamed(draft, { ...target, name: named }, deps, context);
    if (outcome.kind === "created") return outcome;
    if (!isGenerated) throw await existsError(named, target, deps, context);
    if (tries >= GENERATED_NAME_TRIES_MAX) throw noUniqueName(named, target);
  }
}

/** A change of an existing object. */
export async function modifyObject(
  target: WriteTarget,
  modification: Modification,
  deps: WriteDeps,
  context: Context,
): Promise<Written> {
  const key = storeKey(target.resource, target);
  for (let tries = 1; tries <= WRITE_TRIES_MAX; tries += 1) {
    const entry = await deps.store.get(key, context);
    if (entry === undefined) {
      if (modification.create === undefined) throw notFound(target.resource, target.name);
      const draft = await modification.create(context);
      refuseUid(draft.object, target);
      const created = await createNamed(draft, target, deps, context);
      if (created.kind === "exists") continue; // somebody else was first
      return created;
    }
    const written = await modifyEntry(entry, target, modification, deps, context);
    if (written !== undefined) return written;
  }
  throw conflict(target.resource, target.name, OBJECT_MODIFIED);
}

async function createNamed(
  draft: Draft,
  asking: WriteTarget,
  deps: WriteDeps,
  context: Context,
): Promise<Written | { readonly kind: "exists" }> {
  const target = { ...asking, edits: new Set<string>() };
  const { resource, name, namespace } = target;
  const { env, admission } = deps;
  const sent = inNamespace(draft.object, { resource, namespace });
  const single = withoutDoubleOwners(sent, "sent", target.warn);
  const stamp = { name, uid: env.ids.uuid(), nowMs: env.clock.now() };
  const stamped = canonical(stampNew(single, stamp, resource), resource);

  const asked = reviewOf(target, "create");
  const review = (object: ApiObject): Review => ({ ...asked, object, old: undefined });
  const pace = new Pace(env);
  const defaulted = defaultedOf(stamped, resource.strategy.applyDefaults, target);
  await pace.step();
  const change = { live: undefined, next: defaulted, sent: sent.metadata.managedFields };
  const isGiven = draft.ownership === "given";
  const owners = isGiven ? ownersOf(sent) : await trackedEntries(change, target, deps, context);
  await pace.step();
  const owned = withOwners(defaulted, owners);
  if (resource.custom?.isTerminating() === true) throw forbidden(resource, name, KIND_IS_GOING);
  // What the server makes up comes after admission had its say.
  const unmade = { name: sent.metadata.name, uid: undefined, creationTimestamp: undefined };
  const seen = withMetadata(owned, unmade);
  const admitted = await admission.mutate(review(seen), context);
  const mutated = withoutDoubleOwners(admitted, "admitted", target.warn);
  const complete =
    mutated === seen
      ? owned
      : resource.strategy.applyDefaults(withIdentity(mutated, stamped, seen));
  warn(target, resource.strategy.warningsFirst?.(complete));
  const made = resource.strategy.prepareForCreate(complete, momentOf(env, target.user));
  const prepared = withOwners(made, admittedEntries(ownersOf(mutated), owners));
  await pace.step();
  const errors = await newErrors(prepared, target, deps, context);
  if (errors.length > 0) {
    throw invalid(refusedKind(resource), prepared.metadata.name ?? "", errors);
  }
  warn(target, resource.strategy.warnings?.(prepared, undefined));
  await draft.authorize?.(context);
  await admission.validate(review(prepared), context);
  if (!target.isDryRun) refuseResourceVersion(sent);

  const claim = await deps.claims.claim(resource, prepared, undefined, context);
  try {
    const key = storeKey(resource, target);
    const stored = await toStored(claim.object, resource, context);
    if (target.isDryRun) {
      claim.undo();
      if ((await deps.store.get(key, context)) !== undefined) return { kind: "exists" };
      return { kind: "created", object: writtenObject(stored, undefined, resource) };
    }
    const cause = causeRow(target.verb, writerOf(target), env, context, [...target.edits]);
    await deps.claims.enter(resource, claim.object, undefined, context);
    const entry = await deps.store.create(key, stored.bytes, cause, context);
    return { kind: "created", object: objectOfWritten(entry, stored, resource) };
  } catch (error) {
    await giveBack(claim, undefined, target, deps, context);
    if (error instanceof ExistsError) return { kind: "exists" };
    throw translateStoreError(error, resource, name);
  }
}

/** As if nothing had been claimed. */
async function giveBack(
  claim: Claim,
  old: ApiObject | undefined,
  { resource, isDryRun }: WriteTarget,
  { claims }: WriteDeps,
  context: Context,
): Promise<void> {
  try {
    if (!isDryRun) await claims.leave(resource, claim.object, old, context);
  } finally {
    claim.undo();
  }
}

/** All that is wrong with a new object. */
async function newErrors(
  object: ApiObject,
  target: WriteTarget,
  deps: WriteDeps,
  context: Context,
): Promise<readonly FieldError[]> {
  const { resource } = target;
  const { strategy } = resource;
  const pace = new Pace(deps.env);
  const tell = (text: string): void => target.warn?.(text);
  const found =
    strategy.longValidation === undefined
      ? strategy.validate(object)
      : await runInTurns(strategy.longValidation(object, undefined, tell), () => pace.step());
  await pace.step();
  return [
    ...validateMetadata(object, resource),
    ...(await namespaceErrors(object, undefined, target, deps, context)),
    ...found,
  ];
}

/** What who creates a custom resource is told while all of its kind are deleted. */
const KIND_IS_GOING = "create not allowed while custom resource definition is terminating";

/** What was left out for admission; a name that was sent may have been changed by it. */
function withIdentity(object: ApiObject, stamped: ApiObject, seen: ApiObject): ApiObject {
  const { name, uid, creationTimestamp } = stamped.metadata;
  const isNamed = (seen.metadata.name ?? "") !== "";
  const made = { uid, creationTimestamp };
  return withMetadata(object, isNamed ? made : { ...made, name });
}

/** Undefined: another write came first, try again. */
async function modifyEntry(
  entry: Entry,
  target: WriteTarget,
  modification: Modification,
  deps: WriteDeps,
  context: Context,
): Promise<Written | undefined> {
  const { resource } = target;
  const edits = new Set<string>();
  await prepare([entry], resource, context);
  const old = objectOf(entry, resource).value;
  const next = await nextState(old, { ...target, edits }, modification, deps, context);
  if (isUnchanged(old, next, resource) && !isStale(entry, resource)) {
    return { kind: "unchanged", object: objectOf(entry, resource) };
  }
  const claim = await deps.claims.claim(resource, next, old, context);
  const isLast = endsDeletion(claim.object, old, resource);
  const kind = isLast ? "deleted" : "updated";
  try {
    const stored = await toStored(claim.object, resource, context);
    const last = writtenObject(stored, entry.revision, resource);
    if (target.isDryRun) {
      claim.undo();
      return { kind, object: last };
    }
    const cause = causeRow(target.verb, writerOf(target), deps.env, context, [...edits]);
    const { key, revision } = entry;
    if (isLast) {
      await deps.store.delete(key, revision, cause, context);
      await deps.claims.leave(resource, old, undefined, context);
      deps.claims.release(resource, old, undefined);
      return { kind, object: last };
    }
    await deps.claims.enter(resource, claim.object, old, context);
    const written = await deps.store.update(key, revision, stored.bytes, cause, context);
    await deps.claims.leave(resource, old, claim.object, context);
    deps.claims.release(resource, old, claim.object);
    return { kind, object: objectOfWritten(written, stored, resource) };
  } catch (error) {
    await giveBack(claim, old, target, deps, context);
    if (error instanceof ConflictError || error instanceof NotFoundError) return undefined;
    throw translateStoreError(error, resource, target.name);
  }
}

async function nextState(
  old: ApiObject,
  target: WriteTarget,
  modification: Modification,
  deps: WriteDeps,
  context: Context,
): Promise<ApiObject> {
  const { resource } = target;
  const { strategy } = resource;
  const sent = inNamespace(await modification.next(old, context), target);
  checkPreconditions(sent, old, target);
  const isPatch = target.verb.startsWith("patch"); // its owners are looked at only once
  const single = isPatch ? sent : withoutDoubleOwners(sent, "sent", target.warn);
  const unowned = withMetadata(keepIdentity(single, old), { managedFields: undefined });
  const kept = canonical(unowned, resource);

  const { form } = modification;
  const review = (object: ApiObject): Review => ({
    ...reviewOf(target, "update"),
    ...(form === undefined
      ? { object: withRevisionOf(old, object), old }
      : { kind: form.kind, object: form.show(withRevisionOf(old, object)), old: form.show(old) }),
  });
  const withDefaults = modification.hasDefaults ? strategy.applyDefaults : identity;
  const pace = new Pace(deps.env);
  const tell = (text: string): void => target.warn?.(text);
  const defaulted = defaultedOf(kept, withDefaults, target);
  await pace.step();
  const owners = await nextOwners({ old, sent, defaulted }, target, modification, deps, context);
  await pace.step();
  const owned = withOwners(defaulted, owners);
  const isAdmitted = target.isAdmitted === true;
  const admitted = isAdmitted ? owned : await mutate(review(owned), owned, form, deps, context);
  const mutated = withoutDoubleOwners(admitted, "admitted", target.warn);
  const complete = mutated === owned ? owned : withDefaults(mutated);
  const made = modification.prepare(complete, old, momentOf(deps.env, target.user));
  const prepared = withOwners(made, admittedEntries(ownersOf(mutated), owners));
  const next = modification.countsGeneration ? countGeneration(prepared, old, resource) : prepared;
  await pace.step();
  const found =
    modification.longValidation === undefined
      ? modification.validate(next, old)
      : await runInTurns(modification.longValidation(next, old, tell), () => pace.step());
  await pace.step();
  const errors = [
    ...validateMetadataUpdate({ sent, next, old }, resource, target.subresource),
    ...(await namespaceErrors(next, old, target, deps, context)),
    ...found,
  ];
  if (errors.length > 0) throw invalid(refusedKind(resource), target.name, errors);
  warn(target, modification.warnings?.(next, old));
  if (!isAdmitted) await deps.admission.validate(review(next), context);
  return next;
}

/** Refusals of events name the group in which they are kept, not the one of the request. */
function refusedKind({
  strategy,
  group,
  kind,
}: Resource): Pick<GroupVersionKind, "group" | "kind"> {
  return { group: strategy.storedAs?.group ?? group, kind };
}

/** The object with its defaults; whether it got any is told. */
function defaultedOf(
  object: ApiObject,
  applyDefaults: (object: ApiObject) => ApiObject,
  { edits }: WriteTarget,
): ApiObject {
  const defaulted = applyDefaults(object);
  if (defaulted !== object && !equalValues(defaulted, object)) edits?.add(DEFAULTS);
  return defaulted;
}

/** What admission makes of `owned`, which it sees in another form. */
async function mutate(
  review: Review,
  owned: ApiObject,
  form: ReviewForm | undefined,
  deps: WriteDeps,
  context: Context,
): Promise<ApiObject> {
  const mutated = await deps.admission.mutate(review, context);
  if (mutated === review.object) return owned;
  if (form !== undefined) return form.take(owned, mutated);
  return withMetadata(mutated, { resourceVersion: owned.metadata.resourceVersion });
}

/** Admission is shown what the write is about to replace. */
function withRevisionOf(
  { metadata: { resourceVersion } }: ApiObject,
  object: ApiObject,
): ApiObject {
  return withMetadata(object, { resourceVersion });
}

function warn(target: WriteTarget, warnings: readonly string[] = []): void {
  for (const warning of warnings) target.warn?.(warning);
}

async function nextOwners(
  states: { readonly old: ApiObject; readonly sent: ApiObject; readonly defaulted: ApiObject },
  target: WriteTarget,
  modification: Modification,
  deps: WriteDeps,
  context: Context,
): Promise<readonly ManagedFieldsEntry[]> {
  const { old, sent, defaulted } = states;
  switch (modification.ownership ?? "kept") {
    case "kept":
      return ownersOf(old);
    case "given":
      return ownersOf(sent);
    case "updated": {
      // What an update leaves out of these it does not own any more, though it cannot change them.
      const { generateName, deletionTimestamp, deletionGracePeriodSeconds } = sent.metadata;
      const asSent = { generateName, deletionTimestamp, deletionGracePeriodSeconds };
      const next = withMetadata(defaulted, asSent);
      const live = target.resource.strategy.applyDefaults(old); // as it would be written today
      const change = { live, next, sent: sent.metadata.managedFields };
      return trackedEntries(change, target, deps, context);
    }
  }
}

/** Whether nothing is to be written: new times of owners that own what they did are nothing. */
function isUnchanged(old: ApiObject, next: ApiObject, resource: Resource): boolean {
  if (!isSameOwnership(ownersOf(old), ownersOf(next))) return false;
  const comparable = withOwners(next, ownersOf(old));
  return equalValues(canonical(old, resource), canonical(comparable, resource));
}

/** Whether the last finalizer of an object under deletion is gone. */
function endsDeletion(next: ApiObject, old: ApiObject, resource: Resource): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = old.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds > 0) return false;
  return finalizersOf(next, resource).length === 0;
}

/** All that blocks a deletion: of metadata, and of the kind. */
export function finalizersOf(object: ApiObject, resource: Resource): readonly string[] {
  return [
    ...(object.metadata.finalizers ?? []),
    ...(resource.strategy.extraFinalizers?.(object) ?? []),
  ];
}

/** The moment a strategy is told. */
export function momentOf(env: Env, user: UserInfo): WriteMoment {
  return { nowMs: env.clock.now(), random: () => env.random.next(), user };
}

/** A review without its object. */
export function reviewOf(
  target: WriteTarget,
  verb: Review["verb"],
): Omit<Review, "object" | "old"> {
  const { resource, subresource, namespace, name, user, isDryRun, options, warn, edits } = target;
  return {
    verb,
    resource,
    subresource,
    namespace,
    name,
    user,
    isDryRun,
    ...(options === undefined ? {} : { options }),
    ...(warn === undefined ? {} : { warn }),
    ...(edits === undefined ? {} : { edited: (by: string) => void edits.add(by) }),
  };
}

export function writerOf(target: WriteTarget): { readonly user: string; readonly manager: string } {
  return { user: target.user.name, manager: target.manager };
}

async function existsError(
  name: string,
  target: WriteTarget,
  deps: WriteDeps,
  context: Context,
): Promise<StatusError> {
  const { resource } = target;
  const error = translateStoreError(new ExistsError(name), resource, name);
  if (!(error instanceof StatusError)) throw error;
  const existing = await deps.store.get(storeKey(resource, { ...target, name }), context);
  await prepare([existing], resource, context);
  const isGoing =
    existing !== undefined &&
    objectOf(existing, resource).value.metadata.deletionTimestamp !== undefined;
  if (!isGoing) return error;
  const message = `object is being deleted: ${error.message}`;
  return new StatusError({ ...error.status, message });
}

function noUniqueName(name: string, target: WriteTarget): StatusError {
  const error = translateStoreError(new ExistsError(name), target.resource, name);
  if (!(error instanceof StatusError)) throw error;
  const why = "the server was not able to generate a unique name for the object";
  return new StatusError({
    ...error.status,
    message: `${error.message}, ${why}`,
    details: { ...error.status.details, retryAfterSeconds: 1 },
  });
}

function identity(object: ApiObject): ApiObject {
  return object;
}
