import type { Pod } from "../../../client/builtin.ts";
import { block, field, optionalField, type Part } from "./layout.ts";
import {
  conditionsBlock,
  controlledBy,
  identity,
  labelsAndAnnotations,
  pairs,
} from "./metadata.ts";

type PodSpec = Pod["spec"];
type Container = PodSpec["containers"][number];
type ContainerStatus = NonNullable<Pod["status"]["containerStatuses"]>[number];
type ContainerState = NonNullable<ContainerStatus["state"]>;
type Probe = NonNullable<Container["livenessProbe"]>;
type EnvVar = NonNullable<Container["env"]>[number];
type Volume = NonNullable<PodSpec["volumes"]>[number];

export function describePod(pod: Pod): readonly Part[] {
  const { spec, status } = pod;
  const host = status.hostIP === undefined ? "" : `/${status.hostIP}`;
  return [
    ...identity(pod),
    field("Priority", String(spec.priority ?? 0)),
    field("Service Account", spec.serviceAccountName),
    field("Node", spec.nodeName === undefined ? "<none>" : `${spec.nodeName}${host}`),
    ...optionalField("Start Time", status.startTime),
    ...labelsAndAnnotations(pod),
    field("Status", pod.metadata.deletionTimestamp === undefined ? status.phase : "Terminating"),
    ...optionalField("Reason", status.reason),
    ...optionalField("Message", status.message),
    field("IP", status.podIP),
    ...controlledBy(pod),
    ...containersBlock("Init Containers", spec.initContainers, status.initContainerStatuses),
    ...containersBlock("Containers", spec.containers, status.containerStatuses),
    ...conditionsBlock(status.conditions, []),
    ...volumesBlock(spec.volumes),
    field("QoS Class", status.qosClass),
    field("Node-Selectors", pairs(Object.entries(spec.nodeSelector ?? {}), "=")),
    field("Tolerations", (spec.tolerations ?? []).map(tolerationText)),
  ];
}

/** The containers of a pod or of a pod template (then without statuses). */
export function containersBlock(
  label: string,
  containers: readonly Container[] | undefined,
  statuses: readonly ContainerStatus[] | undefined,
): readonly Part[] {
  if (containers === undefined || containers.length === 0) return [];
  const parts = containers.map((container) => {
    const status = statuses?.find(({ name }) => name === container.name);
    return block(container.name, [
      ...(status === undefined ? [] : [field("Container ID", status.containerID)]),
      field("Image", container.image),
      field("Ports", (container.ports ?? []).map(portText).join(", ")),
      ...commandPart("Command", container.command),
      ...commandPart("Args", container.args),
      ...(status === undefined ? [] : statusParts(status)),
      ...resourcesPart("Limits", container.resources?.limits),
      ...resourcesPart("Requests", container.resources?.requests),
      ...optionalField("Liveness", probeText(container.livenessProbe)),
      ...optionalField("Readiness", probeText(container.readinessProbe)),
      ...optionalField("Startup", probeText(container.startupProbe)),
      field("Environment", (container.env ?? []).map(envText)),
      field("Mounts", (container.volumeMounts ?? []).map(mountText)),
    ]);
  });
  return [block(label, parts)];
}

function statusParts(status: ContainerStatus): readonly Part[] {
  return [
    ...stateParts("State", status.state),
    ...(status.lastState === undefined || Object.keys(status.lastState).length === 0
      ? []
      : stateParts("Last State", status.lastState)),
    field("Ready", status.ready ? "True" : "False"),
    field("Restart Count", String(status.restartCount)),
  ];
}

function stateParts(label: string, state: ContainerState | undefined): readonly Part[] {
  if (state?.running !== undefined) {
    return [field(label, "Running"), ...optionalField("  Started", state.running.startedAt)];
  }
  if (state?.terminated !== undefined) {
    const { reason, message, exitCode, startedAt, finishedAt } = state.terminated;
    return [
      field(label, "Terminated"),
      ...optionalField("  Reason", reason),
      ...optionalField("  Message", message),
      field("  Exit Code", String(exitCode)),
      ...optionalField("  Started", startedAt),
      ...optionalField("  Finished", finishedAt),
    ];
  }
  return [
    field(label, "Waiting"),
    ...optionalField("  Reason", state?.waiting?.reason),
    ...optionalField("  Message", state?.waiting?.message),
  ];
}

