/** Services, checked in the order in which their problems are reported. */
import { dnsLabelProblem, dnsSubdomainProblem } from "../../../machinery/names.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  forbidden,
  fromProblem,
  IMMUTABLE,
  invalid,
  noneOrOneOf,
  oneOf,
  required,
  unsupported,
} from "../../field-errors.ts";
import { parseCidr } from "../../ip-validation.ts";
import { labelErrors, labelNameErrors } from "../../meta/v1/label-validation.ts";
import { isLegacyIp, legacyIpErrors } from "./legacy-ip.ts";
import { portErrors, portNumberErrors, PROTOCOLS } from "./port-validation.ts";
import {
  hasClusterIp,
  HEADLESS,
  isHeadless,
  isReachable,
  needsHealthPort,
} from "./service-allocation.ts";
import { specialIpProblem } from "./special-ip.ts";
import type { Service, ServicePort } from "./types.generated.ts";

const AFFINITY_SECONDS_MAX = 86_400;
const NOT_A_RANGE = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
const TYPES: readonly string[] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/** What is wrong with a service that has its defaults. */
export function serviceErrors(service: Service): readonly FieldError[] {
  const { spec } = service;
  const ports = spec.ports ?? [];
  const needsPorts = spec.type !== "ExternalName" && !isHeadless(service);
  return [
    ...errorIf(needsPorts && ports.length === 0, required("spec.ports")),
    ...typeErrors(service),
    ...portListErrors(ports),
    ...labelErrors("spec.selector", spec.selector),
    ...affinityErrors(service),
    ...clusterIpErrors(service),
    ...(spec.externalIPs ?? []).flatMap((address, index) =>
      externalIpErrors(`spec.externalIPs[${index}]`, address),
    ),
    ...oneOf("spec.type", spec.type, TYPES),
    ...innerPortErrors(service),
    ...duplicateNodePortErrors(ports),
    ...duplicatePortErrors(ports),
    ...balancerErrors(service),
    ...trafficPolicyErrors(service),
    ...noneOrOneOf("spec.trafficDistribution", spec.trafficDistribution, [
      "PreferClose",
      "PreferSameZone",
      "PreferSameNode",
    ]),
  ];
}

/** What is wrong with a change: addresses that others already use stay. */
export function serviceUpdateErrors(next: Service, old: Service): readonly FieldError[] {
  const isBalanced = next.spec.type === "LoadBalancer" && old.spec.type === "LoadBalancer";
  const { loadBalancerClass } = next.spec;
  const { healthCheckNodePort: port } = next.spec;
  const isWatched = needsHealthPort(next) && needsHealthPort(old);
  return [
    ...addressUpdateErrors(next, old),
    ...errorIf(
      isBalanced && loadBalancerClass !== old.spec.loadBalancerClass,
      invalid("spec.loadBalancerClass", loadBalancerClass ?? null, "may not change once set"),
    ),
    ...classErrors(next.spec),
    ...errorIf(
      isWatched && port !== old.spec.healthCheckNodePort,
      forbidden("spec.healthCheckNodePort", IMMUTABLE),
    ),
  ];
}

function addressUpdateErrors(next: Service, old: Service): readonly FieldError[] {
  if (!hasClusterIp(next) || !hasClusterIp(old)) return [];
  const before = old.spec.clusterIPs ?? [];
  if (before.length === 0) return [];
  const after = next.spec.clusterIPs ?? [];
  if (equalValues(after[0], before[0])) return [];
  return [invalid("spec.clusterIPs[0]", after, "may not change once set")];
}

function typeErrors(service: Service): readonly FieldError[] {
  const { type } = service.spec;
  if (type === "ExternalName") return externalNameErrors(service);
  const isOutside = type === "LoadBalancer" || type === "NodePort";
  const headless = `may not be set to 'None' for ${type ?? ""} services`;
  return [
    ...errorIf(isOutside && isHeadless(service), invalid("spec.clusterIPs[0]", HEADLESS, headless)),
  ];
}

