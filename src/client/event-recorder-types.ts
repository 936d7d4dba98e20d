import type { GroupVersionKind } from "../machinery/gvk.ts";
import type { ApiObject } from "../machinery/object.ts";

/** Tells people what happened to an object, as `Event` objects; best effort, never blocks. */
export interface EventRecorder {
  /** `reason` is a CamelCase word, `message` a sentence for people. */
  normal(object: ApiObject, gvk: GroupVersionKind, reason: string, message: string): void;
  /** Something went wrong, or may. Else as `normal`. */
  warning(object: ApiObject, gvk: GroupVersionKind, reason: string, message: string): void;
}