function commandPart(label: string, words: readonly string[] | undefined): readonly Part[] {
  return words === undefined || words.length === 0 ? [] : [field(label, words)];
}

function resourcesPart(
  label: string,
  resources: Readonly<Record<string, string | number>> | undefined,
): readonly Part[] {
  const entries = Object.entries(resources ?? {});
  if (entries.length === 0) return [];
  return [
    field(
      label,
      pairs(
        entries.map(([name, value]) => [name, String(value)]),
        ": ",
      ),
    ),
  ];
}

function portText(port: NonNullable<Container["ports"]>[number]): string {
  const name = port.name === undefined ? "" : ` (${port.name})`;
  return `${port.containerPort}/${port.protocol ?? "TCP"}${name}`;
}

function probeText(probe: Probe | undefined): string | undefined {
  if (probe === undefined) return undefined;
  const timing =
    `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 1}s ` +
    `period=${probe.periodSeconds ?? 10}s #success=${probe.successThreshold ?? 1} ` +
    `#failure=${probe.failureThreshold ?? 3}`;
  if (probe.exec !== undefined) return `exec [${(probe.exec.command ?? []).join(" ")}] ${timing}`;
  if (probe.httpGet !== undefined) {
    const { scheme, host, port, path } = probe.httpGet;
    const start = `${(scheme ?? "HTTP").toLowerCase()}://${host ?? ""}:${port}`;
    return `http-get ${start}${path ?? "/"} ${timing}`;
  }
  if (probe.tcpSocket !== undefined) return `tcp-socket :${probe.tcpSocket.port} ${timing}`;
  return `unknown ${timing}`;
}

function envText(variable: EnvVar): string {
  const from = variable.valueFrom;
  if (from === undefined) return `${variable.name}:  ${variable.value ?? ""}`;
  if (from.fieldRef !== undefined) return `${variable.name}:   (${from.fieldRef.fieldPath})`;
  const key = from.configMapKeyRef ?? from.secretKeyRef;
  if (key !== undefined) {
    const kind = from.configMapKeyRef === undefined ? "secret" : "config map";
    return `${variable.name}:  <set to the key '${key.key}' of ${kind} '${key.name ?? ""}'>`;
  }
  return `${variable.name}:  <set by the node>`;
}

function mountText(mount: NonNullable<Container["volumeMounts"]>[number]): string {
  return `${mount.mountPath} from ${mount.name} (${mount.readOnly === true ? "ro" : "rw"})`;
}

function volumesBlock(volumes: readonly Volume[] | undefined): readonly Part[] {
  if (volumes === undefined || volumes.length === 0) return [];
  return [
    block(
      "Volumes",
      volumes.map((volume) => block(volume.name, volumeParts(volume))),
    ),
  ];
}

function volumeParts(volume: Volume): readonly Part[] {
  if (volume.configMap !== undefined) {
    return [field("Type", "ConfigMap"), field("Name", volume.configMap.name)];
  }
  if (volume.secret !== undefined) {
    return [field("Type", "Secret"), field("SecretName", volume.secret.secretName)];
  }
  if (volume.hostPath !== undefined) {
    return [field("Type", "HostPath"), field("Path", volume.hostPath.path)];
  }
  const kind = Object.keys(volume).find((key) => key !== "name");
  return [field("Type", kind ?? "EmptyDir")];
}

function tolerationText(toleration: NonNullable<PodSpec["tolerations"]>[number]): string {
  const value = toleration.value === undefined ? "" : `=${toleration.value}`;
  const effect = toleration.effect === undefined ? "" : `:${toleration.effect}`;
  const exists = toleration.operator === "Exists" ? " op=Exists" : "";
  const seconds = toleration.tolerationSeconds;
  const limit = seconds === undefined ? "" : ` for ${seconds}s`;
  return `${toleration.key ?? ""}${value}${effect}${exists}${limit}`;
}
