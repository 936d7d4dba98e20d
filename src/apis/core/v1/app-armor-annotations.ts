/**
 * Profiles of AppArmor in annotations, as pods had them before there were fields: a new pod gets
 * the field, and its writer is told. Where both are, they must say the same.
 */
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { forbidden } from "../../field-errors.ts";
import { containersOf } from "./pod-os-validation.ts";
import { appArmorErrors } from "./security-validation.ts";
import type {
  AppArmorProfile,
  Container,
  EphemeralContainer,
  Pod,
  PodSpec,
} from "./types.generated.ts";

/** The name of a container follows. */
export const APP_ARMOR_PREFIX = "container.apparmor.security.beta.kubernetes.io/";

const LOCAL = "localhost/";

type Annotations = Readonly<Record<string, string>>;

/** A pod or a template of pods. */
type PodLike = {
  readonly metadata?: { readonly annotations?: Annotations } | undefined;
  readonly spec: PodSpec;
};

type AnyContainer = Container | EphemeralContainer;

/** A new pod with the fields that its annotations stand for. */
export function withAppArmorFields(pod: Pod): Pod {
  const { spec, metadata } = pod;
  const annotations = metadata.annotations ?? {};
  const hasAny = Object.keys(annotations).some((key) => key.startsWith(APP_ARMOR_PREFIX));
  if (!hasAny || spec.os?.name === "windows") return pod;
  const complete = <C extends AnyContainer>(container: C): C => {
    const profile = missingProfile(container, annotations);
    if (profile === undefined || equalValues(profile, profileOf(spec))) return container;
    const securityContext = { ...container.securityContext, appArmorProfile: profile };
    return { ...container, securityContext };
  };
  const { initContainers, ephemeralContainers } = spec;
  return {
    ...pod,
    spec: {
      ...spec,
      containers: spec.containers.map(complete),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(complete) }),
      ...(ephemeralContainers === undefined
        ? {}
        : { ephemeralContainers: ephemeralContainers.map(complete) }),
    },
  };
}

/** What is told of a new pod before it gets its fields, though something else is wrong with it. */
export function appArmorWarnings({ metadata, spec }: Pod): readonly string[] {
  if (spec.os?.name === "windows") return [];
  const annotations = metadata.annotations ?? {};
  return containersOf("", spec).flatMap(([, container]) => {
    const annotation = annotationOf(container, annotations);
    if (annotation === undefined || hasProfile(container)) return [];
    const profile = missingProfile(container, annotations);
    const isSaid = profile !== undefined && equalValues(profile, profileOf(spec));
    return isSaid ? [] : [deprecation("metadata.annotations", container)];
  });
}

/** What is told of a template, which keeps its annotations; `field`: that of the template. */
export function templateAppArmorWarnings(
  field: string,
  { metadata, spec }: PodLike,
): readonly string[] {
  const annotations = metadata?.annotations ?? {};
  return containersOf("", spec).flatMap(([, container]) => {
    const annotation = annotationOf(container, annotations);
    if (annotation === undefined || hasProfile(container)) return [];
    const ofPod = profileOf(spec);
    const isSaid = ofPod !== undefined && equalValues(ofPod, profileIn(annotation));
    return isSaid ? [] : [deprecation(`${field}.metadata.annotations`, container)];
  });
}

/** Where an annotation and a field say different things. */
export function appArmorMismatches(
  field: string,
  { metadata, spec }: PodLike,
): readonly FieldError[] {
  if (spec.os?.name === "windows") return [];
  const annotations = metadata?.annotations ?? {};
  return containersOf(field, spec).flatMap(([path, container]) => {
    const annotation = annotationOf(container, annotations);
    const profile = container.securityContext?.appArmorProfile ?? profileOf(spec);
    if (annotation === undefined || profile === undefined) return [];
    return mismatches(`${path}.securityContext.appArmorProfile`, annotation, profile);
  });
}

function mismatches(
  path: string,
  annotation: string,
  { type, localhostProfile }: AppArmorProfile,
): readonly FieldError[] {
  const other = [forbidden(`${path}.type`, "apparmor type in annotation and field must match")];
  switch (type) {
    case "Unconfined":
      return annotation === "unconfined" ? [] : other;
    case "RuntimeDefault":
      return annotation === "runtime/default" ? [] : other;
    case "Localhost": {
      if (!annotation.startsWith(LOCAL)) return other;
      if (annotation.slice(LOCAL.length) === localhostProfile) return [];
      const detail = "apparmor profile in annotation and field must match";
      return [forbidden(`${path}.localhostProfile`, detail)];
    }
    default:
      return [];
  }
}

function profileOf({ securityContext }: PodSpec): AppArmorProfile | undefined {
  return securityContext?.appArmorProfile;
}

function hasProfile({ securityContext }: AnyContainer): boolean {
  return securityContext?.appArmorProfile !== undefined;
}

function annotationOf({ name }: AnyContainer, annotations: Annotations): string | undefined {
  const key = `${APP_ARMOR_PREFIX}${name}`;
  return Object.hasOwn(annotations, key) ? annotations[key] : undefined;
}

/** The valid profile that only the annotation names. */
function missingProfile(
  container: AnyContainer,
  annotations: Annotations,
): AppArmorProfile | undefined {
  const annotation = annotationOf(container, annotations);
  if (annotation === undefined || hasProfile(container)) return undefined;
  const profile = profileIn(annotation);
  return appArmorErrors("", profile).length === 0 ? profile : undefined;
}

/** The profile that an annotation stands for. */
function profileIn(annotation: string): AppArmorProfile | undefined {
  if (annotation === "unconfined") return { type: "Unconfined" };
  if (annotation === "runtime/default") return { type: "RuntimeDefault" };
  if (!annotation.startsWith(LOCAL)) return undefined;
  const localhostProfile = annotation.slice(LOCAL.length);
  return localhostProfile === "" ? undefined : { type: "Localhost", localhostProfile };
}

function deprecation(field: string, { name }: AnyContainer): string {
  const what = `${field}[${APP_ARMOR_PREFIX}${name}]`;
  return `${what}: deprecated since v1.30; use the "appArmorProfile" field instead`;
}
