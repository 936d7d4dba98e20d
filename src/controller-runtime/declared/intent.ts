/** What a writer wants of an object, and nothing else: absent is not zero. */
import type { ResourceType } from "../../client/resource-type.ts";
import { apiVersionOf } from "../../machinery/gvk.ts";
import type { ApiObject, ObjectMeta } from "../../machinery/object.ts";

/** Any part of a value. Lists are given whole, their items in part. */
export type PartOf<T> = T extends readonly (infer Item)[]
  ? readonly PartOf<Item>[]
  : T extends object
    ? { readonly [K in keyof T]?: PartOf<T[K]> }
    : T;

/**
 * The fields of an object that one writer cares for. Its kind is known from the call; the status is
 * another door.
 */
export type Intent<T extends ApiObject> = {
  readonly metadata: Pick<
    ObjectMeta,
    "name" | "namespace" | "labels" | "annotations" | "finalizers" | "ownerReferences"
  > & { readonly name: string };
} & PartOf<Omit<T, "apiVersion" | "kind" | "metadata" | "status">>;

/** An intent as an object to be made: the server judges whether it has all that its kind needs. */
export function intendedObject<T extends ApiObject>(
  type: ResourceType<T>,
  wanted: Pick<ApiObject, "metadata">,
): T {
  return { apiVersion: apiVersionOf(type), kind: type.kind, ...wanted } as T;
}
