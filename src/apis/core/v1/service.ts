/** Services: one address and name for pods that come and go. */
import { dnsLabelProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import type { Strategy, TableCell } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  labelsText,
  NAME_COLUMN,
  nameOf,
  NONE,
  textOrNone,
  wideColumn,
} from "../../table-columns.ts";
import { serviceSchema } from "./schema.generated.ts";
import {
  hasClusterIp,
  hasNodePorts,
  isHeadless,
  isReachable,
  needsHealthPort,
} from "./service-allocation.ts";
import { serviceStatusErrors } from "./service-status-validation.ts";
import { serviceErrors, serviceUpdateErrors } from "./service-validation.ts";
import { serviceWarnings } from "./service-warnings.ts";
import type { LoadBalancerStatus, Service, ServicePort, ServiceSpec } from "./types.generated.ts";

const AFFINITY_SECONDS = 10_800;

const PROXY_VERBS: readonly string[] = ["create", "delete", "get", "patch", "update"];

export const serviceStrategy: Strategy<Service> = {
  names: {
    group: "",
    version: "v1",
    kind: "Service",
    plural: "services",
    singular: "service",
    shortNames: ["svc"],
    categories: ["all"],
    isNamespaced: true,
  },
  schema: serviceSchema,
  nameProblem: dnsLabelProblem,
  hasGeneration: false,
  isCreatedByUpdate: true,
  isUpdatedUnconditionally: true,
  applyDefaults: (service) => withDefaults(canonicalForm(service, serviceSchema)),
  prepareForCreate: (service) => ({
    ...withFamilies(withAddressList(service)),
    status: { loadBalancer: {} },
  }),
  prepareForUpdate: (next, old) => ({
    ...withFamilies(withAddressList(withKept(next, old), old)),
    status: old.status,
  }),
  validate: serviceErrors,
  validateUpdate: serviceUpdateErrors,
  warnings: serviceWarnings,
  status: {
    prepareForUpdate: (next, old) => ({ ...next, spec: old.spec }),
    validateUpdate: serviceStatusErrors,
  },
  otherSubresources: [
    { name: "proxy", group: "", version: "v1", kind: "ServiceProxyOptions", verbs: PROXY_VERBS },
  ],
  isReturnedWhenDeleted: true,
  isCollectionDeletable: true,
  fieldSelectors: {
    "spec.clusterIP": (service) => service.spec.clusterIP ?? "",
    "spec.type": (service) => service.spec.type ?? "",
  },
  columns: [
    NAME_COLUMN,
    column("Type", "How the service is reached."),
    column("Cluster-IP", "Address inside the cluster; None for a headless service."),
    column("External-IP", "Addresses from outside."),
    column("Port(s)", "Ports, with the port of the nodes where there is one."),
    AGE_COLUMN,
    wideColumn("Selector", "Labels of the pods behind it."),
  ],
  row: (service, nowMs) =>
    [
      nameOf(service),
      service.spec.type ?? "",
      service.spec.clusterIPs?.[0] ?? NONE,
      externalText(service),
      portsText(service.spec.ports ?? []),
      ageOf(service, nowMs),
      labelsText(service.spec.selector),
    ] satisfies readonly TableCell[],
};

function withDefaults(service: Service): Service {
  const { spec } = service;
  const type = spec.type || "ClusterIP";
  const sessionAffinity = spec.sessionAffinity || "None";
  const isOutside = isReachable({ ...service, spec: { ...spec, type } });
  const { ports } = spec;
  return {
    ...service,
    spec: {
      ...spec,
      type,
      sessionAffinity,
      ...(sessionAffinity === "ClientIP" ? affinityConfig(spec) : {}),
      ...(ports === undefined ? {} : { ports: ports.map(withPortDefaults) }),
      ...(isOutside ? { externalTrafficPolicy: spec.externalTrafficPolicy || "Cluster" } : {}),
      ...(type === "ExternalName"
        ? {}
        : { internalTrafficPolicy: spec.internalTrafficPolicy ?? "Cluster" }),
      ...(type === "LoadBalancer"
        ? { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true }
        : {}),
    },
    status: {
      ...service.status,
      loadBalancer: withIpModes(service.status.loadBalancer ?? {}, type),
    },
  };
}

/** Traffic to the address of a load balancer comes to nodes as it is, unless it says otherwise. */
function withIpModes(balancer: LoadBalancerStatus, type: string): LoadBalancerStatus {
  const { ingress } = balancer;
  if (type !== "LoadBalancer" || ingress === undefined) return balancer;
  return {
    ...balancer,
    ingress: ingress.map((entry) =>
      (entry.ip ?? "") === "" ? entry : { ...entry, ipMode: entry.ipMode ?? "VIP" },
    ),
  };
}

