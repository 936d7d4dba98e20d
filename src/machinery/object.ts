/** The shape all API objects share. Objects are values: shared, frozen, replaced, never edited. */

/** Identity of an object over its whole life; a name can be used again, a uid never. */
export type Uid = string;

/**
 * An object that this one belongs to, in the same namespace or in none: when the last owner is gone
 * the garbage collector deletes it. At most one owner has `controller: true`, the one that manages
 * it. `blockOwnerDeletion` makes a foreground deletion of the owner wait for it.
 */
export type OwnerReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: Uid;
  /** The one that manages it; at most one is. */
  readonly controller?: boolean;
  /** Whether a foreground deletion of the owner waits for this object. */
  readonly blockOwnerDeletion?: boolean;
};

/**
 * Which fields one writer has set by one way of writing, as server-side apply keeps account of it.
 * `operation` is `Apply` or `Update`, `fieldsV1` a set of paths in the form of `f:spec`.
 */
export type ManagedFieldsEntry = {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: unknown;
  readonly subresource?: string;
};

/**
 * What all objects have in common: names, identity, revision, times, labels, owners, finalizers.
 * Times are RFC 3339 in UTC. All of it is optional in the types, as an object one is about to
 * create has little of it; what a server answers has at least `name`, `uid`, `resourceVersion` and
 * `creationTimestamp`.
 */
export type ObjectMeta = {
  /** Unique among the objects of its kind in its namespace. */
  readonly name?: string;
  /** The server appends a random end to it, where there is no name. */
  readonly generateName?: string;
  /** Absent or "": the kind has none. */
  readonly namespace?: string;
  readonly selfLink?: string;
  /** Never used again, unlike a name. */
  readonly uid?: Uid;
  /** Opaque to clients, a decimal number in fact. */
  readonly resourceVersion?: string;
  /** Counts changes of the spec. */
  readonly generation?: number;
  /** RFC 3339 in whole seconds, UTC. */
  readonly creationTimestamp?: string;
  /** It is to go by then, and waits for its finalizers. RFC 3339. */
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  /** What selectors look at. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What nobody selects by. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** When the last of them is gone, so is this. */
  readonly ownerReferences?: readonly OwnerReference[];
  /** It cannot go while there are any: each is taken off by who put it on. */
  readonly finalizers?: readonly string[];
  /** Who owns which fields. Views leave it out unless they are told to keep it. */
  readonly managedFields?: readonly ManagedFieldsEntry[];
};

/** Any API object. Kinds refine it: `Pod`, `Deployment`, … */
export type ApiObject = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
};

/** An object seen as its fields, for code that is true of every kind. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * What a server says of a list: the revision it was read at (a watch goes on from there), the token
 * that continues it (absent or empty: this was the last page), and how many items are behind this
 * page, where the server knows.
 */
export type ListMeta = {
  /** The revision of the list: a watch goes on from here. */
  readonly resourceVersion?: string;
  /** Where the next page begins; absent or empty: this was the last. */
  readonly continue?: string;
  /** Objects behind this page, where the server knows. */
  readonly remainingItemCount?: number;
};

/** A list of objects, as a server answers it: the items of one page, all of one revision. */
export type ApiList<T> = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ListMeta;
  readonly items: readonly T[];
};

/** Whether `value` is a JSON object (not null, not an array). */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads an own field; never the prototype's. */
export function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** Whether `value` can be handled as an API object: a JSON object whose `metadata` is one too. */
export function isApiObject(value: unknown): value is ApiObject {
  return isFields(value) && isFields(own(value, "metadata"));
}

/** Whether deletion has begun. */
export function isTerminating(object: ApiObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

export { apiMicroTime, apiTime, parseApiTime } from "./api-time.ts";