function externalNameErrors(service: Service): readonly FieldError[] {
  const name = (service.spec.externalName ?? "").replace(/\.$/, "");
  const detail = "may not be set for ExternalName services";
  return [
    ...(["clusterIPs", "ipFamilies"] as const)
      .filter((list) => (service.spec[list] ?? []).length > 0)
      .map((list) => forbidden(`spec.${list}`, detail)),
    ...errorIf(service.spec.ipFamilyPolicy !== undefined, forbidden("spec.ipFamilyPolicy", detail)),
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
  const range = `must be greater than 0 and less than ${AFFINITY_SECONDS_MAX}`;
  if (seconds === undefined) {
    return [...errors, required(path, "when session affinity type is ClientIP")];
  }
  const isRight = seconds > 0 && seconds <= AFFINITY_SECONDS_MAX;
  return isRight ? errors : [...errors, invalid(path, seconds, range)];
}

const FAMILIES: readonly string[] = ["IPv4", "IPv6"];

function familyErrors({ spec }: Service): readonly FieldError[] {
  const seen = new Set<string>();
  return [
    ...(spec.ipFamilies ?? []).flatMap((family, index) => {
      const path = `spec.ipFamilies[${index}]`;
      const isTaken = seen.has(family);
      seen.add(family);
      return [
        ...errorIf(!FAMILIES.includes(family), unsupported(path, family, FAMILIES)),
        ...errorIf(isTaken, duplicate(path, family)),
      ];
    }),
    ...noneOrOneOf("spec.ipFamilyPolicy", spec.ipFamilyPolicy, [
      "PreferDualStack",
      "RequireDualStack",
      "SingleStack",
    ]),
  ];
}

function clusterIpErrors(service: Service): readonly FieldError[] {
  if (!hasClusterIp(service)) return [];
  return [...familyErrors(service), ...addressListErrors(service)];
}

function addressListErrors(service: Service): readonly FieldError[] {
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
  return legacyIpErrors(field, address);
}

/** An address that others send to must not be one that every machine has for itself. */
function externalIpErrors(field: string, address: string): readonly FieldError[] {
  if (!isLegacyIp(address)) return addressErrors(field, address);
  const isLoopback = address.startsWith("127.") || /^[0:]*:0*1$/.test(address);
  const detail = "may not be in the loopback range (127.0.0.0/8, ::1/128)";
  return [
    ...errorIf(isLoopback, invalid(field, address, detail)),
    ...fromProblem(field, address, specialIpProblem(address)),
  ];
}

function duplicatePortErrors(ports: readonly ServicePort[]): readonly FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const key = `${port.protocol ?? ""}/${port.port}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    // Printed as the struct it is upstream, whose fields have capital letters.
    const printed = { Name: "", Protocol: port.protocol ?? "", AppProtocol: null };
    const numbers = { Port: port.port, TargetPort: 0, NodePort: 0 };
    return [duplicate(`spec.ports[${index}]`, { ...printed, ...numbers })];
  });
}

function innerPortErrors({ spec }: Service): readonly FieldError[] {
  if (spec.type !== "ClusterIP") return [];
  const detail = "may not be used when `type` is 'ClusterIP'";
  return (spec.ports ?? []).flatMap(({ nodePort = 0 }, index) =>
    errorIf(nodePort !== 0, forbidden(`spec.ports[${index}].nodePort`, detail)),
  );
}

/** Whether a port of the nodes is one of theirs is found out when it is taken. */
function duplicateNodePortErrors(ports: readonly ServicePort[]): readonly FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap(({ protocol = "", nodePort = 0 }, index) => {
    const key = `${protocol}/${nodePort}`;
    const isTaken = nodePort !== 0 && seen.has(key);
    seen.add(key);
    return errorIf(isTaken, duplicate(`spec.ports[${index}].nodePort`, nodePort));
  });
}

function classErrors({ type, loadBalancerClass: name }: Service["spec"]): readonly FieldError[] {
  const path = "spec.loadBalancerClass";
  if (name === undefined) return [];
  if (type === "LoadBalancer") return labelNameErrors(path, name);
  return [forbidden(path, "may only be used when `type` is 'LoadBalancer'")];
}

/** What only services of a load balancer say. */
function balancerErrors({ spec }: Service): readonly FieldError[] {
  const isBalanced = spec.type === "LoadBalancer";
  const detail = "may only be used when `type` is 'LoadBalancer'";
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const { allocateLoadBalancerNodePorts: allocates } = spec;
  const path = "spec.LoadBalancerSourceRanges";
  return [
    ...errorIf(ranges.length > 0 && !isBalanced, forbidden(path, detail)),
    ...ranges.flatMap((range, index) =>
      errorIf(
        parseCidr(range.trim()) === undefined,
        invalid(`${path}[${index}]`, range.trim(), NOT_A_RANGE),
      ),
    ),
    ...errorIf(
      allocates !== undefined && !isBalanced,
      forbidden("spec.allocateLoadBalancerNodePorts", detail),
    ),
    ...classErrors(spec),
  ];
}

function trafficPolicyErrors(service: Service): readonly FieldError[] {
  const { externalTrafficPolicy: outer, internalTrafficPolicy: inner } = service.spec;
  const { healthCheckNodePort: healthPort = 0 } = service.spec;
  const policies = ["Cluster", "Local"];
  const isOutside = isReachable(service);
  const needsHealth = needsHealthPort(service);
  const inside = "may only be set for externally-accessible services";
  const unasked =
    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return [
    ...(isOutside
      ? oneOf("spec.externalTrafficPolicy", outer, policies)
      : errorIf((outer ?? "") !== "", invalid("spec.externalTrafficPolicy", outer, inside))),
    ...errorIf(
      !needsHealth && healthPort !== 0,
      invalid("spec.healthCheckNodePort", healthPort, unasked),
    ),
    ...(needsHealth && healthPort !== 0
      ? portNumberErrors("spec.healthCheckNodePort", healthPort)
      : []),
    ...noneOrOneOf("spec.internalTrafficPolicy", inner, policies),
  ];
}
