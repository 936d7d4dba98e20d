/** Keeps for each ReplicaSet as many pods as it declares. */
import { ReplicaSet } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { untilGone } from "../../controller-runtime/until-gone.ts";
import { Expectations } from "./expectations.ts";
import { replicaSetReconciler } from "./reconcile.ts";
import { replicaSetSources } from "./watches.ts";

/** ReplicaSets worked on at the same time. */
const CONCURRENCY = 5;

export function replicaSetController(deps: ControllerDeps): ControllerSpec {
  const expectations = new Expectations(deps.env.clock);
  return {
    name: "replicaset-controller",
    reconcile: untilGone(ReplicaSet, replicaSetReconciler({ ...deps, expectations })),
    sources: replicaSetSources(deps.informers, expectations),
    concurrency: CONCURRENCY,
  };
}
