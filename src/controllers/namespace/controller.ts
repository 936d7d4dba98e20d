/** Ends namespaces: deletes what is in one that is being deleted, then lets it go. */
import type { MetadataReader } from "../../client/metadata-reader.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import type { KindInformers } from "../../informer/kind-informers.ts";
import { namespaceReconciler, type Discover } from "./reconcile.ts";
import { namespaceSources } from "./watches.ts";

/** Namespaces worked on at the same time. */
const CONCURRENCY = 10;

export type NamespaceControllerOptions = {
  /** Says what is served at this moment; what it leaves out would be left behind. */
  readonly discover: Discover;
  /** Tell when something goes from a namespace; without them it is looked at again by the clock. */
  readonly kinds: KindInformers;
  /** Lists what is left (default: the client, which reads whole objects). */
  readonly reader?: MetadataReader;
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
  const { client, env } = deps;
  const { discover, kinds, reader = client, startDelayMs = 1_000 } = options;
  return {
    name: "namespace-controller",
    reconcile: namespaceReconciler({ client, reader, env, discover, startDelayMs }),
    sources: namespaceSources(deps.informers, kinds),
    concurrency: CONCURRENCY,
  };
}
