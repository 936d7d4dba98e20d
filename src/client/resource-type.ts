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
  /** Never set: carries `T` through inference. */
  readonly __type?: T;
};
