/**
 * pods/resize: more or less cpu and memory for a pod that may already run. Whether its node can do
 * that, and when it has, the pod's status tells.
 */
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, forbidden, invalid } from "../../field-errors.ts";
import { keepMetadata } from "../../ordinary.ts";
import type { SubresourceStrategy } from "../../strategy.ts";
import { MIRROR_ANNOTATION, podAnnotationErrors } from "./pod-annotation-validation.ts";

import { qosClass } from "./pod-qos.ts";
import { ownPodErrors, podSpecErrors } from "./pod-spec-validation.ts";
import type { Container, Pod, PodSpec, ResourceRequirements } from "./types.generated.ts";

type Amounts = Readonly<Record<string, string>>;

export const resizeEndpoint: SubresourceStrategy<Pod> = {
  prepareForUpdate: onlyResized,
  validateUpdate: resizeErrors,
  isCounted: true,
};

const LISTS = ["containers", "initContainers"] as const;

/** Only amounts change. What cannot be matched stays as it was sent, and is refused for it. */
function onlyResized(next: Pod, old: Pod): Pod {
  if (LISTS.some((list) => countOf(next.spec[list]) !== countOf(old.spec[list]))) return next;
  const { resources: _resources, ...rest } = old.spec;
  const { resources, initContainers } = next.spec;
  return {
    ...old,
    metadata: keepMetadata(next.metadata, old.metadata),
    spec: {
      ...rest,
      ...(resources === undefined ? {} : { resources }),
      containers: resized(next.spec.containers, old.spec.containers),
      ...(initContainers === undefined
        ? {}
        : { initContainers: resized(initContainers, old.spec.initContainers ?? []) }),
    },
  };
}

function resized(next: readonly Container[], old: readonly Container[]): readonly Container[] {
  if (next.some(({ name }, index) => old[index]?.name !== name)) return next;
  return next.map((container, index) => {
    const { resources: _resources, resizePolicy: _policy, ...rest } = old[index] ?? container;
    const { resources, resizePolicy } = container;
    return {
      ...rest,
      ...(resources === undefined ? {} : { resources }),
      ...(resizePolicy === undefined ? {} : { resizePolicy }),
    };
  });
}

function resizeErrors(next: Pod, old: Pod): readonly FieldError[] {
  if (Object.hasOwn(old.metadata.annotations ?? {}, MIRROR_ANNOTATION)) {
    return [forbidden("[]", "static pods cannot be resized")];
  }
  if (old.spec.os?.name === "windows") return [forbidden("[]", "windows pods cannot be resized")];
  const before = old.status.qosClass ?? qosClass(old.spec);
  const changed = "Pod QOS Class may not change as a result of resizing";
  const unable = "Pod running on node without support for resize";
  const errors = [
    ...podAnnotationErrors("metadata.annotations", next),
    ...podSpecErrors("spec", next.spec, [], next.metadata.name ?? ""),
    ...ownPodErrors("spec", next.spec),
    ...errorIf(
      qosClass(next.spec) !== before,
      invalid("spec", next.status.qosClass ?? "", changed),
    ),
    ...errorIf(!canBeResized(old), forbidden("spec", unable)),
    ...podAmountErrors(next.spec, old.spec),
  ];
  const moved = LISTS.flatMap((list) => orderErrors(list, next.spec[list], old.spec[list]));
  if (moved.length > 0) return [...errors, ...moved];
  const all = [
    ...errors,
    ...(["initContainers", "containers"] as const).flatMap((list) =>
      removalErrors(list, next.spec[list] ?? [], old.spec[list] ?? []),
    ),
    ...containerErrors(next.spec, old.spec),
    ...initContainerErrors(next.spec, old.spec),
  ];
  if (all.length > 0) return all;
  const rest = withoutResized(next.spec);
  return errorIf(
    !equalValues(rest, withoutResized(old.spec)),
    forbidden("spec", "only cpu and memory resources are mutable"),
  );
}

/** A node that can resize says what its running containers were given. */
function canBeResized({ status }: Pod): boolean {
  const running = (status.containerStatuses ?? []).find(
    ({ state }) => state?.running !== undefined,
  );
  return running === undefined || running.resources !== undefined;
}

function orderErrors(
  list: (typeof LISTS)[number],
  next: readonly Container[] = [],
  old: readonly Container[] = [],
): readonly FieldError[] {
  if (next.length !== old.length) {
    return [forbidden(`spec.${list}`, `${list} may not be added or removed on resize`)];
  }
  return old.flatMap(({ name }, index) =>
    errorIf(
      next[index]?.name !== name,
      forbidden(`spec.${list}[${index}].name`, `${list} may not be renamed or reordered on resize`),
    ),
  );
}

