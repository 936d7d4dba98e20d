/** What a pod is to a service: one endpoint, and the ports at which it answers. Pure. */
import type { Endpoint, EndpointPort } from "../../apis/discovery/v1/types.generated.ts";
import type { Pod, Service } from "../../client/builtin.ts";
import { isConditionTrue } from "../../machinery/conditions.ts";
import { isIPv4, isIPv6 } from "../../machinery/ip-address.ts";
import { compareText } from "../../machinery/key.ts";
import { isTerminating } from "../../machinery/object.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";

/** Families of addresses; a slice holds those of one. */
export type AddressType = "IPv4" | "IPv6";

/** One that says: the service has no address of its own. */
export const HEADLESS = "None";

/** The families a service wants endpoints of. */
export function addressTypesOf(service: Service): readonly AddressType[] {
  const families = service.spec.ipFamilies ?? ["IPv4"];
  return (["IPv4", "IPv6"] as const).filter((type) => families.includes(type));
}

/** Whether the service's endpoints are pods, and so the business of this controller. */
export function hasPodEndpoints(service: Service): boolean {
  if (service.spec.type === "ExternalName") return false;
  return Object.keys(service.spec.selector ?? {}).length > 0;
}

/**
 * The endpoint that `pod` is; undefined if it is none: it has ended, or has no address of the type.
 * One on its way out stays an endpoint to the last, as connections to it may still be served.
 */
export function endpointOf(service: Service, pod: Pod, type: AddressType): Endpoint | undefined {
  const addresses = addressesOf(pod, type);
  if (hasEnded(pod) || addresses.length === 0) return undefined;
  const { name = "", namespace = "", uid = "" } = pod.metadata;
  const { nodeName, hostname, subdomain } = pod.spec;
  const isNamed = hostname !== undefined && hostname !== "" && subdomain === service.metadata.name;
  const serving = isConditionTrue(pod.status.conditions, "Ready");
  const terminating = isTerminating(pod);
  const isPublished = service.spec.publishNotReadyAddresses === true;
  return {
    addresses,
    conditions: { ready: isPublished || (serving && !terminating), serving, terminating },
    ...(isNamed ? { hostname } : {}),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: { kind: "Pod", name, namespace, uid },
  };
}

/**
 * The service's ports as `pod` has them. A target port given by name may be a different number in
 * each pod; one that the pod does not have is left out.
 */
export function endpointPortsOf(service: Service, pod: Pod): readonly EndpointPort[] {
  const ports = (service.spec.ports ?? []).flatMap((port): readonly EndpointPort[] => {
    const { name = "", protocol = "TCP", appProtocol } = port;
    const target = port.targetPort ?? port.port;
    const number = typeof target === "number" ? target : namedPort(pod, target, protocol);
    if (number === undefined) return [];
    const app = appProtocol === undefined ? {} : { appProtocol };
    return [{ name, port: number, protocol, ...app }];
  });
  return ports.sort((a, b) => compareText(a.name ?? "", b.name ?? ""));
}

/** All addresses of the pod that are of one family. */
export function addressesOf(pod: Pod, type: AddressType): readonly string[] {
  const { podIP, podIPs = [] } = pod.status;
  const all = podIPs.length > 0 ? podIPs.map(({ ip }) => ip) : [podIP ?? ""];
  return all.filter(type === "IPv4" ? isIPv4 : isIPv6);
}

/** The number of the pod's port of this name, if it has one. */
export function namedPort(pod: Pod, name: string, protocol: string): number | undefined {
  const sidecars = (pod.spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  return [...pod.spec.containers, ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .find((port) => port.name === name && (port.protocol ?? "TCP") === protocol)?.containerPort;
}
