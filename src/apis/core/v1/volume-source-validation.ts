/** Where the content of volumes comes from, of pods and of persistent volumes alike. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  fromProblem,
  inRange,
  invalid,
  notEmpty,
  required,
  tooLong,
  unsupported,
} from "../../field-errors.ts";
import { backstepErrors, relativePathErrors } from "./path-validation.ts";
import type { PersistentVolumeSpec, Volume } from "./types.generated.ts";

type Source<K extends keyof Volume & keyof PersistentVolumeSpec> = NonNullable<
  Volume[K] | PersistentVolumeSpec[K]
>;

const HOST_PATH_TYPES: readonly string[] = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];
const BYTE_MAX = 255;
const DRIVER_NAME_MAX = 63;

type SharedKey = keyof Volume & keyof PersistentVolumeSpec;

/** Sources that pods and persistent volumes both have. */
const SHARED: { readonly [K in SharedKey]: (f: string, s: Source<K>) => readonly FieldError[] } = {
  awsElasticBlockStore: (field, source) => [
    ...notEmpty(`${field}.volumeID`, source.volumeID),
    ...partitionErrors(`${field}.partition`, source.partition),
  ],
  azureDisk: (field, source) => azureDiskErrors(field, source),
  azureFile: (field, source) => [
    ...notEmpty(`${field}.secretName`, source.secretName),
    ...notEmpty(`${field}.shareName`, source.shareName),
  ],
  cephfs: (field, source) => listErrors(`${field}.monitors`, source.monitors),
  cinder: (field, source) => [
    ...notEmpty(`${field}.volumeID`, source.volumeID),
    ...secretErrors(`${field}.secretRef`, source.secretRef),
  ],
  csi: (field, source) => csiDriverErrors(`${field}.driver`, source.driver),
  fc: (field, source) => fibreErrors(field, source),
  flexVolume: (field, source) => flexErrors(field, source),
  flocker: (field, source) => flockerErrors(field, source),
  gcePersistentDisk: (field, source) => [
    ...notEmpty(`${field}.pdName`, source.pdName),
    ...partitionErrors(`${field}.partition`, source.partition),
  ],
  glusterfs: (field, source) => [
    ...notEmpty(`${field}.endpoints`, source.endpoints),
    ...notEmpty(`${field}.path`, source.path),
  ],
  hostPath: (field, source) => {
    if (source.path === "") return [required(`${field}.path`)];
    const type = source.type ?? "";
    return [
      ...backstepErrors(`${field}.path`, source.path),
      ...(HOST_PATH_TYPES.includes(type)
        ? []
        : [unsupported(`${field}.type`, type, HOST_PATH_TYPES)]),
    ];
  },
  iscsi: (field, source) => iscsiErrors(field, source),
  nfs: (field, source) => [
    ...notEmpty(`${field}.server`, source.server),
    ...notEmpty(`${field}.path`, source.path),
    ...(source.path.startsWith("/")
      ? []
      : [invalid(`${field}.path`, source.path, "must be an absolute path")]),
  ],
  photonPersistentDisk: (field, source) => notEmpty(`${field}.pdID`, source.pdID),
  portworxVolume: (field, source) => notEmpty(`${field}.volumeID`, source.volumeID),
  quobyte: (field, source) => quobyteErrors(field, source),
  rbd: (field, source) => [
    ...listErrors(`${field}.monitors`, source.monitors),
    ...notEmpty(`${field}.image`, source.image),
  ],
  scaleIO: (field, source) => [
    ...notEmpty(`${field}.gateway`, source.gateway),
    ...notEmpty(`${field}.system`, source.system),
    ...notEmpty(`${field}.volumeName`, source.volumeName),
  ],
  storageos: (field, source) => {
    const { volumeName = "", volumeNamespace = "" } = source;
    return [
      ...(volumeName === ""
        ? [required(`${field}.volumeName`)]
        : fromProblem(`${field}.volumeName`, volumeName, dnsLabelProblem(volumeName))),
      ...(volumeNamespace === ""
        ? []
        : fromProblem(
            `${field}.volumeNamespace`,
            volumeNamespace,
            dnsLabelProblem(volumeNamespace),
          )),
      ...secretErrors(`${field}.secretRef`, source.secretRef),
    ];
  },
  vsphereVolume: (field, source) => notEmpty(`${field}.volumePath`, source.volumePath),
};

