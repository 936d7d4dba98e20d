/** What a pod makes its node need: the objects an agent reads to run it. */
import type { Pod } from "../../../apis/core/v1/types.generated.ts";
import { isFields, own, type Fields } from "../../../machinery/object.ts";

/** An object in the namespace of the pod. */
export type Reference = {
  readonly resource:
    "configmaps" | "persistentvolumeclaims" | "resourceclaims" | "secrets" | "serviceaccounts";
  readonly name: string;
};

/** Pods an agent has made itself: they must not let it see anything more. */
const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

/** All objects the pod refers to, some perhaps several times. */
export function referencesOf(pod: Pod): readonly Reference[] {
  const { spec, metadata, status } = pod;
  if (
    metadata.annotations !== undefined &&
    Object.hasOwn(metadata.annotations, MIRROR_ANNOTATION)
  ) {
    return [];
  }
  const containers = [
    ...spec.containers,
    ...(spec.initContainers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ];
  const claims = status?.resourceClaimStatuses ?? [];
  return [
    ...named("serviceaccounts", spec.serviceAccountName),
    ...(spec.imagePullSecrets ?? []).flatMap(({ name }) => named("secrets", name)),
    ...containers.flatMap(({ env = [], envFrom = [] }) => [
      ...env.flatMap(({ valueFrom }) => [
        ...named("secrets", valueFrom?.secretKeyRef?.name),
        ...named("configmaps", valueFrom?.configMapKeyRef?.name),
      ]),
      ...envFrom.flatMap(({ secretRef, configMapRef }) => [
        ...named("secrets", secretRef?.name),
        ...named("configmaps", configMapRef?.name),
      ]),
    ]),
    ...(spec.volumes ?? []).flatMap((volume) => volumeReferences(volume, metadata.name ?? "")),
    ...(spec.resourceClaims ?? []).flatMap(({ resourceClaimName }) =>
      named("resourceclaims", resourceClaimName),
    ),
    ...claims.flatMap(({ resourceClaimName }) => named("resourceclaims", resourceClaimName)),
  ];
}

type Volume = NonNullable<Pod["spec"]["volumes"]>[number];

function volumeReferences(volume: Volume, pod: string): readonly Reference[] {
  const { secret, configMap, projected, persistentVolumeClaim, ephemeral } = volume;
  return [
    ...named("secrets", secret?.secretName),
    ...named("configmaps", configMap?.name),
    ...named("persistentvolumeclaims", persistentVolumeClaim?.claimName),
    ...(ephemeral === undefined ? [] : named("persistentvolumeclaims", `${pod}-${volume.name}`)),
    ...(projected?.sources ?? []).flatMap((source) => [
      ...named("secrets", source.secret?.name),
      ...named("configmaps", source.configMap?.name),
    ]),
    ...Object.values(volume).flatMap((source: unknown) =>
      isFields(source) ? secretsOf(source) : [],
    ),
  ];
}

/** Storage of any kind names the secret it is reached with in one of these ways. */
function secretsOf(source: Fields): readonly Reference[] {
  return ["secretRef", "nodePublishSecretRef"].flatMap((key) => {
    const reference = own(source, key);
    const name = isFields(reference) ? own(reference, "name") : undefined;
    return typeof name === "string" ? named("secrets", name) : [];
  });
}

function named(resource: Reference["resource"], name: string | undefined): readonly Reference[] {
  return name === undefined || name === "" ? [] : [{ resource, name }];
}
