import { expect, test } from "vitest";
import { created, refusalOf, updated, updateRefusalOf } from "../../testing.ts";
import { serviceClaims, serviceNeeds, withAllocations } from "./service-allocation.ts";
import { serviceStrategy } from "./service.ts";
import type { Service } from "./types.generated.ts";

type Loose = Readonly<Record<string, unknown>>;

const aService = (spec: Loose = {}): Service =>
  created(serviceStrategy, { spec: { selector: { a: "b" }, ports: [{ port: 80 }], ...spec } });

const allocated = (spec: Loose = {}): Service =>
  withAllocations(aService(spec), { clusterIp: "10.0.0.9", nodePorts: [30_001, 30_002] });

test("a new service is reached inside the cluster, on one family of addresses", () => {
  expect(aService()).toMatchObject({
    spec: {
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      type: "ClusterIP",
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    },
    status: { loadBalancer: {} },
  });
});

for (const { name, spec, needs } of [
  { name: "plain", spec: {}, needs: { needsClusterIp: true, nodePorts: 0 } },
  { name: "headless", spec: { clusterIP: "None" }, needs: { needsClusterIp: false, nodePorts: 0 } },
  {
    name: "external",
    spec: { type: "ExternalName", externalName: "example.org", ports: [] },
    needs: { needsClusterIp: false, nodePorts: 0 },
  },
  {
    name: "node port",
    spec: {
      type: "NodePort",
      ports: [
        { port: 1, name: "a", nodePort: 30_000 },
        { port: 2, name: "b" },
      ],
    },
    needs: { needsClusterIp: true, nodePorts: 1 },
  },
  {
    name: "balanced, without node ports",
    spec: { type: "LoadBalancer", allocateLoadBalancerNodePorts: false },
    needs: { needsClusterIp: true, nodePorts: 0 },
  },
]) {
  test(`a ${name} service needs ${JSON.stringify(needs)}`, () => {
    expect(serviceNeeds(aService(spec))).toEqual(needs);
    expect(refusalOf(serviceStrategy, { spec: { ports: [{ port: 80 }], ...spec } })).toBe("");
  });
}

test("what a service is given is what it claims", () => {
  const ports = [
    { port: 1, name: "a" },
    { port: 2, name: "b", nodePort: 30_000 },
    { port: 3, name: "c" },
  ];
  const service = allocated({ type: "NodePort", ports });
  expect(service.spec).toMatchObject({ clusterIP: "10.0.0.9", clusterIPs: ["10.0.0.9"] });
  expect(serviceClaims(service)).toEqual({
    clusterIps: ["10.0.0.9"],
    nodePorts: [30_001, 30_000, 30_002],
  });
});

test("a headless service has its mark in both forms, and claims nothing", () => {
  const service = aService({ clusterIP: "None" });
  expect(service.spec.clusterIPs).toEqual(["None"]);
  expect(serviceClaims(service).clusterIps).toEqual([]);
});

test("a PUT that leaves out what the server gave keeps it", () => {
  const old = allocated({ type: "NodePort" });
  const next = updated(serviceStrategy, old, () => aService({ type: "NodePort" }));
  expect(next.spec).toEqual(old.spec);
});

