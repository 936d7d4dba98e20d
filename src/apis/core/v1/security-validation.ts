/** Users, groups and privileges of pods and containers. */
import type { FieldError } from "../../../machinery/status.ts";
import { inRange, invalid, oneOf, required } from "../../field-errors.ts";
import type { PodSecurityContext, SeccompProfile, SecurityContext } from "./types.generated.ts";

const ID_MAX = 2 ** 31 - 1;
const SECCOMP_TYPES: readonly string[] = ["Localhost", "RuntimeDefault", "Unconfined"];

/** What is wrong with the privileges of one container; absent ones are fine. */
export function securityContextErrors(
  field: string,
  context: SecurityContext | undefined,
): readonly FieldError[] {
  if (context === undefined) return [];
  const isContradiction = context.allowPrivilegeEscalation === false && context.privileged === true;
  const detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
  return [
    ...inRange(`${field}.runAsUser`, context.runAsUser, 0, ID_MAX),
    ...inRange(`${field}.runAsGroup`, context.runAsGroup, 0, ID_MAX),
    ...seccompErrors(`${field}.seccompProfile`, context.seccompProfile),
    ...(isContradiction ? [invalid(field, context, detail)] : []),
  ];
}

/** What is wrong with the privileges that all containers of a pod start from. */
export function podSecurityErrors(
  field: string,
  context: PodSecurityContext | undefined,
): readonly FieldError[] {
  if (context === undefined) return [];
  return [
    ...inRange(`${field}.fsGroup`, context.fsGroup, 0, ID_MAX),
    ...inRange(`${field}.runAsUser`, context.runAsUser, 0, ID_MAX),
    ...inRange(`${field}.runAsGroup`, context.runAsGroup, 0, ID_MAX),
    ...(context.supplementalGroups ?? []).flatMap((group, index) =>
      inRange(`${field}.supplementalGroups[${index}]`, group, 0, ID_MAX),
    ),
    ...seccompErrors(`${field}.seccompProfile`, context.seccompProfile),
  ];
}

function seccompErrors(field: string, profile: SeccompProfile | undefined): readonly FieldError[] {
  if (profile === undefined) return [];
  const isLocal = profile.type === "Localhost";
  const hasName = (profile.localhostProfile ?? "") !== "";
  if (isLocal && !hasName) {
    const detail = "must be set when seccomp type is Localhost";
    return [required(`${field}.localhostProfile`, detail)];
  }
  if (!isLocal && hasName) {
    const detail = "can only be set when seccomp type is Localhost";
    return [invalid(`${field}.localhostProfile`, profile.localhostProfile, detail)];
  }
  return oneOf(`${field}.type`, profile.type, SECCOMP_TYPES);
}
