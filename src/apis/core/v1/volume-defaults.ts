/** Defaults of the volumes of a pod. */
import { withFieldRefDefaults } from "./container-defaults.ts";
import { withClaimSpecDefaults } from "./claim-defaults.ts";
import { defaultPullPolicy } from "./image-name.ts";
import type {
  DownwardAPIVolumeFile,
  EphemeralVolumeSource,
  PersistentVolumeSpec,
  ProjectedVolumeSource,
  Volume,
  VolumeProjection,
} from "./types.generated.ts";

const FILE_MODE = 0o644;
const TOKEN_SECONDS = 3600;

/** Defaults of sources that pods and persistent volumes both have. */
const STORAGE_DEFAULTS: {
  readonly [K in StorageKey]: (source: NonNullable<Volume[K]>) => NonNullable<Volume[K]>;
} = {
  hostPath: (source) => ({ ...source, type: source.type ?? "" }),
  iscsi: (source) => ({ ...source, iscsiInterface: source.iscsiInterface || "default" }),
  rbd: (source) => ({
    ...source,
    pool: source.pool || "rbd",
    user: source.user || "admin",
    keyring: source.keyring || "/etc/ceph/keyring",
  }),
  azureDisk: (source) => ({
    ...source,
    cachingMode: source.cachingMode ?? "ReadWrite",
    kind: source.kind ?? "Shared",
    fsType: source.fsType ?? "ext4",
    readOnly: source.readOnly ?? false,
  }),
  scaleIO: (source) => ({
    ...source,
    storageMode: source.storageMode || "ThinProvisioned",
    fsType: source.fsType || "xfs",
  }),
};

type StorageKey = "hostPath" | "iscsi" | "rbd" | "azureDisk" | "scaleIO";

/** A default for each kind of volume that has any. */
const SOURCE_DEFAULTS: {
  readonly [K in keyof Volume]?: (source: NonNullable<Volume[K]>) => NonNullable<Volume[K]>;
} = {
  ...STORAGE_DEFAULTS,
  secret: (source) => ({ ...source, defaultMode: source.defaultMode ?? FILE_MODE }),
  configMap: (source) => ({ ...source, defaultMode: source.defaultMode ?? FILE_MODE }),
  downwardAPI: (source) => ({
    ...source,
    defaultMode: source.defaultMode ?? FILE_MODE,
    ...(source.items === undefined ? {} : { items: source.items.map(withFileDefaults) }),
  }),
  projected: withProjectedDefaults,
  ephemeral: withEphemeralDefaults,
  image: (source) => ({
    ...source,
    pullPolicy: source.pullPolicy || defaultPullPolicy(source.reference ?? ""),
  }),
};

/** The spec of a persistent volume with the defaults of its source. */
export function withStorageDefaults(spec: PersistentVolumeSpec): PersistentVolumeSpec {
  const { hostPath, iscsi, rbd, azureDisk, scaleIO } = spec;
  return {
    ...spec,
    ...(hostPath === undefined ? {} : { hostPath: STORAGE_DEFAULTS.hostPath(hostPath) }),
    ...(iscsi === undefined ? {} : { iscsi: STORAGE_DEFAULTS.iscsi(iscsi) }),
    ...(rbd === undefined ? {} : { rbd: STORAGE_DEFAULTS.rbd(rbd) }),
    ...(azureDisk === undefined ? {} : { azureDisk: STORAGE_DEFAULTS.azureDisk(azureDisk) }),
    ...(scaleIO === undefined ? {} : { scaleIO: STORAGE_DEFAULTS.scaleIO(scaleIO) }),
  };
}

/** `volume` with all its defaults; one that names no source is an empty directory. */
export function withVolumeDefaults(volume: Volume): Volume {
  const sources = volumeSourceNames(volume);
  if (sources.length === 0) return { ...volume, emptyDir: {} };
  return sources.reduce(withSourceDefaults, volume);
}

/** The fields of `volume` that say where its content comes from: exactly one in a valid volume. */
export function volumeSourceNames(volume: Volume): readonly (keyof Volume)[] {
  const names = Object.keys(volume) as (keyof Volume)[]; // checked against the schema on decoding
  return names.filter((name) => name !== "name");
}

function withSourceDefaults<K extends keyof Volume>(volume: Volume, name: K): Volume {
  const source = volume[name];
  const withDefaults = SOURCE_DEFAULTS[name];
  if (source === undefined || withDefaults === undefined) return volume;
  return { ...volume, [name]: withDefaults(source) };
}

function withProjectedDefaults(source: ProjectedVolumeSource): ProjectedVolumeSource {
  return {
    ...source,
    defaultMode: source.defaultMode ?? FILE_MODE,
    ...((source.sources ?? []).length === 0
      ? {}
      : { sources: (source.sources ?? []).map(withProjectionDefaults) }),
  };
}

/** Sources that upstream has behind a gate that is closed are not kept. */
function withProjectionDefaults(sent: VolumeProjection): VolumeProjection {
  const { clusterTrustBundle: _bundle, podCertificate: _certificate, ...projection } = sent;
  const { serviceAccountToken: token, downwardAPI } = projection;
  return {
    ...projection,
    ...(token === undefined
      ? {}
      : {
          serviceAccountToken: {
            ...token,
            expirationSeconds: token.expirationSeconds ?? TOKEN_SECONDS,
          },
        }),
    ...(downwardAPI?.items === undefined
      ? {}
      : { downwardAPI: { ...downwardAPI, items: downwardAPI.items.map(withFileDefaults) } }),
  };
}

function withFileDefaults(file: DownwardAPIVolumeFile): DownwardAPIVolumeFile {
  const { fieldRef } = file;
  return fieldRef === undefined ? file : { ...file, fieldRef: withFieldRefDefaults(fieldRef) };
}

function withEphemeralDefaults(source: EphemeralVolumeSource): EphemeralVolumeSource {
  const template = source.volumeClaimTemplate;
  if (template === undefined) return source;
  const spec = withClaimSpecDefaults(template.spec);
  return {
    ...source,
    volumeClaimTemplate: { ...template, spec },
  };
}
