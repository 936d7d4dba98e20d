import { describe, expect, test } from "vitest";
import { addressTypesOf, endpointOf, endpointPortsOf, hasPodEndpoints } from "./endpoint.ts";
import { aPod, aService } from "./testing.ts";

const TERMINATING = { deletionTimestamp: "2026-01-01T00:00:00Z" };

describe("the endpoint of a pod", () => {
  test("has its address, its node and a reference to it", () => {
    expect(endpointOf(aService(), aPod(), "IPv4")).toEqual({
      addresses: ["127.64.0.1"],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: "node-1",
      targetRef: { kind: "Pod", name: "web-1", namespace: "default", uid: "web-1" },
    });
  });

  for (const { name, spec, pod, conditions } of [
    {
      name: "not ready",
      pod: aPod({ isReady: false }),
      conditions: { ready: false, serving: false, terminating: false },
    },
    {
      name: "on its way out",
      pod: aPod({ meta: TERMINATING }),
      conditions: { ready: false, serving: true, terminating: true },
    },
    {
      name: "not ready, of a service that publishes such",
      spec: { publishNotReadyAddresses: true },
      pod: aPod({ isReady: false }),
      conditions: { ready: true, serving: false, terminating: false },
    },
    {
      name: "on its way out, of a service that publishes such",
      spec: { publishNotReadyAddresses: true },
      pod: aPod({ isReady: false, meta: TERMINATING }),
      conditions: { ready: true, serving: false, terminating: true },
    },
  ]) {
    test(`tells of a pod that is ${name}`, () => {
      expect(endpointOf(aService(spec), pod, "IPv4")?.conditions).toEqual(conditions);
    });
  }

  for (const { name, pod } of [
    { name: "has no address yet", pod: aPod({ ip: undefined }) },
    { name: "has an address of another family", pod: aPod({ ip: "fd00::1" }) },
    { name: "has succeeded", pod: aPod({ phase: "Succeeded" }) },
    { name: "has failed", pod: aPod({ phase: "Failed" }) },
  ]) {
    test(`is not there for a pod that ${name}`, () => {
      expect(endpointOf(aService(), pod, "IPv4")).toBeUndefined();
    });
  }

  test("has a host name if the pod is named below this service", () => {
    const named = (subdomain: string): string | undefined =>
      endpointOf(aService(), aPod({ spec: { hostname: "db-0", subdomain } }), "IPv4")?.hostname;
    expect(named("web")).toBe("db-0");
    expect(named("other")).toBeUndefined();
  });
});

describe("the ports of an endpoint", () => {
  const container = { name: "main", image: "host" };
  const aNamedPort = (ports: readonly object[]): ReturnType<typeof aPod> =>
    aPod({ spec: { containers: [{ ...container, ports: ports as never }] } });

  test("are those that the service leads to, by name", () => {
    const ports = [
      { name: "web", port: 80, targetPort: 8080, protocol: "TCP", appProtocol: "http" },
      { name: "dns", port: 53, protocol: "UDP" },
    ];
    expect(endpointPortsOf(aService({ ports }), aPod())).toEqual([
      { name: "dns", port: 53, protocol: "UDP" },
      { name: "web", port: 8080, protocol: "TCP", appProtocol: "http" },
    ]);
  });

  test("are looked up in each pod where the service gives a name", () => {
    const service = aService({ ports: [{ port: 80, targetPort: "http", protocol: "TCP" }] });
    const pod = aNamedPort([
      { name: "http", containerPort: 1, protocol: "UDP" },
      { name: "http", containerPort: 2, protocol: "TCP" },
    ]);
    expect(endpointPortsOf(service, pod)).toEqual([{ name: "", port: 2, protocol: "TCP" }]);
    expect(endpointPortsOf(service, aPod())).toEqual([]);
  });

  test("may be those of a sidecar, but not of a container that runs before the others", () => {
    const service = aService({ ports: [{ port: 80, targetPort: "http", protocol: "TCP" }] });
    const before = { ...container, name: "a", ports: [{ name: "http", containerPort: 1 }] };
    const sidecar = {
      ...container,
      name: "b",
      restartPolicy: "Always",
      ports: [{ name: "http", containerPort: 2 }],
    };
    const pod = aPod({ spec: { initContainers: [before, sidecar] } });
    expect(endpointPortsOf(service, pod)).toEqual([{ name: "", port: 2, protocol: "TCP" }]);
  });
});

test("services that name no pods, or that are a name elsewhere, have no endpoints here", () => {
  expect(hasPodEndpoints(aService())).toBe(true);
  expect(hasPodEndpoints(aService({ clusterIP: "None" }))).toBe(true);
  expect(hasPodEndpoints(aService({ selector: {} }))).toBe(false);
  expect(hasPodEndpoints(aService({ type: "ExternalName" }))).toBe(false);
});

test("a service has endpoints of the families it asks for", () => {
  expect(addressTypesOf(aService())).toEqual(["IPv4"]);
  expect(addressTypesOf(aService({ ipFamilies: ["IPv6", "IPv4"] }))).toEqual(["IPv4", "IPv6"]);
});
