/**
 * Resource versions as numbers. They are opaque by their first contract, but every server gives
 * decimal integers of one counter, and clients have compared them since Kubernetes 1.35; one that
 * is none counts as unknown, and nothing is then decided by it.
 */
import type { ApiObject } from "../machinery/object.ts";

/** The revision in a resource version; undefined if it is not a decimal integer. */
export function revisionOfText(resourceVersion: string | undefined): number | undefined {
  if (resourceVersion === undefined || !/^[0-9]{1,15}$/.test(resourceVersion)) return undefined;
  return Number(resourceVersion);
}

/** The revision of the last change of an object. */
export function objectRevision(object: ApiObject): number | undefined {
  return revisionOfText(object.metadata.resourceVersion);
}

/** Whether `a` is the very state `b` is: the same life and the same revision. */
export function isSameState(a: ApiObject, b: ApiObject): boolean {
  return (
    a === b ||
    (a.metadata.resourceVersion !== undefined &&
      a.metadata.resourceVersion === b.metadata.resourceVersion &&
      a.metadata.uid === b.metadata.uid)
  );
}
