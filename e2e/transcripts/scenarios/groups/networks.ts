import type { Asked, Scenario } from "../../scenario.ts";

const labels = { app: "a" };
const port = (number: number): object => ({ port: { number } });

/** Ingresses, their classes, network policies, addresses and ranges. */
export function networkRules(namespace: string): Scenario {
  const group = "/apis/networking.k8s.io/v1";
  const inside = `${group}/namespaces/${namespace}`;
  const post = (path: string, name: string, spec: object): Asked => {
    return { method: "POST", path, body: { metadata: { name }, spec } };
  };
  const name = namespace;
  const backend = { service: { name: "s", ...port(80) } };
  const http = (path: string, pathType?: string): object => {
    return { http: { paths: [{ path, ...(pathType && { pathType }), backend }] } };
  };
  const parameters = { kind: "K", name: "n", scope: "Namespace" };
  return {
    name: "network-rules",
    namespace,
    steps: [
      post(`${inside}/ingresses`, "a", { rules: [{ host: "a.io", ...http("/x", "Prefix") }] }),
      post(`${inside}/ingresses`, "b", {
        tls: [{ hosts: ["*"] }],
        rules: [{ host: "1.2.3.4", ...http("x//", "Exact") }, http("/")],
      }),
      { method: "PATCH", path: `${inside}/ingresses/a`, body: { spec: { rules: null } } },
      {
        method: "PATCH",
        path: `${inside}/ingresses/a/status`,
        body: { status: { loadBalancer: { ingress: [{ ip: "1.2.3.400", hostname: "a_b" }] } } },
      },
      post(`${group}/ingressclasses`, name, { controller: "example.com", parameters }),
      post(`${group}/ingressclasses`, name, { controller: "example.com/c" }),
      {
        method: "PATCH",
        path: `${group}/ingressclasses/${name}`,
        body: { spec: { controller: "other" } },
      },
      { method: "DELETE", path: `${group}/ingressclasses/${name}` },
      post(`${inside}/networkpolicies`, "a", { podSelector: {}, egress: [{}] }),
      post(`${inside}/networkpolicies`, "b", {
        podSelector: {},
        policyTypes: ["Both"],
        ingress: [
          {
            from: [
              {},
              { podSelector: {}, ipBlock: { cidr: "10.0.0.0/8", except: ["11.0.0.0/8"] } },
            ],
            ports: [{ port: 90, endPort: 80 }, { protocol: "ICMP", port: "Http!" }, { endPort: 1 }],
          },
        ],
      }),
      post(`${group}/ipaddresses`, "10.77.1.01", {
        parentRef: { resource: "services", namespace: "a", name: "b" },
      }),
      post(`${group}/servicecidrs`, name, { cidrs: ["10.77.0.1/16", "10.78.0.0/16"] }),
    ],
  };
}

/** Budgets of disruptions: a name may be anything that fits into a path. */
export function budgetRules(namespace: string): Scenario {
  const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
  const selector = { matchLabels: labels };
  const condition = { type: "DisruptionAllowed", status: "Maybe" };
  return {
    name: "budget-rules",
    namespace,
    steps: [
      { method: "POST", path, body: { metadata: { name: "A b" }, spec: { selector } } },
      {
        method: "POST",
        path,
        body: {
          metadata: { name: "b" },
          spec: { selector, minAvailable: "150%", maxUnavailable: "x" },
        },
      },
      { method: "POST", path, body: { metadata: { name: "c" }, spec: { maxUnavailable: 1 } } },
      {
        method: "PUT",
        path: `${path}/c`,
        body: { metadata: { name: "c" }, spec: { maxUnavailable: 2 } },
      },
      { method: "PATCH", path: `${path}/c`, body: { spec: { unhealthyPodEvictionPolicy: "No" } } },
      {
        method: "PATCH",
        path: `${path}/c/status`,
        body: { status: { conditions: [condition], currentHealthy: -1 } },
      },
    ],
  };
}

/** Endpoint slices and leases. */
export function sliceRules(namespace: string): Scenario {
  const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const slice = (name: string, rest: object): object => ({ metadata: { name }, ...rest });
  const v4 = { addressType: "IPv4" };
  return {
    name: "slice-rules",
    namespace,
    steps: [
      {
        method: "POST",
        path: slices,
        body: slice("a", {
          ...v4,
          endpoints: [{ addresses: ["10.0.0.1"], deprecatedTopology: { a: "b" } }],
          ports: [{ port: 80 }],
        }),
      },
      { method: "POST", path: slices, body: slice("b", v4) },
      { method: "POST", path: slices, body: slice("c", { addressType: "FQDN" }) },
      {
        method: "POST",
        path: slices,
        body: slice("d", {
          ...v4,
          endpoints: [
            { addresses: ["::2", "0.0.0.0", "10.0.0.01"] },
            { addresses: [] },
            { addresses: ["10.0.0.1"], hints: { forZones: [{ name: "a b" }, { name: "a b" }] } },
          ],
          ports: [{ name: "A" }, { name: "A", protocol: "ICMP" }],
        }),
      },
      {
        method: "PATCH",
        path: `${slices}/a`,
        body: { addressType: "IPv6", metadata: { labels } },
      },
      { method: "PATCH", path: `${slices}/a`, body: { metadata: { labels } } },
      { method: "PUT", path: `${slices}/e`, body: slice("e", v4) },
      {
        method: "POST",
        path: leases,
        body: slice("a", { spec: { leaseDurationSeconds: 0, renewTime: "2026-01-01T00:00:00Z" } }),
      },
      {
        method: "POST",
        path: leases,
        body: slice("a", {
          spec: { leaseDurationSeconds: 0, leaseTransitions: -1, strategy: "x" },
        }),
      },
      { method: "PUT", path: `${leases}/a`, body: slice("a", { spec: { holderIdentity: "h" } }) },
      { method: "PUT", path: `${leases}/a`, body: slice("a", { spec: { holderIdentity: "i" } }) },
    ],
  };
}
