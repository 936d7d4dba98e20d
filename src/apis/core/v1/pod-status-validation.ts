/** Statuses of pods, as their nodes and others report them. */
import { dnsSubdomainProblem, qualifiedNameProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  forbidden,
  fromProblem,
  IMMUTABLE,
  inRange,
  invalid,
} from "../../field-errors.ts";
import { legacyIpErrors } from "./legacy-ip.ts";
import { podAnnotationUpdateErrors } from "./pod-annotation-validation.ts";

import type { Container, ContainerStatus, Pod, PodCondition, PodSpec } from "./types.generated.ts";

const ID_MAX = 2 ** 31 - 1;
const SYSTEM_CONDITIONS: ReadonlySet<string> = new Set(["PodScheduled", "Ready", "Initialized"]);

/** What is wrong with a status that takes the place of an older one. */
export function podStatusUpdateErrors(next: Pod, old: Pod): readonly FieldError[] {
  const { status } = next;
  const observed = status.observedGeneration ?? 0;
  const count = "must be a non-negative integer";
  return [
    ...podAnnotationUpdateErrors("metadata.annotations", next, old),
    ...conditionErrors("status.conditions", status.conditions ?? []),
    ...nominationErrors("status.nominatedNodeName", next, old),
    ...errorIf(observed < 0, invalid("status.observedGeneration", observed, count)),
    ...errorIf(
      status.qosClass !== old.status.qosClass,
      invalid("status.qosClass", status.qosClass, IMMUTABLE),
    ),
    ...transitionErrors("containerStatuses", next, old, old.spec.containers),
    ...transitionErrors("initContainerStatuses", next, old, old.spec.initContainers ?? []),
    ...ephemeralErrors("status.ephemeralContainerStatuses", next, old),
    ...claimStatusErrors("status.resourceClaimStatuses", next),
    ...podAddressErrors(next, old),
    ...hostAddressErrors(next, old),
    ...STATUS_LISTS.flatMap((list) => userErrors(`status.${list}`, status[list] ?? [], next.spec)),
  ];
}

function conditionErrors(
  field: string,
  conditions: readonly PodCondition[],
): readonly FieldError[] {
  return conditions.flatMap(({ type, observedGeneration = 0 }, index) => {
    const path = `${field}[${index}]`;
    const count = "must be a non-negative integer";
    return [
      ...errorIf(
        observedGeneration < 0,
        invalid(`${path}.observedGeneration`, observedGeneration, count),
      ),
      ...(SYSTEM_CONDITIONS.has(type)
        ? []
        : fromProblem(`${path}.Type`, type, qualifiedNameProblem(type))),
    ];
  });
}

/** A node is promised to pods that have none. */
function nominationErrors(field: string, next: Pod, old: Pod): readonly FieldError[] {
  const { nominatedNodeName: name = "" } = next.status;
  if (name === "" || name === (old.status.nominatedNodeName ?? "")) return [];
  const bound = "may not be set on pods that are already bound to a node";
  return [
    ...fromProblem(field, name, dnsSubdomainProblem(name)),
    ...errorIf((old.spec.nodeName ?? "") !== "", forbidden(field, bound)),
  ];
}

/** A container that has ended comes back only where something says that it does. */
function transitionErrors(
  name: "containerStatuses" | "initContainerStatuses",
  next: Pod,
  old: Pod,
  containers: readonly Container[],
): readonly FieldError[] {
  if (canAllRestart(old.spec)) return [];
  const after = next.status[name] ?? [];
  return (old.status[name] ?? []).flatMap((status, index) => {
    const exitCode = status.state?.terminated?.exitCode;
    const isBack = after.some((other) => other.name === status.name && !hasEnded(other));
    if (exitCode === undefined || !isBack) return [];
    const container = containers.find((each) => each.name === status.name);
    const mayRestart = container !== undefined && comesBack(container, old.spec, exitCode);
    return errorIf(!mayRestart, transition(`status.${name}`, index));
  });
}

function ephemeralErrors(field: string, next: Pod, old: Pod): readonly FieldError[] {
  const after = next.status.ephemeralContainerStatuses ?? [];
  return (old.status.ephemeralContainerStatuses ?? []).flatMap((status, index) => {
    const isBack = after.some((other) => other.name === status.name && !hasEnded(other));
    return errorIf(hasEnded(status) && isBack, transition(field, index));
  });
}

