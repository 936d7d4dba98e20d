/**
 * What becomes of a service's fields when it changes its type: what only the old type has, and its
 * writer did not touch, goes with it. What the writer changed stays, and is refused.
 */
import { equalValues } from "../../../machinery/json-value.ts";
import {
  canHaveNodePorts,
  hasClusterIp,
  isReachable,
  needsHealthPort,
} from "./service-allocation.ts";
import type { Service, ServicePort, ServiceSpec } from "./types.generated.ts";

/** `next` without what its type has no use for. */
export function withoutOldType(next: Service, old: Service): Service {
  const isGone = new Set<keyof ServiceSpec>(unusedFields(next, old));
  const kept = Object.entries(next.spec).filter(([key]) => ![...isGone].some((k) => k === key));
  const spec = Object.fromEntries(kept) as ServiceSpec; // all of its fields may be missing
  const { ports } = spec;
  const losesPorts =
    canHaveNodePorts(old) && !canHaveNodePorts(next) && hasSameNodePorts(next, old);
  return {
    ...next,
    spec: {
      ...spec,
      ...(losesPorts && ports !== undefined ? { ports: ports.map(withoutNodePort) } : {}),
    },
  };
}

function unusedFields(next: Service, old: Service): readonly (keyof ServiceSpec)[] {
  const isSame = (...keys: readonly (keyof ServiceSpec)[]): boolean =>
    keys.every((key) => equalValues(next.spec[key], old.spec[key]));
  const losesAddress = hasClusterIp(old) && !hasClusterIp(next);
  const losesBalancer = old.spec.type === "LoadBalancer" && next.spec.type !== "LoadBalancer";
  const losesHealthPort = needsHealthPort(old) && !needsHealthPort(next);
  const losesOutside = isReachable(old) && !isReachable(next);
  return [
    ...(losesAddress && isSame("clusterIP", "clusterIPs")
      ? (["clusterIP", "clusterIPs"] as const)
      : []),
    ...(losesAddress && isSame("ipFamilies") ? (["ipFamilies"] as const) : []),
    ...(losesAddress && isSame("ipFamilyPolicy") ? (["ipFamilyPolicy"] as const) : []),
    ...(losesHealthPort && isSame("healthCheckNodePort") ? (["healthCheckNodePort"] as const) : []),
    ...(losesBalancer && isSame("allocateLoadBalancerNodePorts")
      ? (["allocateLoadBalancerNodePorts"] as const)
      : []),
    ...(losesBalancer && isSame("loadBalancerClass") ? (["loadBalancerClass"] as const) : []),
    ...(losesOutside && isSame("externalTrafficPolicy")
      ? (["externalTrafficPolicy"] as const)
      : []),
  ];
}

function hasSameNodePorts(next: Service, old: Service): boolean {
  const before = numbersOf(old);
  return numbersOf(next).every((port) => before.includes(port));
}

function numbersOf({ spec }: Service): readonly number[] {
  return (spec.ports ?? []).flatMap(({ nodePort = 0 }) => (nodePort === 0 ? [] : [nodePort]));
}

function withoutNodePort(port: ServicePort): ServicePort {
  const { nodePort: _, ...rest } = port;
  return rest;
}
