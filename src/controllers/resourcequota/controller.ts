/**
 * Keeps the used part of quotas true. The server charges what comes and refuses what is too much,
 * from when this controller has first said how much is used; this controller gives back.
 */
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import type { KindInformers } from "../../informer/kind-informers.ts";
import { quotaReconciler } from "./reconcile.ts";
import { quotaSources } from "./watches.ts";

/** Quotas worked on at the same time; as upstream. */
const CONCURRENCY = 5;

export type ResourceQuotaOptions = {
  /** What can be counted; objects of other kinds are not. */
  readonly kinds: KindInformers;
};

export function resourceQuotaController(
  deps: ControllerDeps,
  { kinds }: ResourceQuotaOptions,
): ControllerSpec {
  return {
    name: "resourcequota-controller",
    reconcile: quotaReconciler({ ...deps, kinds }),
    sources: quotaSources({ ...deps, kinds }),
    concurrency: CONCURRENCY,
  };
}
