/** Containers of a pod, checked in the order in which their problems are reported. */
import { dnsLabelProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  forbidden,
  fromProblem,
  invalid,
  notFound,
  oneOf,
  required,
  unsupported,
} from "../../field-errors.ts";
import { envErrors, envFromErrors } from "./env-validation.ts";
import { relativePathErrors } from "./path-validation.ts";
import { portNameErrors, portNumberErrors, PROTOCOLS } from "./port-validation.ts";
import { lifecycleErrors, probeErrors } from "./probe-validation.ts";
import { resourceRequirementErrors } from "./resource-validation.ts";
import { securityContextErrors } from "./security-validation.ts";
import type { Container, ContainerPort, PodSpec, VolumeMount } from "./types.generated.ts";

/** What the containers of one pod have in common. */
type PodScope = {
  /** Names of the pod's volumes. */
  readonly volumes: ReadonlySet<string>;
  readonly graceSeconds: number;
};

/** What is wrong with the containers that run while the pod does. */
export function containerErrors(field: string, spec: PodSpec): readonly FieldError[] {
  if (spec.containers.length === 0) return [required(field)];
  const scope = podScope(spec);
  const names = new Set<string>();
  return [
    ...spec.containers.flatMap((container, index) => {
      const path = `${field}[${index}]`;
      return [
        ...commonErrors(path, container, scope),
        ...uniqueNameErrors(`${path}.name`, container.name, names),
        ...runningErrors(path, container, scope),
      ];
    }),
    ...hostPortErrors(field, spec.containers),
  ];
}

/** What is wrong with the containers that run before the others. */
export function initContainerErrors(field: string, spec: PodSpec): readonly FieldError[] {
  const scope = podScope(spec);
  const names = new Set(spec.containers.map((container) => container.name));
  return (spec.initContainers ?? []).flatMap((container, index) => {
    const path = `${field}[${index}]`;
    return [
      ...commonErrors(path, container, scope),
      ...uniqueNameErrors(`${path}.name`, container.name, names),
      ...(container.restartPolicy === undefined
        ? finishingErrors(path, container)
        : [
            ...(container.restartPolicy === "Always"
              ? []
              : [unsupported(`${path}.restartPolicy`, container.restartPolicy, ["Always"])]),
            ...runningErrors(path, container, scope),
          ]),
    ];
  });
}

/** Ports of the host that two containers of one pod both want. */
function hostPortErrors(field: string, containers: readonly Container[]): readonly FieldError[] {
  const seen = new Set<string>();
  return containers.flatMap((container, index) =>
    (container.ports ?? []).flatMap((port, portIndex) => {
      if ((port.hostPort ?? 0) === 0) return [];
      const key = `${port.protocol ?? ""}/${port.hostIP ?? ""}/${port.hostPort}`;
      if (!seen.has(key)) {
        seen.add(key);
        return [];
      }
      return [duplicate(`${field}[${index}].ports[${portIndex}].hostPort`, key)];
    }),
  );
}

function podScope(spec: PodSpec): PodScope {
  return {
    volumes: new Set((spec.volumes ?? []).map((volume) => volume.name)),
    graceSeconds: spec.terminationGracePeriodSeconds ?? 0,
  };
}

function uniqueNameErrors(field: string, name: string, names: Set<string>): readonly FieldError[] {
  if (names.has(name)) return [duplicate(field, name)];
  names.add(name);
  return [];
}

function commonErrors(field: string, container: Container, scope: PodScope): readonly FieldError[] {
  return [
    ...(container.name === ""
      ? [required(`${field}.name`)]
      : fromProblem(`${field}.name`, container.name, dnsLabelProblem(container.name, false))),
    ...imageErrors(`${field}.image`, container.image ?? ""),
    ...oneOf(`${field}.terminationMessagePolicy`, container.terminationMessagePolicy, [
      "FallbackToLogsOnError",
      "File",
    ]),
    ...containerPortErrors(`${field}.ports`, container.ports),
    ...envErrors(`${field}.env`, container.env),
    ...envFromErrors(`${field}.envFrom`, container.envFrom),
    ...mountErrors(`${field}.volumeMounts`, container, scope),
    ...oneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, [
      "Always",
      "IfNotPresent",
      "Never",
    ]),
    ...resourceRequirementErrors(`${field}.resources`, container.resources),
    ...securityContextErrors(`${field}.securityContext`, container.securityContext),
  ];
}

