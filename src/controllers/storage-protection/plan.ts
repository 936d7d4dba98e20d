/**
 * Whether an object keeps the finalizer that protects it while it is used, and who uses what. Pure.
 */
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
} from "../../apis/core/v1/types.generated.ts";
import { hasFinalizer, withoutFinalizer } from "../../machinery/finalizers.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import { isControlledBy } from "../../machinery/owners.ts";

/** Whether only the finalizer's removal is still missing, if nobody uses the object. */
export function waitsForRelease(object: ApiObject, finalizer: string): boolean {
  return isTerminating(object) && hasFinalizer(object, finalizer);
}

/** Whether the object came before there was protection, and should have it. */
export function lacksProtection(object: ApiObject, finalizer: string): boolean {
  return !isTerminating(object) && !hasFinalizer(object, finalizer);
}

/** The finalizers the object should have; undefined if it has them. */
export function planFinalizers(
  object: ApiObject,
  finalizer: string,
  isUsed: boolean,
): readonly string[] | undefined {
  if (lacksProtection(object, finalizer)) {
    return [...(object.metadata.finalizers ?? []), finalizer];
  }
  const isFree = waitsForRelease(object, finalizer) && !isUsed;
  return isFree ? withoutFinalizer(object, finalizer) : undefined;
}

/** Names of the claims that the pod's volumes are, those made for the pod alone included. */
export function claimNamesOf(pod: Pod): readonly string[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    if (volume.persistentVolumeClaim !== undefined) return [volume.persistentVolumeClaim.claimName];
    return volume.ephemeral === undefined ? [] : [ownClaimName(pod, volume.name)];
  });
}

/**
 * Whether the pod keeps the claim from going. One without a node does not: none will start it with
 * a claim that is going. One that is over for its node needs what was made for it no longer.
 */
export function usesClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if ((pod.spec.nodeName ?? "") === "") return false;
  const { name = "" } = claim.metadata;
  return (pod.spec.volumes ?? []).some((volume) => {
    if (volume.persistentVolumeClaim?.claimName === name) return true;
    if (volume.ephemeral === undefined || ownClaimName(pod, volume.name) !== name) return false;
    return !isShutDown(pod) && isControlledBy(claim, pod);
  });
}

/** A claim that is made for one volume of one pod is called so. */
function ownClaimName(pod: Pod, volume: string): string {
  return `${pod.metadata.name ?? ""}-${volume}`;
}

function isShutDown(pod: Pod): boolean {
  return isTerminating(pod) && pod.metadata.deletionGracePeriodSeconds === 0;
}

/** The classes of attributes that the claim has, wants, or is being changed to. */
export function classesOfClaim({ spec, status }: PersistentVolumeClaim): readonly string[] {
  return namesIn([
    spec.volumeAttributesClassName,
    status.currentVolumeAttributesClassName,
    status.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ]);
}

/** The class of attributes that the volume has. */
export function classesOfVolume({ spec }: PersistentVolume): readonly string[] {
  return namesIn([spec.volumeAttributesClassName]);
}

function namesIn(names: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(names.flatMap((name = "") => (name === "" ? [] : [name])))];
}
