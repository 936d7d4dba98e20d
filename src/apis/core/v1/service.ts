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
  canHaveNodePorts,
  hasClusterIp,
  isHeadless,
  isReachable,
  needsHealthPort,
} from "./service-allocation.ts";
import { withoutOldType } from "./service-type-change.ts";
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
    ...withFamilies(withoutOldType(withAddressList(withKept(next, old), old), old), old),
    status: next.spec.type === "LoadBalancer" ? old.status : { ...old.status, loadBalancer: {} },
  }),
  validate: (service, old) => (old === undefined ? serviceErrors(service) : []),
  validateUpdate: (next, old) => [...serviceUpdateErrors(next, old), ...serviceErrors(next)],
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
  const { sessionAffinityConfig: _config, internalTrafficPolicy: inner, ...rest } = spec;
  const { ports } = rest;
  return {
    ...service,
    spec: {
      ...rest,
      type,
      sessionAffinity,
      ...affinityConfig(sessionAffinity, spec),
      ...(ports === undefined ? {} : { ports: ports.map(withPortDefaults) }),
      ...(isOutside ? { externalTrafficPolicy: spec.externalTrafficPolicy || "Cluster" } : {}),
      ...(type === "ExternalName" ? {} : { internalTrafficPolicy: inner ?? "Cluster" }),
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

/** Without affinity there is nothing to say of it. */
function affinityConfig(
  affinity: string,
  spec: ServiceSpec,
): Pick<ServiceSpec, "sessionAffinityConfig"> {
  const { sessionAffinityConfig: own } = spec;
  if (affinity === "None" || (affinity !== "ClientIP" && own === undefined)) return {};
  if (affinity !== "ClientIP") return own === undefined ? {} : { sessionAffinityConfig: own };
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
function withFamilies(service: Service, old?: Service): Service {
  if (!hasClusterIp(service)) return service;
  if (old !== undefined && hasClusterIp(old) && isHeadless(old) === isHeadless(service)) {
    const { ipFamilies = old.spec.ipFamilies, ipFamilyPolicy = old.spec.ipFamilyPolicy } =
      service.spec;
    return withSpec(service, {
      ...(ipFamilies === undefined ? {} : { ipFamilies }),
      ...(ipFamilyPolicy === undefined ? {} : { ipFamilyPolicy }),
    });
  }
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
  const keepsPorts = canHaveNodePorts(next) && canHaveNodePorts(old);
  if (!keepsPorts || ports === undefined) return withSpec(next, kept);
  const before = new Map((old.spec.ports ?? []).map(({ name = "", nodePort }) => [name, nodePort]));
  const chosen = new Set(ports.map(({ nodePort }) => nodePort));
  const keptPorts = ports.map((port) => {
    const known = before.get(port.name ?? "");
    if ((port.nodePort ?? 0) !== 0 || known === undefined || chosen.has(known)) return port;
    return { ...port, nodePort: known };
  });
  return withSpec(next, { ...kept, ports: keptPorts });
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