function affinityConfig(spec: ServiceSpec): Pick<ServiceSpec, "sessionAffinityConfig"> {
  const clientIP = spec.sessionAffinityConfig?.clientIP;
  const timeoutSeconds = clientIP?.timeoutSeconds ?? AFFINITY_SECONDS;
  return { sessionAffinityConfig: { clientIP: { ...clientIP, timeoutSeconds } } };
}

function withPortDefaults(port: ServicePort): ServicePort {
  const { targetPort } = port;
  const isGiven = targetPort !== undefined && targetPort !== 0 && targetPort !== "";
  return {
    ...port,
    protocol: port.protocol || "TCP",
    targetPort: isGiven ? targetPort : port.port,
  };
}

/** The first address has an old name and a place in the list; who changes one means both. */
function withAddressList(service: Service, old?: Service): Service {
  const { clusterIP = "", clusterIPs = [] } = service.spec;
  const isListOld = old === undefined ? clusterIPs.length === 0 : isSameList(clusterIPs, old);
  if (clusterIP !== "" && isListOld && clusterIPs[0] !== clusterIP) {
    return withSpec(service, { clusterIPs: [clusterIP, ...clusterIPs.slice(1)] });
  }
  const [first = ""] = clusterIPs;
  return clusterIP === "" && first !== "" ? withSpec(service, { clusterIP: first }) : service;
}

function isSameList(clusterIPs: readonly string[], old: Service): boolean {
  const before = old.spec.clusterIPs ?? [];
  return clusterIPs.length === before.length && clusterIPs.every((ip, i) => ip === before[i]);
}

/** One family on this server: addresses are IPv4 unless the service names its own. */
function withFamilies(service: Service): Service {
  if (!hasClusterIp(service)) return service;
  const isOpen = isHeadless(service) && Object.keys(service.spec.selector ?? {}).length === 0;
  const families = service.spec.clusterIPs?.some((address) => address.includes(":")) === true;
  const own = families ? ["IPv6"] : ["IPv4"];
  return withSpec(service, {
    ipFamilies: service.spec.ipFamilies ?? (isOpen ? ["IPv4", "IPv6"] : own),
    ipFamilyPolicy: service.spec.ipFamilyPolicy ?? (isOpen ? "RequireDualStack" : "SingleStack"),
  });
}

/** A PUT that leaves out what the server gave means to keep it. */
function withKept(next: Service, old: Service): Service {
  const keepsIps = hasClusterIp(next) && hasClusterIp(old);
  const clusterIP = next.spec.clusterIP || old.spec.clusterIP;
  const clusterIPs = next.spec.clusterIPs ?? old.spec.clusterIPs;
  const healthPort = next.spec.healthCheckNodePort || old.spec.healthCheckNodePort;
  const keepsHealthPort = needsHealthPort(next) && needsHealthPort(old);
  const kept = {
    ...(keepsHealthPort && healthPort !== undefined ? { healthCheckNodePort: healthPort } : {}),
    ...(keepsIps && clusterIP !== undefined ? { clusterIP } : {}),
    ...(keepsIps && clusterIPs !== undefined ? { clusterIPs } : {}),
  };
  const { ports } = next.spec;
  if (!hasNodePorts(next) || !hasNodePorts(old) || ports === undefined) return withSpec(next, kept);
  const before = new Map((old.spec.ports ?? []).map((port) => [portKey(port), port.nodePort]));
  const keptPorts = ports.map((port) => {
    const nodePort = port.nodePort || before.get(portKey(port));
    return nodePort === undefined ? port : { ...port, nodePort };
  });
  return withSpec(next, { ...kept, ports: keptPorts });
}

function portKey(port: ServicePort): string {
  return `${port.protocol ?? ""}/${port.port}`;
}

function withSpec(service: Service, fields: Partial<ServiceSpec>): Service {
  return { ...service, spec: { ...service.spec, ...fields } };
}

function externalText(service: Service): string {
  const { type, externalName, externalIPs = [] } = service.spec;
  if (type === "ExternalName") return textOrNone(externalName);
  if (type !== "LoadBalancer") return textOrNone(externalIPs.join(","));
  const ingress = service.status.loadBalancer?.ingress ?? [];
  const balancers = ingress.map((entry) => entry.ip || (entry.hostname ?? ""));
  const all = [...balancers.filter((address) => address !== ""), ...externalIPs];
  return all.length === 0 ? "<pending>" : all.join(",");
}

function portsText(ports: readonly ServicePort[]): string {
  const texts = ports.map((port) => {
    const nodePort = port.nodePort ?? 0;
    const numbers = nodePort === 0 ? String(port.port) : `${port.port}:${nodePort}`;
    return `${numbers}/${port.protocol ?? ""}`;
  });
  return textOrNone(texts.join(","));
}
