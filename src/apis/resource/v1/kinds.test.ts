import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, updated, updateRefusalOf, type Sent } from "../../testing.ts";
import { deviceClassStrategy } from "./device-class.ts";
import { resourceClaimTemplateStrategy } from "./resource-claim-template.ts";
import { resourceClaimStrategy } from "./resource-claim.ts";
import { resourceSliceStrategy } from "./resource-slice.ts";
import type { ResourceClaim, ResourceClaimStatus } from "./types.generated.ts";

const exactly = { deviceClassName: "gpu" };
const request = { name: "one", exactly };
const aClaim = (devices: object): Sent => ({ spec: { devices } });
const selecting = (expression: string): Sent =>
  aClaim({
    requests: [{ name: "one", exactly: { ...exactly, selectors: [{ cel: { expression } }] } }],
  });

test("a request is for one device of its class", () => {
  const claim = created(resourceClaimStrategy, aClaim({ requests: [request] }));
  expect(claim.spec.devices?.requests).toEqual([
    { name: "one", exactly: { ...exactly, allocationMode: "ExactCount", count: 1 } },
  ]);
  expect(claim.status).toEqual({});
});

const NAME_FORM = "must be the name of a request in the claim or the name of a request";

for (const { name, sent, told } of [
  { name: "a request", sent: aClaim({ requests: [request] }), told: "" },
  { name: "nothing", sent: {}, told: "" },
  {
    name: "a request for nothing",
    sent: aClaim({ requests: [{ name: "one" }] }),
    told:
      "spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is " +
      "required",
  },
  {
    name: "a request of no class",
    sent: aClaim({ requests: [{ name: "one", exactly: {} }] }),
    told: "spec.devices.requests[0].exactly.deviceClassName: Required value",
  },
  {
    name: "the same request twice",
    sent: aClaim({ requests: [request, request] }),
    told: 'spec.devices.requests[1]: Duplicate value: "one"',
  },
  {
    name: "33 requests",
    sent: aClaim({ requests: Array.from({ length: 33 }, () => request) }),
    told: "spec.devices.requests: Too many: 33: must have at most 32 items",
  },
  {
    name: "some of all",
    sent: aClaim({
      requests: [{ name: "one", exactly: { ...exactly, allocationMode: "All", count: 2 } }],
    }),
    told: "count: Invalid value: 2: must not be specified when allocationMode is 'All'",
  },
  {
    name: "a constraint on a request it does not make",
    sent: aClaim({
      requests: [request],
      constraints: [{ requests: ["two"], matchAttribute: "a/b" }],
    }),
    told: NAME_FORM,
  },
  {
    name: "a constraint of no attribute",
    sent: aClaim({ requests: [request], constraints: [{}] }),
    told: "spec.devices.constraints[0]: Required value: exactly one of",
  },
  {
    name: "settings that are no object",
    sent: aClaim({ requests: [request], config: [{ opaque: { driver: "d", parameters: 1 } }] }),
    told:
      'spec.devices.config[0].opaque.parameters: Invalid value: "<value omitted>": must be a ' +
      "valid JSON object",
  },
  {
    name: "an expression of attributes",
    sent: selecting(
      "device.driver == 'd' && device.attributes['d'].size > 3 && " +
        "device.capacity['d'].memory.compareTo(quantity('1Gi')) >= 0",
    ),
    told: "",
  },
  {
    name: "an expression of what devices do not have",
    sent: selecting("device.name == 'x'"),
    told: "undefined field 'name'",
  },
  {
    name: "an expression that comes to a text",
    sent: selecting("device.driver"),
    told: "must evaluate to bool or the unknown type, not string",
  },
]) {
  test(`a claim with ${name} is told: ${told}`, () => {
    const refusal = refusalOf(resourceClaimStrategy, sent);
    if (told === "") expect(refusal).toBe("");
    else expect(refusal).toContain(told);
  });
}

test("what a claim asks for stays", () => {
  const old = created(resourceClaimStrategy, aClaim({ requests: [request] }));
  const told = updateRefusalOf(resourceClaimStrategy, old, (same) => ({ ...same, spec: {} }));
  expect(told).toContain("field is immutable");
});

const result = { request: "one", driver: "d.io", pool: "p", device: "d1" };
const allocation = { devices: { results: [result] } };
const consumer = { resource: "pods", name: "web", uid: "1" };

function told(status: ResourceClaimStatus, before: ResourceClaimStatus = {}): readonly string[] {
  const claim = created(resourceClaimStrategy, aClaim({ requests: [request] }));
  const old: ResourceClaim = { ...claim, status: before };
  const errors = resourceClaimStrategy.status?.validateUpdate({ ...claim, status }, old) ?? [];
  return errors.map(({ field, detail }) => `${field}: ${detail}`);
}

test("only what was given is promised and reported", () => {
  const { request: _, ...device } = result;
  expect(told({ allocation, reservedFor: [consumer], devices: [device] })).toEqual([]);
  expect(told({ reservedFor: [consumer] })).toEqual([
    "status.reservedFor: may not be specified when `allocated` is not set",
  ]);
  expect(told({ devices: [device] })).toEqual([
    "status.devices[0]: must be an allocated device in the claim",
  ]);
  expect(told({ allocation: { devices: {} } }, { allocation })).toEqual([
    "status.allocation: field is immutable",
  ]);
});

test("what is reported of a device goes when the device is given back", () => {
  const { request: _, ...device } = result;
  const claim = created(resourceClaimStrategy, aClaim({ requests: [request] }));
  const old: ResourceClaim = { ...claim, status: { allocation, devices: [device] } };
  const next: ResourceClaim = { ...claim, status: { devices: [device] } };
  const moment = { nowMs: NOW_MS, random: () => 0 };
  expect(resourceClaimStrategy.status?.prepareForUpdate(next, old, moment).status).toEqual({});
});

