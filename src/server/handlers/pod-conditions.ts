/** What acts on pods share: they set a condition, and touch what no update may. */
import { findCondition, setCondition, type Condition } from "../../machinery/conditions.ts";
import type { ApiObject, Fields } from "../../machinery/object.ts";
import type { Modification } from "../registry/write.ts";

/** A pod as far as these acts look into it. */
export type PodFields = {
  readonly spec: Fields & { readonly nodeName?: string; readonly schedulingGates?: readonly [] };
  readonly status: Fields & { readonly conditions?: readonly Condition[] };
};

/** These acts touch what no update may, so none of the kind's rules about updates apply. */
export const FREE: Pick<Modification, "prepare" | "validate" | "hasDefaults" | "countsGeneration"> =
  {
    prepare: (next) => next,
    validate: () => [],
    hasDefaults: true,
    countsGeneration: false,
  };

/** `pod` with the condition in place of an older one of its type. */
export function withPodCondition(pod: ApiObject, condition: Condition, now: string): ApiObject {
  const { status } = podFields(pod);
  const others = (status.conditions ?? []).filter((each) => each.type !== condition.type);
  const before = findCondition(status.conditions, condition.type);
  // A new state of a condition brings its own reason and message, or none.
  const conditions =
    before?.status === condition.status
      ? setCondition(status.conditions, condition, now)
      : [...others, { ...condition, lastTransitionTime: now }];
  const next = { ...pod, status: { ...status, conditions } };
  return next;
}

/** The server stores no pod without spec and status. */
export function podFields(pod: ApiObject): PodFields {
  return { spec: {}, status: {}, ...(pod as Partial<PodFields>) };
}
