import { gvrKey } from "../machinery/gvk.ts";
import type { ApiObject } from "../machinery/object.ts";

/**
 * A kind as a client knows it: where it is served, and (in `T`) the type of its objects. Made once
 * per kind and passed to every call.
 */
export type ResourceType<T extends ApiObject = ApiObject> = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, as in paths. */
  readonly resource: string;
  readonly isNamespaced: boolean;
  /** Only the metadata of this kind's objects is read: set by `metadataOf()`. */
  readonly metadataOf?: ResourceType;
  /** Never set: carries `T` through inference. */
  readonly __type?: T;
};

/** A string that is equal exactly for equal kinds that show the same of their objects. */
export function typeKey(type: ResourceType): string {
  return type.metadataOf === undefined ? gvrKey(type) : `metadata of ${gvrKey(type)}`;
}
