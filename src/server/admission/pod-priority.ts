/** Pods get the number behind the name of their priority, or that of the cluster's default. */
import { SYSTEM_PRIORITIES } from "../../apis/core/v1/pod-admission.ts";
import type { Pod } from "../../apis/core/v1/types.generated.ts";
import type { PriorityClass } from "../../apis/scheduling/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";

import { forbidden } from "../../machinery/status.ts";
import { isAbout, refusal, type AdmissionPlugin, type Review } from "./admission.ts";
import type { ClusterReader, KindOf } from "./cluster-reader.ts";

const GROUP = "scheduling.k8s.io";
const CLASSES: KindOf<PriorityClass> = {
  group: GROUP,
  version: "v1",
  resource: "priorityclasses",
};
const PREEMPTION = "PreemptLowerPriority";

type Given = Required<Pick<PriorityClass, "value" | "preemptionPolicy">> & {
  readonly name: string;
};

export function podPriority(reader: ClusterReader): AdmissionPlugin {
  return {
    name: "Priority",
    concerns: (review) => isAbout(review, "", "pods") || isAbout(review, GROUP, "priorityclasses"),
    mutate: async (review, context) => {
      if (!isAbout(review, "", "pods")) return review.object;
      const pod = review.object as Pod;
      if (review.verb === "create") return withPriority(pod, review, reader, context);
      return review.verb === "update" ? withOldPriority(pod, review.old) : pod;
    },
    validate: async (review, context) => {
      if (!isAbout(review, GROUP, "priorityclasses")) return;
      checkLasting(review);
      if (review.verb !== "create" && review.verb !== "update") return;
      const { metadata, globalDefault } = review.object as PriorityClass;
      if (globalDefault !== true) return;
      const [other] = (await defaults(reader, context)).filter(
        (each) => each.metadata.name !== metadata.name,
      );
      if (other === undefined) return;
      const named = `PriorityClass ${other.metadata.name} is already marked as default`;
      throw refusal(review, `${named}. Only one default can exist`);
    },
  };
}

function checkLasting({ verb, object, resource }: Review): void {
  const { name = "" } = object.metadata;
  if (verb !== "delete" || !Object.hasOwn(SYSTEM_PRIORITIES, name)) return;
  throw forbidden(resource, name, "this is a system priority class and cannot be deleted");
}

/** What a writer leaves out was settled when the pod was made. */
function withOldPriority(pod: Pod, old: Review["old"]): Pod {
  if (old === undefined) return pod;
  const { priority, preemptionPolicy } = (old as Pod).spec;
  const { spec } = pod;
  return {
    ...pod,
    spec: {
      ...spec,
      ...(spec.priority === undefined && priority !== undefined ? { priority } : {}),
      ...(spec.preemptionPolicy === undefined && preemptionPolicy !== undefined
        ? { preemptionPolicy }
        : {}),
    },
  };
}

async function withPriority(
  pod: Pod,
  review: Review,
  reader: ClusterReader,
  context: Context,
): Promise<Pod> {
  const { priorityClassName = "", priority, preemptionPolicy } = pod.spec;
  const given =
    priorityClassName === ""
      ? await defaultPriority(reader, context)
      : await namedPriority(priorityClassName, review, reader, context);
  const tail = "from the given PriorityClass name";
  if (priority !== undefined && priority !== given.value) {
    const why =
      `the integer value of priority (${priority}) must not be provided in pod spec; ` +
      `priority admission controller computed ${given.value} ${tail}`;
    throw refusal(review, why);
  }
  if (preemptionPolicy !== undefined && preemptionPolicy !== given.preemptionPolicy) {
    const why =
      `the string value of PreemptionPolicy (${preemptionPolicy}) must not be provided in pod ` +
      `spec; priority admission controller computed ${given.preemptionPolicy} ${tail}`;
    throw refusal(review, why);
  }
  const { name, value, preemptionPolicy: policy } = given;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(name === "" ? {} : { priorityClassName: name }),
      priority: value,
      preemptionPolicy: policy,
    },
  };
}

/** The classes of the system are there even where nobody has made their objects. */
async function namedPriority(
  name: string,
  review: Review,
  reader: ClusterReader,
  context: Context,
): Promise<Given> {
  const found = await reader.get(CLASSES, "", name, context);
  if (found !== undefined) return givenBy(found);
  if (Object.hasOwn(SYSTEM_PRIORITIES, name)) {
    return { name, value: SYSTEM_PRIORITIES[name] ?? 0, preemptionPolicy: PREEMPTION };
  }
  throw refusal(review, `no PriorityClass with name ${name} was found`);
}

/** Of several defaults, which only old versions allowed, the lowest. */
async function defaultPriority(reader: ClusterReader, context: Context): Promise<Given> {
  const all = await defaults(reader, context);
  const [lowest] = all.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0));
  return lowest === undefined
    ? { name: "", value: 0, preemptionPolicy: PREEMPTION }
    : givenBy(lowest);
}

async function defaults(
  reader: ClusterReader,
  context: Context,
): Promise<readonly PriorityClass[]> {
  return (await reader.list(CLASSES, "", context)).filter((each) => each.globalDefault === true);
}

function givenBy({ metadata, value = 0, preemptionPolicy = PREEMPTION }: PriorityClass): Given {
  return { name: metadata.name ?? "", value, preemptionPolicy };
}