/** An image must be named, without spaces around it. */
export function imageErrors(field: string, image: string): readonly FieldError[] {
  if (image === "") return [required(field)];
  const problem =
    image === image.trim() ? undefined : "must not have leading or trailing whitespace";
  return fromProblem(field, image, problem);
}

function runningErrors(
  field: string,
  container: Container,
  scope: PodScope,
): readonly FieldError[] {
  return [
    ...lifecycleErrors(`${field}.lifecycle`, container.lifecycle, scope.graceSeconds),
    ...probeErrors(`${field}.livenessProbe`, container.livenessProbe, "liveness"),
    ...probeErrors(`${field}.readinessProbe`, container.readinessProbe, "readiness"),
    ...probeErrors(`${field}.startupProbe`, container.startupProbe, "startup"),
  ];
}

/** A container that must finish before others start can be neither probed nor hooked. */
function finishingErrors(field: string, container: Container): readonly FieldError[] {
  const detail = "may not be set for init containers without restartPolicy=Always";
  const names = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const;
  return names
    .filter((name) => container[name] !== undefined)
    .map((name) => forbidden(`${field}.${name}`, detail));
}

function containerPortErrors(
  field: string,
  ports: readonly ContainerPort[] | undefined,
): readonly FieldError[] {
  const names = new Set<string>();
  return (ports ?? []).flatMap((port, index) => {
    const path = `${field}[${index}]`;
    const nameErrors =
      port.name === undefined || port.name === "" ? [] : portNameErrors(`${path}.name`, port.name);
    const isNamed = port.name !== undefined && port.name !== "" && nameErrors.length === 0;
    return [
      ...nameErrors,
      ...(isNamed ? uniqueNameErrors(`${path}.name`, port.name, names) : []),
      ...(port.containerPort === 0
        ? [required(`${path}.containerPort`)]
        : portNumberErrors(`${path}.containerPort`, port.containerPort)),
      ...((port.hostPort ?? 0) === 0 ? [] : portNumberErrors(`${path}.hostPort`, port.hostPort)),
      ...oneOf(`${path}.protocol`, port.protocol, PROTOCOLS),
    ];
  });
}

function mountErrors(field: string, container: Container, scope: PodScope): readonly FieldError[] {
  const paths = new Set<string>();
  const devices = container.volumeDevices ?? [];
  return (container.volumeMounts ?? []).flatMap((mount, index) => {
    const path = `${field}[${index}]`;
    const isTaken = paths.has(mount.mountPath);
    paths.add(mount.mountPath);
    return [
      ...mountNameErrors(`${path}.name`, mount.name, scope),
      ...(mount.mountPath === "" ? [required(`${path}.mountPath`)] : []),
      ...(isTaken ? [invalid(`${path}.mountPath`, mount.mountPath, "must be unique")] : []),
      ...(devices.some((device) => device.devicePath === mount.mountPath)
        ? [
            invalid(
              `${path}.mountPath`,
              mount.mountPath,
              "must not already exist as a path in volumeDevices",
            ),
          ]
        : []),
      ...subPathErrors(path, mount),
    ];
  });
}

function mountNameErrors(field: string, name: string, scope: PodScope): readonly FieldError[] {
  if (name === "") return [required(field)];
  return scope.volumes.has(name) ? [] : [notFound(field, name)];
}

function subPathErrors(field: string, mount: VolumeMount): readonly FieldError[] {
  const { subPath = "", subPathExpr = "" } = mount;
  const isBoth = subPath !== "" && subPathExpr !== "";
  const detail = "subPathExpr and subPath are mutually exclusive";
  return [
    ...(subPath === "" ? [] : relativePathErrors(`${field}.subPath`, subPath)),
    ...(isBoth ? [invalid(`${field}.subPathExpr`, subPathExpr, detail)] : []),
    ...(subPathExpr === "" ? [] : relativePathErrors(`${field}.subPathExpr`, subPathExpr)),
  ];
}
