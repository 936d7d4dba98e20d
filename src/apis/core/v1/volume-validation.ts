/** Volumes of a pod: each has a name of its own and exactly one source. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import { milliValue, parseQuantity } from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  forbidden,
  fromProblem,
  invalid,
  notEmpty,
  oneOf,
  required,
} from "../../field-errors.ts";
import { annotationErrors, labelErrors } from "../../meta/v1/label-validation.ts";
import { FILE_FIELDS, fieldRefErrors, resourceFieldErrors } from "./env-validation.ts";
import { relativePathErrors } from "./path-validation.ts";
import { claimSpecErrors } from "./persistent-volume-claim-validation.ts";
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from "./types.generated.ts";
import { volumeSourceNames } from "./volume-defaults.ts";
import {
  filePathErrors,
  isShared,
  secretErrors,
  sharedSourceErrors,
} from "./volume-source-validation.ts";

const ISCSI_LABEL_MAX = 64;
const TOKEN_SECONDS_MIN = 600;
const TOKEN_SECONDS_MAX = 2 ** 32;

/** What is wrong with each volume; mounts refer to the names of those that are right. */
export function volumeErrors(
  field: string,
  volumes: readonly Volume[] | undefined,
  podName?: string,
): readonly (readonly FieldError[])[] {
  const names = new Set<string>();
  return (volumes ?? []).map((volume, index) => {
    const path = `${field}[${index}]`;
    const ofName =
      volume.name === ""
        ? [required(`${path}.name`)]
        : fromProblem(`${path}.name`, volume.name, dnsLabelProblem(volume.name, false));
    const isTaken = ofName.length === 0 && names.has(volume.name);
    const errors = [
      ...sourceErrors(path, volume),
      ...madeClaimErrors(`${path}.name`, volume, podName ?? ""),
      ...ofName,
      ...(isTaken ? [duplicate(`${path}.name`, volume.name)] : []),
    ];
    if (errors.length === 0) names.add(volume.name);
    return errors;
  });
}

/** What is made for a volume of a pod is named after both. */
function madeClaimErrors(field: string, volume: Volume, podName: string): readonly FieldError[] {
  const { name, ephemeral, iscsi } = volume;
  const label = `${name}:${iscsi?.targetPortal ?? ""}`;
  const isTooLong = iscsi?.initiatorName !== undefined && label.length > ISCSI_LABEL_MAX;
  const tooLong =
    `Total length of <volume name>:<iscsi.targetPortal> must be under ${ISCSI_LABEL_MAX} ` +
    "characters if iscsi.initiatorName is specified.";
  const claim = `${podName}-${name}`;
  const problems =
    ephemeral === undefined || podName === "" || name === ""
      ? []
      : (dnsSubdomainProblem(claim)?.split("; ") ?? []);
  return [
    ...errorIf(isTooLong, invalid(field, name, tooLong)),
    ...problems.map((problem) => invalid(field, name, `PVC name "${claim}": ${problem}`)),
  ];
}

/** A mode is what `chmod` takes. */
function modeErrors(field: string, mode: number | undefined): readonly FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  return [invalid(field, mode, "must be a number between 0 and 0777 (octal), both inclusive")];
}

function sourceErrors(field: string, volume: Volume): readonly FieldError[] {
  const [first, ...others] = volumeSourceNames(volume);
  if (first === undefined) return [required(field, "must specify a volume type")];
  return [
    ...oneSourceErrors(field, first, volume),
    ...others.map((name) =>
      forbidden(`${field}.${name}`, "may not specify more than 1 volume type"),
    ),
  ];
}

function oneSourceErrors(field: string, name: keyof Volume, volume: Volume): readonly FieldError[] {
  const own = OWN_SOURCES[name]?.(`${field}.${name}`, volume) ?? [];
  return isShared(name) ? [...sharedSourceErrors(field, name, volume[name]), ...own] : own;
}

/** Sources that only pods have, and what pods need of the others besides. */
const OWN_SOURCES: {
  readonly [K in keyof Volume]?: (field: string, volume: Volume) => readonly FieldError[];
} = {
  emptyDir: (field, { emptyDir }) => sizeErrors(`${field}.sizeLimit`, emptyDir?.sizeLimit),
  gitRepo: (field, { gitRepo }) => [
    ...notEmpty(`${field}.repository`, gitRepo?.repository),
    ...relativePathErrors(`${field}.directory`, gitRepo?.directory ?? ""),
  ],
  secret: (field, { secret }) => [
    ...notEmpty(`${field}.secretName`, secret?.secretName),
    ...modeErrors(`${field}.defaultMode`, secret?.defaultMode),
    ...itemListErrors(`${field}.items`, secret?.items),
  ],
  configMap: (field, { configMap }) => [
    ...notEmpty(`${field}.name`, configMap?.name),
    ...modeErrors(`${field}.defaultMode`, configMap?.defaultMode),
    ...itemListErrors(`${field}.items`, configMap?.items),
  ],
  downwardAPI: (field, { downwardAPI }) => [
    ...modeErrors(`${field}.defaultMode`, downwardAPI?.defaultMode),
    ...fileErrors(field, downwardAPI?.items),
  ],
  projected: (field, { projected }) => projectedErrors(field, projected ?? {}),
  persistentVolumeClaim: (field, { persistentVolumeClaim: claim }) =>
    notEmpty(`${field}.claimName`, claim?.claimName),
  csi: (field, { csi }) => {
    const secret = csi?.nodePublishSecretRef;
    const errors = secretErrors(`${field}.nodePublishSecretRef`, secret);
    const { name = "" } = secret ?? {};
    return name === "" ? errors : fromProblem(`${field}.name`, name, dnsSubdomainProblem(name));
  },
  ephemeral: (field, { ephemeral }) => {
    const template = ephemeral?.volumeClaimTemplate;
    const path = `${field}.volumeClaimTemplate`;
    if (template === undefined) return [required(path)];
    return [
      ...labelErrors(`${path}.metadata.labels`, template.metadata?.labels),
      ...annotationErrors(`${path}.metadata.annotations`, template.metadata?.annotations),
      ...claimSpecErrors(`${path}.spec`, template.spec),
    ];
  },
  image: (field, { image }) => [
    ...notEmpty(`${field}.reference`, image?.reference),
    ...oneOf(`${field}.pullPolicy`, image?.pullPolicy, ["Always", "IfNotPresent", "Never"]),
  ],
};

