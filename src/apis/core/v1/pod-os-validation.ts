/** What pods of one operating system cannot ask for, because it is the other's. */
import type { FieldError } from "../../../machinery/status.ts";
import { forbidden, required, unsupported } from "../../field-errors.ts";
import type { Container, EphemeralContainer, PodSpec } from "./types.generated.ts";

const KNOWN: readonly string[] = ["linux", "windows"];

/** What is wrong with the operating system of a pod; an unsaid one is fine. */
export function osErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const name = spec.os?.name;
  if (spec.os === undefined) return [];
  if (name === undefined || name === "") return [required(`${field}.os.name`)];
  if (name === "linux") return linuxErrors(field, spec);
  if (name === "windows") return windowsErrors(field, spec);
  return [unsupported(`${field}.os`, name, KNOWN)];
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

/** In the order in which they are looked at, with fields of the spec itself among them. */
const OF_LINUX_PODS = [
  "appArmorProfile",
  "seLinuxOptions",
  "spec.hostUsers",
  "spec.hostPID",
  "spec.hostIPC",
  "seccompProfile",
  "fsGroup",
  "fsGroupChangePolicy",
  "sysctls",
  "spec.shareProcessNamespace",
  "runAsUser",
  "runAsGroup",
  "supplementalGroups",
  "supplementalGroupsPolicy",
  "seLinuxChangePolicy",
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
  return [
    ...OF_LINUX_PODS.filter((name) => isSet(spec, name)).map((name) =>
      forbidden(
        name.startsWith("spec.")
          ? `${field}${name.slice("spec".length)}`
          : `${field}.securityContext.${name}`,
        detail,
      ),
    ),
    ...containersOf(field, spec).flatMap(([path, { securityContext }]) =>
      OF_LINUX_CONTAINERS.filter((name) => securityContext?.[name] !== undefined).map((name) =>
        forbidden(`${path}.securityContext.${name}`, detail),
      ),
    ),
  ];
}

function isSet(spec: PodSpec, name: (typeof OF_LINUX_PODS)[number]): boolean {
  switch (name) {
    case "spec.hostUsers":
      return spec.hostUsers !== undefined;
    case "spec.hostPID":
      return spec.hostPID === true;
    case "spec.hostIPC":
      return spec.hostIPC === true;
    case "spec.shareProcessNamespace":
      return spec.shareProcessNamespace !== undefined;
    case "sysctls":
      return (spec.securityContext?.sysctls ?? []).length > 0;
    default:
      return spec.securityContext?.[name] !== undefined;
  }
}

/** Containers of all sorts, in the order in which they are looked at, with their places. */
export function containersOf(
  field: string,
  spec: PodSpec,
): readonly (readonly [string, Container | EphemeralContainer])[] {
  return (["initContainers", "containers", "ephemeralContainers"] as const).flatMap((list) =>
    (spec[list] ?? []).map(
      (container, index) => [`${field}.${list}[${index}]`, container] as const,
    ),
  );
}
