import { expect, test } from "vitest";
import { aTemplate, created, NOW_MS, refusalOf, updateRefusalOf } from "../../testing.ts";
import { endpointsStrategy } from "./endpoints.ts";
import { limitRangeStrategy } from "./limit-range.ts";
import { podTemplateStrategy } from "./pod-templates.ts";
import { replicationControllerStrategy } from "./replication-controller.ts";
import { resourceQuotaStrategy } from "./resource-quota.ts";
import type { ResourceQuota } from "./types.generated.ts";

const limits = (item: object): { spec: { limits: object[] } } => ({ spec: { limits: [item] } });

test("limits of containers come from each other where they are not said", () => {
  const item = {
    type: "Container",
    max: { cpu: "2" },
    min: { memory: "1Mi" },
    default: { memory: "4Mi" },
  };
  expect(created(limitRangeStrategy, limits(item)).spec.limits[0]).toEqual({
    ...item,
    default: { cpu: "2", memory: "4Mi" },
    defaultRequest: { cpu: "2", memory: "4Mi" },
  });
});

for (const { name, item, told } of [
  {
    name: "an unknown type",
    item: { type: "Thing" },
    told: 'spec.limits[0].type: Invalid value: "Thing": must be a standard limit type or fully qualified',
  },
  {
    name: "an unknown resource",
    item: { type: "Pod", max: { beer: "1" } },
    told: '[spec.limits[0].max[beer]: Invalid value: "beer": must be a standard resource type or fully qualified, spec.limits[0].max[beer]: Invalid value: "beer": must be a standard resource for containers]',
  },
  {
    name: "a minimum above the maximum",
    item: { type: "Pod", min: { cpu: "2" }, max: { cpu: "1" } },
    told: 'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
  },
  {
    name: "defaults of pods",
    item: { type: "Pod", default: { cpu: "1" } },
    told: "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
  },
  {
    name: "claims without a size",
    item: { type: "PersistentVolumeClaim" },
    told: "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided",
  },
  {
    name: "a ratio that the bounds do not allow",
    item: { type: "Pod", min: { cpu: "1" }, max: { cpu: "2" }, maxLimitRequestRatio: { cpu: "3" } },
    told: 'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
  },
  {
    name: "a default above the maximum",
    item: {
      type: "Container",
      max: { cpu: "1" },
      default: { cpu: "2" },
      defaultRequest: { cpu: "1" },
    },
    told: 'spec.limits[0].default[cpu]: Invalid value: "1": default value 2 is greater than max value 1',
  },
] as const) {
  test(`a limit range is refused for ${name}`, () => {
    expect(refusalOf(limitRangeStrategy, limits(item))).toBe(told);
  });
}

test("a type of limits stands in a range once", () => {
  const spec = { limits: [{ type: "Pod" }, { type: "Pod" }] };
  expect(refusalOf(limitRangeStrategy, { spec })).toBe(
    'spec.limits[1].type: Duplicate value: "Pod"',
  );
});

for (const { name, spec, told } of [
  {
    name: "an unknown resource",
    spec: { hard: { beer: "1" } },
    told: '[spec.hard[beer]: Invalid value: "beer": must be a standard resource type or fully qualified, spec.hard[beer]: Invalid value: "beer": must be a standard resource for quota]',
  },
  {
    name: "half a pod",
    spec: { hard: { pods: "0.5" } },
    told: 'spec.hard[pods]: Invalid value: "500m": must be an integer',
  },
  {
    name: "less than nothing",
    spec: { hard: { "requests.cpu": "-1" } },
    told: 'spec.hard[requests.cpu]: Invalid value: "-1": must be greater than or equal to 0',
  },
  {
    name: "a scope that cannot narrow a resource",
    spec: { hard: { services: "1" }, scopes: ["Terminating"] },
    told: 'spec.scopes: Invalid value: ["Terminating"]: unsupported scope applied to resource',
  },
  {
    name: "scopes that exclude each other",
    spec: { hard: { pods: "1" }, scopes: ["BestEffort", "NotBestEffort"] },
    told: 'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
  },
  {
    name: "a selector without values",
    spec: {
      scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In" }] },
    },
    told: "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
  },
] as const) {
  test(`a quota is refused for ${name}`, () => {
    expect(refusalOf(resourceQuotaStrategy, { spec })).toBe(told);
  });
}

