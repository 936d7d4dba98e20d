/** Persistent volumes, checked in the order in which their problems are reported. */
import { equalValues } from "../../../machinery/json-value.ts";
import { compareText } from "../../../machinery/key.ts";
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  forbidden,
  fromProblem,
  IMMUTABLE,
  invalid,
  noneOrOneOf,
  notEmpty,
  required,
  unsupported,
} from "../../field-errors.ts";
import { goStruct, structDiff } from "../../go-struct.ts";
import { accessModeErrors, VOLUME_MODES } from "./access-modes.ts";
import { volumeAffinityStruct, volumeSourceStruct } from "./go-structs.ts";
import { backstepErrors } from "./path-validation.ts";
import { positiveAmountErrors, plainAmountErrors } from "./resource-validation.ts";
import { nodeTermErrors } from "./scheduling-validation.ts";
import type { PersistentVolume, PersistentVolumeSpec, SecretReference } from "./types.generated.ts";
import { SHARED_SOURCES, sharedSourceErrors } from "./volume-source-validation.ts";

/** What is wrong with a volume that has its defaults. */
export function volumeErrors(volume: PersistentVolume): readonly FieldError[] {
  const { spec } = volume;
  const { accessModes = [], storageClassName = "" } = spec;
  return [
    ...(accessModes.length === 0 ? [required("spec.accessModes")] : []),
    ...accessModeErrors("spec.accessModes", accessModes),
    ...capacityErrors("spec.capacity", spec.capacity ?? {}),
    ...noneOrOneOf("spec.persistentVolumeReclaimPolicy", spec.persistentVolumeReclaimPolicy, [
      "Delete",
      "Recycle",
      "Retain",
    ]),
    ...affinityErrors("spec.nodeAffinity", spec.nodeAffinity),
    ...sourceErrors("spec", spec),
    ...recycleErrors(spec),
    ...(storageClassName === ""
      ? []
      : fromProblem(
          "spec.storageClassName",
          storageClassName,
          dnsSubdomainProblem(storageClassName),
        )),
    ...noneOrOneOf("spec.volumeMode", spec.volumeMode, VOLUME_MODES),
    ...attributesErrors(spec),
  ];
}

/** What is wrong with a change: what is stored where stays. */
export function volumeUpdateErrors(
  next: PersistentVolume,
  old: PersistentVolume,
): readonly FieldError[] {
  const [before, after] = [sourcesOf(old.spec), sourcesOf(next.spec)];
  const isSame = equalValues(after, before);
  const diff = isSame ? "" : structDiff(before, after, volumeSourceStruct);
  const detail = `spec.persistentvolumesource is immutable after creation\n${diff}`;
  const { nodeAffinity } = old.spec;
  const isMoved = nodeAffinity !== undefined && !equalValues(next.spec.nodeAffinity, nodeAffinity);
  const hadClass = (old.spec.volumeAttributesClassName ?? "") !== "";
  const lost = "update from non-nil value to nil is forbidden";
  const stays = `${IMMUTABLE}, except for updating from beta label to GA`;
  return [
    ...volumeErrors(next), // upstream looks at the whole twice
    ...(isSame ? [] : [forbidden("spec.persistentvolumesource", detail)]),
    ...(next.spec.volumeMode === old.spec.volumeMode
      ? []
      : [invalid("volumeMode", next.spec.volumeMode ?? null, IMMUTABLE)]),
    ...(isMoved ? [invalid("nodeAffinity", printedAffinity(next.spec), stays)] : []),
    ...(hadClass && next.spec.volumeAttributesClassName === undefined
      ? [forbidden("spec.volumeAttributesClassName", lost)]
      : []),
  ];
}

function printedAffinity({ nodeAffinity }: PersistentVolumeSpec): unknown {
  return nodeAffinity === undefined ? null : goStruct(nodeAffinity, volumeAffinityStruct);
}

const OTHER_FIELDS: readonly (keyof PersistentVolumeSpec)[] = [
  "accessModes",
  "capacity",
  "claimRef",
  "mountOptions",
  "nodeAffinity",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "volumeAttributesClassName",
  "volumeMode",
];

function sourcesOf(spec: PersistentVolumeSpec): Readonly<Record<string, unknown>> {
  const sources = Object.entries(spec).filter(([key]) => !OTHER_FIELDS.some((o) => o === key));
  return Object.fromEntries(sources);
}