/** What was made for a claim of the pod, by the claim's name there. */
function claimStatusErrors(field: string, { spec, status }: Pod): readonly FieldError[] {
  const claims = new Set((spec.resourceClaims ?? []).map(({ name }) => name));
  const seen = new Set<string>();
  const unknown = "must match the name of an entry in `spec.resourceClaims`";
  return (status.resourceClaimStatuses ?? []).flatMap(({ name, resourceClaimName }, index) => {
    const path = `${field}[${index}]`;
    const isTaken = seen.has(name);
    seen.add(name);
    return [
      ...errorIf(!claims.has(name), invalid(`${path}.name`, name, unknown)),
      ...errorIf(isTaken, duplicate(`${path}.name`, name)),
      ...(resourceClaimName === undefined
        ? []
        : fromProblem(
            `${path}.resourceClaimName`,
            resourceClaimName,
            dnsSubdomainProblem(resourceClaimName),
          )),
    ];
  });
}

const STATUS_LISTS = [
  "containerStatuses",
  "initContainerStatuses",
  "ephemeralContainerStatuses",
] as const;

/** Who a container runs as, which its node found out. */
function userErrors(
  field: string,
  statuses: readonly ContainerStatus[],
  { os }: PodSpec,
): readonly FieldError[] {
  return statuses.flatMap(({ user }, index) => {
    const path = `${field}[${index}].user.linux`;
    if (user?.linux === undefined) return [];
    if (os?.name === "windows") return [forbidden(path, "cannot be set for a windows pod")];
    const { uid, gid, supplementalGroups = [] } = user.linux;
    return [
      ...inRange(`${path}.uid`, uid, 0, ID_MAX),
      ...inRange(`${path}.gid`, gid, 0, ID_MAX),
      ...supplementalGroups.flatMap((group, at) =>
        inRange(`${path}.supplementalGroups[${at}]`, group, 0, ID_MAX),
      ),
    ];
  });
}

function transition(field: string, index: number): FieldError {
  return forbidden(`${field}[${index}].state`, "may not be transitioned to non-terminated state");
}

function hasEnded({ state }: ContainerStatus): boolean {
  return state?.terminated !== undefined;
}

function canAllRestart(spec: PodSpec): boolean {
  return [...spec.containers, ...(spec.initContainers ?? [])].some(({ restartPolicyRules = [] }) =>
    restartPolicyRules.some(({ action }) => action === "RestartAllContainers"),
  );
}

/** Whether a container is started again after that exit code. */
function comesBack(container: Container, spec: PodSpec, exitCode: number): boolean {
  const { restartPolicy: own, restartPolicyRules: rules = [] } = container;
  const isRuled = rules.some(({ exitCodes }) => {
    if (own === undefined || exitCodes === undefined) return false;
    const isListed = (exitCodes.values ?? []).includes(exitCode);
    return exitCodes.operator === "In" ? isListed : !isListed;
  });
  if (isRuled) return true;
  switch (own ?? spec.restartPolicy) {
    case "OnFailure":
      return exitCode !== 0;
    case "Never":
      return false;
    default:
      return true;
  }
}

function podAddressErrors(next: Pod, old: Pod): readonly FieldError[] {
  const addresses = (next.status.podIPs ?? []).map(({ ip }) => ip);
  const known = (old.status.podIPs ?? []).map(({ ip }) => ip);
  return addressErrors("status.podIPs", addresses, known);
}

function hostAddressErrors(next: Pod, old: Pod): readonly FieldError[] {
  const addresses = (next.status.hostIPs ?? []).map(({ ip }) => ip);
  const known = (old.status.hostIPs ?? []).map(({ ip }) => ip);
  const [first] = addresses;
  const isOther = first !== undefined && (next.status.hostIP ?? "") !== first;
  return [
    ...errorIf(isOther, invalid("status.hostIPs[0].ip", first, "must be equal to `hostIP`")),
    ...addressErrors("status.hostIPs", addresses, known),
  ];
}

/** Addresses, at most one of each family; those that were there already are not looked at. */
function addressErrors(
  field: string,
  addresses: readonly string[],
  known: readonly string[],
): readonly FieldError[] {
  const families = new Set(addresses.map((ip) => ip.includes(":")));
  const detail = "may specify no more than one IP for each IP family";
  return [
    ...addresses.flatMap((ip, index) =>
      known.includes(ip) ? [] : legacyIpErrors(`${field}[${index}]`, ip),
    ),
    ...errorIf(
      addresses.length > 1 && (families.size !== 2 || addresses.length > 2),
      invalid(
        field,
        addresses.map((ip) => ({ IP: ip })),
        detail,
      ),
    ),
  ];
}
