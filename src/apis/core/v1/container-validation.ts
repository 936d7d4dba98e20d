/** Containers of a pod, checked in the order in which their problems are reported. */
import { dnsLabelProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  forbidden,
  fromProblem,
  invalid,
  noneOrOneOf,
  notEmpty,
  oneOf,
  required,
  tooMany,
} from "../../field-errors.ts";
import { envErrors, envFromErrors } from "./env-validation.ts";
import { deviceErrors, mountErrors } from "./mount-validation.ts";
import { portNameErrors, portNumberErrors, PROTOCOLS } from "./port-validation.ts";
import { lifecycleErrors, probeErrors } from "./probe-validation.ts";
import { resourceRequirementErrors } from "./resource-validation.ts";
import { securityContextErrors } from "./security-validation.ts";
import type {
  Container,
  ContainerPort,
  ContainerRestartRuleOnExitCodes,
  PodSpec,
} from "./types.generated.ts";

const RESTART_RULES_MAX = 20;
const EXIT_CODES_MAX = 255;

/** What the containers of one pod have in common. */
export type PodScope = {
  /** The pod's volumes by name; true for those that can be devices. */
  readonly volumes: ReadonlyMap<string, boolean>;
  /** Names of the pod's resource claims. */
  readonly claims: ReadonlySet<string>;
  readonly graceSeconds: number;
  readonly restartPolicy: string;
  /** Whether the users of its containers are not those of the host. */
  readonly hasOwnUsers: boolean;
};

/**
 * What `spec` says to its containers; `claims` are volumes it is given later. A volume that is
 * not right (`wrong`: by place) is none that can be mounted.
 */
export function podScope(
  spec: PodSpec,
  claims: readonly string[],
  wrong: ReadonlySet<number> = new Set(),
): PodScope {
  const right = (spec.volumes ?? []).filter((_, index) => !wrong.has(index));
  const volumes = right.map(
    (volume) =>
      [
        volume.name,
        volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined,
      ] as const,
  );
  return {
    volumes: new Map([...volumes, ...claims.map((name) => [name, true] as const)]),
    claims: new Set((spec.resourceClaims ?? []).flatMap(({ name }) => (name === "" ? [] : [name]))),
    graceSeconds: graceOf(spec),
    restartPolicy: spec.restartPolicy ?? "",
    hasOwnUsers: spec.hostUsers === false,
  };
}

/** Less than nothing is read as the least there is. */
function graceOf({ terminationGracePeriodSeconds: seconds = 0 }: PodSpec): number {
  return seconds < 0 ? 1 : seconds;
}

/** What is wrong with the containers that run while the pod does. */
export function containerErrors(
  field: string,
  spec: PodSpec,
  scope: PodScope,
): readonly FieldError[] {
  if (spec.containers.length === 0) return [required(field)];
  const names = new Set<string>();
  return [
    ...spec.containers.flatMap((container, index) => {
      const path = `${field}[${index}]`;
      return [
        ...commonContainerErrors(path, container, scope),
        ...uniqueNameErrors(`${path}.name`, container.name, names),
        ...runningErrors(path, container, scope),
        ...restartErrors(path, container),
      ];
    }),
    ...hostPortErrors(field, spec.containers),
  ];
}

/** What is wrong with the containers that run before the others. */
export function initContainerErrors(
  field: string,
  spec: PodSpec,
  scope: PodScope,
): readonly FieldError[] {
  const names = new Set(spec.containers.map((container) => container.name));
  return (spec.initContainers ?? []).flatMap((container, index) => {
    const path = `${field}[${index}]`;
    const stays = container.restartPolicy === "Always";
    return [
      ...commonContainerErrors(path, container, scope),
      ...restartErrors(path, container),
      ...uniqueNameErrors(`${path}.name`, container.name, names),
      ...hostPortErrors(field, [container]),
      ...(stays ? runningErrors(path, container, scope) : finishingErrors(path, container)),
      ...(stays ? [] : resizedOnceErrors(`${path}.resizePolicy`, container)),
    ];
  });
}

