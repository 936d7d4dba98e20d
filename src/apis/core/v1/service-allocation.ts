/**
 * Addresses and ports that the server gives to services. Here is only what a service needs, and
 * how it looks with it; which ones are free is known to who keeps the books.
 */
import type { Service, ServicePort } from "./types.generated.ts";

/** An address that says: none, and none wanted. */
export const HEADLESS = "None";

/** What has to be found for a service before it can be stored. */
export type ServiceNeeds = {
  readonly needsClusterIp: boolean;
  /** How many ports of the nodes are needed. */
  readonly nodePorts: number;
};

/** Numbers the service asks for by itself, or was given before: taken, if nobody else has them. */
export type ServiceClaims = {
  readonly clusterIps: readonly string[];
  readonly nodePorts: readonly number[];
};

/** What `service` has to be given. */
export function serviceNeeds(service: Service): ServiceNeeds {
  const clusterIp = service.spec.clusterIP ?? "";
  return {
    needsClusterIp: hasClusterIp(service) && clusterIp === "",
    nodePorts:
      (hasNodePorts(service) ? portsOf(service).filter(isWithoutNodePort).length : 0) +
      (isWithoutHealthPort(service) ? 1 : 0),
  };
}

/** What `service` has. */
export function serviceClaims(service: Service): ServiceClaims {
  const addresses = hasClusterIp(service) ? (service.spec.clusterIPs ?? []) : [];
  const healthPort = service.spec.healthCheckNodePort ?? 0;
  const nodePorts = [...portsOf(service).map((port) => port.nodePort ?? 0), healthPort];
  return {
    clusterIps: addresses.filter((address) => address !== "" && address !== HEADLESS),
    nodePorts: nodePorts.filter((port) => port !== 0),
  };
}

/** `service` with what it was given; as many ports as it needed, used in order. */
export function withAllocations(
  service: Service,
  given: { readonly clusterIp?: string; readonly nodePorts: readonly number[] },
): Service {
  const { clusterIp, nodePorts } = given;
  const free = [...nodePorts];
  const ports = portsOf(service).map((port) => {
    const nodePort = isWithoutNodePort(port) && hasNodePorts(service) ? free.shift() : undefined;
    return nodePort === undefined ? port : { ...port, nodePort };
  });
  const healthPort = isWithoutHealthPort(service) ? free.shift() : undefined;
  return {
    ...service,
    spec: {
      ...service.spec,
      ...(healthPort === undefined ? {} : { healthCheckNodePort: healthPort }),
      ...(ports.length === 0 ? {} : { ports }),
      ...(clusterIp === undefined ? {} : { clusterIP: clusterIp, clusterIPs: [clusterIp] }),
    },
  };
}

/** Whether the service is reached at an address of its own inside the cluster. */
export function hasClusterIp(service: Service): boolean {
  return service.spec.type !== "ExternalName";
}

/** Whether the service is given a port of every node for each of its own. */
export function hasNodePorts(service: Service): boolean {
  return canHaveNodePorts(service) && service.spec.allocateLoadBalancerNodePorts !== false;
}

/** Whether the service can be reached at ports of every node. */
export function canHaveNodePorts({ spec }: Service): boolean {
  return spec.type === "NodePort" || spec.type === "LoadBalancer";
}

/** Whether a load balancer has to be told which nodes have pods of the service. */
export function needsHealthPort(service: Service): boolean {
  return service.spec.type === "LoadBalancer" && service.spec.externalTrafficPolicy === "Local";
}

/** Whether the service can be reached from outside the cluster. */
export function isReachable(service: Service): boolean {
  const { type, externalIPs = [] } = service.spec;
  if (type === "NodePort" || type === "LoadBalancer") return true;
  return type === "ClusterIP" && externalIPs.length > 0;
}

/** Whether the service has no address, and names stand for its pods directly. */
export function isHeadless(service: Service): boolean {
  return service.spec.clusterIP === HEADLESS || service.spec.clusterIPs?.[0] === HEADLESS;
}

function portsOf(service: Service): readonly ServicePort[] {
  return service.spec.ports ?? [];
}

function isWithoutHealthPort(service: Service): boolean {
  return needsHealthPort(service) && (service.spec.healthCheckNodePort ?? 0) === 0;
}

function isWithoutNodePort(port: ServicePort): boolean {
  return (port.nodePort ?? 0) === 0;
}