function sizeErrors(field: string, size: string | undefined): readonly FieldError[] {
  const quantity = size === undefined ? undefined : parseQuantity(size);
  if (quantity === undefined || milliValue(quantity) >= 0n) return [];
  return [forbidden(field, "SizeLimit field must be a valid resource quantity")];
}

function itemListErrors(
  field: string,
  items: readonly KeyToPath[] | undefined,
): readonly FieldError[] {
  return (items ?? []).flatMap((item, index) => itemErrors(`${field}[${index}]`, item));
}

function itemErrors(path: string, item: KeyToPath): readonly FieldError[] {
  return [
    ...notEmpty(`${path}.key`, item.key),
    ...filePathErrors(`${path}.path`, item.path),
    ...modeErrors(`${path}.mode`, item.mode),
  ];
}

function fileErrors(
  field: string,
  files: readonly DownwardAPIVolumeFile[] | undefined,
): readonly FieldError[] {
  return (files ?? []).flatMap((file) => [
    ...filePathErrors(`${field}.path`, file.path),
    ...fileContentErrors(field, file),
    ...modeErrors(`${field}.mode`, file.mode),
  ]);
}

function fileContentErrors(field: string, file: DownwardAPIVolumeFile): readonly FieldError[] {
  const { fieldRef, resourceFieldRef } = file;
  const both = "fieldRef and resourceFieldRef can not be specified simultaneously";
  if (fieldRef !== undefined) {
    return [
      ...fieldRefErrors(`${field}.fieldRef`, fieldRef, FILE_FIELDS),
      ...errorIf(resourceFieldRef !== undefined, invalid(field, "resource", both)),
    ];
  }
  if (resourceFieldRef !== undefined) {
    return resourceFieldErrors(`${field}.resourceFieldRef`, resourceFieldRef, true);
  }
  return [required(field, "one of fieldRef and resourceFieldRef is required")];
}

function projectedErrors(field: string, projected: ProjectedVolumeSource): readonly FieldError[] {
  const seen = new Set<string>();
  return [
    ...modeErrors(`${field}.defaultMode`, projected.defaultMode),
    ...(projected.sources ?? []).flatMap((source, index) =>
      projectionErrors(field, `${field}.sources[${index}]`, source, seen),
    ),
  ];
}

/** One of the sources of files; `seen`: paths of those before it, which are no longer free. */
function projectionErrors(
  field: string,
  path: string,
  source: VolumeProjection,
  seen: Set<string>,
): readonly FieldError[] {
  const { downwardAPI, serviceAccountToken: token } = source;
  const conflict = (file: string, name: string): readonly FieldError[] => {
    const isTaken = file !== "" && seen.has(file);
    seen.add(file);
    return errorIf(isTaken, invalid(field, name, "conflicting duplicate paths"));
  };
  const detail = "may not specify more than 1 volume type per source";
  return [
    ...(["secret", "configMap"] as const).flatMap((name) => {
      const map = source[name];
      if (map === undefined) return [];
      return [
        ...notEmpty(`${path}.${name}.name`, map.name),
        ...(map.items ?? []).flatMap((item, index) => [
          ...itemErrors(`${path}.${name}.items[${index}]`, item),
          ...conflict(item.path, map.name ?? ""),
        ]),
      ];
    }),
    ...(downwardAPI?.items ?? []).flatMap((file) => [
      ...fileErrors(`${path}.downwardAPI`, [file]),
      ...conflict(file.path, file.path),
    ]),
    ...(token === undefined
      ? []
      : [
          ...tokenAgeErrors(`${path}.serviceAccountToken.expirationSeconds`, token),
          ...filePathErrors(`${field}.path`, token.path),
        ]),
    ...errorIf(Object.keys(source).length > 1, forbidden(path, detail)),
  ];
}

function tokenAgeErrors(
  field: string,
  { expirationSeconds: seconds = TOKEN_SECONDS_MIN }: ServiceAccountTokenProjection,
): readonly FieldError[] {
  const tooShort = "may not specify a duration less than 10 minutes";
  const tooLong = "may not specify a duration larger than 2^32 seconds";
  return [
    ...errorIf(seconds < TOKEN_SECONDS_MIN, invalid(field, seconds, tooShort)),
    ...errorIf(seconds > TOKEN_SECONDS_MAX, invalid(field, seconds, tooLong)),
  ];
}
