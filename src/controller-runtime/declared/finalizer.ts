/** The finalizer of a declared controller: there before the first work, gone after the last. */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { withoutFinalizer as without } from "../../machinery/finalizers.ts";
import { keyOf } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";

type FinalizerDeps<T extends ApiObject> = {
  readonly client: Client;
  readonly type: ResourceType<T>;
};

/** Its name: that of the controller in the domain of the kind. */
export function finalizerOf(type: ResourceType, controller: string): string {
  return `${type.group === "" ? "kubernetes.io" : type.group}/${controller}`;
}

/** The object, with the finalizer. */
export function withFinalizer<T extends ApiObject>(
  object: T,
  finalizer: string,
  { client, type }: FinalizerDeps<T>,
  context: Context,
): Promise<T> {
  const finalizers = [...(object.metadata.finalizers ?? []), finalizer];
  return client.patch(type, keyOf(object), patchOf(object, finalizers), context);
}

/** Lets the object go; that it is gone already is as good. */
export async function withoutFinalizer<T extends ApiObject>(
  object: T,
  finalizer: string,
  { client, type }: FinalizerDeps<T>,
  context: Context,
): Promise<void> {
  try {
    await client.patch(type, keyOf(object), patchOf(object, without(object, finalizer)), context);
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
  }
}

/** The list is replaced whole, so it must be the one that was read. */
function patchOf(
  { metadata: { resourceVersion, uid } }: ApiObject,
  finalizers: readonly string[],
): { readonly kind: "merge"; readonly patch: unknown } {
  return { kind: "merge", patch: { metadata: { resourceVersion, uid, finalizers } } };
}