for (const { name, spec, told } of [
  { name: "no ports", spec: { ports: [] }, told: "spec.ports: Required value" },
  {
    name: "two ports without names",
    spec: { ports: [{ port: 80 }, { port: 81 }] },
    told: "[spec.ports[0].name: Required value, spec.ports[1].name: Required value]",
  },
  {
    name: "the same port twice",
    spec: {
      ports: [
        { port: 80, name: "a" },
        { port: 80, name: "b" },
      ],
    },
    told: 'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
  },
  {
    name: "a balancer without an address to balance to",
    spec: { type: "LoadBalancer", clusterIP: "None" },
    told: `spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for LoadBalancer services`,
  },
  {
    name: "sources of a balancer that it has not",
    spec: { loadBalancerSourceRanges: ["10.0.0.0/8", "here"] },
    told: "[spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer', spec.LoadBalancerSourceRanges[1]: Invalid value: \"here\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)]",
  },
  {
    name: "an outer address that every machine has for itself",
    spec: { externalIPs: ["127.0.0.1"] },
    told: 'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
  },
  {
    name: "one family twice",
    spec: { ipFamilies: ["IPv4", "IPv4"] },
    told: 'spec.ipFamilies[1]: Duplicate value: "IPv4"',
  },
  {
    name: "a port of health that nobody asks for",
    spec: { healthCheckNodePort: 30_000 },
    told: "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
  },
  {
    name: "traffic that prefers nothing known",
    spec: { trafficDistribution: "PreferFar" },
    told: 'spec.trafficDistribution: Unsupported value: "PreferFar": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"',
  },
  {
    name: "an unknown type",
    spec: { type: "Magic" },
    told: 'spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
  },
  {
    name: "a node port without nodes",
    spec: { ports: [{ port: 80, nodePort: 30_000 }] },
    told: "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
  },
  {
    name: "an address that is none",
    spec: { clusterIP: "10.0.0" },
    told: 'spec.clusterIPs[0]: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  },
  {
    name: "an external name without one",
    spec: { type: "ExternalName" },
    told: "spec.externalName: Required value",
  },
]) {
  test(`a service is refused for ${name}`, () => {
    expect(refusalOf(serviceStrategy, { spec: { ports: [{ port: 80 }], ...spec } })).toBe(told);
  });
}

test("an address never changes once it is given", () => {
  const said = updateRefusalOf(serviceStrategy, allocated(), (service) => ({
    ...service,
    spec: { ...service.spec, clusterIP: "10.0.0.77" },
  }));
  expect(said).toBe('spec.clusterIPs[0]: Invalid value: ["10.0.0.77"]: may not change once set');
});

for (const { name, service, cells } of [
  {
    name: "plain",
    service: allocated(),
    cells: ["ClusterIP", "10.0.0.9", "<none>", "80/TCP"],
  },
  {
    name: "node port",
    service: allocated({ type: "NodePort" }),
    cells: ["NodePort", "10.0.0.9", "<none>", "80:30001/TCP"],
  },
  {
    name: "balanced",
    service: allocated({ type: "LoadBalancer", allocateLoadBalancerNodePorts: false }),
    cells: ["LoadBalancer", "10.0.0.9", "<pending>", "80/TCP"],
  },
  {
    name: "external",
    service: aService({ type: "ExternalName", externalName: "a.example", ports: [] }),
    cells: ["ExternalName", "<none>", "a.example", "<none>"],
  },
]) {
  test(`a ${name} service is shown with how it is reached`, () => {
    expect(serviceStrategy.row(service, 0).slice(1, 5)).toEqual(cells);
  });
}

test("a balancer that stays on the node is told which nodes have pods", () => {
  const spec = { type: "LoadBalancer", externalTrafficPolicy: "Local" };
  expect(serviceNeeds(aService(spec))).toEqual({ needsClusterIp: true, nodePorts: 2 });
  const old = allocated(spec);
  expect(old.spec.healthCheckNodePort).toBe(30_002);
  expect(serviceClaims(old).nodePorts).toEqual([30_001, 30_002]);
  const { healthCheckNodePort: _, ...sent } = old.spec;
  expect(
    updated(serviceStrategy, old, (s) => ({ ...s, spec: sent })).spec.healthCheckNodePort,
  ).toBe(30_002);
});

test("only a balancer reports where it can be reached", () => {
  const old = aService();
  const status = { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } };
  const told = serviceStrategy.status?.validateUpdate({ ...old, status }, old) ?? [];
  expect(told.map(({ detail }) => detail)).toEqual([
    "may only be used when `spec.type` is LoadBalancer",
    "must be specified when `ip` is set",
  ]);
  const balanced = aService({ type: "LoadBalancer" });
  const next = serviceStrategy.applyDefaults({ ...balanced, status });
  expect(serviceStrategy.status?.validateUpdate(next, balanced)).toEqual([]);
});

test("what the conditions of a service say is their writer's business", () => {
  const old = aService();
  const condition = { type: "A", status: "?", reason: "", message: "", lastTransitionTime: "" };
  const status = { loadBalancer: {}, conditions: [condition] };
  expect(serviceStrategy.status?.validateUpdate({ ...old, status }, old)).toEqual([]);
});

test("of what a service says in vain its writer is told", () => {
  const service = aService({ clusterIP: "None", externalName: "a.b", sessionAffinity: "ClientIP" });
  expect(serviceStrategy.warnings?.(service, undefined)).toEqual([
    "spec.SessionAffinity is ignored for headless services",
    'spec.externalName is ignored when spec.type is not "ExternalName"',
  ]);
});