test("a row says how far a claim has come", () => {
  const state = (status: ResourceClaimStatus): unknown => {
    const claim = created(resourceClaimStrategy, aClaim({ requests: [request] }));
    return resourceClaimStrategy.row({ ...claim, status }, NOW_MS)[1];
  };
  expect(state({})).toBe("pending");
  expect(state({ allocation })).toBe("allocated");
  expect(state({ allocation, reservedFor: [consumer] })).toBe("allocated,reserved");
});

test("a template is checked like a claim, one level deeper", () => {
  const sent = { spec: { spec: { devices: { requests: [{ name: "one" }] } } } };
  expect(refusalOf(resourceClaimTemplateStrategy, sent)).toContain(
    "spec.spec.devices.requests[0]: Required value",
  );
});

test("a class has a name for an extended resource, or none", () => {
  const refused = (extendedResourceName: string): string =>
    refusalOf(deviceClassStrategy, { spec: { extendedResourceName } });
  expect(refused("example.com/gpu")).toBe("");
  expect(refused("cpu")).toBe(
    'spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name',
  );
});

const pool = { name: "p", generation: 1, resourceSliceCount: 1 };
const slice = { driver: "d.io", pool, nodeName: "n1" };
const device = { name: "d1" };
const withDevice = (fields: object): object => ({ ...slice, devices: [{ ...device, ...fields }] });
const capacity = (policy: object): object =>
  withDevice({
    allowMultipleAllocations: true,
    capacity: { memory: { value: "8Gi", requestPolicy: policy } },
  });

for (const { name, spec, told: expected } of [
  { name: "a device", spec: withDevice({}), told: "" },
  {
    name: "no place",
    spec: { driver: "d.io", pool },
    told:
      "spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, " +
      "`perDeviceNodeSelection` is required",
  },
  {
    name: "two places",
    spec: { ...slice, allNodes: true },
    told: 'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of',
  },
  {
    name: "a pool of no slices",
    spec: { ...slice, pool: { ...pool, resourceSliceCount: 0 } },
    told: "spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero",
  },
  {
    name: "an attribute without a value",
    spec: withDevice({ attributes: { size: {} } }),
    told: 'spec.devices[0].attributes[size]: Invalid value: "": exactly one value must be specified',
  },
  {
    name: "an attribute of two values",
    spec: withDevice({ attributes: { size: { int: 1, bool: true } } }),
    told: "exactly one value must be specified",
  },
  {
    name: "a version that is none",
    spec: withDevice({ attributes: { driver: { version: "1.0" } } }),
    told:
      'spec.devices[0].attributes[driver].version: Invalid value: "1.0": must be a string ' +
      "compatible with semver.org spec 2.0.0",
  },
  {
    name: "a name of two slashes",
    spec: withDevice({ attributes: { "a/b/c": { int: 1 } } }),
    told: 'spec.devices[0].attributes: Invalid value: "a/b/c": must not contain more than one slash',
  },
  {
    name: "a place of a device's own",
    spec: withDevice({ nodeName: "n2" }),
    told: "can only be set if `perDeviceNodeSelection` is set to true",
  },
  {
    name: "conditions without those of failure",
    spec: withDevice({ bindingConditions: ["ready"] }),
    told: "bindingFailureConditions are required to use bindingConditions",
  },
  {
    name: "steps that lead past the most",
    spec: capacity({ default: "1Gi", validRange: { min: "1Gi", max: "4Gi", step: "2Gi" } }),
    told: "value is not a multiple of a given step (2Gi) from (1Gi)",
  },
  {
    name: "steps that fit",
    spec: capacity({ default: "1Gi", validRange: { min: "1Gi", max: "5Gi", step: "2Gi" } }),
    told: "",
  },
  {
    name: "a default that is none of the values",
    spec: capacity({ default: "3Gi", validValues: ["1Gi", "2Gi"] }),
    told: "default value is not valid according to the requestPolicy",
  },
  {
    name: "parts of what is not shared",
    spec: withDevice({ capacity: { memory: { value: "8Gi", requestPolicy: {} } } }),
    told: "requestPolicy: Forbidden: allowMultipleAllocations must be true",
  },
  {
    name: "a taint without an effect",
    spec: withDevice({ taints: [{ key: "a" }] }),
    told: "spec.devices[0].taints[0].effect: Required value",
  },
]) {
  test(`a slice with ${name} is told: ${expected}`, () => {
    const refusal = refusalOf(resourceSliceStrategy, { spec });
    if (expected === "") expect(refusal).toBe("");
    else expect(refusal).toContain(expected);
  });
}

test("a taint is of when it was written, and stays so", () => {
  const taints = [{ key: "a", effect: "NoSchedule" }];
  const old = created(resourceSliceStrategy, { spec: withDevice({ taints }) });
  expect(old.spec.devices?.[0]?.taints).toEqual([
    { ...taints[0], timeAdded: "2026-01-10T00:00:00Z" },
  ]);
  expect(updated(resourceSliceStrategy, old, (same) => same)).toEqual(old);
});

test("a slice stays where it is", () => {
  const old = created(resourceSliceStrategy, { spec: withDevice({}) });
  expect(
    updateRefusalOf(resourceSliceStrategy, old, (same) => ({
      ...same,
      spec: { ...same.spec, nodeName: "n2" },
    })),
  ).toBe('spec.nodeName: Invalid value: "n2": field is immutable');
  expect(resourceSliceStrategy.fieldSelectors["spec.nodeName"]?.(old)).toBe("n1");
});
