/** What may change in a pod after it was made: little, because its containers already run. */
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { forbidden, invalid } from "../../field-errors.ts";
import { structDiff } from "../../go-struct.ts";
import { imageErrors } from "./container-validation.ts";
import { podSpecStruct } from "./go-structs.ts";
import type { Container, ContainerStatus, Pod, PodSpec, Toleration } from "./types.generated.ts";

const SECONDS_MAX = 2 ** 31 - 1;

const CHANGEABLE = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/** What is wrong with a change of a pod's spec. */
export function podUpdateErrors(next: Pod, old: Pod): readonly FieldError[] {
  const lists = ["containers", "initContainers"] as const;
  const countErrors = lists.flatMap((name) =>
    containerCountErrors(`spec.${name}`, next.spec[name], old.spec[name]),
  );
  if (countErrors.length > 0) return countErrors;
  const errors = [
    ...lists.flatMap((name) => containerImageErrors(`spec.${name}`, next.spec[name])),
    ...deadlineErrors(next.spec, old.spec),
    ...addedOnlyErrors(next.spec.tolerations, old.spec.tolerations),
    ...gatesErrors(next.spec, old.spec),
  ];
  const kept = withChangeableFrom(old.spec, next.spec);
  if (equalValues(kept, old.spec)) return errors;
  const detail = `pod updates may not change fields other than ${CHANGEABLE}`;
  return [...errors, forbidden("spec", `${detail}\n${structDiff(old.spec, kept, podSpecStruct)}`)];
}

/** What is wrong with a status that says containers came back to life. */
export function podStatusUpdateErrors(next: Pod, old: Pod): readonly FieldError[] {
  const policy = old.spec.restartPolicy;
  if (policy === "Always") return [];
  return (old.status.containerStatuses ?? []).flatMap((status) => {
    const index = (next.status.containerStatuses ?? []).findIndex((s) => s.name === status.name);
    const after = next.status.containerStatuses?.[index];
    if (after === undefined || !isEnded(status) || isEnded(after)) return [];
    if (policy === "OnFailure" && status.state?.terminated?.exitCode !== 0) return [];
    const field = `status.containerStatuses[${index}].state`;
    return [forbidden(field, "may not be transitioned to non-terminated state")];
  });
}

function isEnded(status: ContainerStatus): boolean {
  return status.state?.terminated !== undefined;
}

function containerCountErrors(
  field: string,
  next: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): readonly FieldError[] {
  if ((next ?? []).length === (old ?? []).length) return [];
  return [forbidden(field, "pod updates may not add or remove containers")];
}

function containerImageErrors(
  field: string,
  containers: readonly Container[] | undefined,
): readonly FieldError[] {
  return (containers ?? []).flatMap((container, index) =>
    imageErrors(`${field}[${index}].image`, container.image ?? ""),
  );
}

/** A deadline may be set, and then only come nearer. */
function deadlineErrors(next: PodSpec, old: PodSpec): readonly FieldError[] {
  const field = "spec.activeDeadlineSeconds";
  const [after, before] = [next.activeDeadlineSeconds, old.activeDeadlineSeconds];
  if (after === undefined) {
    if (before === undefined) return [];
    return [invalid(field, null, "must not update from a positive integer to nil value")];
  }
  if (after < 0 || after > SECONDS_MAX) {
    return [invalid(field, after, `must be between 0 and ${SECONDS_MAX}, inclusive`)];
  }
  if (before === undefined || after <= before) return [];
  return [invalid(field, after, "must be less than or equal to previous value")];
}

function addedOnlyErrors(
  next: readonly Toleration[] | undefined,
  old: readonly Toleration[] | undefined,
): readonly FieldError[] {
  const areKept = (old ?? []).every((toleration) =>
    (next ?? []).some((other) => equalValues(withoutSeconds(other), withoutSeconds(toleration))),
  );
  if (areKept) return [];
  const detail = "existing toleration can not be modified except its tolerationSeconds";
  return [forbidden("spec.tolerations", detail)];
}

function withoutSeconds(toleration: Toleration): Toleration {
  const { tolerationSeconds: _, ...rest } = toleration;
  return rest;
}

/** Gates only ever open. */
function gatesErrors(next: PodSpec, old: PodSpec): readonly FieldError[] {
  const before = new Set((old.schedulingGates ?? []).map((gate) => gate.name));
  const added = (next.schedulingGates ?? []).filter((gate) => !before.has(gate.name));
  if (added.length === 0) return [];
  const detail = "only deletion is allowed, but found new scheduling gate";
  return added.map((gate) => forbidden("spec.schedulingGates", `${detail} '${gate.name}'`));
}

/** `next` with what may change put back to what it was: any difference left is refused. */
function withChangeableFrom(old: PodSpec, next: PodSpec): PodSpec {
  const isGraceFixed =
    (old.terminationGracePeriodSeconds ?? 0) < 0 && next.terminationGracePeriodSeconds === 1;
  const changeable: readonly (keyof PodSpec)[] = [
    "activeDeadlineSeconds",
    "tolerations",
    "schedulingGates",
    ...(isGraceFixed ? (["terminationGracePeriodSeconds"] as const) : []),
    ...(isNodeSelectorNarrowed(next, old) ? (["nodeSelector"] as const) : []),
  ];
  const fixed = Object.entries(next).filter(([key]) => !changeable.some((name) => name === key));
  const put = changeable.filter((key) => old[key] !== undefined).map((key) => [key, old[key]]);
  return {
    ...(Object.fromEntries([...fixed, ...put]) as PodSpec), // fields of specs, only fewer or older
    containers: withImagesFrom(old.containers, next.containers),
    ...(next.initContainers === undefined
      ? {}
      : { initContainers: withImagesFrom(old.initContainers ?? [], next.initContainers) }),
  };
}

/** While a gate keeps a pod from being scheduled, where it may run can still be narrowed. */
function isNodeSelectorNarrowed(next: PodSpec, old: PodSpec): boolean {
  if ((old.schedulingGates ?? []).length === 0) return false;
  const chosen = new Map(Object.entries(next.nodeSelector ?? {}));
  return Object.entries(old.nodeSelector ?? {}).every(([key, value]) => chosen.get(key) === value);
}

function withImagesFrom(
  old: readonly Container[],
  next: readonly Container[],
): readonly Container[] {
  return next.map((container, index) => {
    const { image: _, ...rest } = container;
    const image = old[index]?.image;
    return image === undefined ? rest : { ...rest, image };
  });
}