test("a quota keeps its scopes, and is shown with its use", () => {
  const old = created(resourceQuotaStrategy, {
    spec: { hard: { pods: "2" }, scopes: ["BestEffort"] },
  });
  expect(
    updateRefusalOf(resourceQuotaStrategy, old, (q) => ({ ...q, spec: { hard: { pods: "3" } } })),
  ).toBe("spec.scopes: Invalid value: null: field is immutable");
  const status = { hard: { pods: "2", "limits.cpu": "1", configmaps: "9" }, used: { pods: "1" } };
  const quota: ResourceQuota = { ...old, status };
  expect(resourceQuotaStrategy.row(quota, NOW_MS)).toEqual([
    "x",
    "configmaps: 0/9, pods: 1/2",
    "limits.cpu: 0/1",
    "<unknown>",
  ]);
});

test("a replication controller selects what its template makes, and orphans it", () => {
  const rc = created(replicationControllerStrategy, { spec: { template: aTemplate({ a: "b" }) } });
  expect(rc).toMatchObject({
    metadata: { labels: { a: "b" } },
    spec: { replicas: 1, selector: { a: "b" } },
    status: { replicas: 0 },
  });
  expect(replicationControllerStrategy.defaultPropagation).toBe("Orphan");
  expect(replicationControllerStrategy.scale?.selector(rc)).toBe("a=b");
  expect(replicationControllerStrategy.row(rc, NOW_MS)).toEqual([
    "x",
    1,
    0,
    0,
    "<unknown>",
    "c",
    "nginx:1",
    "a=b",
  ]);
});

for (const { name, spec, told } of [
  {
    name: "nothing in it",
    spec: {},
    told: "[spec.selector: Required value, spec.template: Required value]",
  },
  {
    name: "a selector that misses its pods",
    spec: { selector: { a: "c" }, template: aTemplate({ a: "b" }) },
    told: 'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
  },
] as const) {
  test(`a replication controller is refused for ${name}`, () => {
    expect(refusalOf(replicationControllerStrategy, { spec })).toBe(told);
  });
}

test("a pod template is checked like any other", () => {
  expect(refusalOf(podTemplateStrategy, {})).toBe("template.spec.containers: Required value");
  const kept = created(podTemplateStrategy, { template: aTemplate({ a: "b" }) });
  expect(podTemplateStrategy.row(kept, NOW_MS)).toEqual(["x", "c", "nginx:1", "a=b"]);
});

const SUBSET = { addresses: [{ ip: "10.0.0.1" }], ports: [{ port: 80 }] };

for (const { name, subset, told } of [
  { name: "nothing wrong", subset: SUBSET, told: "" },
  {
    name: "no addresses",
    subset: {},
    told: "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
  },
  {
    name: "an address that is none",
    subset: { addresses: [{ ip: "here" }] },
    told: '[subsets[0].addresses[0].ip: Invalid value: "here": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff), subsets[0].addresses[0].ip: Invalid value: "here": must be a valid IP address]',
  },
  {
    name: "two ports without names",
    subset: { ...SUBSET, ports: [{ port: 1 }, { port: 2 }] },
    told: "[subsets[0].ports[0].name: Required value, subsets[0].ports[1].name: Required value]",
  },
] as const) {
  test(`endpoints with ${name} are ${told === "" ? "taken" : "refused"}`, () => {
    expect(refusalOf(endpointsStrategy, { subsets: [subset] })).toBe(told);
  });
}

test("endpoints are shown with their ports, three at most", () => {
  const ips = ["10.0.0.1", "fd00::1", "10.0.0.3", "10.0.0.4"].map((ip) => ({ ip }));
  const endpoints = created(endpointsStrategy, { subsets: [{ ...SUBSET, addresses: ips }] });
  expect(endpoints.subsets?.[0]?.ports).toEqual([{ port: 80, protocol: "TCP" }]);
  expect(endpointsStrategy.row(endpoints, NOW_MS)[1]).toBe(
    "10.0.0.1:80,[fd00::1]:80,10.0.0.3:80 + 1 more...",
  );
  expect(endpointsStrategy.row(created(endpointsStrategy, {}), NOW_MS)[1]).toBe("<none>");
});
