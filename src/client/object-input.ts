/** The shape of objects as people write them, next to that in which a server answers them. */
import type { ApiObject } from "../machinery/object.ts";

/** Said by the call, or by the server. */
type FilledIn = "apiVersion" | "kind" | "status";

/** The fields of a kind that need not be written; a spec, where it may be empty. */
type Omissible<T extends ApiObject> = {
  [K in keyof T]-?: K extends FilledIn
    ? K
    : K extends "spec"
      ? Record<never, never> extends T[K]
        ? K
        : never
      : never;
}[keyof T];

/**
 * An object as it is written: kind and version are known from the call, the status is filled in
 * by the server and its controllers, and so is a spec of which nothing is required. Every `T` is
 * one as well, so what was read can be written.
 *
 *     const containers = [{ name: "web", image: "web:1" }];
 *     const pod: ObjectInput<Pod> = { metadata: { name: "web" }, spec: { containers } };
 */
export type ObjectInput<T extends ApiObject> = Pick<T, Exclude<keyof T, Omissible<T>>> &
  Partial<Pick<T, Omissible<T>>> &
  Pick<ApiObject, "metadata">;
