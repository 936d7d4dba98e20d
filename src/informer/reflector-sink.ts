import type { ApiObject } from "../machinery/object.ts";

/** Where a reflector puts what it learns. Must not throw. */
export interface ReflectorSink<T extends ApiObject> {
  /**
   * These are all objects, as of `resourceVersion`. Many take a while, in which others have their
   * turn; nothing else is told before it is over.
   */
  replace(objects: readonly T[], resourceVersion: string): void | Promise<void>;
  /** The object is now in this state. */
  put(object: T): void;
  /** The object is gone; this was its last state, with the version of its deletion. */
  remove(object: T): void;
  /** All changes up to `resourceVersion` were told. */
  progress(resourceVersion: string): void;
}
