/** What pods of one operating system cannot ask for, because it is the other's. */
import type { FieldError } from "../../../machinery/status.ts";
import { forbidden, required, unsupported } from "../../field-errors.ts";
import type { Container, EphemeralContainer, PodSpec } from "./types.generated.ts";

const KNOWN: readonly string[] = ["linux", "windows"];

/** What is wrong with the operating system of a pod; an unsaid one is fine. */
export function osErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const name = spec.os?.name;
  if (name === undefined) return [];
  if (name === "") return [required(`${field}.os.name`, "cannot be empty")];
  if (name === "linux") return linuxErrors(field, spec);
  if (name === "windows") return windowsErrors(field, spec);
  return [unsupported(`${field}.os.name`, name, KNOWN)];
}

function linuxErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const detail = "windows options cannot be set for a linux pod";
  const contexts = [
    [field, spec.securityContext] as const,
    ...containersOf(field, spec).map(
      ([path, container]) => [path, container.securityContext] as const,
    ),
  ];
  return contexts
    .filter(([, context]) => context?.windowsOptions !== undefined)
    .map(([path]) => forbidden(`${path}.securityContext.windowsOptions`, detail));
}

const OF_LINUX_PODS = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "fsGroup",
  "fsGroupChangePolicy",
  "sysctls",
  "runAsUser",
  "runAsGroup",
  "supplementalGroups",
  "supplementalGroupsPolicy",
] as const;

const OF_LINUX_CONTAINERS = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
] as const;

function windowsErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const detail = "cannot be set for a windows pod";
  const shared = ["hostPID", "hostIPC", "shareProcessNamespace"] as const;
  return [
    ...shared
      .filter((name) => spec[name] === true)
      .map((name) => forbidden(`${field}.${name}`, detail)),
    ...(spec.hostUsers === undefined ? [] : [forbidden(`${field}.hostUsers`, detail)]),
    ...OF_LINUX_PODS.filter((name) => spec.securityContext?.[name] !== undefined).map((name) =>
      forbidden(`${field}.securityContext.${name}`, detail),
    ),
    ...containersOf(field, spec).flatMap(([path, { securityContext }]) =>
      OF_LINUX_CONTAINERS.filter((name) => securityContext?.[name] !== undefined).map((name) =>
        forbidden(`${path}.securityContext.${name}`, detail),
      ),
    ),
  ];
}

function containersOf(
  field: string,
  spec: PodSpec,
): readonly (readonly [string, Container | EphemeralContainer])[] {
  return (["containers", "initContainers", "ephemeralContainers"] as const).flatMap((list) =>
    (spec[list] ?? []).map(
      (container, index) => [`${field}.${list}[${index}]`, container] as const,
    ),
  );
}
