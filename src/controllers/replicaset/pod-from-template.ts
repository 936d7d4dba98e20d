import { ReplicaSet, type Pod } from "../../client/builtin.ts";
import { controllerReference } from "../../machinery/owners.ts";

/** A name cannot be longer, so a prefix with a dash must be shorter. */
const NAME_LENGTH_MAX = 253;

/** A new pod of `replicaSet`. The server completes the name. */
export function podFromTemplate(replicaSet: ReplicaSet): Pod {
  const { metadata, spec } = replicaSet.spec.template;
  const { name = "", namespace = "" } = replicaSet.metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: name.length < NAME_LENGTH_MAX ? `${name}-` : name,
      namespace,
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata.finalizers === undefined ? {} : { finalizers: metadata.finalizers }),
      ownerReferences: [controllerReference(replicaSet, ReplicaSet)],
    },
    spec,
    status: {},
  };
}
