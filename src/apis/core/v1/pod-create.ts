/** What a pod is given in the moment it is made, and what follows from its labels then. */
import { apiTime } from "../../../machinery/api-time.ts";
import { withLabelKeys } from "./label-key-validation.ts";
import { qosClass } from "./pod-qos.ts";
import type { Affinity, Pod, PodAffinity, PodSpec, PodStatus } from "./types.generated.ts";

/** The pod as it is kept, without what only its node can say. */
export function newPod(pod: Pod, nowMs: number): Pod {
  return {
    ...pod,
    spec: withOwnLabels(pod.spec, pod.metadata.labels ?? {}),
    status: firstStatus(pod.spec, nowMs),
  };
}

function firstStatus(spec: PodSpec, nowMs: number): PodStatus {
  const first: PodStatus = { phase: "Pending", qosClass: qosClass(spec) };
  if ((spec.schedulingGates ?? []).length === 0) return first;
  const gated = {
    type: "PodScheduled",
    status: "False",
    lastTransitionTime: apiTime(nowMs),
    reason: "SchedulingGated",
    message: "Scheduling is blocked due to non-empty scheduling gates",
  };
  return { ...first, conditions: [gated] };
}

type Labels = Readonly<Record<string, string>>;

/** Rules about "pods like this one" are settled by the labels it has when it is made. */
function withOwnLabels(spec: PodSpec, labels: Labels): PodSpec {
  const { affinity, topologySpreadConstraints: spread } = spec;
  return {
    ...spec,
    ...(affinity === undefined ? {} : { affinity: affinityOf(affinity, labels) }),
    ...(spread === undefined
      ? {}
      : { topologySpreadConstraints: spread.map((rule) => withLabelKeys(rule, labels)) }),
  };
}

function affinityOf(affinity: Affinity, labels: Labels): Affinity {
  const { podAffinity: near, podAntiAffinity: far } = affinity;
  return {
    ...affinity,
    ...(near === undefined ? {} : { podAffinity: termsOf(near, labels) }),
    ...(far === undefined ? {} : { podAntiAffinity: termsOf(far, labels) }),
  };
}

function termsOf(affinity: PodAffinity, labels: Labels): PodAffinity {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: must,
    preferredDuringSchedulingIgnoredDuringExecution: should,
  } = affinity;
  return {
    ...affinity,
    ...(must === undefined
      ? {}
      : {
          requiredDuringSchedulingIgnoredDuringExecution: must.map((term) =>
            withLabelKeys(term, labels),
          ),
        }),
    ...(should === undefined
      ? {}
      : {
          preferredDuringSchedulingIgnoredDuringExecution: should.map((wish) => ({
            ...wish,
            podAffinityTerm: withLabelKeys(wish.podAffinityTerm, labels),
          })),
        }),
  };
}
