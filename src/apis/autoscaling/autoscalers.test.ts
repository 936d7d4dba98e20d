import { expect, test } from "vitest";
import { created, NOW_MS, refusalOf, type Sent } from "../testing.ts";
import { horizontalPodAutoscalerV1Strategy as v1 } from "./v1/horizontal-pod-autoscaler.ts";
import type { HorizontalPodAutoscaler as OldForm } from "./v1/types.generated.ts";
import { horizontalPodAutoscalerStrategy as v2 } from "./v2/horizontal-pod-autoscaler.ts";
import type { HorizontalPodAutoscaler } from "./v2/types.generated.ts";

type Loose = Readonly<Record<string, unknown>>;

const TARGET = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };

function sent(spec: Loose = {}): Sent {
  return { spec: { scaleTargetRef: TARGET, maxReplicas: 5, ...spec } };
}

function cpu(target: Loose): Loose {
  return { type: "Resource", resource: { name: "cpu", target } };
}

test("a new autoscaler aims at 80 percent of the requested processor time", () => {
  const { spec, status } = created(v2, sent());
  expect(spec).toMatchObject({
    minReplicas: 1,
    metrics: [cpu({ type: "Utilization", averageUtilization: 80 })],
  });
  expect(status).toEqual({ desiredReplicas: 0, currentMetrics: null });
});

test("who says something of the behaviour gets the rest of it", () => {
  const behavior = { scaleUp: { stabilizationWindowSeconds: 5 } };
  expect(created(v2, sent({ behavior })).spec.behavior).toEqual({
    scaleUp: {
      stabilizationWindowSeconds: 5,
      selectPolicy: "Max",
      policies: [
        { type: "Pods", value: 4, periodSeconds: 15 },
        { type: "Percent", value: 100, periodSeconds: 15 },
      ],
    },
    scaleDown: {
      selectPolicy: "Max",
      policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
    },
  });
});

test("a list without a policy is not taken for none", () => {
  const behavior = { scaleUp: { policies: [] } };
  const told = "spec.behavior.scaleUp.policies: Required value: must specify at least one Policy";
  expect(refusalOf(v2, sent({ behavior }))).toBe(told);
});

for (const { name, spec, told } of [
  {
    name: "no maximum",
    spec: { maxReplicas: null },
    told: "[spec.maxReplicas: Required value: must be set and greater than 0, spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`]",
  },
  {
    name: "a minimum of nothing",
    spec: { minReplicas: 0 },
    told: "[spec.minReplicas: Invalid value: 0: must be greater than or equal to 1, spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas]",
  },
  {
    name: "a target without group",
    spec: { scaleTargetRef: { ...TARGET, apiVersion: "v1" } },
    told: 'spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group',
  },
  {
    name: "a target without name",
    spec: { scaleTargetRef: { ...TARGET, name: "" } },
    told: "spec.scaleTargetRef.name: Required value",
  },
  {
    name: "a metric of an unknown type",
    spec: { metrics: [{ ...cpu({ type: "Value", averageUtilization: 1 }), type: "Mood" }] },
    told: 'spec.metrics[0].type: Unsupported value: "Mood": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
  },
  {
    name: "a metric that is not there",
    spec: { metrics: [{ type: "Pods" }] },
    told: "spec.metrics[0].pods: Required value: must populate information for the given metric source",
  },
  {
    name: "two aims of one metric",
    spec: { metrics: [cpu({ type: "Utilization", averageUtilization: 1, averageValue: "1" })] },
    told: "spec.metrics[0].resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization",
  },
  {
    name: "an aim of nothing",
    spec: { metrics: [cpu({ type: "Utilization", averageUtilization: 0 })] },
    told: "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
  },
  {
    name: "an external metric without aim",
    spec: {
      metrics: [
        { type: "External", external: { metric: { name: "q" }, target: { type: "Value" } } },
      ],
    },
    told: "spec.metrics[0].external.target.averageValue: Required value: must set either a target value for metric or a per-pod target",
  },
  {
    name: "behaviour that waits too long",
    spec: { behavior: { scaleDown: { stabilizationWindowSeconds: 3601 } } },
    told: "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600",
  },
  {
    name: "a policy of an unknown type",
    spec: { behavior: { scaleUp: { policies: [{ type: "Odd", value: 0, periodSeconds: 1801 }] } } },
    told: '[spec.behavior.scaleUp.policies[0].type: Unsupported value: "Odd": supported values: "Percent", "Pods", spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero, spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800]',
  },
] as const) {
  test(`an autoscaler is refused for ${name}`, () => {
    expect(refusalOf(v2, sent(spec))).toBe(told);
  });
}

