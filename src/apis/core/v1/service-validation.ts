/** Services, checked in the order in which their problems are reported. */
import { isIP } from "../../../machinery/ip-address.ts";
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  forbidden,
  fromProblem,
  inRange,
  invalid,
  oneOf,
  required,
} from "../../field-errors.ts";
import { labelErrors, labelNameErrors } from "../../meta/v1/label-validation.ts";
import { portErrors, portNumberErrors, PROTOCOLS } from "./port-validation.ts";
import { hasClusterIp, HEADLESS, isHeadless } from "./service-allocation.ts";
import type { Service, ServicePort } from "./types.generated.ts";

const AFFINITY_SECONDS_MAX = 86_400;
const TYPES: readonly string[] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/** What is wrong with a service that has its defaults. */
export function serviceErrors(service: Service): readonly FieldError[] {
  const { spec } = service;
  const ports = spec.ports ?? [];
  const needsPorts = spec.type !== "ExternalName" && !isHeadless(service);
  return [
    ...(needsPorts && ports.length === 0 ? [required("spec.ports")] : []),
    ...(spec.type === "ExternalName" ? externalNameErrors(service) : []),
    ...portListErrors(ports),
    ...labelErrors("spec.selector", spec.selector),
    ...affinityErrors(service),
    ...clusterIpErrors(service),
    ...(spec.externalIPs ?? []).flatMap((address, index) =>
      addressErrors(`spec.externalIPs[${index}]`, address),
    ),
    ...oneOf("spec.type", spec.type, TYPES),
    ...duplicatePortErrors(ports),
    ...nodePortErrors(service),
    ...trafficPolicyErrors(service),
  ];
}

/** What is wrong with a change: addresses that others already use stay. */
export function serviceUpdateErrors(next: Service, old: Service): readonly FieldError[] {
  if (!hasClusterIp(next) || !hasClusterIp(old)) return [];
  const before = old.spec.clusterIPs ?? [];
  if (before.length === 0) return [];
  const after = next.spec.clusterIPs ?? [];
  if (equalValues(after[0], before[0])) return [];
  return [invalid("spec.clusterIPs[0]", after, "may not change once set")];
}

function externalNameErrors(service: Service): readonly FieldError[] {
  const name = (service.spec.externalName ?? "").replace(/\.$/, "");
  const detail = "may not be set for ExternalName services";
  return [
    ...((service.spec.clusterIPs ?? []).length > 0 ? [forbidden("spec.clusterIPs", detail)] : []),
    ...(name === ""
      ? [required("spec.externalName")]
      : fromProblem("spec.externalName", name, dnsSubdomainProblem(name, false))),
  ];
}

function portListErrors(ports: readonly ServicePort[]): readonly FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const path = `spec.ports[${index}]`;
    const name = port.name ?? "";
    const isTaken = name !== "" && names.has(name);
    names.add(name);
    return [
      ...(name === "" && ports.length > 1 ? [required(`${path}.name`)] : []),
      ...(name === "" ? [] : fromProblem(`${path}.name`, name, dnsLabelProblem(name, false))),
      ...(isTaken ? [duplicate(`${path}.name`, name)] : []),
      ...portNumberErrors(`${path}.port`, port.port),
      ...oneOf(`${path}.protocol`, port.protocol, PROTOCOLS),
      ...portErrors(`${path}.targetPort`, port.targetPort ?? port.port),
      ...(port.appProtocol === undefined
        ? []
        : labelNameErrors(`${path}.appProtocol`, port.appProtocol)),
    ];
  });
}

function affinityErrors(service: Service): readonly FieldError[] {
  const { sessionAffinity, sessionAffinityConfig } = service.spec;
  const errors = oneOf("spec.sessionAffinity", sessionAffinity, ["ClientIP", "None"]);
  if (sessionAffinityConfig === undefined) return errors;
  const field = "spec.sessionAffinityConfig";
  if (sessionAffinity === "None") {
    const detail = "must not be set when session affinity is None";
    return [...errors, forbidden(field, detail)];
  }
  const seconds = sessionAffinityConfig.clientIP?.timeoutSeconds;
  const path = `${field}.clientIP.timeoutSeconds`;
  return seconds === undefined
    ? [...errors, required(path)]
    : [...errors, ...inRange(path, seconds, 1, AFFINITY_SECONDS_MAX)];
}

function clusterIpErrors(service: Service): readonly FieldError[] {
  if (!hasClusterIp(service)) return [];
  const addresses = service.spec.clusterIPs ?? [];
  const first = addresses[0] ?? "";
  const clusterIp = service.spec.clusterIP ?? "";
  if (clusterIp !== first) {
    return [invalid("spec.clusterIPs", addresses, "first value must match `clusterIP`")];
  }
  if (first === HEADLESS && addresses.length > 1) {
    const detail = `must not be set when \`clusterIPs\` is set to "None"`;
    return [invalid("spec.clusterIPs", addresses, detail)];
  }
  if (first === HEADLESS) return [];
  return addresses.flatMap((address, index) => addressErrors(`spec.clusterIPs[${index}]`, address));
}

function addressErrors(field: string, address: string): readonly FieldError[] {
  const detail = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
  return isIP(address) ? [] : [invalid(field, address, detail)];
}

function duplicatePortErrors(ports: readonly ServicePort[]): readonly FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const key = `${port.protocol ?? ""}/${port.port}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [duplicate(`spec.ports[${index}]`, { protocol: port.protocol, port: port.port })];
  });
}

function nodePortErrors(service: Service): readonly FieldError[] {
  const { type } = service.spec;
  const seen = new Set<string>();
  return (service.spec.ports ?? []).flatMap((port, index) => {
    const nodePort = port.nodePort ?? 0;
    if (nodePort === 0) return [];
    const path = `spec.ports[${index}].nodePort`;
    if (type === "ClusterIP") {
      return [forbidden(path, "may not be used when `type` is 'ClusterIP'")];
    }
    const key = `${port.protocol ?? ""}/${nodePort}`;
    const isTaken = seen.has(key);
    seen.add(key);
    return [...portNumberErrors(path, nodePort), ...(isTaken ? [duplicate(path, nodePort)] : [])];
  });
}

function trafficPolicyErrors(service: Service): readonly FieldError[] {
  const { type, externalTrafficPolicy, internalTrafficPolicy } = service.spec;
  const isReachable =
    type === "NodePort" || type === "LoadBalancer" || (service.spec.externalIPs ?? []).length > 0;
  const policies = ["Cluster", "Local"];
  const detail = "may only be set for externally-accessible services";
  const external =
    externalTrafficPolicy === undefined
      ? []
      : isReachable
        ? oneOf("spec.externalTrafficPolicy", externalTrafficPolicy, policies)
        : [invalid("spec.externalTrafficPolicy", externalTrafficPolicy, detail)];
  const internal =
    internalTrafficPolicy === undefined
      ? []
      : oneOf("spec.internalTrafficPolicy", internalTrafficPolicy, policies);
  return [...external, ...internal];
}
