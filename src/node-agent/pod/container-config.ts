/** From a container's spec to what the runtime is told. */
import type { Container, Pod, VolumeMount } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import type {
  ContainerConfig,
  EnvEntry,
  Mount,
  RunAs,
  RuntimeSandbox,
} from "../runtime/runtime.ts";
import { RUNTIME_LABEL } from "../runtime/runtime.ts";
import { volumeContents } from "../volume/volume-content.ts";
import { ConfigError } from "./config-error.ts";
import { resolveEnv, type EnvDeps } from "./container-env.ts";
import { expandReferences } from "./expansion.ts";
import { podFieldValue, type PodAddresses } from "./field-refs.ts";
import type { PodDeps } from "./pod-deps.ts";
import { serviceVariables } from "./service-variables.ts";
import { DEFAULT_GRACE_SECONDS } from "./pod-view.ts";

/**
 * Set to "true" on a pod whose programs look for their volumes in `SETPOINT_VOLUME_*` by
 * themselves. Where a manifest refers to `$(SETPOINT_VOLUME_…)` nothing needs to be said.
 */
export const VOLUMES_BY_ENV_ANNOTATION = "setpoint.dev/volumes-by-env";

const DEFAULT_TERMINATION_MESSAGE_PATH = "/dev/termination-log";

/** Throws `ConfigError` for what the spec asks for and cannot have. */
export async function containerConfig(
  request: {
    readonly pod: Pod;
    readonly container: Container;
    readonly attempt: number;
    readonly sandbox: RuntimeSandbox;
  },
  deps: PodDeps,
  context: Context,
): Promise<ContainerConfig> {
  const { pod, container, attempt, sandbox } = request;
  const envDeps = envDepsOf(sandbox.ip, deps);
  const mounts = await mountsOf(pod, container, deps, envDeps, context);
  const given: readonly EnvEntry[] = [
    ...serviceVariables(pod, deps.services.list()),
    { name: "HOSTNAME", value: hostnameOf(pod) },
    { name: "POD_IP", value: sandbox.ip },
    ...volumeVariables(mounts, deps),
  ];
  const env = await resolveEnv(pod, container, given, envDeps, context);
  const values = new Map(env.map((entry) => [entry.name, entry.value]));
  const expand = (text: string): string => expandReferences(text, (name) => values.get(name));
  return {
    name: container.name,
    attempt,
    image: container.image ?? "",
    command: (container.command ?? []).map(expand),
    args: (container.args ?? []).map(expand),
    workingDir: container.workingDir ?? "",
    env,
    mounts,
    runAs: runAsOf(pod, container),
    stdin: stdinOf(container),
    terminationMessagePath: container.terminationMessagePath ?? DEFAULT_TERMINATION_MESSAGE_PATH,
    logPath: `${container.name}/${attempt}.log`,
    labels: {
      ...podLabels(pod),
      [RUNTIME_LABEL.containerName]: container.name,
      [RUNTIME_LABEL.restartCount]: String(attempt),
      [RUNTIME_LABEL.containerHash]: containerHash(container),
    },
  };
}

function stdinOf({ stdin, stdinOnce }: Container): ContainerConfig["stdin"] {
  if (stdin !== true) return "none";
  return stdinOnce === true ? "once" : "open";
}

/** Labels that let an agent find out whose a sandbox is, with no API at hand. */
export function podLabels(pod: Pod): Readonly<Record<string, string>> {
  const graceSeconds = pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  return {
    [RUNTIME_LABEL.podName]: pod.metadata.name ?? "",
    [RUNTIME_LABEL.podNamespace]: pod.metadata.namespace ?? "",
    [RUNTIME_LABEL.podUid]: pod.metadata.uid ?? "",
    [RUNTIME_LABEL.terminationGracePeriod]: String(graceSeconds),
  };
}

/**
 * Changes when a running container's spec changes so that it must be started anew: with another
 * image, or with another amount of what it cannot be given more or less of while it runs.
 */
export function containerHash(container: Container): string {
  const { image = "", resizePolicy = [], resources } = container;
  const amounts = resizePolicy
    .filter(({ restartPolicy }) => restartPolicy === "RestartContainer")
    .map(({ resourceName: name }) => {
      const { requests = {}, limits = {} } = resources ?? {};
      return `${name}=${requests[name] ?? ""}/${limits[name] ?? ""}`;
    });
  return [image, ...amounts].join(" ");
}

