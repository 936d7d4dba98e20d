/** Gives and takes the finalizer of one object. */
import type { Context } from "../../base/context.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import type { ControllerDeps } from "../../controller-runtime/controller/controller-spec.ts";
import { DONE, type Reconciler } from "../../controller-runtime/controller/outcome.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import { planFinalizers, waitsForRelease } from "./plan.ts";

/** A kind whose objects stay while they are used. */
export type ProtectedKind<T extends ApiObject> = {
  readonly type: ResourceType<T>;
  readonly finalizer: string;
  /** Asked only of objects that would go otherwise. */
  readonly isUsed: (object: T, context: Context) => Promise<boolean> | boolean;
};

export function protectionReconciler<T extends ApiObject>(
  { client, informers }: Pick<ControllerDeps, "client" | "informers">,
  { type, finalizer, isUsed }: ProtectedKind<T>,
): Reconciler {
  const objects = informers.for(type).lister;
  return async (key, context) => {
    const object = objects.get(key);
    if (object === undefined) return DONE;
    const isKept = waitsForRelease(object, finalizer) && (await isUsed(object, context));
    const finalizers = planFinalizers(object, finalizer, isKept);
    if (finalizers === undefined) return DONE;
    const wanted = { ...object, metadata: { ...object.metadata, finalizers } };
    try {
      await client.update(type, wanted, context);
    } catch (error) {
      // One that is gone needs no protection; one that changed comes by itself.
      if (!isStatus(error, "NotFound") && !isStatus(error, "Conflict")) throw error;
    }
    return DONE;
  };
}
