/** Claims of volumes, checked in the order in which their problems are reported. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import {
  compareQuantities,
  parseQuantity,
  ZERO_QUANTITY,
  type Quantity,
} from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  forbidden,
  fromProblem,
  IMMUTABLE,
  invalid,
  noneOrOneOf,
  required,
} from "../../field-errors.ts";
import { structDiff } from "../../go-struct.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import { accessModeErrors, VOLUME_MODES } from "./access-modes.ts";
import { claimSpecStruct } from "./go-structs.ts";
import {
  plainAmountErrors,
  positiveAmountErrors,
  resourceAmountErrors,
} from "./resource-validation.ts";
import type {
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  TypedLocalObjectReference,
} from "./types.generated.ts";

/** The class of a claim from before there was a field for it. */
export const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

/** What is wrong with what a claim asks for. */
export function claimSpecErrors(
  field: string,
  spec: PersistentVolumeClaimSpec,
): readonly FieldError[] {
  const { accessModes = [], storageClassName, volumeAttributesClassName } = spec;
  return [
    ...(accessModes.length === 0
      ? [required(`${field}.accessModes`, "at least 1 access mode is required")]
      : []),
    ...labelSelectorErrors(`${field}.selector`, spec.selector),
    ...accessModeErrors(`${field}.accessModes`, accessModes),
    ...sizeErrors(`${field}.resources[storage]`, spec.resources?.requests?.["storage"]),
    ...classNameErrors(`${field}.storageClassName`, storageClassName),
    ...noneOrOneOf(`${field}.volumeMode`, spec.volumeMode, VOLUME_MODES),
    ...sourceErrors(`${field}.dataSource`, spec.dataSource),
    ...sourceErrors(`${field}.dataSourceRef`, spec.dataSourceRef),
    ...sourcePairErrors(field, spec),
    ...classNameErrors(`${field}.volumeAttributesClassName`, volumeAttributesClassName),
  ];
}

/** What is wrong with a change: what was promised stays, but it can become more. */
export function claimUpdateErrors(
  next: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): readonly FieldError[] {
  const [kept, before] = [withChangeableFrom(old, next), withVolumeOf(old, next)];
  const detail =
    "spec is immutable after creation except resources.requests and " +
    "volumeAttributesClassName for bound claims";
  const isSame = equalValues(kept, before);
  const diff = isSame ? "" : structDiff(before, kept, claimSpecStruct);
  return [
    ...annotationErrors(next, old),
    ...(isSame ? [] : [forbidden("spec", `${detail}\n${diff}`)]),
    ...shrinkErrors(next, old),
    ...(next.spec.volumeMode === old.spec.volumeMode
      ? []
      : [invalid("volumeMode", next.spec.volumeMode ?? null, IMMUTABLE)]),
    ...attributesClassErrors(next, old),
  ];
}

/** What is wrong with a status. */
export function claimStatusErrors({ status }: PersistentVolumeClaim): readonly FieldError[] {
  return [
    ...accessModeErrors("status.accessModes", status.accessModes ?? []),
    ...Object.entries(status.capacity ?? {}).flatMap(([name, amount]) =>
      plainAmountErrors(`status.capacity[${name}]`, amount),
    ),
    ...Object.entries(status.allocatedResources ?? {}).flatMap(([name, amount]) =>
      resourceAmountErrors(`status.allocatedResources[${name}]`, name, amount),
    ),
  ];
}

function sizeErrors(field: string, size: string | undefined): readonly FieldError[] {
  if (size === undefined) return [required(field)];
  return positiveAmountErrors(field, size);
}

function classNameErrors(field: string, name: string | undefined): readonly FieldError[] {
  if (name === undefined || name === "") return [];
  return fromProblem(field, name, dnsSubdomainProblem(name));
}

function sourceErrors(
  field: string,
  source: TypedLocalObjectReference | undefined,
): readonly FieldError[] {
  if (source === undefined) return [];
  const { name, kind } = source;
  const apiGroup = source.apiGroup ?? ""; // stored as null if there is none
  const isOwnGroup = apiGroup === "" && kind !== "PersistentVolumeClaim";
  const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
  return [
    ...(name === "" ? [required(`${field}.name`)] : []),
    ...(kind === "" ? [required(`${field}.kind`)] : []),
    ...(isOwnGroup ? [invalid(field, kind, detail)] : []),
    ...(apiGroup === ""
      ? []
      : fromProblem(`${field}.apiGroup`, apiGroup, dnsSubdomainProblem(apiGroup))),
  ];
}

