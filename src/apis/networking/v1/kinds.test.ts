import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, updateRefusalOf, type Sent } from "../../testing.ts";
import { ingressClassStrategy } from "./ingress-class.ts";
import { ingressStrategy } from "./ingress.ts";
import { ipAddressStrategy } from "./ip-address.ts";
import { networkPolicyStrategy } from "./network-policy.ts";
import { serviceCidrStrategy } from "./service-cidr.ts";
import type { Ingress } from "./types.generated.ts";

const service = { name: "web", port: { number: 80 } };

function anIngress(path: object): Sent {
  const paths = [{ path: "/", pathType: "Prefix", backend: { service }, ...path }];
  return { spec: { rules: [{ host: "web.example", http: { paths } }] } };
}

const PATH = "spec.rules[0].http.paths[0]";

for (const { name, sent, told } of [
  {
    name: "nothing",
    sent: {},
    told: "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified",
  },
  {
    name: "a relative path",
    sent: anIngress({ path: "a" }),
    told: `${PATH}.path: Invalid value: "a": must be an absolute path`,
  },
  {
    name: "a path that leads up",
    sent: anIngress({ path: "/a/.." }),
    told: `${PATH}.path: Invalid value: "/a/..": cannot end with '/..'`,
  },
  {
    name: "no type of path",
    sent: anIngress({ pathType: "" }),
    told: `${PATH}.pathType: Required value: pathType must be specified`,
  },
  {
    name: "a type of path that is none",
    sent: anIngress({ pathType: "Regex" }),
    told:
      `${PATH}.pathType: Unsupported value: "Regex": supported values: "Exact", ` +
      '"ImplementationSpecific", "Prefix"',
  },
  {
    name: "no backend",
    sent: anIngress({ backend: {} }),
    told: `${PATH}.backend: Invalid value: "": resource or service backend is required`,
  },
  {
    name: "no port",
    sent: anIngress({ backend: { service: { name: "web" } } }),
    told: `${PATH}.backend: Required value: port name or number is required`,
  },
  {
    name: "two ports",
    sent: anIngress({ backend: { service: { name: "web", port: { name: "a", number: 1 } } } }),
    told: `${PATH}.backend: Invalid value: "": cannot set both port name & port number`,
  },
  {
    name: "an address for a host",
    sent: { spec: { rules: [{ host: "10.0.0.1" }] } },
    told: 'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
  },
  {
    name: "stars in a host",
    sent: { spec: { rules: [{ host: "a.*.b" }] } },
    told: 'spec.rules[0].host: Invalid value: "a.*.b": a wildcard DNS-1123 subdomain must start',
  },
  {
    name: "two classes",
    sent: {
      ...anIngress({}),
      metadata: { name: "x", annotations: { "kubernetes.io/ingress.class": "a" } },
      spec: { defaultBackend: { service }, ingressClassName: "b" },
    },
    told: "must match `ingressClassName` when both are specified",
  },
]) {
  test(`an ingress with ${name} is refused`, () => {
    expect(refusalOf(ingressStrategy, sent)).toContain(told);
  });
}

test("an ingress shows three hosts, its addresses and its ports", () => {
  const row = (spec: object, status: object = {}): unknown => {
    const ingress = created(ingressStrategy, { spec });
    const told: Ingress = { ...ingress, status };
    return ingressStrategy.row(told, NOW_MS).slice(1, 5);
  };
  const rules = ["a", "b", "c", "d", "e"].map((host) => ({ host }));
  const ingress = [{ ip: "10.0.0.2" }, { hostname: "lb.example" }, { ip: "10.0.0.1" }];
  expect(row({ rules })).toEqual(["<none>", "a,b,c + 2 more...", "", "80"]);
  const spec = { ingressClassName: "n", tls: [{}], defaultBackend: { service } };
  expect(row(spec, { loadBalancer: { ingress } })).toEqual([
    "n",
    "*",
    "10.0.0.1,10.0.0.2,lb.example",
    "80, 443",
  ]);
});

test("the old way to name a class is warned of", () => {
  const metadata = { name: "x", annotations: { "kubernetes.io/ingress.class": "a" } };
  const ingress = created(ingressStrategy, { ...anIngress({}), metadata });
  expect(ingressStrategy.warnings?.(ingress, undefined)).toEqual([
    'annotation "kubernetes.io/ingress.class" is deprecated, please use ' +
      "'spec.ingressClassName' instead",
  ]);
});

const parameters = { kind: "Settings", name: "s" };

for (const { name, spec, told } of [
  { name: "a controller", spec: { controller: "a.io/b", parameters }, told: "" },
  { name: "no controller", spec: {}, told: "spec.controller: Required value" },
  {
    name: "a controller without a domain",
    spec: { controller: "nginx" },
    told: 'must be a domain-prefixed path (such as "acme.io/foo")',
  },
  {
    name: "parameters of the cluster in a namespace",
    spec: { controller: "a.io/b", parameters: { ...parameters, namespace: "n" } },
    told: "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'",
  },
  {
    name: "parameters of no namespace",
    spec: { controller: "a.io/b", parameters: { ...parameters, scope: "Namespace" } },
    told: "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
  },
]) {
  test(`an ingress class with ${name} is told: ${told}`, () => {
    expect(refusalOf(ingressClassStrategy, { spec })).toContain(told);
  });
}

