/** What the ReplicaSet of a Deployment's template looks like. Pure. */
import { Deployment, type ReplicaSet } from "../../client/builtin.ts";
import { controllerReference } from "../../machinery/owners.ts";
import { newestAnnotations, scaleAnnotations } from "./revisions.ts";
import { TEMPLATE_HASH_LABEL, templateHash } from "./template-hash.ts";

/** Not made yet. Its name tells the template, so that making it twice makes it once. */
export function newReplicaSet(
  deployment: Deployment,
  replicas: number,
  revision: number,
): ReplicaSet {
  const { name = "", namespace = "" } = deployment.metadata;
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, deployment.status.collisionCount ?? 0);
  const labels = { ...template.metadata.labels, [TEMPLATE_HASH_LABEL]: hash };
  const matchLabels = { ...selector.matchLabels, [TEMPLATE_HASH_LABEL]: hash };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...newestAnnotations(deployment, {}, revision),
        ...scaleAnnotations(deployment),
      },
      ownerReferences: [controllerReference(deployment, Deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
}

/** `replicaSet` as it should be when it is the new one: the rest of it is as it was made. */
export function asNewest(
  deployment: Deployment,
  replicaSet: ReplicaSet,
  revision: number,
): ReplicaSet {
  const { minReadySeconds: _, ...spec } = replicaSet.spec;
  const { minReadySeconds } = deployment.spec;
  return {
    ...replicaSet,
    metadata: {
      ...replicaSet.metadata,
      annotations: newestAnnotations(deployment, replicaSet.metadata.annotations ?? {}, revision),
    },
    spec: { ...spec, ...(minReadySeconds === undefined ? {} : { minReadySeconds }) },
  };
}