function capacityErrors(
  field: string,
  capacity: Readonly<Record<string, string>>,
): readonly FieldError[] {
  const names = Object.keys(capacity);
  const isStorage = names.length === 1 && names[0] === "storage";
  return [
    ...(names.length === 0 ? [required(field)] : []),
    ...(isStorage ? [] : [unsupported(field, sorted(capacity), ["storage"])]),
    ...Object.entries(capacity).flatMap(([name, amount]) => [
      ...plainAmountErrors(`${field}[${name}]`, amount),
      ...positiveAmountErrors(`${field}[${name}]`, amount),
    ]),
  ];
}

/** Maps are printed in the order of their keys. */
function sorted(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => compareText(a, b)));
}

function affinityErrors(
  field: string,
  affinity: PersistentVolumeSpec["nodeAffinity"],
): readonly FieldError[] {
  if (affinity === undefined) return [];
  if (affinity.required === undefined) {
    return [required(`${field}.required`, "must specify required node constraints")];
  }
  const terms = affinity.required.nodeSelectorTerms;
  const path = `${field}.required.nodeSelectorTerms`;
  if (terms.length === 0) return [required(path, "must have at least one node selector term")];
  return terms.flatMap((term, index) => nodeTermErrors(`${path}[${index}]`, term));
}

function sourceErrors(field: string, spec: PersistentVolumeSpec): readonly FieldError[] {
  const [first, ...others] = Object.keys(sourcesOf(spec));
  if (first === undefined) return [required(field, "must specify a volume type")];
  return [
    ...SHARED_SOURCES.flatMap((name) =>
      name === first ? sharedSourceErrors(field, name, spec[name]) : [],
    ),
    ...(first === "csi" ? csiErrors(`${field}.csi`, spec.csi) : []),
    ...(first === "local" ? localErrors(field, spec) : []),
    ...others.map((name) =>
      forbidden(`${field}.${name}`, "may not specify more than 1 volume type"),
    ),
  ];
}

function csiErrors(field: string, csi: PersistentVolumeSpec["csi"]): readonly FieldError[] {
  if (csi === undefined) return [];
  const secrets = [
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
  ] as const; // upstream does not look at nodeStageSecretRef
  return [
    ...notEmpty(`${field}.volumeHandle`, csi.volumeHandle),
    ...secrets.flatMap((name) => secretReferenceErrors(`${field}.${name}`, csi[name])),
  ];
}

function secretReferenceErrors(
  field: string,
  reference: SecretReference | undefined,
): readonly FieldError[] {
  if (reference === undefined) return [];
  const { name = "", namespace = "" } = reference;
  return [
    ...(name === ""
      ? [required(`${field}.name`)]
      : fromProblem(`${field}.name`, name, dnsSubdomainProblem(name))),
    ...(namespace === ""
      ? [required(`${field}.namespace`)]
      : fromProblem(`${field}.namespace`, namespace, dnsLabelProblem(namespace))),
  ];
}

/** What is on one node can only be used there. */
function localErrors(field: string, spec: PersistentVolumeSpec): readonly FieldError[] {
  const path = spec.local?.path ?? "";
  return [
    ...(path === ""
      ? [required(`${field}.local.path`)]
      : backstepErrors(`${field}.local.path`, path)),
    ...(spec.nodeAffinity === undefined
      ? [required(`${field}.nodeAffinity`, "Local volume requires node affinity")]
      : []),
  ];
}

/** Nobody empties the root of a node. */
function recycleErrors(spec: PersistentVolumeSpec): readonly FieldError[] {
  const isRoot = /^\/+(?:\.?\/+)*\.?$/.test(spec.hostPath?.path ?? "");
  if (!isRoot || spec.persistentVolumeReclaimPolicy !== "Recycle") return [];
  const detail = "may not be 'recycle' for a hostPath mount of '/'";
  return [forbidden("spec.persistentVolumeReclaimPolicy", detail)];
}

function attributesErrors(spec: PersistentVolumeSpec): readonly FieldError[] {
  const { volumeAttributesClassName: name, csi } = spec;
  if (name === undefined) return [];
  const field = "spec.volumeAttributesClassName";
  return [
    ...(name === ""
      ? [required(field, "an empty string is disallowed")]
      : fromProblem(field, name, dnsSubdomainProblem(name))),
    ...(csi === undefined
      ? [required("spec.csi", "has to be specified when using volumeAttributesClassName")]
      : []),
  ];
}
