/** Volumes of a pod: each has a name of its own and exactly one source. */
import { dnsLabelProblem } from "../../../machinery/names.ts";
import { milliValue, parseQuantity } from "../../../machinery/quantity.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  forbidden,
  fromProblem,
  inRange,
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

const TOKEN_SECONDS_MIN = 600;
const TOKEN_SECONDS_MAX = 2 ** 32;
/** What is wrong with the volumes; mounts refer to the names of those that are right. */
export function volumeErrors(
  field: string,
  volumes: readonly Volume[] | undefined,
): readonly FieldError[] {
  const names = new Set<string>();
  return (volumes ?? []).flatMap((volume, index) => {
    const path = `${field}[${index}]`;
    const errors = [
      ...sourceErrors(path, volume),
      ...(volume.name === ""
        ? [required(`${path}.name`)]
        : fromProblem(`${path}.name`, volume.name, dnsLabelProblem(volume.name, false))),
      ...(names.has(volume.name) ? [duplicate(`${path}.name`, volume.name)] : []),
    ];
    names.add(volume.name);
    return errors;
  });
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
    ...itemErrors(`${field}.items`, secret?.items),
  ],
  configMap: (field, { configMap }) => [
    ...notEmpty(`${field}.name`, configMap?.name),
    ...modeErrors(`${field}.defaultMode`, configMap?.defaultMode),
    ...itemErrors(`${field}.items`, configMap?.items),
  ],
  downwardAPI: (field, { downwardAPI }) => [
    ...modeErrors(`${field}.defaultMode`, downwardAPI?.defaultMode),
    ...fileErrors(field, downwardAPI?.items),
  ],
  projected: (field, { projected }) => projectedErrors(field, projected ?? {}),
  persistentVolumeClaim: (field, { persistentVolumeClaim: claim }) =>
    notEmpty(`${field}.claimName`, claim?.claimName),
  csi: (field, { csi }) => secretErrors(`${field}.nodePublishSecretRef`, csi?.nodePublishSecretRef),
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

function itemErrors(field: string, items: readonly KeyToPath[] | undefined): readonly FieldError[] {
  return (items ?? []).flatMap((item, index) => [
    ...notEmpty(`${field}[${index}].key`, item.key),
    ...filePathErrors(`${field}[${index}].path`, item.path),
    ...modeErrors(`${field}[${index}].mode`, item.mode),
  ]);
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
  if (fieldRef !== undefined && resourceFieldRef !== undefined) {
    const detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
    return [invalid(field, "resource", detail)];
  }
  if (fieldRef !== undefined) return fieldRefErrors(`${field}.fieldRef`, fieldRef, FILE_FIELDS);
  if (resourceFieldRef !== undefined) {
    return resourceFieldErrors(`${field}.resourceFieldRef`, resourceFieldRef, true);
  }
  return [required(`${field}.fieldRef`, "one of fieldRef and resourceFieldRef is required")];
}

function projectedErrors(field: string, projected: ProjectedVolumeSource): readonly FieldError[] {
  return [
    ...modeErrors(`${field}.defaultMode`, projected.defaultMode),
    ...(projected.sources ?? []).flatMap((source, index) =>
      projectionErrors(`${field}.sources[${index}]`, source),
    ),
    ...pathConflictErrors(`${field}.sources`, projected.sources ?? []),
  ];
}

function projectionErrors(field: string, source: VolumeProjection): readonly FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken: token } = source;
  const [first, ...others] = Object.keys(source);
  if (first === undefined) return [required(field, "must specify a projected volume source")];
  const tokenPath = `${field}.serviceAccountToken`;
  return [
    ...others.map((name) =>
      forbidden(`${field}.${name}`, "may not specify more than 1 volume type"),
    ),
    ...(secret === undefined
      ? []
      : [
          ...notEmpty(`${field}.secret.name`, secret.name),
          ...itemErrors(`${field}.secret.items`, secret.items),
        ]),
    ...(configMap === undefined
      ? []
      : [
          ...notEmpty(`${field}.configMap.name`, configMap.name),
          ...itemErrors(`${field}.configMap.items`, configMap.items),
        ]),
    ...(downwardAPI === undefined ? [] : fileErrors(`${field}.downwardAPI`, downwardAPI.items)),
    ...(token === undefined
      ? []
      : [
          ...tokenAgeErrors(`${tokenPath}.expirationSeconds`, token.expirationSeconds),
          ...filePathErrors(`${tokenPath}.path`, token.path),
        ]),
  ];
}

function tokenAgeErrors(field: string, seconds: number | undefined): readonly FieldError[] {
  if (seconds === undefined) return [];
  if (seconds < TOKEN_SECONDS_MIN) {
    return [invalid(field, seconds, "may not specify a duration less than 10 minutes")];
  }
  return inRange(field, seconds, TOKEN_SECONDS_MIN, TOKEN_SECONDS_MAX);
}

/** Two sources may not write the same file. */
function pathConflictErrors(
  field: string,
  sources: readonly VolumeProjection[],
): readonly FieldError[] {
  const seen = new Set<string>();
  return sources.flatMap((source, index) =>
    projectedPaths(source).flatMap((path) => {
      if (seen.has(path))
        return [invalid(`${field}[${index}]`, path, "conflicting duplicate paths")];
      seen.add(path);
      return [];
    }),
  );
}

function projectedPaths(source: VolumeProjection): readonly string[] {
  const { secret, configMap, downwardAPI, serviceAccountToken: token } = source;
  const files = [
    ...(secret?.items ?? []),
    ...(configMap?.items ?? []),
    ...(downwardAPI?.items ?? []),
  ];
  return [...files.map((file) => file.path), ...(token === undefined ? [] : [token.path])];
}