test("the controller of a class stays", () => {
  const old = created(ingressClassStrategy, { spec: { controller: "a.io/b" } });
  expect(
    updateRefusalOf(ingressClassStrategy, old, (same) => ({
      ...same,
      spec: { controller: "a.io/c" },
    })),
  ).toBe('spec.controller: Invalid value: "a.io/c": field is immutable');
});

test("a policy is about what it has rules for, over TCP", () => {
  const sent = { spec: { egress: [{ ports: [{ port: 53 }] }] } };
  expect(created(networkPolicyStrategy, sent).spec).toEqual({
    podSelector: {},
    egress: [{ ports: [{ port: 53, protocol: "TCP" }] }],
    policyTypes: ["Ingress", "Egress"],
  });
});

const from = (peer: object): Sent => ({ spec: { ingress: [{ from: [peer] }] } });
const port = (fields: object): Sent => ({ spec: { ingress: [{ ports: [fields] }] } });

for (const { name, sent, told } of [
  {
    name: "a peer that is nobody",
    sent: from({}),
    told: "spec.ingress[0].from[0]: Required value: must specify a peer",
  },
  {
    name: "a peer that is a range and pods",
    sent: from({ podSelector: {}, ipBlock: { cidr: "10.0.0.0/8" } }),
    told: "spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer",
  },
  {
    name: "an exception outside its range",
    sent: from({ ipBlock: { cidr: "10.0.0.0/8", except: ["11.0.0.0/16"] } }),
    told:
      'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict ' +
      "subset of `cidr`",
  },
  {
    name: "an exception of all",
    sent: from({ ipBlock: { cidr: "10.0.0.0/8", except: ["10.0.0.0/8"] } }),
    told: "must be a strict subset of `cidr`",
  },
  {
    name: "ports that end before they begin",
    sent: port({ port: 2, endPort: 1 }),
    told: "endPort: Invalid value: 2: must be greater than or equal to `port`",
  },
  {
    name: "ports that end at a name",
    sent: port({ port: "web", endPort: 1 }),
    told: "endPort: Invalid value: 1: may not be specified when `port` is non-numeric",
  },
  {
    name: "a protocol that is none",
    sent: port({ protocol: "ICMP" }),
    told: 'protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"',
  },
  {
    name: "three types",
    sent: { spec: { policyTypes: ["Ingress", "Egress", "Ingress"] } },
    told: "may not specify more than two policyTypes",
  },
]) {
  test(`a policy with ${name} is refused`, () => {
    expect(refusalOf(networkPolicyStrategy, sent)).toContain(told);
  });
}

test("a range that was let in before is let be", () => {
  const sent = from({ ipBlock: { cidr: "10.0.0.1/8" } });
  const old = created(networkPolicyStrategy, sent);
  expect(refusalOf(networkPolicyStrategy, sent)).not.toBe("");
  expect(updateRefusalOf(networkPolicyStrategy, old, (same) => same)).toBe("");
});

test("ranges of services stay; one of the other family may join", () => {
  const refused = (cidrs: readonly string[]): string =>
    refusalOf(serviceCidrStrategy, { spec: { cidrs } });
  expect(refused([])).toBe("spec.cidrs: Required value: at least one CIDR required");
  expect(refused(["10.0.0.0/16", "11.0.0.0/16"])).toContain("may specify no more than one IP");
  const old = created(serviceCidrStrategy, { spec: { cidrs: ["10.0.0.0/16"] } });
  const change = (cidrs: readonly string[]): string =>
    updateRefusalOf(serviceCidrStrategy, old, (same) => ({ ...same, spec: { cidrs } }));
  expect(change(["10.0.0.0/16", "fd00::/112"])).toBe("");
  expect(change(["11.0.0.0/16"])).toBe(
    'spec.cidrs[0]: Invalid value: "11.0.0.0/16": field is immutable',
  );
  expect(change([])).toContain("field is immutable");
});

test("an address that is taken is named after itself, and says by whom", () => {
  const parentRef = { resource: "services", namespace: "default", name: "kubernetes" };
  expect(ipAddressStrategy.nameProblem("10.0.0.1", false)).toBeUndefined();
  expect(ipAddressStrategy.nameProblem("web", false)).toContain("must be a valid IP address");
  expect(refusalOf(ipAddressStrategy, { spec: { parentRef } })).toBe("");
  expect(refusalOf(ipAddressStrategy, { spec: {} })).toBe("spec.parentRef: Required value");
  const address = created(ipAddressStrategy, { spec: { parentRef } });
  expect(ipAddressStrategy.row(address, NOW_MS)[1]).toBe("services/default/kubernetes");
});
