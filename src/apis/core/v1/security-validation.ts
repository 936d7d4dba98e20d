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
} from "../../field-errors.ts";
import { goStruct } from "../../go-struct.ts";
import { securityContextStruct } from "./go-structs.ts";
import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
  Sysctl,
} from "./types.generated.ts";

const ID_MAX = 2 ** 31 - 1;
const PROFILE_TYPES: readonly string[] = ["Localhost", "RuntimeDefault", "Unconfined"];
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
    ...appArmorErrors(`${field}.appArmorProfile`, context.appArmorProfile),
    ...noneOrOneOf(`${field}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, [
      "Merge",
      "Strict",
    ]),
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
  const { localhostProfile: name } = profile;
  const isLocal = profile.type === "Localhost";
  if (isLocal && name === undefined) {
    return [required(path, "must be set when seccomp type is Localhost")];
  }
  return [
    ...(isLocal ? descendingErrors(path, name ?? "") : []),
    ...errorIf(
      !isLocal && name !== undefined,
      invalid(path, name, "can only be set when seccomp type is Localhost"),
    ),
    ...oneOf(`${field}.type`, profile.type, PROFILE_TYPES),
  ];
}

/** A profile is a file below where the node keeps its profiles. */
function descendingErrors(field: string, path: string): readonly FieldError[] {
  return [
    ...errorIf(path.startsWith("/"), invalid(field, path, "must be a relative path")),
    ...errorIf(path.split("/").includes(".."), invalid(field, path, "must not contain '..'")),
  ];
}

function appArmorErrors(
  field: string,
  profile: AppArmorProfile | undefined,
): readonly FieldError[] {
  if (profile === undefined) return [];
  const path = `${field}.localhostProfile`;
  const { type, localhostProfile: name } = profile;
  const isLocal = type === "Localhost";
  const trimmed = (name ?? "").trim();
  return [
    ...(type === ""
      ? [required(`${field}.type`, "type is required when appArmorProfile is set")]
      : oneOf(`${field}.type`, type, PROFILE_TYPES)),
    ...errorIf(
      isLocal && name === undefined,
      required(path, "must be set when AppArmor type is Localhost"),
    ),
    ...errorIf(
      isLocal && name !== undefined && trimmed === "",
      required(path, "must be set when AppArmor type is Localhost"),
    ),
    ...errorIf(
      isLocal && trimmed !== (name ?? ""),
      invalid(path, name, "must not be padded with whitespace"),
    ),
    ...errorIf(
      !isLocal && name !== undefined,
      invalid(path, name, "can only be set when AppArmor type is Localhost"),
    ),
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
  return (["hostNetwork", "hostPID", "hostIPC"] as const)
    .filter((name) => spec[name] === true)
    .map((name) => forbidden(`${field}.${name}`, "when `pod.Spec.HostUsers` is false"));
}
