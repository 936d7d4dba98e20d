/** Objects of the start that there are few of: namespaces, classes, and the way to the API. */
import { SYSTEM_PRIORITIES } from "../../apis/scheduling/v1/priority-class.ts";
import type { Endpoints } from "../../apis/core/v1/types.generated.ts";
import type { ServiceCIDR } from "../../apis/networking/v1/types.generated.ts";
import type { PriorityClass } from "../../apis/scheduling/v1/types.generated.ts";
import type { ConfigMap, EndpointSlice, Namespace, Service } from "../../client/builtin.ts";
import { ipv4Text, isIPv4, parseIPv4 } from "../../machinery/ip-address.ts";

/** Upstream's four; `kube-node-lease` holds the heartbeats of nodes. */
export const SYSTEM_NAMESPACES: readonly string[] = [
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
];

const API_NAME = "kubernetes";
const HTTPS_PORT = 443;

const PRIORITY_DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  [
    "system-node-critical",
    "Used for system critical pods that must not be moved from their current node.",
  ],
  [
    "system-cluster-critical",
    "Used for system critical pods that must run in the cluster, but can be moved to another " +
      "node if necessary.",
  ],
]);

/** Where the API server listens. */
export type ApiAddress = { readonly address: string; readonly port: number };

/** Whose word others take when requests are handed on to them: an authority, PEM, and a name. */
export type FrontProxyFacts = { readonly authorityPem: string; readonly name: string };

/** The address in a URL; undefined if others could not reach the server there. */
export function apiAddressOf(url: string): ApiAddress | undefined {
  const { hostname, port } = new URL(url);
  const isReachable = isIPv4(hostname) && hostname !== "0.0.0.0";
  return isReachable ? { address: hostname, port: Number(port) } : undefined;
}

export function systemNamespaces(): readonly Namespace[] {
  return SYSTEM_NAMESPACES.map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
    spec: {},
    status: {},
  }));
}

export function systemPriorityClasses(): readonly PriorityClass[] {
  return [...SYSTEM_PRIORITIES].map(([name, value]) => ({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value,
    description: PRIORITY_DESCRIPTIONS.get(name) ?? "",
    preemptionPolicy: "PreemptLowerPriority",
  }));
}

export function serviceCidr(range: string): ServiceCIDR {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "ServiceCIDR",
    metadata: { name: API_NAME, finalizers: ["networking.k8s.io/service-cidr-finalizer"] },
    spec: { cidrs: [range] },
    status: {},
  };
}

/** That the range can be used is said once, of the moment it was made. */
export function serviceCidrReady({ metadata }: ServiceCIDR): unknown {
  const condition = {
    type: "Ready",
    status: "True",
    message: "Kubernetes default Service CIDR is ready",
    lastTransitionTime: metadata.creationTimestamp,
  };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "ServiceCIDR",
    metadata: { name: API_NAME },
    status: { conditions: [condition] },
  };
}

/** The service at the first address of the range, through which pods reach the API. */
export function apiService(range: string, api: ApiAddress | undefined): Service {
  const clusterIP = firstAddress(range);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: API_NAME,
      namespace: "default",
      labels: { component: "apiserver", provider: "kubernetes" },
    },
    spec: {
      type: "ClusterIP",
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      sessionAffinity: "None",
      ports: [
        {
          name: "https",
          protocol: "TCP",
          port: HTTPS_PORT,
          targetPort: api?.port ?? HTTPS_PORT,
        },
      ],
    },
    status: {},
  };
}

export function apiEndpoints({ address, port }: ApiAddress): Endpoints {
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      name: API_NAME,
      namespace: "default",
      labels: { "endpointslice.kubernetes.io/skip-mirror": "true" },
    },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: "https", port, protocol: "TCP" }] }],
  };
}

export function apiEndpointSlice({ address, port }: ApiAddress): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: API_NAME,
      namespace: "default",
      labels: { "kubernetes.io/service-name": API_NAME },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "https", port, protocol: "TCP" }],
  };
}

/** What servers that extend the API need to know of who may call them, and how. */
export function authenticationConfig(
  authorityPem: string | undefined,
  frontProxy: FrontProxyFacts | undefined,
): ConfigMap {
  const data = {
    ...(authorityPem === undefined ? {} : { "client-ca-file": authorityPem }),
    ...(frontProxy === undefined ? {} : frontProxyConfig(frontProxy)),
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "extension-apiserver-authentication", namespace: "kube-system" },
    ...(Object.keys(data).length === 0 ? {} : { data }),
  };
}

/** Lists are JSON in text, as upstream writes them. */
function frontProxyConfig({
  authorityPem,
  name,
}: FrontProxyFacts): Readonly<Record<string, string>> {
  return {
    "requestheader-allowed-names": JSON.stringify([name]),
    "requestheader-client-ca-file": authorityPem,
    "requestheader-extra-headers-prefix": JSON.stringify(["X-Remote-Extra-"]),
    "requestheader-group-headers": JSON.stringify(["X-Remote-Group"]),
    "requestheader-uid-headers": JSON.stringify(["X-Remote-Uid"]),
    "requestheader-username-headers": JSON.stringify(["X-Remote-User"]),
  };
}

/** The address after that of the range itself: that of the API server, for pods. */
export function firstAddress(range: string): string {
  const [network = ""] = range.split("/");
  return ipv4Text((parseIPv4(network) ?? 0) + 1);
}
