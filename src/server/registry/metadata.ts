/**
 * The life of an object's metadata, the same for every kind: what the server sets at creation, what
 * an update cannot change, and when the generation counts.
 */
import { apiTime } from "../../machinery/api-time.ts";
import type {
  ApiObject,
  Fields,
  ManagedFieldsEntry,
  ObjectMeta,
  OwnerReference,
} from "../../machinery/object.ts";
import { badRequest, plainRefusal } from "../../machinery/status.ts";
import { equalValues, setField, type MutableFields } from "../../machinery/json-value.ts";
import { storedMetadata } from "./read.ts";
import type { Resource } from "./resource.ts";

type Place = { readonly resource: Resource; readonly namespace: string };

/** The namespace of the URL, unless the body names another: then 400. */
export function inNamespace(object: ApiObject, place: Place): ApiObject {
  const { namespace } = object.metadata;
  if (!place.resource.isNamespaced) {
    return namespace === undefined ? object : withMetadata(object, { namespace: undefined });
  }
  if (namespace === undefined || namespace === "") {
    return withMetadata(object, { namespace: place.namespace });
  }
  if (namespace !== place.namespace) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  return object;
}

/** What is stored for the first time has no version yet. Throws 500, as upstream does. */
export function refuseResourceVersion({ metadata }: ApiObject): void {
  if ((metadata.resourceVersion ?? "") === "") return;
  throw plainRefusal(500, "", "resourceVersion should not be set on objects to be created");
}

/** When owners are found to be named twice. */
export type DoubleOwners = "sent" | "admitted";

/** The object with each owner once; `warn` is told of those that were there twice. */
export function withoutDoubleOwners(
  object: ApiObject,
  when: DoubleOwners,
  warn: ((text: string) => void) | undefined,
): ApiObject {
  const owners = object.metadata.ownerReferences ?? [];
  const kept: OwnerReference[] = [];
  const doubles: string[] = [];
  for (const owner of owners) {
    const isDouble = kept.some((each) => each.uid === owner.uid && equalValues(each, owner));
    if (isDouble) doubles.push(owner.uid);
    else kept.push(owner);
  }
  if (doubles.length === 0) return object;
  const after = when === "admitted" ? " after mutating admission happens" : "";
  warn?.(
    `.metadata.ownerReferences contains duplicate entries${after}; API server dedups owner ` +
      "references in 1.20+, and may reject such requests as early as 1.24; please fix your " +
      `requests; duplicate UID(s) observed: ${doubles.join(", ")}`,
  );
  return withMetadata(object, { ownerReferences: kept });
}

/** Identity and age of a new object; whatever the creator sent of them is ignored. */
export function stampNew(
  object: ApiObject,
  stamp: { readonly name: string; readonly uid: string; readonly nowMs: number },
  resource: Resource,
): ApiObject {
  const sent = object.metadata;
  return withMetadata(object, {
    name: stamp.name,
    uid: stamp.uid,
    creationTimestamp: apiTime(stamp.nowMs),
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    managedFields: undefined,
    generation: resource.strategy.hasGeneration ? 1 : sent.generation,
  });
}

/** `next` with the metadata that no update changes taken from `old`. */
export function keepIdentity(next: ApiObject, old: ApiObject): ApiObject {
  const { uid, creationTimestamp, generation } = old.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds } = old.metadata;
  return withMetadata(next, {
    uid,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
  });
}

/** Counts the change when anything but metadata and status differs. */
export function countGeneration(next: ApiObject, old: ApiObject, resource: Resource): ApiObject {
  const before = old.metadata.generation;
  if (!resource.strategy.hasGeneration) return next;
  const isSame =
    equalValues(withoutBookkeeping(next), withoutBookkeeping(old)) &&
    resource.strategy.isCountedToo?.(next, old) !== true;
  return withMetadata(next, { generation: isSame ? before : (before ?? 0) + 1 });
}

/** Marks the begin of a deletion that is not done at once. */
export function markDeleting(
  object: ApiObject,
  times: { readonly nowMs: number; readonly graceSeconds: number },
): ApiObject {
  const { generation = 0 } = object.metadata;
  return withMetadata(object, {
    deletionTimestamp: apiTime(times.nowMs + times.graceSeconds * 1_000),
    deletionGracePeriodSeconds: times.graceSeconds,
    generation: generation > 0 ? generation + 1 : object.metadata.generation,
  });
}

/** `object` with `change` over its metadata; undefined removes a field. */
export function withMetadata(
  object: ApiObject,
  change: { readonly [Field in keyof ObjectMeta]?: ObjectMeta[Field] | undefined },
): ApiObject {
  const changed: Fields = { ...object.metadata, ...change };
  const metadata: MutableFields = {};
  for (const key of Object.keys(changed)) {
    const value = changed[key];
    if (value !== undefined) setField(metadata, key, value);
  }
  return { ...object, metadata };
}

/** Who owns the fields of the object. */
export function ownersOf(object: ApiObject): readonly ManagedFieldsEntry[] {
  return object.metadata.managedFields ?? NO_OWNERS;
}

const NO_OWNERS: readonly ManagedFieldsEntry[] = [];

/** `object` with these owners of its fields. */
export function withOwners(object: ApiObject, owners: readonly ManagedFieldsEntry[]): ApiObject {
  if (ownersOf(object) === owners) return object;
  return withMetadata(object, { managedFields: owners.length === 0 ? undefined : owners });
}

/** The object as it is kept: the kind's names, and metadata in its fixed form. */
export function canonical(object: ApiObject, resource: Resource): ApiObject {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  return {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: storedMetadata(metadata),
    ...rest,
  };
}

function withoutBookkeeping(object: ApiObject): object {
  const {
    metadata: _metadata,
    status: _status,
    ...rest
  } = object as ApiObject & {
    readonly status?: unknown;
  };
  return rest;
}