/** Names of the sources that are checked here. */
export const SHARED_SOURCES: readonly SharedKey[] = Object.keys(SHARED).filter(isShared);

/** What is wrong with the source under `name`; an absent one is fine. */
export function sharedSourceErrors<K extends SharedKey>(
  field: string,
  name: K,
  source: Source<K> | undefined,
): readonly FieldError[] {
  if (source === undefined) return [];
  return SHARED[name](`${field}.${name === "gcePersistentDisk" ? "persistentDisk" : name}`, source);
}

/** Whether pods and volumes both have such a source. */
export function isShared(name: string): name is SharedKey {
  return Object.hasOwn(SHARED, name);
}

/** The name of a driver of volumes, which is a domain in any case. */
export function csiDriverErrors(field: string, name: string): readonly FieldError[] {
  if (name === "") return [required(field)];
  return [
    ...(name.length > DRIVER_NAME_MAX ? [tooLong(field, DRIVER_NAME_MAX)] : []),
    ...fromProblem(field, name, dnsSubdomainProblem(name.toLowerCase())),
  ];
}

/** A reference to a secret that names it. */
export function secretErrors(
  field: string,
  secret: { readonly name?: string } | undefined,
): readonly FieldError[] {
  return secret === undefined ? [] : notEmpty(`${field}.name`, secret.name);
}

function listErrors(field: string, list: readonly unknown[]): readonly FieldError[] {
  return list.length === 0 ? [required(field)] : [];
}

function byteErrors(field: string, value: number | undefined): readonly FieldError[] {
  return inRange(field, value, 0, BYTE_MAX);
}

/** As upstream words it, though 0 stands for the whole disk. */
function partitionErrors(field: string, value: number | undefined): readonly FieldError[] {
  if (value === undefined || (value >= 0 && value <= BYTE_MAX)) return [];
  return [invalid(field, value, `must be between 1 and ${BYTE_MAX}, inclusive`)];
}

function azureDiskErrors(field: string, source: Source<"azureDisk">): readonly FieldError[] {
  const { diskName, diskURI, cachingMode, kind } = source;
  const caching = ["None", "ReadOnly", "ReadWrite"];
  const kinds = ["Dedicated", "Managed", "Shared"];
  const isManaged = kind === "Managed";
  const uris = isManaged
    ? [
        "/subscriptions/{sub-id}/resourcegroups/{group-name}/" +
          "providers/microsoft.compute/disks/{disk-id}",
      ]
    : ["https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"];
  const isUriWrong =
    kind !== undefined && !diskURI.startsWith(isManaged ? "/subscriptions/" : "https://");
  return [
    ...notEmpty(`${field}.diskName`, diskName),
    ...notEmpty(`${field}.diskURI`, diskURI),
    ...(cachingMode === undefined || caching.includes(cachingMode)
      ? []
      : [unsupported(`${field}.cachingMode`, cachingMode, caching)]),
    ...(kind === undefined || kinds.includes(kind)
      ? []
      : [unsupported(`${field}.kind`, kind, kinds)]),
    ...(isUriWrong ? [unsupported(`${field}.diskURI`, diskURI, uris)] : []),
  ];
}

function fibreErrors(field: string, source: Source<"fc">): readonly FieldError[] {
  const { targetWWNs = [], wwids = [], lun } = source;
  const path = `${field}.targetWWNs`;
  const [named, identified] = [targetWWNs.length > 0, wwids.length > 0];
  const neither = "must specify either targetWWNs or wwids, but not both";
  const both = "targetWWNs and wwids can not be specified simultaneously";
  return [
    ...(!named && !identified ? [required(path, neither)] : []),
    ...(named && identified ? [invalid(path, targetWWNs, both)] : []),
    ...(named && lun === undefined
      ? [required(`${field}.lun`, "lun is required if targetWWNs is specified")]
      : []),
    ...(named ? byteErrors(`${field}.lun`, lun) : []),
  ];
}

