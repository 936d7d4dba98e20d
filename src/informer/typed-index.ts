import type { ResourceType } from "../client/resource-type.ts";
import type { ApiObject } from "../machinery/object.ts";

/** A way to find the objects of a kind, as a value: made by `index()`. */
export type TypedIndex<T extends ApiObject> = {
  readonly type: ResourceType<T>;
  /** For each object, the values it is found under. Depends on nothing else. */
  readonly valuesOf: (object: T) => readonly string[];
};

/**
 * Declares an index once, for all who read by it. An informer builds it when it is first read by,
 * over the objects it has then, and keeps it up from there on; the same value is built once.
 *
 *     const byNode = index(Pod, (pod) => [pod.spec?.nodeName ?? ""]);
 *     informers.for(Pod).by(byNode, "node-1");
 */
export function index<T extends ApiObject>(
  type: ResourceType<T>,
  valuesOf: (object: T) => readonly string[],
): TypedIndex<T> {
  return { type, valuesOf };
}
