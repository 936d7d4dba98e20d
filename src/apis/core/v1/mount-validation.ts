/** Where volumes appear in a container: as folders, or as devices. */
import type { FieldError } from "../../../machinery/status.ts";
import {
  errorIf,
  forbidden,
  invalid,
  notFound,
  required,
  unsupported,
} from "../../field-errors.ts";
import { relativePathErrors } from "./path-validation.ts";
import type { Container, VolumeDevice, VolumeMount } from "./types.generated.ts";

/** Volumes by name; true for those that can be devices. */
type Volumes = ReadonlyMap<string, boolean>;

const PROPAGATIONS: readonly string[] = ["Bidirectional", "HostToContainer", "None"];
const RECURSIONS: readonly string[] = ["Disabled", "Enabled", "IfPossible"];

/** What is wrong with folders. */
export function mountErrors(
  field: string,
  container: Container,
  volumes: Volumes,
): readonly FieldError[] {
  const paths = new Set<string>();
  const devices = container.volumeDevices ?? [];
  return (container.volumeMounts ?? []).flatMap((mount, index) => {
    const path = `${field}[${index}]`;
    const { name, mountPath } = mount;
    const isTaken = paths.has(mountPath);
    paths.add(mountPath);
    const asName = "must not already exist in volumeDevices";
    const asPath = "must not already exist as a path in volumeDevices";
    return [
      ...errorIf(name === "", required(`${path}.name`)),
      ...errorIf(!volumes.has(name), notFound(`${path}.name`, name)),
      ...errorIf(mountPath === "", required(`${path}.mountPath`)),
      ...errorIf(isTaken, invalid(`${path}.mountPath`, mountPath, "must be unique")),
      ...errorIf(
        devices.some((device) => device.name === name),
        invalid(`${path}.name`, name, asName),
      ),
      ...errorIf(
        devices.some((device) => device.devicePath === mountPath),
        invalid(`${path}.mountPath`, mountPath, asPath),
      ),
      ...subPathErrors(field, path, mount),
      ...propagationErrors(`${field}.mountPropagation`, mount, container),
      ...recursionErrors(`${field}.recursiveReadOnly`, mount),
    ];
  });
}

/** What is wrong with devices. */
export function deviceErrors(
  field: string,
  container: Container,
  volumes: Volumes,
): readonly FieldError[] {
  const [names, paths] = [new Set<string>(), new Set<string>()];
  return (container.volumeDevices ?? []).flatMap((device, index) => {
    const path = `${field}[${index}]`;
    const isName = names.has(device.name);
    const isPath = paths.has(device.devicePath);
    names.add(device.name);
    paths.add(device.devicePath);
    return [
      ...deviceNameErrors(`${path}.name`, device, volumes),
      ...errorIf(isName, invalid(`${path}.name`, device.name, "must be unique")),
      ...errorIf(device.devicePath === "", required(`${path}.devicePath`)),
      ...errorIf(isPath, invalid(`${path}.devicePath`, device.devicePath, "must be unique")),
      ...deviceOverlapErrors(path, device, container.volumeMounts ?? []),
    ];
  });
}

function deviceNameErrors(
  field: string,
  { name }: VolumeDevice,
  volumes: Volumes,
): readonly FieldError[] {
  const detail =
    "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
  return [
    ...errorIf(name === "", required(field)),
    ...errorIf(volumes.get(name) === false, invalid(field, name, detail)),
    ...errorIf(!volumes.has(name), notFound(field, name)),
  ];
}

function deviceOverlapErrors(
  path: string,
  { name, devicePath }: VolumeDevice,
  mounts: readonly VolumeMount[],
): readonly FieldError[] {
  const asName = "must not already exist in volumeMounts";
  const asPath = "must not already exist as a path in volumeMounts";
  return [
    ...errorIf(
      devicePath.split("/").includes(".."),
      invalid(`${path}.devicePath`, devicePath, "can not contain backsteps ('..')"),
    ),
    ...errorIf(
      mounts.some((mount) => mount.name === name),
      invalid(`${path}.name`, name, asName),
    ),
    ...errorIf(
      mounts.some((mount) => mount.mountPath === devicePath),
      invalid(`${path}.devicePath`, devicePath, asPath),
    ),
  ];
}

/** As upstream, paths are reported of all mounts together, and only their conflict of one. */
function subPathErrors(field: string, path: string, mount: VolumeMount): readonly FieldError[] {
  const { subPath = "", subPathExpr = "" } = mount;
  const isBoth = subPath !== "" && subPathExpr !== "";
  const detail = "subPathExpr and subPath are mutually exclusive";
  return [
    ...(subPath === "" ? [] : relativePathErrors(`${field}.subPath`, subPath)),
    ...errorIf(isBoth, invalid(`${path}.subPathExpr`, subPathExpr, detail)),
    ...(subPathExpr === "" ? [] : relativePathErrors(`${field}.subPathExpr`, subPathExpr)),
  ];
}

/** Whether mounts that are made later are seen, and by whom. */
function propagationErrors(
  field: string,
  { mountPropagation: propagation }: VolumeMount,
  container: Container,
): readonly FieldError[] {
  if (propagation === undefined) return [];
  const isAllowed = container.securityContext?.privileged === true;
  const detail = "Bidirectional mount propagation is available only to privileged containers";
  return [
    ...errorIf(!PROPAGATIONS.includes(propagation), unsupported(field, propagation, PROPAGATIONS)),
    ...errorIf(propagation === "Bidirectional" && !isAllowed, forbidden(field, detail)),
  ];
}

function recursionErrors(field: string, mount: VolumeMount): readonly FieldError[] {
  const { recursiveReadOnly: recursion, readOnly, mountPropagation } = mount;
  if (recursion === undefined || recursion === "Disabled") return [];
  if (!RECURSIONS.includes(recursion)) return [unsupported(field, recursion, RECURSIONS)];
  const propagated = "may only be specified when mountPropagation is None or not specified";
  return [
    ...errorIf(readOnly !== true, forbidden(field, "may only be specified when readOnly is true")),
    ...errorIf(
      mountPropagation !== undefined && mountPropagation !== "None",
      forbidden(field, propagated),
    ),
  ];
}
