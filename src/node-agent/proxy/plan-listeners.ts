/** Where a node listens for services, and to where it passes connections on. Pure. */
import type { ServicePort } from "../../apis/core/v1/types.generated.ts";
import type { Endpoint } from "../../apis/discovery/v1/types.generated.ts";
import type { EndpointSlice, Service } from "../../client/builtin.ts";
import { isIP } from "../../machinery/ip-address.ts";
import { compareKeys, compareText, keyOf, keyText } from "../../machinery/key.ts";

/** An address and a port of it. */
export type SocketAddress = { readonly address: string; readonly port: number };

export type PlannedListener = SocketAddress & {
  /** Unique in a plan. */
  readonly key: string;
  readonly service: Service;
  /** How long a client stays with its backend after its last connection; undefined: not at all. */
  readonly affinityMs: number | undefined;
  /** In order of their text, each once. */
  readonly backends: readonly SocketAddress[];
};

const SERVICE_NAME_LABEL = "kubernetes.io/service-name";
const AFFINITY_SECONDS = 10_800;
const PORT_MAX = 65_535;

/**
 * A listener for each TCP port of each address inside the cluster, those without backends included:
 * there connections are refused. Endpoints at the address of a service are left out, as a
 * connection could go round between them for ever.
 */
export function planListeners(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
): readonly PlannedListener[] {
  const byService = Map.groupBy(slices, serviceOf);
  const inOrder = [...services].sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
  const taken = new Set(inOrder.flatMap(clusterAddresses));
  const planned = inOrder.flatMap((service) => {
    const own = byService.get(keyText(keyOf(service))) ?? [];
    return listenersOf(service, own, (backend) => !taken.has(backend.address));
  });
  return [...new Map(planned.map((listener) => [listener.key, listener])).values()];
}

/** `127.96.0.7:80`, `[fd00::1]:80`. */
export function addressText({ address, port }: SocketAddress): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function listenersOf(
  service: Service,
  slices: readonly EndpointSlice[],
  isAllowed: (backend: SocketAddress) => boolean,
): readonly PlannedListener[] {
  const ports = (service.spec.ports ?? []).filter(({ protocol = "TCP" }) => protocol === "TCP");
  return clusterAddresses(service).flatMap((address) =>
    ports.map(({ port, name }): PlannedListener => ({
      key: addressText({ address, port }),
      address,
      port,
      service,
      affinityMs: affinityMsOf(service),
      backends: backendsOf(name, slices.filter(isOfFamily(address))).filter(isAllowed),
    })),
  );
}

/** Addresses that lead to the service inside the cluster; none for a headless service. */
function clusterAddresses({ spec }: Service): readonly string[] {
  if (spec.type === "ExternalName") return [];
  return (spec.clusterIPs ?? [spec.clusterIP ?? ""]).filter(isIP);
}

/** As upstream: those that are ready; if there are none, those that end but still serve. */
function backendsOf(
  name: ServicePort["name"],
  slices: readonly EndpointSlice[],
): readonly SocketAddress[] {
  const placed = slices.flatMap(({ ports, endpoints }) => {
    const port = (ports ?? []).find(
      (each) => (each.name ?? "") === (name ?? "") && (each.protocol ?? "TCP") === "TCP",
    )?.port;
    if (port === undefined || port < 1 || port > PORT_MAX) return [];
    return (endpoints ?? []).flatMap((endpoint) => {
      const [address] = endpoint.addresses;
      return address === undefined || !isIP(address) ? [] : [{ endpoint, address, port }];
    });
  });
  const ready = placed.filter(({ endpoint }) => isReady(endpoint));
  const chosen = ready.length > 0 ? ready : placed.filter(({ endpoint }) => isEnding(endpoint));
  const byText = new Map(
    chosen.map(({ address, port }) => [addressText({ address, port }), { address, port }]),
  );
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, backend]) => backend);
}

/** An endpoint that does not say is taken to be ready. */
function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready !== false;
}

function isEnding({ conditions }: Endpoint): boolean {
  return conditions?.terminating === true && conditions.serving !== false;
}

function isOfFamily(address: string): (slice: EndpointSlice) => boolean {
  const type = address.includes(":") ? "IPv6" : "IPv4";
  return (slice) => slice.addressType === type;
}

function affinityMsOf({ spec }: Service): number | undefined {
  if (spec.sessionAffinity !== "ClientIP") return undefined;
  return (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_SECONDS) * 1000;
}

function serviceOf({ metadata }: EndpointSlice): string {
  const name = metadata.labels?.[SERVICE_NAME_LABEL] ?? "";
  return keyText({ namespace: metadata.namespace ?? "", name });
}
