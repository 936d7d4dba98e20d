/** Persistent volumes: storage that outlives the pods that use it. */
import { apiTime } from "../../../machinery/api-time.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { isTerminating } from "../../../machinery/object.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { keepStatus, ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  NAME_COLUMN,
  nameOf,
  UNSET,
  wideColumn,
} from "../../table-columns.ts";
import { accessModesText } from "./access-modes.ts";
import { CLASS_ANNOTATION } from "./persistent-volume-claim-validation.ts";
import { volumeErrors, volumeUpdateErrors } from "./persistent-volume-validation.ts";
import { volumeWarnings } from "./persistent-volume-warnings.ts";
import { persistentVolumeSchema } from "./schema.generated.ts";
import type { PersistentVolume } from "./types.generated.ts";
import { withStorageDefaults } from "./volume-defaults.ts";

export const persistentVolumeStrategy: Strategy<PersistentVolume> = {
  ...ORDINARY,
  names: {
    group: "",
    version: "v1",
    kind: "PersistentVolume",
    plural: "persistentvolumes",
    singular: "persistentvolume",
    shortNames: ["pv"],
    categories: [],
    isNamespaced: false,
  },
  schema: persistentVolumeSchema,
  nameProblem: dnsSubdomainProblem,
  applyDefaults: (volume) => withDefaults(canonicalForm(volume, persistentVolumeSchema)),
  prepareForCreate: (volume, { nowMs }) => ({
    ...volume,
    status: { phase: "Pending", lastPhaseTransitionTime: apiTime(nowMs) },
  }),
  prepareForUpdate: keepStatus,
  validate: volumeErrors,
  validateUpdate: volumeUpdateErrors,
  warnings: volumeWarnings,
  status: {
    prepareForUpdate: (next, old, { nowMs }) => {
      const { lastPhaseTransitionTime: before, phase } = old.status;
      const isTurned = next.status.phase !== phase;
      const isTold = next.status.lastPhaseTransitionTime !== before;
      const lastPhaseTransitionTime = apiTime(nowMs);
      const status =
        isTurned && !isTold ? { ...next.status, lastPhaseTransitionTime } : next.status;
      return { ...next, spec: old.spec, status };
    },
    validateUpdate: () => [],
  },
  isReturnedWhenDeleted: true,
  columns: [
    NAME_COLUMN,
    column("Capacity", "Size of the volume."),
    column("Access Modes", "How it can be mounted."),
    column("Reclaim Policy", "What becomes of it when its claim is gone."),
    column("Status", "Available, Bound, Released or Failed."),
    column("Claim", "The claim it meets."),
    column("StorageClass", "How it was made."),
    column("VolumeAttributesClass", "What it is tuned for."),
    column("Reason", "Why it is as it is."),
    AGE_COLUMN,
    wideColumn("VolumeMode", "Whether it holds files or is a device."),
  ],
  row: (volume, nowMs) => {
    const { spec, status, metadata } = volume;
    const { claimRef } = spec;
    return [
      nameOf(volume),
      spec.capacity?.["storage"] ?? "0",
      accessModesText(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? "",
      isTerminating(volume) ? "Terminating" : (status.phase ?? ""),
      claimRef === undefined ? "" : `${claimRef.namespace ?? ""}/${claimRef.name ?? ""}`,
      metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? "",
      spec.volumeAttributesClassName ?? UNSET,
      status.reason ?? "",
      ageOf(volume, nowMs),
      spec.volumeMode ?? UNSET,
    ];
  },
};

function withDefaults(volume: PersistentVolume): PersistentVolume {
  const spec = withStorageDefaults(volume.spec);
  return {
    ...volume,
    spec: {
      ...spec,
      persistentVolumeReclaimPolicy: spec.persistentVolumeReclaimPolicy || "Retain",
      volumeMode: spec.volumeMode ?? "Filesystem",
    },
    status: { ...volume.status, phase: volume.status.phase || "Pending" },
  };
}
