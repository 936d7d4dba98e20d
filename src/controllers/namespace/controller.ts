/** Ends namespaces: deletes what is in one that is being deleted, then lets it go. */
import type { ResourceType } from "../../client/resource-type.ts";
import type { ControllerDeps, ControllerSpec } from "../../controller-runtime/controller-spec.ts";
import { namespaceReconciler } from "./reconcile.ts";
import { namespaceSources } from "./watches.ts";

/** Namespaces worked on at the same time. */
const CONCURRENCY = 10;

export type NamespaceControllerOptions = {
  /**
   * All namespaced kinds: objects of others would be left behind. Kinds that are not namespaced are
   * passed over.
   */
  readonly types: readonly ResourceType[];
  /**
   * Time between the request and the first deletion, in milliseconds (default 1 s), for creates
   * that were let through just before. Several API servers need longer: 5 s is usual.
   */
  readonly startDelayMs?: number;
};

export function namespaceController(
  deps: ControllerDeps,
  options: NamespaceControllerOptions,
): ControllerSpec {
  const types = options.types.filter(({ isNamespaced }) => isNamespaced);
  const { startDelayMs = 1_000 } = options;
  return {
    name: "namespace-controller",
    reconcile: namespaceReconciler({ client: deps.client, env: deps.env, types, startDelayMs }),
    sources: namespaceSources(deps.informers, types),
    concurrency: CONCURRENCY,
  };
}
