import { describe, expect, test } from "vitest";
import type { EndpointConditions } from "../../apis/discovery/v1/types.generated.ts";
import type { EndpointSlice, Service } from "../../client/builtin.ts";
import { addressText, planListeners } from "./plan-listeners.ts";
import { aService, aSlice } from "./testing/views.ts";

/** `127.96.0.7:80 -> 127.64.0.1:8080` */
function planned(services: readonly Service[], slices: readonly EndpointSlice[]): unknown {
  return planListeners(services, slices).map(
    ({ key, backends }) => `${key} -> ${backends.map(addressText).join(" ")}`,
  );
}

const endpoint = (address: string, conditions: EndpointConditions): object => ({
  addresses: [address],
  conditions,
});

describe("a service is listened for", () => {
  test("at each of its ports, and leads to the endpoints of all its slices", () => {
    const service = aService({
      ports: [
        { name: "a", port: 80, protocol: "TCP" },
        { name: "b", port: 81 },
      ],
    });
    const ports = [
      { name: "a", port: 1, protocol: "TCP" },
      { name: "b", port: 2 },
    ];
    const slices = [aSlice(["127.64.0.2", "127.64.0.1"], { ports }), aSlice(["127.64.0.3"])];
    expect(planned([service], [...slices, aSlice(["127.64.0.3"], { ports })])).toEqual([
      "127.96.0.7:80 -> 127.64.0.1:1 127.64.0.2:1 127.64.0.3:1",
      "127.96.0.7:81 -> 127.64.0.1:2 127.64.0.2:2 127.64.0.3:2",
    ]);
  });

  test("although there is nothing behind it", () => {
    expect(planned([aService()], [])).toEqual(["127.96.0.7:80 -> "]);
  });

  for (const { name, wish } of [
    { name: "has no address", wish: { clusterIP: "None", clusterIPs: ["None"] } },
    { name: "is not yet given one", wish: { clusterIP: "", clusterIPs: [] } },
    { name: "is a name elsewhere", wish: { type: "ExternalName" } },
    { name: "is for datagrams", wish: { ports: [{ port: 53, protocol: "UDP" }] } },
  ]) {
    test(`but not if it ${name}`, () => {
      expect(planned([aService(wish)], [aSlice(["127.64.0.1"])])).toEqual([]);
    });
  }

  test("once, should two services have one address", () => {
    const twice = [aService(), aService({}, { name: "web2", uid: "2" })];
    expect(planListeners(twice, [])).toHaveLength(1);
  });
});

describe("connections go", () => {
  for (const { name, endpoints, backends } of [
    {
      name: "to what is ready or does not say",
      endpoints: [
        endpoint("127.64.0.1", { ready: true }),
        endpoint("127.64.0.2", {}),
        endpoint("127.64.0.3", { ready: false, serving: true, terminating: true }),
        endpoint("127.64.0.4", { ready: false, serving: false, terminating: false }),
      ],
      backends: "127.64.0.1:8080 127.64.0.2:8080",
    },
    {
      name: "to what ends and still serves, if nothing is ready",
      endpoints: [
        endpoint("127.64.0.3", { ready: false, serving: true, terminating: true }),
        endpoint("127.64.0.4", { ready: false, serving: false, terminating: true }),
        endpoint("127.64.0.5", { ready: false, serving: false, terminating: false }),
      ],
      backends: "127.64.0.3:8080",
    },
    { name: "once to an endpoint listed twice", endpoints: ["127.64.0.1", "127.64.0.1"] },
    {
      name: "not to what is no address",
      endpoints: ["localhost", "127.64.0.1", { addresses: [] }],
    },
    { name: "not to the address of a service", endpoints: ["127.96.0.7", "127.64.0.1"] },
  ]) {
    test(name, () => {
      const slice = aSlice(endpoints as Parameters<typeof aSlice>[0]);
      expect(planned([aService()], [slice])).toEqual([
        `127.96.0.7:80 -> ${backends ?? "127.64.0.1:8080"}`,
      ]);
    });
  }

  for (const { name, wish } of [
    { name: "of another service", wish: { metadata: { ...aSlice([]).metadata, labels: {} } } },
    {
      name: "of another namespace",
      wish: { metadata: { ...aSlice([]).metadata, namespace: "x" } },
    },
    { name: "of another family", wish: { addressType: "IPv6" } },
    { name: "with other ports", wish: { ports: [{ name: "b", port: 8080 }] } },
    { name: "for datagrams", wish: { ports: [{ name: "", port: 8080, protocol: "UDP" }] } },
    { name: "with a port that is none", wish: { ports: [{ name: "", port: 70_000 }] } },
    { name: "with all ports", wish: { ports: [{ name: "" }] } },
  ]) {
    test(`not to slices ${name}`, () => {
      expect(planned([aService()], [aSlice(["127.64.0.1"], wish)])).toEqual(["127.96.0.7:80 -> "]);
    });
  }
});

test("a service may want its clients to come back to where they were", () => {
  const affinityOf = (wish: Partial<Service["spec"]>): unknown =>
    planListeners([aService(wish)], [])[0]?.affinityMs;
  expect(affinityOf({})).toBeUndefined();
  expect(affinityOf({ sessionAffinity: "ClientIP" })).toBe(10_800_000);
  const sessionAffinityConfig = { clientIP: { timeoutSeconds: 5 } };
  expect(affinityOf({ sessionAffinity: "ClientIP", sessionAffinityConfig })).toBe(5_000);
});