/** A container that ends before the others start cannot be started again to be resized. */
function resizedOnceErrors(field: string, container: Container): readonly FieldError[] {
  const detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
  return (container.resizePolicy ?? []).flatMap(({ restartPolicy: policy }, index) =>
    errorIf(
      policy === "RestartContainer",
      invalid(`${field}[${index}].restartPolicy`, policy, detail),
    ),
  );
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

function uniqueNameErrors(field: string, name: string, names: Set<string>): readonly FieldError[] {
  if (names.has(name)) return [duplicate(field, name)];
  names.add(name);
  return [];
}

/** When a container is started again, where it does not leave that to its pod. */
function restartErrors(path: string, container: Container): readonly FieldError[] {
  const { restartPolicy: policy, restartPolicyRules: rules = [] } = container;
  const alone = "must specify restartPolicy when restart rules are used";
  return [
    ...noneOrOneOf(`${path}.restartPolicy`, policy, ["Always", "Never", "OnFailure"]),
    ...errorIf(rules.length > 0 && policy === undefined, required(`${path}.restartPolicy`, alone)),
    ...errorIf(
      rules.length > RESTART_RULES_MAX,
      tooMany(`${path}.restartPolicyRules`, rules.length, RESTART_RULES_MAX),
    ),
    ...rules.flatMap((rule, index) => {
      const field = `${path}.restartPolicyRules[${index}]`;
      const { action, exitCodes } = rule;
      return [
        ...noneOrOneOf(`${field}.action`, action, ["Restart", "RestartAllContainers"]),
        ...(exitCodes === undefined
          ? [required(`${field}.exitCodes`, "must be specified")]
          : exitCodeErrors(`${field}.exitCodes`, exitCodes)),
      ];
    }),
  ];
}

function exitCodeErrors(
  field: string,
  { operator, values = [] }: ContainerRestartRuleOnExitCodes,
): readonly FieldError[] {
  return [
    ...noneOrOneOf(`${field}.operator`, operator, ["In", "NotIn"]),
    ...errorIf(
      values.length > EXIT_CODES_MAX,
      tooMany(`${field}.values`, values.length, EXIT_CODES_MAX),
    ),
  ];
}

/** What is wrong with what containers of all sorts have. */
export function commonContainerErrors(
  field: string,
  container: Container,
  scope: PodScope,
): readonly FieldError[] {
  return [
    ...(container.name === ""
      ? [required(`${field}.name`)]
      : fromProblem(`${field}.name`, container.name, dnsLabelProblem(container.name, false))),
    ...notEmpty(`${field}.image`, container.image),
    ...oneOf(`${field}.terminationMessagePolicy`, container.terminationMessagePolicy, [
      "File",
      "FallbackToLogsOnError",
    ]),
    ...containerPortErrors(`${field}.ports`, container.ports),
    ...envErrors(`${field}.env`, container.env),
    ...envFromErrors(`${field}.envFrom`, container.envFrom),
    ...mountErrors(`${field}.volumeMounts`, container, scope.volumes),
    ...deviceErrors(`${field}.volumeDevices`, container, scope.volumes),
    ...oneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, [
      "Always",
      "IfNotPresent",
      "Never",
    ]),
    ...resourceRequirementErrors(`${field}.resources`, container.resources, scope.claims),
    ...resizeErrors(`${field}.resizePolicy`, container, scope),
    ...securityContextErrors(
      `${field}.securityContext`,
      container.securityContext,
      scope.hasOwnUsers,
    ),
  ];
}

/** What a container needs to be given more or less of something while it runs. */
function resizeErrors(field: string, container: Container, scope: PodScope): readonly FieldError[] {
  const seen = new Set<string>();
  return (container.resizePolicy ?? []).flatMap(({ resourceName: name, restartPolicy }, index) => {
    const isTaken = seen.has(name);
    seen.add(name);
    const isLost = scope.restartPolicy === "Never" && restartPolicy !== "NotRequired";
    const lost = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
    return [
      ...errorIf(isTaken, duplicate(`${field}[${index}]`, name)),
      ...oneOf(field, name, ["cpu", "memory"]),
      ...oneOf(field, restartPolicy, ["NotRequired", "RestartContainer"]),
      ...errorIf(isLost, invalid(field, restartPolicy, lost)),
    ];
  });
}

/** An image of a pod has no spaces around it; templates may have some to be filled in. */
export function imageSpaceErrors(field: string, image: string): readonly FieldError[] {
  const detail = "must not have leading or trailing whitespace";
  return errorIf(image !== image.trim(), invalid(field, image, detail));
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
