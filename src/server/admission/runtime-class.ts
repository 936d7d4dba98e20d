/** Pods of a runtime class cost what the class says, and go to nodes that have the runtime. */
import type { Pod } from "../../apis/core/v1/types.generated.ts";
import type { RuntimeClass } from "../../apis/node/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { isAbout, refusal, type AdmissionPlugin, type Review } from "./admission.ts";
import type { ClusterReader, KindOf } from "./cluster-reader.ts";

const CLASSES: KindOf<RuntimeClass> = {
  group: "node.k8s.io",
  version: "v1",
  resource: "runtimeclasses",
};
const MISMATCH = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

export function runtimeClass(reader: ClusterReader): AdmissionPlugin {
  return {
    name: "RuntimeClass",
    concerns: (review) => review.verb === "create" && isAbout(review, "", "pods"),
    mutate: async (review, context) => {
      const pod = review.object as Pod;
      const found = await classOf(pod, review, reader, context);
      if (found === undefined) return pod;
      return withScheduling(withOverhead(pod, found, review), found, review);
    },
    validate: async (review, context) => {
      const pod = review.object as Pod;
      const found = await classOf(pod, review, reader, context);
      const { overhead } = pod.spec;
      if (found?.overhead === undefined) {
        if (overhead === undefined || Object.keys(overhead).length === 0) return;
        const why = "Pod Overhead set without corresponding RuntimeClass defined Overhead";
        throw refusal(review, `pod rejected: ${why}`);
      }
      if (!equalValues(overhead ?? {}, found.overhead.podFixed ?? {})) {
        throw refusal(review, MISMATCH);
      }
    },
  };
}

async function classOf(
  pod: Pod,
  review: Review,
  reader: ClusterReader,
  context: Context,
): Promise<RuntimeClass | undefined> {
  const { runtimeClassName } = pod.spec;
  if (runtimeClassName === undefined) return undefined;
  const found = await reader.get(CLASSES, "", runtimeClassName, context);
  if (found !== undefined) return found;
  const quoted = JSON.stringify(runtimeClassName);
  throw refusal(review, `pod rejected: RuntimeClass ${quoted} not found`);
}

function withOverhead(pod: Pod, { overhead }: RuntimeClass, review: Review): Pod {
  if (overhead === undefined) return pod;
  const { podFixed = {} } = overhead;
  const sent = pod.spec.overhead;
  if (sent !== undefined && !equalValues(sent, podFixed)) throw refusal(review, MISMATCH);
  return { ...pod, spec: { ...pod.spec, overhead: podFixed } };
}

function withScheduling(pod: Pod, { scheduling }: RuntimeClass, review: Review): Pod {
  if (scheduling === undefined) return pod;
  const { nodeSelector = {}, tolerations = [] } = scheduling;
  const own = pod.spec.nodeSelector ?? {};
  for (const [key, value] of Object.entries(nodeSelector)) {
    if (!Object.hasOwn(own, key) || own[key] === value) continue;
    const why =
      `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; ` +
      `pod.spec.nodeSelector[${key}] = ${own[key]}`;
    throw refusal(review, why);
  }
  const kept = pod.spec.tolerations ?? [];
  const added = tolerations.filter((each) => !kept.some((other) => equalValues(each, other)));
  const selector = { ...own, ...nodeSelector };
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(Object.keys(selector).length === 0 ? {} : { nodeSelector: selector }),
      ...(added.length === 0 ? {} : { tolerations: [...kept, ...added] }),
    },
  };
}
