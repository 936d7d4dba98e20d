/** Keeps volumes while claims are bound to them. */
import { PersistentVolume } from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { ownSource } from "../../controller-runtime/sources/sources.ts";
import { protectionReconciler } from "./reconcile.ts";

const FINALIZER = "kubernetes.io/pv-protection";

/** A volume that is deleted goes when it is not bound any more. */
export function volumeProtectionController(deps: ControllerDeps): ControllerSpec {
  return {
    name: "persistentvolume-protection-controller",
    reconcile: protectionReconciler(deps, {
      type: PersistentVolume,
      finalizer: FINALIZER,
      isUsed: (volume) => volume.status.phase === "Bound",
    }),
    sources: [ownSource(deps.informers.for(PersistentVolume))],
  };
}
