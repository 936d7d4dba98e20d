/** Keeps claims on volumes while pods use them. */
import type { PersistentVolumeClaim as Claim } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { PersistentVolumeClaim, Pod } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { IndexFunctions } from "../../informer/lister.ts";
import { keyOf, keyText, type ObjectKey } from "../../machinery/key.ts";
import { claimNamesOf, usesClaim } from "./plan.ts";
import { protectionReconciler } from "./reconcile.ts";

const FINALIZER = "kubernetes.io/pvc-protection";

const CLAIM_INDEX = "volume-claims";

const POD_INDEXES: IndexFunctions<Pod> = {
  [CLAIM_INDEX]: (pod) => claimKeys(pod).map(keyText),
};

/** A claim that is deleted goes when no pod on a node has it as a volume any more. */
export function claimProtectionController(deps: ControllerDeps): ControllerSpec {
  const claims = deps.informers.for(PersistentVolumeClaim);
  const pods = deps.informers.for(Pod, POD_INDEXES);

  /**
   * The watch may be behind, and a wrong answer takes a volume from under a pod: where it knows no
   * pod, the server is asked.
   */
  async function isUsed(claim: Claim, context: Context): Promise<boolean> {
    const known = pods.lister.byIndex(CLAIM_INDEX, keyText(keyOf(claim)));
    if (known.some((pod) => usesClaim(pod, claim))) return true;
    const { namespace = "" } = claim.metadata;
    const { items } = await deps.client.list(Pod, { namespace }, context);
    return items.some((pod) => usesClaim(pod, claim));
  }

  return {
    name: "persistentvolumeclaim-protection-controller",
    reconcile: protectionReconciler(deps, {
      type: PersistentVolumeClaim,
      finalizer: FINALIZER,
      isUsed,
    }),
    sources: [ownSource(claims), watchSource(pods, claimKeys, { name: "pods with claims" })],
  };
}

function claimKeys(pod: Pod): readonly ObjectKey[] {
  const { namespace = "" } = pod.metadata;
  return claimNamesOf(pod).map((name) => ({ namespace, name }));
}
