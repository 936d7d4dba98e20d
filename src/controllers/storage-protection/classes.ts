/** Keeps classes of volume attributes while volumes or claims name them. */
import {
  PersistentVolume,
  PersistentVolumeClaim,
  VolumeAttributesClass,
} from "../../client/builtin.ts";
import type {
  ControllerDeps,
  ControllerSpec,
} from "../../controller-runtime/controller/controller-spec.ts";
import { ownSource, watchSource } from "../../controller-runtime/sources/sources.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import { classesOfClaim, classesOfVolume } from "./plan.ts";
import { protectionReconciler } from "./reconcile.ts";

const FINALIZER = "kubernetes.io/vac-protection";

const CLASS_INDEX = "volume-attributes-classes";

/** A class that is deleted goes when no volume and no claim names it any more. */
export function attributesClassProtectionController(deps: ControllerDeps): ControllerSpec {
  const { informers } = deps;
  const classes = informers.for(VolumeAttributesClass);
  const volumes = informers.for(PersistentVolume, { [CLASS_INDEX]: classesOfVolume });
  const claims = informers.for(PersistentVolumeClaim, { [CLASS_INDEX]: classesOfClaim });
  return {
    name: "volumeattributesclass-protection-controller",
    reconcile: protectionReconciler(deps, {
      type: VolumeAttributesClass,
      finalizer: FINALIZER,
      isUsed: ({ metadata: { name = "" } }) =>
        volumes.lister.byIndex(CLASS_INDEX, name).length > 0 ||
        claims.lister.byIndex(CLASS_INDEX, name).length > 0,
    }),
    sources: [
      ownSource(classes),
      watchSource(volumes, (volume) => classesOfVolume(volume).map(classKey), { name: "volumes" }),
      watchSource(claims, (claim) => classesOfClaim(claim).map(classKey), { name: "claims" }),
    ],
  };
}

function classKey(name: string): ObjectKey {
  return { namespace: "", name };
}
