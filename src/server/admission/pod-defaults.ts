import {
  withLostNodeTolerations,
  withPriority,
  withServiceAccount,
} from "../../apis/core/v1/pod-admission.ts";
import type { Pod } from "../../apis/core/v1/types.generated.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { forbidden } from "../../machinery/status.ts";
import type { AdmissionPlugin, Review } from "./admission.ts";

/**
 * What every new pod gets by admission: an account, a priority, and bounds on its stay on a lost
 * node. That the account exists is not enforced: nothing here hands out tokens of accounts yet.
 */
export function podPlugins(options: {
  readonly lostNodeSeconds: number;
}): readonly AdmissionPlugin[] {
  const withTolerations = (pod: Pod): Pod => withLostNodeTolerations(pod, options.lostNodeSeconds);
  return [
    { name: "ServiceAccount", mutate: forNewPods(withServiceAccount) },
    { name: "Priority", mutate: forNewPods(withKnownPriority) },
    { name: "DefaultTolerationSeconds", mutate: forNewPods(withTolerations) },
  ];
}

function forNewPods(change: (pod: Pod, review: Review) => Pod): (review: Review) => ApiObject {
  return (review) => {
    const { resource, verb, subresource, object } = review;
    const isPod = resource.group === "" && resource.resource === "pods";
    const isNew = isPod && verb === "create" && subresource === "";
    return isNew ? change(object as Pod, review) : object;
  };
}

function withKnownPriority(pod: Pod, review: Review): Pod {
  const changed = withPriority(pod);
  if (changed !== undefined) return changed;
  const name = pod.spec.priorityClassName ?? "";
  const why = `no PriorityClass with name ${name} was found`;
  throw forbidden(review.resource, review.name, why);
}