function podAmountErrors(next: PodSpec, old: PodSpec): readonly FieldError[] {
  if (!hasAmounts(next) && !hasAmounts(old)) return [];
  if (old.resources !== undefined && next.resources === undefined) {
    return [forbidden("spec.resources", "pod-level resources cannot be removed")];
  }
  const only = "only cpu and memory resources are mutable at pod-level";
  const fixed = withoutEmpty(withAmountsFrom(next.resources, old.resources));
  return [
    ...(["requests", "limits"] as const).flatMap((side) =>
      errorIf(
        isAnyRemoved(next.resources?.[side], old.resources?.[side]),
        forbidden(`spec.resources.${side}`, `pod-level resource ${side} cannot be removed`),
      ),
    ),
    ...errorIf(!equalValues(fixed, withoutEmpty(old.resources)), forbidden("spec", only)),
  ];
}

function hasAmounts({ resources }: PodSpec): boolean {
  return countOf(Object.keys({ ...resources?.requests, ...resources?.limits })) > 0;
}

function removalErrors(
  list: (typeof LISTS)[number],
  next: readonly Container[],
  old: readonly Container[],
): readonly FieldError[] {
  return old.flatMap(({ resources }, index) =>
    (["requests", "limits"] as const).flatMap((side) =>
      errorIf(
        isAnyRemoved(next[index]?.resources?.[side], resources?.[side]),
        forbidden(`spec.${list}[${index}].resources.${side}`, `resource ${side} cannot be removed`),
      ),
    ),
  );
}

function containerErrors(next: PodSpec, old: PodSpec): readonly FieldError[] {
  return next.containers.flatMap((container, index) =>
    errorIf(
      !isSameBesides(container, old.containers[index]),
      forbidden("spec", "only cpu and memory resources are mutable"),
    ),
  );
}

function initContainerErrors(next: PodSpec, old: PodSpec): readonly FieldError[] {
  const only = "only cpu and memory resources for init or sidecar containers are mutable";
  const ended =
    "non-sidecar init containers with a resize policy of RestartContainer cannot be resized";
  return (next.initContainers ?? []).flatMap((container, index) => {
    const before = old.initContainers?.[index];
    const path = `spec.initContainers[${index}]`;
    const isChanged = !equalValues(container, before) && container.restartPolicy !== "Always";
    return [
      ...errorIf(!isSameBesides(container, before), forbidden(path, only)),
      ...(container.resizePolicy ?? []).flatMap(({ restartPolicy }) =>
        errorIf(isChanged && restartPolicy === "RestartContainer", forbidden(path, ended)),
      ),
    ];
  });
}

/** Whether nothing but amounts of cpu and memory changed. */
function isSameBesides(next: Container, old: Container | undefined): boolean {
  if (old === undefined) return false;
  const fixed = withAmountsFrom({ ...next.resources, claims: [] }, old.resources);
  const kept = { ...old.resources, claims: [] };
  return equalValues(
    { ...next, resources: withoutEmpty(fixed) },
    { ...old, resources: withoutEmpty(kept) },
  );
}

function withAmountsFrom(
  next: ResourceRequirements | undefined,
  old: ResourceRequirements | undefined,
): ResourceRequirements {
  return {
    ...next,
    requests: withResizableFrom(next?.requests, old?.requests),
    limits: withResizableFrom(next?.limits, old?.limits),
  };
}

function withResizableFrom(next: Amounts = {}, old: Amounts = {}): Amounts {
  const isResizable = (name: string): boolean => name === "cpu" || name === "memory";
  return Object.fromEntries([
    ...Object.entries(next).filter(([name]) => !isResizable(name)),
    ...Object.entries(old).filter(([name]) => isResizable(name)),
  ]);
}

function withoutEmpty(resources: ResourceRequirements | undefined): ResourceRequirements {
  const { requests = {}, limits = {}, claims = [] } = resources ?? {};
  return { requests, limits, claims };
}

function withoutResized(spec: PodSpec): PodSpec {
  const bare = (container: Container): Container => {
    const { resources: _, ...rest } = container;
    return rest;
  };
  const { resources: _, ...rest } = spec;
  return {
    ...rest,
    containers: spec.containers.map(bare),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(bare) }),
  };
}

function isAnyRemoved(next: Amounts = {}, old: Amounts = {}): boolean {
  return Object.keys(old).some((name) => !Object.hasOwn(next, name));
}

function countOf(list: readonly unknown[] | undefined): number {
  return (list ?? []).length;
}
