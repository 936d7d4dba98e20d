/**
 * What an informer keeps of each object: everything but `managedFields`, which are a third of many
 * objects and which no controller reads, and then whatever its transforms leave of it.
 *
 * Promises: a kept object is still found, compared and told apart as the one that
 * came: its name, namespace, uid and resourceVersion stay, whatever a transform does to them. A
 * transform that throws is reported, and the object is kept as it was before. What a transform is
 * given, and what it makes, is frozen; without one only who keeps the object freezes it, for most
 * parts of it are not kept (`shared-parts.ts`).
 */
import { deepFreeze } from "../base/freeze.ts";
import type { ResourceType } from "../client/resource-type.ts";
import type { ApiObject } from "../machinery/object.ts";

/** Makes what is kept of an object that came. */
export type Keep<T extends ApiObject> = (object: T) => T;

/** What is kept of the objects of one kind: made by `transform()`. */
export type Transform<T extends ApiObject = ApiObject> = {
  readonly type: ResourceType<T>;
  change(object: T): T;
};

/**
 * Keeps of each object of `type` what `change` answers: parts that nobody reads are left out, and
 * take no memory. The object is frozen: answer a new one, or the same.
 *
 * Views share what is kept. Leave the labels that are selected by and the owner references alone if
 * anything in the process needs them; name, namespace, uid and resourceVersion stay by themselves.
 *
 *     createInformers({ client, env }, {
 *       transforms: [transform(Secret, ({ data: _data, ...rest }) => rest)],
 *     });
 */
export function transform<T extends ApiObject>(
  type: ResourceType<T>,
  change: (object: T) => T,
): Transform<T> {
  return { type, change };
}

export type KeptOptions<T extends ApiObject> = {
  /** Whether `managedFields` stay (default false). */
  readonly keepsManagedFields?: boolean;
  /** Applied in this order (default: none). */
  readonly transforms?: readonly Keep<T>[];
};

/** All of `options` as one function; `failed` is told of a transform that throws. */
export function keeping<T extends ApiObject>(
  options: KeptOptions<T>,
  failed: (object: T, error: unknown) => void,
): Keep<T> {
  const { keepsManagedFields = false, transforms = [] } = options;
  return (object) => {
    let kept = keepsManagedFields ? object : withoutManagedFields(object);
    if (transforms.length > 0) deepFreeze(kept);
    for (const change of transforms) {
      try {
        kept = identifiedAs(object, change(kept));
      } catch (error) {
        failed(object, error);
      }
    }
    return kept;
  };
}

/** Shares all of `object` but two levels. */
function withoutManagedFields<T extends ApiObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function identifiedAs<T extends ApiObject>(object: T, changed: T): T {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const is = changed.metadata;
  const isSame =
    is.name === name &&
    is.namespace === namespace &&
    is.uid === uid &&
    is.resourceVersion === resourceVersion;
  if (isSame) return deepFreeze(changed);
  const identity = Object.fromEntries(
    Object.entries({ name, namespace, uid, resourceVersion }).filter(([, text]) => text),
  );
  return deepFreeze({ ...changed, metadata: { ...is, ...identity } });
}