const FULL: HorizontalPodAutoscaler = {
  ...created(
    v2,
    sent({
      metrics: [
        cpu({ type: "Utilization", averageUtilization: 50 }),
        {
          type: "Object",
          object: {
            describedObject: { kind: "Ingress", name: "i" },
            metric: { name: "hits", selector: { matchLabels: { a: "b" } } },
            target: { type: "Value", value: "2k" },
          },
        },
        {
          type: "Pods",
          pods: { metric: { name: "q" }, target: { type: "AverageValue", averageValue: "3" } },
        },
      ],
      behavior: { scaleUp: { selectPolicy: "Min" } },
    }),
  ),
  status: {
    desiredReplicas: 2,
    currentReplicas: 1,
    currentMetrics: [
      {
        type: "Resource",
        resource: { name: "cpu", current: { averageUtilization: 12, averageValue: "1" } },
      },
    ],
    conditions: [
      { type: "AbleToScale", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" },
    ],
  },
};

const oldForm = (hpa: HorizontalPodAutoscaler): OldForm | undefined => v1.storedAs?.fromStored(hpa);

test("version 1 has a field for processor time, and annotations for the rest", () => {
  const old = oldForm(FULL);
  expect(old).toMatchObject({
    apiVersion: "autoscaling/v1",
    spec: { maxReplicas: 5, minReplicas: 1, targetCPUUtilizationPercentage: 50 },
    status: { currentReplicas: 1, desiredReplicas: 2, currentCPUUtilizationPercentage: 12 },
  });
  const annotations = old?.metadata.annotations ?? {};
  expect(JSON.parse(annotations["autoscaling.alpha.kubernetes.io/metrics"] ?? "")).toEqual([
    {
      type: "Object",
      object: {
        target: { kind: "Ingress", name: "i" },
        metricName: "hits",
        targetValue: "2k",
        selector: { matchLabels: { a: "b" } },
      },
    },
    { type: "Pods", pods: { metricName: "q", targetAverageValue: "3" } },
  ]);
  expect(Object.keys(annotations).map((key) => key.slice(key.indexOf("/") + 1))).toEqual([
    "metrics",
    "current-metrics",
    "conditions",
    "behavior",
  ]);
});

test("nothing is lost on the way through version 1, but the order of metrics", () => {
  const old = oldForm(FULL);
  const back = old === undefined ? undefined : v1.storedAs?.toStored(old);
  const [first, ...others] = FULL.spec.metrics ?? [];
  const expected = { ...FULL, spec: { ...FULL.spec, metrics: [...others, first] } };
  expect(back).toEqual(expected);
});

for (const text of ["{", "[1]", '[{"type":5}]', `${"[".repeat(200)}${"]".repeat(200)}`, "null"]) {
  test(`annotations that say ${text.slice(0, 12)} say nothing`, () => {
    const annotations = {
      "autoscaling.alpha.kubernetes.io/metrics": text,
      "autoscaling.alpha.kubernetes.io/conditions": text,
    };
    const old = created(v1, { ...sent(), metadata: { name: "x", namespace: "t", annotations } });
    expect(v1.storedAs?.toStored(old)).toMatchObject({ spec: { maxReplicas: 5 } });
  });
}

test("version 1 is held to the rules of version 2", () => {
  expect(refusalOf(v1, sent({ targetCPUUtilizationPercentage: 0 }))).toBe(
    "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
  );
});

test("an autoscaler is shown with its first two metrics", () => {
  const metadata = { name: "h", creationTimestamp: "2026-01-09T00:00:00Z" };
  expect(v2.row({ ...FULL, metadata }, NOW_MS)).toEqual([
    "h",
    "Deployment/web",
    "cpu: 12%/50%, <unknown>/2k + 1 more...",
    "1",
    5,
    1,
    "24h",
  ]);
});
