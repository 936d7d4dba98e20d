/** A check of the pod security standards, and how its texts are put together. */
import type {
  Container,
  EphemeralContainer,
  PodSpec,
  SecurityContext,
} from "../../../apis/core/v1/types.generated.ts";
import { compareText } from "../../../machinery/key.ts";
import type { ObjectMeta } from "../../../machinery/object.ts";

export type Violation = { readonly reason: string; readonly detail: string };

/** Undefined: nothing is wrong. `minor`: the version of the standards, Infinity for the latest. */
export type PodCheck = (pod: CheckedPod, minor: number) => Violation | undefined;

/** A pod, or the template of one. */
export type CheckedPod = { readonly metadata: ObjectMeta; readonly spec: PodSpec };

export type AnyContainer = Container | EphemeralContainer;

/** In the order in which violations name them. */
export function containersOf({ spec }: CheckedPod): readonly AnyContainer[] {
  return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
}

/** Names of the containers whose security context is so. */
export function namesWhere(
  pod: CheckedPod,
  isSo: (context: SecurityContext, container: AnyContainer) => boolean,
): readonly string[] {
  return containersOf(pod)
    .filter((container) => isSo(container.securityContext ?? {}, container))
    .map(({ name }) => name);
}

/** Quotes within stay as they are. */
export function quoted(texts: Iterable<string>): string {
  return [...texts].map((text) => `"${text}"`).join(", ");
}

export function sortedTexts(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}

export function plural(one: string, many: string, count: number): string {
  return count === 1 ? one : many;
}

/** `container "a"`, `containers "a", "b"` */
export function namedContainers(names: readonly string[]): string {
  return `${plural("container", "containers", names.length)} ${quoted(names)}`;
}

/** `pod and container "a"`: all that set something. */
export function setters(isPod: boolean, names: readonly string[]): string {
  const containers = names.length === 0 ? [] : [namedContainers(names)];
  return [...(isPod ? ["pod"] : []), ...containers].join(" and ");
}

export function violation(reason: string, detail: string): Violation {
  return { reason, detail };
}

/** Pods of Windows are free of what only Linux has, since 1.25. */
export function isWindows({ spec }: CheckedPod, minor: number): boolean {
  return minor >= 25 && spec.os?.name === "windows";
}

/** Users and mounts of a pod with users of its own are not those of the node: so since 1.35. */
export function hasOwnUsers({ spec }: CheckedPod, minor: number): boolean {
  return minor >= OWN_USERS_MINOR && spec.hostUsers === false;
}

export const OWN_USERS_MINOR = 35;
