/** Descriptions of autoscalers and scales. */
const BOTH = `
CrossVersionObjectReference: What is scaled or measured, in the same namespace.
- apiVersion: Its API version.
- kind: Its kind.
- name: Its name.
`;

const V1 = `
HorizontalPodAutoscaler: Changes how many pods a workload has, by how busy they are.

HorizontalPodAutoscalerSpec: What is scaled, and within which bounds.
- maxReplicas: The most pods there may be.
- minReplicas: The fewest pods there may be. Default: 1.
- scaleTargetRef: What is scaled: something with a scale, e.g. a Deployment.
- targetCPUUtilizationPercentage: How busy pods are to be on average, in per cent of their requested
  CPU. Default: 80.

HorizontalPodAutoscalerStatus: What was last seen.
- currentCPUUtilizationPercentage: How busy pods are on average, in per cent of their requested CPU.
- currentReplicas: How many pods there are.
- desiredReplicas: How many there are to be.
- lastScaleTime: When the number was last changed.
- observedGeneration: Generation that this status is about.

Scale: How many pods something has and is to have, whatever its kind.

ScaleSpec: What is wanted.
- replicas: How many pods there are to be.

ScaleStatus: What was last seen.
- replicas: How many pods there are.
- selector: Selects the pods, in the form of a query.
`;

const V2 = `
HorizontalPodAutoscaler: Changes how many pods a workload has, by what is measured.

HorizontalPodAutoscalerSpec: What is scaled, by what, and within which bounds.
- behavior: How fast the number may change.
- maxReplicas: The most pods there may be.
- metrics: What is measured. Each makes a number; the greatest is taken. By default the CPU, to be
  80 % of what is requested.
- minReplicas: The fewest pods there may be. Default: 1.
- scaleTargetRef: What is scaled: something with a scale, e.g. a Deployment.

HorizontalPodAutoscalerBehavior: How fast the number may change.
- scaleDown: Downwards. By default to any number, and only what held for five minutes.
- scaleUp: Upwards. By default by 4 pods or to double as many in 15 seconds, whichever is more.

HPAScalingRules: How fast the number may change one way.
- policies: Each allows a change.
- selectPolicy: Which of them counts: Max, the greatest change (the default); Min, the least;
  Disabled for no change that way.
- stabilizationWindowSeconds: Seconds for which numbers are kept in mind, so as not to go back and
  forth. Default: 0 upwards, 300 downwards.
- tolerance: How much the measure may be off before the number is changed. Default: a tenth.

HPAScalingPolicy: A change that is allowed.
- periodSeconds: In how many seconds, up to 1800.
- type: What the value is: Pods, or Percent of the pods there are.
- value: How much.

MetricSpec: Something that is measured. The field of its type says more.
- containerResource: A resource of one container of each pod.
- external: Something outside the cluster.
- object: Something about one object.
- pods: Something about each pod.
- resource: A resource of each pod.
- type: ContainerResource, External, Object, Pods or Resource.

MetricStatus: What was last measured. The field of its type says more.
- containerResource: A resource of one container of each pod.
- external: Something outside the cluster.
- object: Something about one object.
- pods: Something about each pod.
- resource: A resource of each pod.
- type: ContainerResource, External, Object, Pods or Resource.

ContainerResourceMetricSource, ResourceMetricSource, ObjectMetricSource, PodsMetricSource,
  ExternalMetricSource: What is measured, and what it is to be.
- container: The container.
- describedObject: The object.
- metric: Name of the measure.
- name: The resource, e.g. cpu.
- target: What it is to be.

ContainerResourceMetricStatus, ResourceMetricStatus, ObjectMetricStatus, PodsMetricStatus,
  ExternalMetricStatus: What was last measured.
- container: The container.
- current: Its value.
- describedObject: The object.
- metric: Name of the measure.
- name: The resource, e.g. cpu.

MetricIdentifier: Name of a measure.
- name: The name.
- selector: Selects one of several of that name.

MetricTarget: What a measure is to be: the field of its type.
- averageUtilization: On average over pods, in per cent of what they request.
- averageValue: On average over pods.
- type: Utilization, Value or AverageValue.
- value: As it is.

MetricValueStatus: A measured value.
- averageUtilization: On average over pods, in per cent of what they request.
- averageValue: On average over pods.
- value: As it is.

HorizontalPodAutoscalerStatus: What was last seen.
- conditions: State in several respects: AbleToScale, ScalingActive, ScalingLimited.
- currentMetrics: What was last measured.
- currentReplicas: How many pods there are.
- desiredReplicas: How many there are to be.
- lastScaleTime: When the number was last changed.
- observedGeneration: Generation that this status is about.

HorizontalPodAutoscalerCondition: One aspect of an autoscaler's state.
- lastTransitionTime: When the status last became another one.
- message: Details, for people.
- reason: Why the status is what it is, in one word for programs.
- status: True, False or Unknown.
- type: Which aspect this is.
`;

export const AUTOSCALING: Readonly<Record<string, string>> = {
  "io.k8s.api.autoscaling.v1": BOTH + V1,
  "io.k8s.api.autoscaling.v2": BOTH + V2,
};
