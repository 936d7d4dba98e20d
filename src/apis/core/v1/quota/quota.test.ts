import { expect, test } from "vitest";
import { apiTime } from "../../../../machinery/api-time.ts";
import { quantityText } from "../../../../machinery/quantity.ts";
import type { PersistentVolumeClaim, Pod, PodSpec, ResourceQuota } from "../types.generated.ts";
import { matchesScopes } from "./scopes.ts";
import { usageOf } from "./usage.ts";

const PODS = { group: "", resource: "pods" };
const CLAIMS = { group: "", resource: "persistentvolumeclaims" };
const NOW_MS = 1_000_000_000_000;

function aPod(spec: Partial<PodSpec>, metadata: Pod["metadata"] = {}): Pod {
  const whole = { containers: [], ...spec };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: whole, status: {} };
}

function cpu(amount: string): NonNullable<PodSpec["containers"][number]["resources"]> {
  return { requests: { cpu: amount } };
}

for (const { name, pod, used } of [
  {
    name: "its containers together",
    pod: aPod({
      containers: [
        { name: "a", resources: cpu("1") },
        { name: "b", resources: cpu("500m") },
      ],
    }),
    used: "1500m",
  },
  {
    name: "more while it starts",
    pod: aPod({
      initContainers: [
        { name: "stays", restartPolicy: "Always", resources: cpu("1") },
        { name: "starts", resources: cpu("4") },
      ],
      containers: [{ name: "a", resources: cpu("2") }],
    }),
    used: "5",
  },
  {
    name: "what it takes to run it, too",
    pod: aPod({
      overhead: { cpu: "100m" },
      containers: [{ name: "a", resources: cpu("1") }],
    }),
    used: "1100m",
  },
]) {
  test(`a pod counts for ${name}`, () => {
    const amount = usageOf(pod, PODS).get("requests.cpu");
    expect(amount === undefined ? undefined : quantityText(amount)).toBe(used);
  });
}

test("a pod that should have gone counts for nothing but being there", () => {
  const metadata = { deletionTimestamp: apiTime(NOW_MS), deletionGracePeriodSeconds: 30 };
  const pod = aPod({ containers: [{ name: "a", resources: cpu("1") }] }, metadata);
  const names = (nowMs: number): readonly string[] => [...usageOf(pod, PODS, nowMs).keys()].sort();
  expect(names(NOW_MS + 30_000)).toEqual(["count/pods", "cpu", "pods", "requests.cpu"]);
  expect(names(NOW_MS + 31_000)).toEqual(["count/pods"]);
});

function aClaim(volumeAttributesClassName: string, current: string): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "c" },
    spec: { volumeAttributesClassName },
    status: { currentVolumeAttributesClassName: current },
  };
}

for (const { operator, values, claims, pods } of [
  { operator: "In", values: ["gold"], claims: true, pods: false },
  { operator: "In", values: ["silver"], claims: true, pods: false },
  { operator: "In", values: ["bronze"], claims: false, pods: false },
  { operator: "Exists", values: [], claims: true, pods: false },
]) {
  const words = values.length === 0 ? operator : `${operator} ${values.join()}`;
  test(`a claim that goes from silver to gold: VolumeAttributesClass ${words}`, () => {
    const matchExpressions = [{ scopeName: "VolumeAttributesClass", operator, values }];
    const quota: ResourceQuota = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: {},
      spec: { scopeSelector: { matchExpressions } },
      status: {},
    };
    expect(matchesScopes(quota, aClaim("gold", "silver"), CLAIMS)).toBe(claims);
    expect(matchesScopes(quota, aPod({}), PODS)).toBe(pods);
  });
}