export function hostnameOf(pod: Pod): string {
  return pod.spec.hostname ?? pod.metadata.name ?? "";
}

export function envDepsOf(podIp: string, deps: PodDeps): EnvDeps {
  const { hostIp, allocatable } = deps.node;
  return { config: deps.config, addresses: { podIp, hostIp }, allocatable };
}

async function mountsOf(
  pod: Pod,
  container: Container,
  deps: PodDeps,
  envDeps: EnvDeps,
  context: Context,
): Promise<readonly Mount[]> {
  const contents = await volumeContents(pod, envDeps, context);
  const paths = await deps.volumes.prepare(pod.metadata.uid ?? "", contents);
  const mounts: Mount[] = [];
  for (const mount of container.volumeMounts ?? []) {
    const path = paths.get(mount.name);
    if (path === undefined) {
      throw new ConfigError(`volume mount "${mount.name}" names no volume of the pod`);
    }
    const subPath = subPathOf(pod, container, mount, envDeps.addresses);
    const hasFiles = contents.some((one) => one.name === mount.name && one.kind === "files");
    mounts.push({
      volume: mount.name,
      hostPath: subPath === "" ? path : await deps.volumes.subPath(path, subPath),
      containerPath: mount.mountPath,
      isReadOnly: mount.readOnly === true || hasFiles,
      isFoundByEnv: isFoundByEnv(pod, container, mount.name),
    });
  }
  return mounts;
}

/** `subPathExpr` may refer to plain variables of the container and to its pod's identity. */
function subPathOf(
  pod: Pod,
  container: Container,
  mount: VolumeMount,
  addresses: PodAddresses,
): string {
  if (mount.subPathExpr === undefined) return mount.subPath ?? "";
  return expandReferences(mount.subPathExpr, (name) => {
    const variable = container.env?.findLast((one) => one.name === name);
    const path = variable?.valueFrom?.fieldRef?.fieldPath;
    return path === undefined ? variable?.value : podFieldValue(pod, path, addresses);
  });
}

/** Volumes that the API server adds by itself; the rest of their name is chance. */
const TOKEN_VOLUME_PREFIX = "kube-api-access-";

/** `SETPOINT_VOLUME_CONFIG` for a volume `config`; `…_KUBE_API_ACCESS` for that of the token. */
export function volumeVariable(volume: string): string {
  if (volume.startsWith(TOKEN_VOLUME_PREFIX)) return "SETPOINT_VOLUME_KUBE_API_ACCESS";
  return `SETPOINT_VOLUME_${volume.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}

function volumeVariables(mounts: readonly Mount[], deps: PodDeps): readonly EnvEntry[] {
  const first = mounts.filter(
    (mount, index) => mounts.findIndex((one) => one.volume === mount.volume) === index,
  );
  return first.map((mount) => ({
    name: volumeVariable(mount.volume),
    value: deps.runtime.volumePath(mount),
  }));
}

function isFoundByEnv(pod: Pod, container: Container, volume: string): boolean {
  if (pod.metadata.annotations?.[VOLUMES_BY_ENV_ANNOTATION] === "true") return true;
  if (volume.startsWith(TOKEN_VOLUME_PREFIX)) return true; // nobody asked for it
  const reference = `$(${volumeVariable(volume)})`;
  const texts = [
    ...(container.command ?? []),
    ...(container.args ?? []),
    ...(container.env ?? []).map((variable) => variable.value ?? ""),
  ];
  return texts.some((text) => text.includes(reference));
}

function runAsOf(pod: Pod, container: Container): RunAs {
  const own = container.securityContext;
  const shared = pod.spec.securityContext;
  const user = own?.runAsUser ?? shared?.runAsUser;
  const isNonRootRequired = (own?.runAsNonRoot ?? shared?.runAsNonRoot) === true;
  if (isNonRootRequired && user === 0) {
    throw new ConfigError("container's runAsUser breaks non-root policy");
  }
  return { user, group: own?.runAsGroup ?? shared?.runAsGroup, isNonRootRequired };
}