function flexErrors(field: string, source: Source<"flexVolume">): readonly FieldError[] {
  const detail = "kubernetes.io and k8s.io namespaces are reserved";
  return [
    ...notEmpty(`${field}.driver`, source.driver),
    ...Object.keys(source.options ?? {})
      .filter((key) => /^(?:[^/]*\.)?(?:kubernetes|k8s)\.io\//.test(key.toLowerCase()))
      .map((key) => invalid(`${field}.options[${key}]`, key, detail)),
  ];
}

function flockerErrors(field: string, source: Source<"flocker">): readonly FieldError[] {
  const { datasetName = "", datasetUUID = "" } = source;
  const neither = "one of datasetName and datasetUUID is required";
  const both = "datasetName and datasetUUID can not be specified simultaneously";
  return [
    ...(datasetName === "" && datasetUUID === "" ? [required(field, neither)] : []),
    ...(datasetName !== "" && datasetUUID !== "" ? [invalid(field, "resource", both)] : []),
    ...(datasetName.includes("/")
      ? [invalid(`${field}.datasetName`, datasetName, "must not contain '/'")]
      : []),
  ];
}

const IQN = /^iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+$/;
const EUI = /^eui.[A-Za-z0-9]{16}$/;
const NAA = /^naa.[A-Za-z0-9]{32}$/;

function iscsiErrors(field: string, source: Source<"iscsi">): readonly FieldError[] {
  const { chapAuthDiscovery = false, chapAuthSession = false, secretRef, initiatorName } = source;
  const needsSecret = (chapAuthDiscovery || chapAuthSession) && secretRef === undefined;
  return [
    ...notEmpty(`${field}.targetPortal`, source.targetPortal),
    ...(source.iqn === ""
      ? [required(`${field}.iqn`)]
      : fromProblem(`${field}.iqn`, source.iqn, iqnProblem(source.iqn))),
    ...byteErrors(`${field}.lun`, source.lun),
    ...(needsSecret ? [required(`${field}.secretRef`)] : []),
    ...(initiatorName === undefined
      ? []
      : fromProblem(`${field}.initiatorname`, initiatorName, iqnProblem(initiatorName))),
  ];
}

function iqnProblem(name: string): string | undefined {
  const rule = name.startsWith("iqn") ? IQN : name.startsWith("eui") ? EUI : NAA;
  if (!/^(?:iqn|eui|naa)/.test(name)) return "must be valid format starting with iqn, eui, or naa";
  return rule.test(name) ? undefined : "must be valid format";
}

function quobyteErrors(field: string, source: Source<"quobyte">): readonly FieldError[] {
  const { registry, volume, tenant = "" } = source;
  const detail = "must be a host:port pair or multiple pairs separated by commas";
  const isRight = registry
    .split(",")
    .every((pair) => /^[^:]*:[^:]*$|^\[[^\]]*\]:[^:]*$/.test(pair));
  return [
    ...(registry === "" ? [required(`${field}.registry`, detail)] : []),
    ...(registry !== "" && !isRight ? [invalid(`${field}.registry`, registry, detail)] : []),
    ...(tenant.length >= 65
      ? [required(`${field}.tenant`, "must be a UUID and may not exceed a length of 64 characters")]
      : []),
    ...notEmpty(`${field}.volume`, volume),
  ];
}

/** A path of a file in a volume that a user writes: below its root, and no machinery's. */
export function filePathErrors(field: string, path: string): readonly FieldError[] {
  if (path === "") return [required(field)];
  const errors = relativePathErrors(field, path);
  const isReserved = path.startsWith("..") && !path.startsWith("../");
  return isReserved ? [...errors, invalid(field, path, "must not start with '..'")] : errors;
}
