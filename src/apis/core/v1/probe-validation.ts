/** Probes and lifecycle hooks: each does exactly one thing. */
import type { FieldError } from "../../../machinery/status.ts";
import { forbidden, invalid, notEmpty, notNegative, oneOf, required } from "../../field-errors.ts";
import { portErrors, portNumberErrors } from "./port-validation.ts";
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from "./types.generated.ts";

const HEADER_NAME = /^[-A-Za-z0-9]+$/;
const HEADER_NAME_PROBLEM =
  "a valid HTTP header must consist of alphanumeric characters or '-' " +
  "(e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

export type ProbeUse = "liveness" | "readiness" | "startup";

/** What is wrong with a probe; an absent one is fine. */
export function probeErrors(
  field: string,
  probe: Probe | undefined,
  use: ProbeUse,
): readonly FieldError[] {
  if (probe === undefined) return [];
  return [
    ...handlerErrors(field, probe),
    ...notNegative(`${field}.initialDelaySeconds`, probe.initialDelaySeconds),
    ...notNegative(`${field}.timeoutSeconds`, probe.timeoutSeconds),
    ...notNegative(`${field}.periodSeconds`, probe.periodSeconds),
    ...notNegative(`${field}.successThreshold`, probe.successThreshold),
    ...notNegative(`${field}.failureThreshold`, probe.failureThreshold),
    ...graceErrors(`${field}.terminationGracePeriodSeconds`, probe, use),
    ...(use === "readiness" || (probe.successThreshold ?? 1) === 1
      ? []
      : [invalid(`${field}.successThreshold`, probe.successThreshold, "must be 1")]),
  ];
}

/** What is wrong with the hooks of a container, which may not sleep past its end. */
export function lifecycleErrors(
  field: string,
  lifecycle: Lifecycle | undefined,
  graceSeconds: number,
): readonly FieldError[] {
  return (["postStart", "preStop"] as const).flatMap((name) => {
    const handler = lifecycle?.[name];
    if (handler === undefined) return [];
    const seconds = handler.sleep?.seconds;
    const isTooLong = seconds !== undefined && (seconds < 0 || seconds > graceSeconds);
    const limit = `less than terminationGracePeriodSeconds (${graceSeconds})`;
    return [
      ...handlerErrors(`${field}.${name}`, handler),
      ...(isTooLong
        ? [invalid(`${field}.${name}.sleep`, seconds, `must be non-negative and ${limit}`)]
        : []),
    ];
  });
}

const HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const;

function handlerErrors(field: string, handler: Probe & LifecycleHandler): readonly FieldError[] {
  const [first, ...others] = HANDLERS.filter((name) => handler[name] !== undefined);
  if (first === undefined) return [required(field, "must specify a handler type")];
  const { exec, httpGet, tcpSocket, grpc } = handler;
  return [
    ...others.map((name) =>
      forbidden(`${field}.${name}`, "may not specify more than 1 handler type"),
    ),
    ...(exec !== undefined && (exec.command ?? []).length === 0
      ? [required(`${field}.exec.command`)]
      : []),
    ...(httpGet === undefined ? [] : httpGetErrors(`${field}.httpGet`, httpGet)),
    ...(tcpSocket === undefined ? [] : portErrors(`${field}.tcpSocket.port`, tcpSocket.port)),
    ...(grpc === undefined ? [] : portNumberErrors(`${field}.grpc.port`, grpc.port)),
  ];
}

function httpGetErrors(field: string, httpGet: HTTPGetAction): readonly FieldError[] {
  return [
    ...notEmpty(`${field}.path`, httpGet.path),
    ...portErrors(`${field}.port`, httpGet.port),
    ...oneOf(`${field}.scheme`, httpGet.scheme, ["HTTP", "HTTPS"]),
    ...(httpGet.httpHeaders ?? [])
      .filter((header) => !HEADER_NAME.test(header.name))
      .map((header) => invalid(`${field}.httpHeaders`, header.name, HEADER_NAME_PROBLEM)),
  ];
}

function graceErrors(field: string, probe: Probe, use: ProbeUse): readonly FieldError[] {
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds === undefined) return [];
  if (use === "readiness") return [invalid(field, seconds, "must not be set for readinessProbes")];
  if (seconds <= 0) return [invalid(field, seconds, "must be greater than 0")];
  return [];
}
