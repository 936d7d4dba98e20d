/** What who writes a persistent volume is told of it. */
import type { PersistentVolume } from "./types.generated.ts";

/** Volumes that nothing serves any more: field, name in the warning, what became of them. */
const GONE: readonly (readonly [string, string, string])[] = [
  ["cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"],
];

const RECYCLE =
  "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the " +
  "recommended approach is to use dynamic provisioning.";

/** Warnings for a volume in which nothing is wrong. */
export function volumeWarnings({ spec }: PersistentVolume): readonly string[] {
  return [
    ...(spec.persistentVolumeReclaimPolicy === "Recycle" ? [RECYCLE] : []),
    ...GONE.flatMap(([field, shown, text]) =>
      Object.hasOwn(spec, field) ? [`spec.${shown}: ${text}`] : [],
    ),
  ];
}
