/**
 * The addresses behind a service in the older form: groups of addresses that answer at the same
 * ports. Pure.
 */
import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
} from "../../apis/core/v1/types.generated.ts";
import type { Pod, Service } from "../../client/builtin.ts";
import { isConditionTrue } from "../../machinery/conditions.ts";
import { isIPv6 } from "../../machinery/ip-address.ts";
import { compareText } from "../../machinery/key.ts";
import { isTerminating } from "../../machinery/object.ts";
import { hasEnded } from "../../machinery/pod-phase.ts";
import { addressesOf, HEADLESS, namedPort } from "./endpoint.ts";

/** Addresses in one object: more would make it too large to be passed around at each change. */
export const ADDRESSES_MAX = 1_000;

/** Whether the service has no address of its own. */
export function isHeadless({ spec: { clusterIP = "" } }: Service): boolean {
  return clusterIP === "" || clusterIP === HEADLESS;
}

/** An address at one port; no port: that of a service without ports. */
type Entry = {
  readonly address: EndpointAddress;
  readonly isReady: boolean;
  readonly port: EndpointPort | undefined;
};

/** All subsets, in an order that depends on nothing but the addresses and ports. */
export function subsetsOf(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  return packed(pods.flatMap((pod) => entriesOf(service, pod)));
}

/** The same addresses and ports in the order of `subsetsOf`, however they were grouped before. */
export function repacked(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  return packed(
    subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }) => {
      const at = ports.length === 0 ? [undefined] : ports;
      return at.flatMap((port) => [
        ...addresses.map((address) => ({ address, isReady: true, port })),
        ...notReadyAddresses.map((address) => ({ address, isReady: false, port })),
      ]);
    }),
  );
}

function entriesOf(service: Service, pod: Pod): readonly Entry[] {
  const isPublished = service.spec.publishNotReadyAddresses === true;
  const ip = addressOf(service, pod);
  if (hasEnded(pod) || ip === undefined || (isTerminating(pod) && !isPublished)) return [];
  const { name = "", namespace = "", uid = "" } = pod.metadata;
  const { hostname = "", subdomain, nodeName } = pod.spec;
  const isNamed = hostname !== "" && subdomain === service.metadata.name;
  const address: EndpointAddress = {
    ...(isNamed ? { hostname } : {}),
    ip,
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
  const isReady = isPublished || isConditionTrue(pod.status.conditions, "Ready");
  return portsOf(service, pod).map((port) => ({ address, isReady, port }));
}

/** The pod's address of the family that the service names first. */
function addressOf({ spec }: Service, pod: Pod): string | undefined {
  const [family = isIPv6(spec.clusterIP ?? "") ? "IPv6" : "IPv4"] = spec.ipFamilies ?? [];
  return addressesOf(pod, family === "IPv6" ? "IPv6" : "IPv4")[0];
}

function portsOf(service: Service, pod: Pod): readonly (EndpointPort | undefined)[] {
  const { ports = [] } = service.spec;
  if (ports.length === 0) return isHeadless(service) ? [undefined] : [];
  return ports.flatMap(({ name, port, protocol = "TCP", appProtocol, targetPort = port }) => {
    const number =
      typeof targetPort === "number" ? targetPort : namedPort(pod, targetPort, protocol);
    if (number === undefined) return [];
    return [
      {
        ...(name === undefined || name === "" ? {} : { name }),
        port: number,
        protocol,
        ...(appProtocol === undefined ? {} : { appProtocol }),
      },
    ];
  });
}

/** Addresses by port, then ports by the addresses that have them. */
function packed(entries: readonly Entry[]): readonly EndpointSubset[] {
  const byPort = Map.groupBy(entries, ({ port }) => JSON.stringify(port ?? null));
  const groups = [...byPort.values()].map(distinct);
  const byAddresses = Map.groupBy(groups, (group) =>
    JSON.stringify(group.map(({ address, isReady }) => [address, isReady])),
  );
  return [...byAddresses.values()].map(subsetOf).sort(compareSubsets);
}

/** Each address once, in order. One that is not ready somewhere is not ready. */
function distinct(entries: readonly Entry[]): readonly Entry[] {
  const byAddress = new Map<string, Entry>();
  for (const entry of entries) {
    const key = addressKey(entry.address);
    const isReady = entry.isReady && (byAddress.get(key)?.isReady ?? true);
    byAddress.set(key, { ...entry, isReady });
  }
  return [...byAddress].sort(([a], [b]) => compareText(a, b)).map(([, entry]) => entry);
}

function addressKey({ ip, targetRef }: EndpointAddress): string {
  return `${ip} ${targetRef?.uid ?? ""}`;
}

/** Of groups that have the same addresses. */
function subsetOf(groups: readonly (readonly Entry[])[]): EndpointSubset {
  const [entries = []] = groups;
  const ready = entries.filter(({ isReady }) => isReady).map(({ address }) => address);
  const notReady = entries.filter(({ isReady }) => !isReady).map(({ address }) => address);
  const ports = groups.flatMap(([entry]) => (entry?.port === undefined ? [] : [entry.port]));
  return {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ...(ports.length > 0 ? { ports: ports.sort(comparePorts) } : {}),
  };
}

function comparePorts(a: EndpointPort, b: EndpointPort): number {
  return compareText(portKey(a), portKey(b));
}

function portKey({ name = "", protocol = "", port }: EndpointPort): string {
  return `${name} ${protocol} ${String(port).padStart(5, "0")}`;
}

function compareSubsets(a: EndpointSubset, b: EndpointSubset): number {
  return compareText((a.ports ?? []).map(portKey).join(), (b.ports ?? []).map(portKey).join());
}

/** The same subsets with no more than `ADDRESSES_MAX` addresses, those that are ready first. */
export function truncated(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  const ready = sum(subsets, ({ addresses = [] }) => addresses.length);
  const notReady = sum(subsets, ({ notReadyAddresses = [] }) => notReadyAddresses.length);
  if (ready + notReady <= ADDRESSES_MAX) return subsets;
  const isReadyCut = ready > ADDRESSES_MAX;
  const room = isReadyCut ? ADDRESSES_MAX : ADDRESSES_MAX - ready;
  const total = isReadyCut ? ready : notReady;
  let left = room;
  return subsets.map(({ addresses = [], notReadyAddresses = [], ports }) => {
    const cut = isReadyCut ? addresses : notReadyAddresses;
    const share = Math.min(left, Math.ceil((cut.length / total) * room));
    const kept = cut.slice(0, share);
    left -= kept.length;
    const stay = isReadyCut ? kept : addresses;
    const wait = isReadyCut ? [] : kept;
    return {
      ...(stay.length > 0 ? { addresses: stay } : {}),
      ...(wait.length > 0 ? { notReadyAddresses: wait } : {}),
      ...(ports === undefined ? {} : { ports }),
    };
  });
}

function sum<T>(items: readonly T[], amount: (item: T) => number): number {
  return items.reduce((total, item) => total + amount(item), 0);
}
