/** What may change in a pod after it was made: little, because its containers already run. */
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, forbidden, invalid, notEmpty } from "../../field-errors.ts";
import { goStruct, structDiff } from "../../go-struct.ts";
import { imageSpaceErrors } from "./container-validation.ts";
import { nodeSelectorTermStruct, podSpecStruct } from "./go-structs.ts";
import { podAnnotationUpdateErrors } from "./pod-annotation-validation.ts";
import { tolerationErrors } from "./scheduling-validation.ts";
import type {
  Container,
  NodeAffinity,
  NodeSelectorTerm,
  Pod,
  PodSpec,
  Toleration,
} from "./types.generated.ts";

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
  const ofAnnotations = podAnnotationUpdateErrors("metadata.annotations", next, old);
  const ofContainers: FieldError[] = [];
  for (const name of lists) {
    const counted = containerCountErrors(`spec.${name}`, next.spec[name], old.spec[name]);
    if (counted.length > 0) return [...ofAnnotations, ...ofContainers, ...counted];
    ofContainers.push(...containerImageErrors(`spec.${name}`, next.spec[name]));
  }
  const late = deadlineErrors(next.spec, old.spec);
  if (late.length > 0 && next.spec.activeDeadlineSeconds !== undefined) {
    return [...ofAnnotations, ...ofContainers, ...late];
  }
  const errors = [
    ...ofAnnotations,
    ...ofContainers,
    ...late,
    ...addedOnlyErrors(next.spec.tolerations, old.spec.tolerations),
    ...gatesErrors(next.spec, old.spec),
    ...gatedErrors(next.spec, old.spec),
  ];
  const kept = withChangeableFrom(old.spec, next.spec);
  if (equalValues(kept, old.spec)) return errors;
  const detail = `pod updates may not change fields other than ${CHANGEABLE}`;
  return [...errors, forbidden("spec", `${detail}\n${structDiff(old.spec, kept, podSpecStruct)}`)];
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
  return (containers ?? []).flatMap((container, index) => [
    ...notEmpty(`${field}[${index}].image`, container.image),
    ...imageSpaceErrors(`${field}[${index}].image`, container.image ?? ""),
  ]);
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
  if (areKept) return tolerationErrors("spec.tolerations", next);
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
  const detail = "only deletion is allowed, but found new scheduling gate";
  return (next.schedulingGates ?? []).flatMap(({ name }, index) =>
    errorIf(
      !before.has(name),
      forbidden(`spec.schedulingGates[${index}].name`, `${detail} '${name}'`),
    ),
  );
}

/** While a gate keeps a pod from being scheduled, where it may run can still be narrowed. */
function gatedErrors(next: PodSpec, old: PodSpec): readonly FieldError[] {
  if (!isGated(old)) return [];
  const chosen = new Map(Object.entries(next.nodeSelector ?? {}));
  const isWider = Object.entries(old.nodeSelector ?? {}).some(
    ([key, value]) => chosen.get(key) !== value,
  );
  const detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
  return [
    ...errorIf(isWider, invalid("spec.nodeSelector", next.nodeSelector ?? null, detail)),
    ...nodeTermErrors(next.affinity?.nodeAffinity, old.affinity?.nodeAffinity),
  ];
}

function nodeTermErrors(
  next: NodeAffinity | undefined,
  old: NodeAffinity | undefined,
): readonly FieldError[] {
  const path =
    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
  const before = old?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const after = next?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (before.length === 0) return [];
  if (before.length !== after.length) {
    const detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    return [invalid(path, after.map(printedTerm), detail)];
  }
  return after.flatMap((term, index) =>
    errorIf(
      !isNarrowed(term, before[index] ?? {}),
      invalid(
        `${path}[${index}]`,
        printedTerm(term),
        "only additions are allowed (no mutations or deletions)",
      ),
    ),
  );
}

function printedTerm(term: NodeSelectorTerm): unknown {
  return goStruct(term, nodeSelectorTermStruct);
}

/** Whether all that was asked for still is, at the same place. */
function isNarrowed(next: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const lists = ["matchExpressions", "matchFields"] as const;
  const wasEmpty = lists.every((list) => (old[list] ?? []).length === 0);
  if (wasEmpty) return lists.every((list) => (next[list] ?? []).length === 0);
  return lists.every((list) => {
    const before = old[list] ?? [];
    return equalValues((next[list] ?? []).slice(0, before.length), before);
  });
}

function isGated(spec: PodSpec): boolean {
  return (spec.schedulingGates ?? []).length > 0;
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
    ...(isGated(old) ? (["nodeSelector"] as const) : []),
  ];
  const fixed = Object.entries(next).filter(
    ([key]) => key !== "affinity" && !changeable.some((name) => name === key),
  );
  const put = changeable.filter((key) => old[key] !== undefined).map((key) => [key, old[key]]);
  return {
    ...(Object.fromEntries([...fixed, ...put]) as PodSpec), // fields of specs, only fewer or older
    ...affinityFrom(old, next),
    containers: withImagesFrom(old.containers, next.containers),
    ...(next.initContainers === undefined
      ? {}
      : { initContainers: withImagesFrom(old.initContainers ?? [], next.initContainers) }),
  };
}

/** The affinity as it was to nodes, as far as a gate lets that change. */
function affinityFrom(old: PodSpec, next: PodSpec): Pick<PodSpec, "affinity"> {
  const { nodeAffinity: before } = old.affinity ?? {};
  const { nodeAffinity: after, ...rest } = next.affinity ?? {};
  if (!isGated(old) || equalValues(before, after)) {
    return next.affinity === undefined ? {} : { affinity: next.affinity };
  }
  const isAlone = Object.keys(rest).length === 0;
  if (old.affinity === undefined && isAlone) return {};
  return { affinity: { ...rest, ...(before === undefined ? {} : { nodeAffinity: before }) } };
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
