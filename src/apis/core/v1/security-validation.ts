/** Users, groups and privileges of pods and containers. */
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  forbidden,
  inRange,
  invalid,
  noneOrOneOf,
  oneOf,
  required,
  tooLong,
  unsupported,
} from "../../field-errors.ts";
import { goStruct } from "../../go-struct.ts";
import { seccompProfileStruct, securityContextStruct } from "./go-structs.ts";
import { containersOf } from "./pod-os-validation.ts";
import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from "./types.generated.ts";
import { windowsOptionErrors } from "./windows-validation.ts";

const ID_MAX = 2 ** 31 - 1;
const PROFILE_TYPES: readonly string[] = ["Localhost", "RuntimeDefault", "Unconfined"];
const PROFILE_LENGTH_MAX = 4095;
const SYSCTL_LENGTH_MAX = 253;
const SYSCTL_PART = /^[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_RULE =
  `must have at most ${SYSCTL_LENGTH_MAX} characters and match regex ` +
  "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

/** What is wrong with the privileges of one container; absent ones are fine. */
export function securityContextErrors(
  field: string,
  context: SecurityContext | undefined,
  hasOwnUsers: boolean,
): readonly FieldError[] {
  if (context === undefined) return [];
  const { procMount } = context;
  const unmasked = "`hostUsers` must be false to use `Unmasked`";
  return [
    ...inRange(`${field}.runAsUser`, context.runAsUser, 0, ID_MAX),
    ...inRange(`${field}.runAsGroup`, context.runAsGroup, 0, ID_MAX),
    ...noneOrOneOf(`${field}.procMount`, procMount, ["Default", "Unmasked"]),
    ...errorIf(
      procMount === "Unmasked" && !hasOwnUsers,
      invalid(`${field}.procMount`, procMount, unmasked),
    ),
    ...seccompErrors(`${field}.seccompProfile`, context.seccompProfile),
    ...escalationErrors(field, context),
    ...windowsOptionErrors(`${field}.windowsOptions`, context.windowsOptions),
    ...appArmorErrors(`${field}.appArmorProfile`, context.appArmorProfile),
  ];
}

/** What is wrong with the privileges that all containers of a pod start from. */
export function podSecurityErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const context: PodSecurityContext = spec.securityContext ?? {};
  const isShared = spec.hostPID === true && spec.shareProcessNamespace === true;
  const shared = "ShareProcessNamespace and HostPID cannot both be enabled";
  return [
    ...inRange(`${field}.fsGroup`, context.fsGroup, 0, ID_MAX),
    ...inRange(`${field}.runAsUser`, context.runAsUser, 0, ID_MAX),
    ...inRange(`${field}.runAsGroup`, context.runAsGroup, 0, ID_MAX),
    ...(context.supplementalGroups ?? []).flatMap((group, index) =>
      inRange(`${field}.supplementalGroups[${index}]`, group, 0, ID_MAX),
    ),
    ...errorIf(isShared, invalid(`${field}.shareProcessNamespace`, true, shared)),
    ...sysctlErrors(`${field}.sysctls`, context.sysctls),
    ...noneOrOneOf(`${field}.fsGroupChangePolicy`, context.fsGroupChangePolicy, [
      "Always",
      "OnRootMismatch",
    ]),
    ...seccompErrors(`${field}.seccompProfile`, context.seccompProfile),
    ...windowsOptionErrors(`${field}.windowsOptions`, context.windowsOptions),
    ...appArmorErrors(`${field}.appArmorProfile`, context.appArmorProfile),
    ...noneOrOneOf(`${field}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, [
      "Merge",
      "Strict",
    ]),
    ...noneOrOneOf(`${field}.seLinuxChangePolicy`, context.seLinuxChangePolicy, ["Recursive"]),
  ];
}

/** What a container may not gain it cannot have from the start. */
function escalationErrors(field: string, context: SecurityContext): readonly FieldError[] {
  if (context.allowPrivilegeEscalation !== false) return [];
  const printed = goStruct(context, securityContextStruct);
  const isAdmin = context.capabilities?.add?.includes("CAP_SYS_ADMIN") === true;
  const cannot = "cannot set `allowPrivilegeEscalation` to false and";
  return [
    ...errorIf(
      context.privileged === true,
      invalid(field, printed, `${cannot} \`privileged\` to true`),
    ),
    ...errorIf(isAdmin, invalid(field, printed, `${cannot} \`capabilities.Add\` CAP_SYS_ADMIN`)),
  ];
}

