import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, updateRefusalOf } from "../../testing.ts";
import { endpointSliceStrategy } from "./endpoint-slice.ts";

const at = (...addresses: readonly string[]): object => ({ addresses });
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

test("ports have a name and a protocol, if only empty and TCP", () => {
  const slice = created(endpointSliceStrategy, { addressType: "IPv4", ports: [{ port: 80 }] });
  expect(slice.ports).toEqual([{ name: "", port: 80, protocol: "TCP" }]);
  expect(created(endpointSliceStrategy, { addressType: "IPv4" }).ports).toBe(null);
});

for (const { name, fields, told } of [
  { name: "no address type", fields: {}, told: "addressType: Required value" },
  {
    name: "an address type that is none",
    fields: { addressType: "IP" },
    told: 'addressType: Unsupported value: "IP": supported values: "FQDN", "IPv4", "IPv6"',
  },
  {
    name: "an endpoint without addresses",
    fields: { endpoints: [{ addresses: [] }] },
    told: "endpoints[0].addresses: Required value: must contain at least 1 address",
  },
  {
    name: "an address of another type",
    fields: { endpoints: [at("::1")] },
    told: 'endpoints[0].addresses: Invalid value: "::1": must be an IPv4 address',
  },
  {
    name: "an address that means all of them",
    fields: { endpoints: [at("10.0.0.1", "0.0.0.0")] },
    told: 'endpoints[0].addresses[1]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
  },
  {
    name: "an address that never leaves its link",
    fields: { addressType: "IPv6", endpoints: [at("fe80::1")] },
    told: "may not be in the link-local range",
  },
  {
    name: "a name without a domain",
    fields: { addressType: "FQDN", endpoints: [at("localhost")] },
    told: "should be a domain with at least two segments separated by dots",
  },
  {
    name: "a node that cannot be one",
    fields: { endpoints: [{ ...at("10.0.0.1"), nodeName: "No" }] },
    told: 'endpoints[0].nodeName: Invalid value: "No"',
  },
  {
    name: "a host name with dots",
    fields: { endpoints: [{ ...at("10.0.0.1"), hostname: "a.b" }] },
    told: 'endpoints[0].hostname: Invalid value: "a.b"',
  },
  {
    name: "more than 1000 endpoints",
    fields: { endpoints: many(1001, () => at("10.0.0.1")) },
    told: "endpoints: Too many: 1001: must have at most 1000 items",
  },
  {
    name: "more than 100 addresses of an endpoint",
    fields: { endpoints: [at(...many(101, (index) => `10.0.0.${index}`))] },
    told: "endpoints[0].addresses: Too many: 101: must have at most 100 items",
  },
  {
    name: "more than 20000 ports",
    fields: { ports: many(20_001, (index) => ({ name: `p${index}` })) },
    told: "ports: Too many: 20001: must have at most 20000 items",
  },
  {
    name: "two ports without names",
    fields: { ports: [{ port: 1 }, { port: 2 }] },
    told: 'ports[1].name: Duplicate value: ""',
  },
  {
    name: "a port whose name is none",
    fields: { ports: [{ name: "Web" }] },
    told: 'ports[0].name: Invalid value: "Web"',
  },
  {
    name: "a protocol that is none",
    fields: { ports: [{ protocol: "ICMP" }] },
    told: 'ports[0].protocol: Unsupported value: "ICMP"',
  },
  {
    name: "the same zone twice in hints",
    fields: {
      endpoints: [{ ...at("10.0.0.1"), hints: { forZones: [{ name: "a" }, { name: "a" }] } }],
    },
    told: 'endpoints[0].hints.forZones[1].name: Duplicate value: "a"',
  },
]) {
  test(`a slice is refused for ${name}`, () => {
    const sent = name === "no address type" ? fields : { addressType: "IPv4", ...fields };
    expect(refusalOf(endpointSliceStrategy, sent)).toContain(told);
  });
}

test("addresses of loopback are those of pods that are plain processes", () => {
  expect(
    refusalOf(endpointSliceStrategy, { addressType: "IPv4", endpoints: [at("127.64.0.1")] }),
  ).toBe("");
});

test("the address type stays", () => {
  const old = created(endpointSliceStrategy, { addressType: "IPv4" });
  const change = (fields: object): string =>
    updateRefusalOf(endpointSliceStrategy, old, (slice) => ({ ...slice, ...fields }));
  expect(change({ addressType: "IPv6" })).toBe(
    'addressType: Invalid value: "IPv6": field is immutable',
  );
  expect(change({ ports: [{ port: 1 }] })).toBe("");
});

test("a row shows three ports and addresses, and counts the rest", () => {
  const row = (fields: object): unknown => {
    const slice = created(endpointSliceStrategy, { addressType: "IPv4", ...fields });
    return endpointSliceStrategy.row(slice, NOW_MS).slice(1, 4);
  };
  expect(row({})).toEqual(["IPv4", "<unset>", "<unset>"]);
  expect(
    row({
      ports: [{ port: 80 }, { name: "any" }],
      endpoints: [at("10.0.0.1", "10.0.0.2"), at("10.0.0.3"), at("10.0.0.4"), at("10.0.0.5")],
    }),
  ).toEqual(["IPv4", "80,any", "10.0.0.1,10.0.0.2,10.0.0.3 + 2 more..."]);
});

test("a field of the first versions is read and not kept", () => {
  const endpoints = [{ ...at("10.0.0.1"), deprecatedTopology: { a: "b" } }];
  const slice = created(endpointSliceStrategy, { addressType: "IPv4", endpoints });
  expect(slice.endpoints).toEqual([{ addresses: ["10.0.0.1"], conditions: {} }]);
});

test("who writes addresses as names is told that they are going", () => {
  const told = ["spec.addressType: FQDN endpoints are deprecated"];
  const slice = created(endpointSliceStrategy, { addressType: "FQDN" });
  expect(endpointSliceStrategy.warnings?.(slice, undefined)).toEqual(told);
  expect(endpointSliceStrategy.warnings?.(slice, slice)).toEqual([]);
});
