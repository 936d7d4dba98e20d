/** Annotations of pods that mean something, and may not be changed for that. */
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, forbidden, invalid } from "../../field-errors.ts";
import { APP_ARMOR_PREFIX } from "./app-armor-annotations.ts";
import { backstepErrors } from "./path-validation.ts";
import { containersOf } from "./pod-os-validation.ts";
import type { Pod, PodSpec } from "./types.generated.ts";

/** Marks pods that a node runs by itself and only shows here. */
export const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_PREFIX = "container.seccomp.security.alpha.kubernetes.io/";
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const LOCAL = "localhost/";

/** A pod or a template of pods. */
type PodLike = {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
};

/** What is wrong with them. */
export function podAnnotationErrors(
  field: string,
  { metadata, spec }: PodLike,
): readonly FieldError[] {
  const annotations = metadata?.annotations ?? {};
  const mirror = annotations[MIRROR_ANNOTATION];
  const cost = annotations[DELETION_COST];
  const placed = "must set spec.nodeName if mirror pod annotation is set";
  return [
    ...errorIf(
      mirror !== undefined && (spec.nodeName ?? "") === "",
      invalid(`${field}[${MIRROR_ANNOTATION}]`, mirror, placed),
    ),
    ...errorIf(
      cost !== undefined && !isCost(cost),
      invalid(`${field}[${DELETION_COST}]`, cost, "must be a 32bit integer"),
    ),
    ...Object.entries(annotations)
      .filter(([key]) => key === SECCOMP_POD || key.startsWith(SECCOMP_PREFIX))
      .flatMap(([key, profile]) => seccompErrors(`${field}.${key}`, profile)),
    ...Object.entries(annotations)
      .filter(([key]) => key.startsWith(APP_ARMOR_PREFIX))
      .flatMap(([key, profile]) => appArmorErrors(`${field}[${key}]`, key, profile, spec)),
  ];
}

/** What is wrong with their change. */
export function podAnnotationUpdateErrors(
  field: string,
  next: Pod,
  old: Pod,
): readonly FieldError[] {
  const before = old.metadata.annotations ?? {};
  const after = next.metadata.annotations ?? {};
  const changed = Object.entries(before).filter(
    ([key, value]) => !Object.hasOwn(after, key) || after[key] !== value,
  );
  const added = Object.keys(after).filter((key) => !Object.hasOwn(before, key));
  return [
    ...changed.flatMap(([key]) => fixedErrors(field, key, "may not remove or update")),
    ...added.flatMap((key) => fixedErrors(field, key, "may not add")),
    ...podAnnotationErrors(field, next),
  ];
}

function fixedErrors(field: string, key: string, detail: string): readonly FieldError[] {
  const path = `${field}[${key}]`;
  if (key.startsWith(APP_ARMOR_PREFIX)) return [forbidden(path, `${detail} AppArmor annotations`)];
  return errorIf(key === MIRROR_ANNOTATION, forbidden(path, `${detail} mirror pod annotation`));
}

function isCost(text: string): boolean {
  if (!/^(0|-?[1-9][0-9]*)$/.test(text)) return false;
  const cost = Number(text);
  return cost >= -(2 ** 31) && cost < 2 ** 31;
}

function seccompErrors(field: string, profile: string): readonly FieldError[] {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return [];
  if (!profile.startsWith(LOCAL)) {
    return [invalid(field, profile, "must be a valid seccomp profile")];
  }
  const path = profile.slice(LOCAL.length);
  return path.startsWith("/")
    ? [invalid(field, path, "must be a relative path")]
    : backstepErrors(field, path);
}

function appArmorErrors(
  field: string,
  key: string,
  profile: string,
  spec: PodSpec,
): readonly FieldError[] {
  const name = key.slice(APP_ARMOR_PREFIX.length);
  const isThere = containersOf("", spec).some(([, container]) => container.name === name);
  const isKnown =
    ["", "runtime/default", "unconfined"].includes(profile) || profile.startsWith(LOCAL);
  const unknown = `invalid AppArmor profile name: ${JSON.stringify(profile)}`;
  return [
    ...errorIf(!isThere, invalid(field, name, "container not found")),
    ...errorIf(!isKnown, invalid(field, profile, unknown)),
  ];
}
