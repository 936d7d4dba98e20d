/** Persistent volume claims: volumes that are asked for, and found or made. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import { isTerminating } from "../../../machinery/object.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { keepStatus, ORDINARY, statusPart } from "../../ordinary.ts";
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
import { withClaimSpecDefaults } from "./claim-defaults.ts";
import {
  CLASS_ANNOTATION,
  claimSpecErrors,
  claimStatusErrors,
  claimUpdateErrors,
} from "./persistent-volume-claim-validation.ts";
import { claimSpecWarnings } from "./pod-warnings.ts";
import { persistentVolumeClaimSchema } from "./schema.generated.ts";
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "./types.generated.ts";

export const persistentVolumeClaimStrategy: Strategy<PersistentVolumeClaim> = {
  ...ORDINARY,
  names: {
    group: "",
    version: "v1",
    kind: "PersistentVolumeClaim",
    plural: "persistentvolumeclaims",
    singular: "persistentvolumeclaim",
    shortNames: ["pvc"],
    categories: [],
    isNamespaced: true,
  },
  schema: persistentVolumeClaimSchema,
  nameProblem: dnsSubdomainProblem,
  applyDefaults: (claim) => withClaimDefaults(canonicalForm(claim, persistentVolumeClaimSchema)),
  prepareForCreate: (claim) => ({
    ...claim,
    spec: withBothSources(withKnownSource(claim.spec)),
    status: { phase: "Pending" },
  }),
  prepareForUpdate: (next, old) => keepStatus({ ...next, spec: withBothSources(next.spec) }, old),
  validate: (claim) => claimSpecErrors("spec", claim.spec),
  validateUpdate: claimUpdateErrors,
  warnings: (next, old) => {
    const isSame = equalValues(next.spec.resources, old?.spec.resources);
    return isSame && old !== undefined ? [] : claimSpecWarnings("spec", next.spec);
  },
  status: statusPart(claimStatusErrors),
  isReturnedWhenDeleted: true,
  columns: [
    NAME_COLUMN,
    column("Status", "Pending, Bound or Lost."),
    column("Volume", "The volume that meets the claim."),
    column("Capacity", "Size of the volume."),
    column("Access Modes", "How the volume can be mounted."),
    column("StorageClass", "How the volume is made."),
    column("VolumeAttributesClass", "What the volume is tuned for."),
    AGE_COLUMN,
    wideColumn("VolumeMode", "Whether it holds files or is a device."),
  ],
  row: (claim, nowMs) => {
    const { spec, status, metadata } = claim;
    const isMet = (spec.volumeName ?? "") !== "";
    return [
      nameOf(claim),
      isTerminating(claim) ? "Terminating" : (status.phase ?? ""),
      spec.volumeName ?? "",
      isMet ? (status.capacity?.["storage"] ?? "0") : "",
      isMet ? accessModesText(status.accessModes) : "",
      metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? "",
      spec.volumeAttributesClassName ?? UNSET,
      ageOf(claim, nowMs),
      spec.volumeMode ?? UNSET,
    ];
  },
};

/** The defaults of claims, and of those that controllers make from a template. */
export function withClaimDefaults(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const { spec, status } = claim;
  return {
    ...claim,
    spec: withClaimSpecDefaults(spec),
    status: { ...status, phase: status.phase || "Pending" },
  };
}

/** What the old field names can only be a claim or a snapshot; anything else was never heard. */
function withKnownSource(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { dataSource, ...rest } = spec;
  if (dataSource === undefined || spec.dataSourceRef !== undefined) return spec;
  const { kind } = dataSource;
  const apiGroup = dataSource.apiGroup ?? ""; // stored as null if there is none
  const isKnown =
    (kind === "PersistentVolumeClaim" && apiGroup === "") ||
    (kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io");
  return isKnown ? spec : rest;
}

/** What a volume starts from has an old name and a new one; clients read either. */
function withBothSources(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource !== undefined) return { ...spec, dataSourceRef: dataSourceRef ?? dataSource };
  if (dataSourceRef === undefined || (dataSourceRef.namespace ?? "") !== "") return spec;
  const { namespace: _, ...local } = dataSourceRef;
  return { ...spec, dataSource: local };
}
