/**
 * A kind of which only the metadata matters: labels, owners, finalizers, and that it is there. The
 * server sends no more than that, which is a tenth of many objects, and no more is kept in memory.
 */
import { apiVersionOf } from "../machinery/gvk.ts";
import type { ApiObject, ObjectMeta } from "../machinery/object.ts";
import { badRequest } from "../machinery/status.ts";
import type { ResourceType } from "./resource-type.ts";

/** An object without all that is special about its kind. */
export type PartialObjectMetadata = ApiObject & {
  /** Those of the kind itself, so that references to the object are right. */
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
};

const known = new WeakMap<ResourceType, ResourceType<PartialObjectMetadata>>();

/**
 * `type`, of whose objects only metadata is read. For `get`, `list`, `watch`, `patch` and `delete`
 * of a client, for informers, and for `owns`, `watches` and `reads` of a controller. The same value
 * each time. `create` and `update` refuse it: they would take the rest of the object away.
 *
 *     controller(Site, { owns: [metadataOf(Secret)], ... });
 *     const secrets = await client.list(metadataOf(Secret), { namespace: "web" }, context);
 */
export function metadataOf(type: ResourceType): ResourceType<PartialObjectMetadata> {
  if (isMetadataOnly(type)) return type;
  const there = known.get(type);
  if (there !== undefined) return there;
  const made: ResourceType<PartialObjectMetadata> = Object.freeze({ ...type, metadataOf: type });
  known.set(type, made);
  return made;
}

/** Whether the kind was made by `metadataOf`. */
export function isMetadataOnly(type: ResourceType): boolean {
  return type.metadataOf !== undefined;
}

/** The kind whose objects are whole: what `metadataOf` was given, or `type` itself. */
export function wholeOf(type: ResourceType): ResourceType {
  return type.metadataOf ?? type;
}

/** What `metadataOf(type)` shows of an object. */
export function metadataPart(type: ResourceType, object: ApiObject): PartialObjectMetadata {
  const { metadata } = object;
  return Object.freeze({ apiVersion: apiVersionOf(type), kind: type.kind, metadata });
}

/** Headers that ask for no more than `type` shows; of servers that cannot, the whole is taken. */
export function acceptHeaders(
  type: ResourceType,
  shape: "object" | "list",
): Readonly<Record<string, string>> {
  if (!isMetadataOnly(type)) return {};
  const view = shape === "list" ? "PartialObjectMetadataList" : "PartialObjectMetadata";
  return { accept: `application/json;as=${view};g=meta.k8s.io;v=v1,application/json` };
}

/** Throws a 400 `StatusError` where an object of `type` would be written whole. */
export function refuseMetadataOnly(type: ResourceType): void {
  if (!isMetadataOnly(type)) return;
  throw badRequest(
    `metadataOf(${type.kind}) cannot be created or updated, for all but the metadata would be ` +
      `lost: patch it, or write a whole ${type.kind}`,
  );
}
