/** How the containers of a pod come to a token of the pod's account: a volume, mounted in each. */
import type { Container, Pod, ServiceAccount, Volume, VolumeMount } from "./types.generated.ts";

/** Where clients in containers look for their token. */
export const TOKEN_MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

const VOLUME_PREFIX = "kube-api-access-";

/** Upstream's: an hour, and a little that tells these tokens from others. */
const TOKEN_SECONDS = 3_607;

/** The ConfigMap that is made in every namespace. */
const ROOT_CA = "kube-root-ca.crt";

/** `pod` as it runs under `account`; `suffix` makes the name of the volume its own. */
export function withAccountOf(pod: Pod, account: ServiceAccount, suffix: () => string): Pod {
  const { automountServiceAccountToken: asked, imagePullSecrets: own = [] } = pod.spec;
  const isMounted = asked ?? account.automountServiceAccountToken ?? true;
  const mounted = isMounted ? withTokenVolume(pod, suffix) : pod;
  const given = account.imagePullSecrets ?? [];
  if (own.length > 0 || given.length === 0) return mounted;
  return { ...mounted, spec: { ...mounted.spec, imagePullSecrets: given } };
}

function withTokenVolume(pod: Pod, suffix: () => string): Pod {
  const { containers, initContainers, volumes = [] } = pod.spec;
  const present = volumes.find(({ name }) => name.startsWith(VOLUME_PREFIX));
  const needs = [...containers, ...(initContainers ?? [])].some((each) => !hasMount(each));
  if (!needs) return pod;
  const name = present?.name ?? `${VOLUME_PREFIX}${suffix()}`;
  const mount: VolumeMount = { name, readOnly: true, mountPath: TOKEN_MOUNT_PATH };
  const mounted = (container: Container): Container =>
    hasMount(container)
      ? container
      : { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] };
  return {
    ...pod,
    spec: {
      ...pod.spec,
      volumes: present === undefined ? [...volumes, tokenVolume(name)] : volumes,
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(mounted) }),
      containers: containers.map(mounted),
    },
  };
}

function hasMount({ volumeMounts = [] }: Container): boolean {
  return volumeMounts.some(({ mountPath }) => mountPath === TOKEN_MOUNT_PATH);
}

function tokenVolume(name: string): Volume {
  const fieldRef = { apiVersion: "v1", fieldPath: "metadata.namespace" };
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
        { configMap: { name: ROOT_CA, items: [{ key: "ca.crt", path: "ca.crt" }] } },
        { downwardAPI: { items: [{ path: "namespace", fieldRef }] } },
      ],
      defaultMode: 0o644,
    },
  };
}
