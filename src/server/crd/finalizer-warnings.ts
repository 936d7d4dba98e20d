/** What writers of custom resources are told of finalizers whose names others may use too. */
import type { ApiObject } from "../../machinery/object.ts";

/** Names without a domain that upstream itself uses. */
const STANDARD: readonly string[] = ["foregroundDeletion", "kubernetes", "orphan"];

/** Of finalizers that `old` does not have; their form was checked before. */
export function finalizerWarnings(next: ApiObject, old: ApiObject | undefined): readonly string[] {
  const known = old?.metadata.finalizers ?? [];
  const added = new Set(next.metadata.finalizers ?? []);
  return [...added]
    .filter((name) => !known.includes(name) && !name.includes("/") && !STANDARD.includes(name))
    .sort()
    .map((name) => {
      const path = name.includes(".") ? " including a path (/)" : "";
      return (
        `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer ` +
        `name${path} to avoid accidental conflicts with other finalizer writers`
      );
    });
}