/** The two fields that name a source must name the same one. */
function sourcePairErrors(field: string, spec: PersistentVolumeClaimSpec): readonly FieldError[] {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource === undefined || dataSourceRef === undefined) return [];
  const { namespace = "", ...local } = dataSourceRef;
  if (namespace !== "") {
    const detail = "may not be specified when dataSourceRef.namespace is specified";
    return [invalid(field, "dataSource", detail)];
  }
  if (equalValues(dataSource, local)) return [];
  return [invalid(field, `${field}.dataSource`, "must match dataSourceRef")];
}

function isBound(claim: PersistentVolumeClaim): boolean {
  return claim.status.phase === "Bound";
}

/** The spec of `next` with what may change put back to what it was. */
function withChangeableFrom(
  old: PersistentVolumeClaim,
  next: PersistentVolumeClaim,
): PersistentVolumeClaimSpec {
  const { spec } = next;
  const withClass = isClassNamed(next, old) ? withClassOf(spec, old.spec) : spec;
  if (!isBound(next)) return withClass;
  const { volumeAttributesClassName: _, ...rest } = withClass;
  const { volumeAttributesClassName: kept } = old.spec;
  const storage = old.spec.resources?.requests?.["storage"];
  return {
    ...rest,
    ...(kept === undefined ? {} : { volumeAttributesClassName: kept }),
    resources: {
      ...rest.resources,
      requests: {
        ...rest.resources?.requests,
        ...(storage === undefined ? {} : { storage }),
      },
    },
  };
}

/** A claim that had no class may get one, and one that names it in an annotation may move it. */
function isClassNamed(next: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const [after, before] = [next.spec.storageClassName, old.spec.storageClassName];
  if (after === undefined || before !== undefined) return false;
  const annotation = old.metadata.annotations?.[CLASS_ANNOTATION];
  return annotation === undefined || annotation === after;
}

function withClassOf(
  spec: PersistentVolumeClaimSpec,
  old: PersistentVolumeClaimSpec,
): PersistentVolumeClaimSpec {
  const { storageClassName: _, ...rest } = spec;
  const { storageClassName: name } = old;
  return { ...rest, ...(name === undefined ? {} : { storageClassName: name }) };
}

/** The volume is named once. */
function withVolumeOf(
  old: PersistentVolumeClaim,
  next: PersistentVolumeClaim,
): PersistentVolumeClaimSpec {
  const { volumeName } = next.spec;
  if ((old.spec.volumeName ?? "") !== "" || volumeName === undefined) return old.spec;
  return { ...old.spec, volumeName };
}

function annotationErrors(
  next: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): readonly FieldError[] {
  const [after, before] = [next, old].map((c) => c.metadata.annotations?.[CLASS_ANNOTATION] ?? "");
  if (after === before || isClassNamed(next, old)) return [];
  return [invalid(`metadata.annotations.${CLASS_ANNOTATION}`, after, IMMUTABLE)];
}

/** A claim that is too large to be met may become smaller, down to what there is already. */
function shrinkErrors(
  next: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): readonly FieldError[] {
  const [after, before] = [sizeOf(next), sizeOf(old)];
  if (compareQuantities(after, before) >= 0) return [];
  const there = parseQuantity(old.status.capacity?.["storage"] ?? "0") ?? ZERO_QUANTITY;
  if (compareQuantities(after, there) > 0) return [];
  const detail = "field can not be less than status.capacity";
  return [forbidden("spec.resources.requests.storage", detail)];
}

function sizeOf(claim: PersistentVolumeClaim): Quantity {
  return parseQuantity(claim.spec.resources?.requests?.["storage"] ?? "0") ?? ZERO_QUANTITY;
}

function attributesClassErrors(
  next: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): readonly FieldError[] {
  const hadOne = (old.spec.volumeAttributesClassName ?? "") !== "";
  if (!hadOne || next.spec.volumeAttributesClassName !== undefined) return [];
  const detail = "update from non-nil value to nil is forbidden";
  return [forbidden("spec.volumeAttributesClassName", detail)];
}
