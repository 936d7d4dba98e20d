/** Volumes and claims stay while they are used, and grow only where that works. */
import type { PersistentVolumeClaim } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { compareQuantities, parseQuantity, ZERO_QUANTITY } from "../../machinery/quantity.ts";
import { withMetadata } from "../registry/metadata.ts";
import { isAbout, refusal, type AdmissionPlugin } from "./admission.ts";
import type { ClusterReader } from "./cluster-reader.ts";
import { STORAGE_CLASSES } from "./default-classes.ts";

const FINALIZERS: readonly (readonly [string, string, string])[] = [
  ["", "persistentvolumes", "kubernetes.io/pv-protection"],
  ["", "persistentvolumeclaims", "kubernetes.io/pvc-protection"],
  ["storage.k8s.io", "volumeattributesclasses", "kubernetes.io/vac-protection"],
];

/** A finalizer that a controller takes off when nobody uses the object any more. */
export function storageProtection(): AdmissionPlugin {
  return {
    name: "StorageObjectInUseProtection",
    mutate: (review) => {
      const { object, verb } = review;
      if (verb !== "create") return object;
      const found = FINALIZERS.find(([group, plural]) => isAbout(review, group, plural));
      return found === undefined ? object : withFinalizer(object, found[2]);
    },
  };
}

function withFinalizer(object: ApiObject, finalizer: string): ApiObject {
  const { finalizers = [] } = object.metadata;
  if (finalizers.includes(finalizer)) return object;
  return withMetadata(object, { finalizers: [...finalizers, finalizer] });
}

export function claimResize(reader: ClusterReader): AdmissionPlugin {
  return {
    name: "PersistentVolumeClaimResize",
    concerns: (review) => review.verb === "update" && isAbout(review, "", "persistentvolumeclaims"),
    validate: async (review, context) => {
      const { old } = review;
      if (old === undefined) return;
      const [claim, before] = [claimOf(review.object), claimOf(old)];
      if (!isLarger(claim, before)) return;
      if (before.status?.phase !== "Bound") {
        throw refusal(review, "Only bound persistent volume claims can be expanded");
      }
      if (await mayGrow(claim, before, reader, context)) return;
      const why =
        "only dynamically provisioned pvc can be resized and the storageclass that provisions " +
        "the pvc must support resize";
      throw refusal(review, why);
    },
  };
}

function claimOf(object: ApiObject): PersistentVolumeClaim {
  return object as PersistentVolumeClaim;
}

function isLarger(claim: PersistentVolumeClaim, before: PersistentVolumeClaim): boolean {
  const sizeOf = ({ spec }: PersistentVolumeClaim) =>
    parseQuantity(spec.resources?.requests?.["storage"] ?? "0") ?? ZERO_QUANTITY;
  return compareQuantities(sizeOf(claim), sizeOf(before)) > 0;
}

async function mayGrow(
  claim: PersistentVolumeClaim,
  before: PersistentVolumeClaim,
  reader: ClusterReader,
  context: Context,
): Promise<boolean> {
  const name = before.spec.storageClassName ?? "";
  if (name === "" || name !== claim.spec.storageClassName) return false;
  const found = await reader.get(STORAGE_CLASSES, "", name, context);
  return found?.allowVolumeExpansion === true;
}
