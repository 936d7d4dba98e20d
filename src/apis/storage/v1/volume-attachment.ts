/** Wishes that a volume be attached to a node, and what came of them. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import {
  errorIf,
  forbidden,
  fromProblem,
  IMMUTABLE,
  invalid,
  required,
  tooLong,
} from "../../field-errors.ts";
import { byteLength } from "../../meta/v1/label-validation.ts";
import { keepStatus, ORDINARY, strictStatusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { bytesErrors, driverNameErrors, PARAMETER_BYTES_MAX } from "./parameter-validation.ts";
import { volumeAttachmentSchema } from "./schema.generated.ts";
import type { VolumeAttachment, VolumeAttachmentSource, VolumeError } from "./types.generated.ts";

const MESSAGE_BYTES_MAX = 1024;
const ONE_SOURCE = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";

export const volumeAttachmentStrategy: Strategy<VolumeAttachment> = {
  ...ORDINARY,
  names: {
    group: "storage.k8s.io",
    version: "v1",
    kind: "VolumeAttachment",
    plural: "volumeattachments",
    singular: "volumeattachment",
    shortNames: [],
    categories: [],
    isNamespaced: false,
  },
  schema: volumeAttachmentSchema,
  nameProblem: dnsSubdomainProblem,
  isUpdatedUnconditionally: false,
  applyDefaults: (attachment) => canonicalForm(attachment, volumeAttachmentSchema),
  prepareForCreate: (attachment) => ({ ...attachment, status: { attached: false } }),
  prepareForUpdate: keepStatus,
  validate: attachmentErrors,
  validateUpdate: specUpdateErrors,
  status: strictStatusPart((next, old) => [
    ...attachmentErrors(next),
    ...specUpdateErrors(next, old),
  ]),
  isReturnedWhenDeleted: true,
  columns: [
    NAME_COLUMN,
    { ...column("Attacher", "The driver that attaches it."), format: "name" },
    column("PV", "The volume."),
    column("Node", "The node it is attached to."),
    column("Attached", "Whether it is.", "boolean"),
    AGE_COLUMN,
  ],
  row: (attachment, nowMs) => [
    nameOf(attachment),
    attachment.spec.attacher,
    attachment.spec.source.persistentVolumeName ?? "",
    attachment.spec.nodeName,
    attachment.status.attached,
    ageOf(attachment, nowMs),
  ],
};

function attachmentErrors({ spec, status }: VolumeAttachment): readonly FieldError[] {
  const { attacher, source, nodeName } = spec;
  const volume = source.persistentVolumeName;
  return [
    ...driverNameErrors("spec.attacher", attacher),
    ...sourceErrors("spec.source", source),
    ...fromProblem("spec.nodeName", nodeName, dnsSubdomainProblem(nodeName)),
    ...bytesErrors("status.attachmentMetadata", status.attachmentMetadata),
    ...volumeErrors("status.attachError", status.attachError),
    ...volumeErrors("status.detachError", status.detachError),
    ...(volume === undefined
      ? []
      : fromProblem("spec.source.persistentVolumeName", volume, dnsSubdomainProblem(volume))),
  ];
}

function specUpdateErrors(next: VolumeAttachment, old: VolumeAttachment): readonly FieldError[] {
  if (equalValues(next.spec, old.spec)) return [];
  const { attacher, source, nodeName } = next.spec;
  // Printed as the struct it is upstream, whose fields have capital letters.
  const printed = {
    Attacher: attacher,
    Source: {
      PersistentVolumeName: source.persistentVolumeName ?? null,
      InlineVolumeSpec: source.inlineVolumeSpec ?? null,
    },
    NodeName: nodeName,
  };
  return [invalid("spec", printed, IMMUTABLE)];
}

function sourceErrors(path: string, source: VolumeAttachmentSource): readonly FieldError[] {
  const { inlineVolumeSpec, persistentVolumeName } = source;
  if (inlineVolumeSpec === undefined && persistentVolumeName === undefined) {
    return [required(path, ONE_SOURCE)];
  }
  if (inlineVolumeSpec !== undefined && persistentVolumeName !== undefined) {
    return [forbidden(path, ONE_SOURCE)];
  }
  return errorIf(
    persistentVolumeName === "",
    required(`${path}.persistentVolumeName`, "must specify non empty persistentVolumeName"),
  );
}

function volumeErrors(path: string, error: VolumeError | undefined): readonly FieldError[] {
  const { message = "", errorCode = 0 } = error ?? {};
  return [
    // The limit that is told is not the one that counts; so it is upstream.
    ...errorIf(
      byteLength(message) > MESSAGE_BYTES_MAX,
      tooLong(`${path}.message`, PARAMETER_BYTES_MAX),
    ),
    ...errorIf(
      errorCode < 0,
      invalid(`${path}.errorCode`, errorCode, "must be between 0 and 2147483647, inclusive"),
    ),
  ];
}
