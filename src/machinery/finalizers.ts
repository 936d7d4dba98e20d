import type { ApiObject } from "./object.ts";

/** The object's dependents lose their reference to it before it goes. */
export const ORPHAN_FINALIZER = "orphan";
/** The object's blocking dependents go before it does. */
export const FOREGROUND_FINALIZER = "foregroundDeletion";

/** Whether the object has to wait for that finalizer before it can go. */
export function hasFinalizer(object: ApiObject, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) ?? false;
}

/** The finalizers without `finalizer`. */
export function withoutFinalizer(object: ApiObject, finalizer: string): readonly string[] {
  return (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
}