function seccompErrors(field: string, profile: SeccompProfile | undefined): readonly FieldError[] {
  if (profile === undefined) return [];
  const path = `${field}.localhostProfile`;
  const { localhostProfile: name, type } = profile;
  const isLocal = type === "Localhost";
  const missing = required(path, "must be set when seccomp type is Localhost");
  const printed = goStruct(profile, seccompProfileStruct);
  return [
    ...((type ?? "") === ""
      ? [required(`${field}.type`, "type is required when seccompProfile is set")]
      : oneOf(`${field}.type`, type, PROFILE_TYPES)),
    ...errorIf(isLocal && name === undefined, missing),
    ...(isLocal && name !== undefined ? descendingErrors(path, name) : []),
    ...errorIf(
      !isLocal && name !== undefined,
      invalid(path, printed, "can only be set when seccomp type is Localhost"),
    ),
  ];
}

/** A profile is a file below where the node keeps its profiles. */
function descendingErrors(field: string, path: string): readonly FieldError[] {
  return [
    ...errorIf(path.startsWith("/"), invalid(field, path, "must be a relative path")),
    ...errorIf(path.split("/").includes(".."), invalid(field, path, "must not contain '..'")),
  ];
}

/** What is wrong with a profile of AppArmor. */
export function appArmorErrors(
  field: string,
  profile: AppArmorProfile | undefined,
): readonly FieldError[] {
  if (profile === undefined) return [];
  const path = `${field}.localhostProfile`;
  const { type, localhostProfile: name } = profile;
  switch (type) {
    case "Localhost":
      return localAppArmorErrors(path, name ?? "");
    case "RuntimeDefault":
    case "Unconfined": {
      const detail = "can only be set when AppArmor type is Localhost";
      return errorIf(name !== undefined, invalid(path, name, detail));
    }
    case "":
    case undefined:
      return [required(`${field}.type`, "type is required when appArmorProfile is set")];
    default:
      return [unsupported(`${field}.type`, type, PROFILE_TYPES)];
  }
}

function localAppArmorErrors(path: string, name: string): readonly FieldError[] {
  const isPadded = name.trim() !== name;
  const missing = required(path, "must be set when AppArmor type is Localhost");
  return [
    ...errorIf(isPadded, invalid(path, name, "must not be padded with whitespace")),
    ...errorIf(name === "", missing),
    ...errorIf(name.length > PROFILE_LENGTH_MAX, tooLong(path, PROFILE_LENGTH_MAX)),
  ];
}

function sysctlErrors(
  field: string,
  sysctls: readonly Sysctl[] | undefined,
): readonly FieldError[] {
  const seen = new Set<string>();
  return (sysctls ?? []).flatMap(({ name }, index) => {
    const path = `${field}[${index}].name`;
    const isTaken = seen.has(name);
    seen.add(name);
    if (name === "") return [required(path)];
    const isRight =
      name.length <= SYSCTL_LENGTH_MAX &&
      name.split(/[./]/).every((part) => SYSCTL_PART.test(part));
    if (!isRight) return [invalid(path, name, SYSCTL_RULE)];
    return errorIf(isTaken, duplicate(path, name));
  });
}

/** Containers with users of their own share nothing of the host that those of the host own. */
export function ownUsersErrors(field: string, spec: PodSpec): readonly FieldError[] {
  if (spec.hostUsers !== false) return [];
  const detail = "when `hostUsers` is false";
  return [
    ...errorIf(spec.hostNetwork === true, forbidden(`${field}.hostNetwork`, detail)),
    ...errorIf(spec.hostPID === true, forbidden(`${field}.HostPID`, detail)),
    ...errorIf(spec.hostIPC === true, forbidden(`${field}.HostIPC`, detail)),
    ...containersOf(field, spec).flatMap(([path, { volumeDevices = [] }]) =>
      errorIf(volumeDevices.length > 0, forbidden(`${path}.volumeDevices`, detail)),
    ),
  ];
}
