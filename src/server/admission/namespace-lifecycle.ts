/**
 * Nothing is created in a namespace that is missing or going, so that deleting a namespace ends.
 * Reads the namespace on every write: the store has it in memory and its object is parsed once.
 */
import type { Namespace } from "../../apis/core/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { isTerminating } from "../../machinery/object.ts";
import { notFound } from "../../machinery/status.ts";
import { refusal, type AdmissionPlugin, type Review } from "./admission.ts";
import type { ClusterReader, KindOf } from "./cluster-reader.ts";

export const NAMESPACES: KindOf<Namespace> = { group: "", version: "v1", resource: "namespaces" };

/** Namespaces no one can delete. */
const LASTING_NAMESPACES: readonly string[] = ["default", "kube-system", "kube-public"];

export function namespaceLifecycle(reader: ClusterReader): AdmissionPlugin {
  return {
    name: "NamespaceLifecycle",
    mutate: async (review, context) => {
      const { resource, namespace, object } = review;
      if (resource.group === "" && resource.resource === "namespaces") checkLasting(review);
      else if (namespace !== "" && !isQuestion(review)) await checkLive(review, reader, context);
      return object;
    },
  };
}

/** Whether somebody may do something is asked freely: no namespace needs to be there for it. */
function isQuestion({ resource }: Review): boolean {
  const { group } = resource;
  return group === "authorization.k8s.io" && resource.resource === "localsubjectaccessreviews";
}

function checkLasting(review: Review): void {
  if (review.verb !== "delete" || !LASTING_NAMESPACES.includes(review.name)) return;
  throw refusal(review, "this namespace may not be deleted");
}

async function checkLive(review: Review, reader: ClusterReader, context: Context): Promise<void> {
  const { namespace, verb } = review;
  if (verb === "delete" || !reader.has(NAMESPACES)) return;
  const found = await reader.get(NAMESPACES, "", namespace, context);
  if (found === undefined) throw notFound({ group: "", resource: "namespaces" }, namespace);
  if (verb !== "create" || !isTerminating(found)) return;
  const why =
    `unable to create new content in namespace ${namespace} ` + "because it is being terminated";
  throw refusal(review, why, [
    {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    },
  ]);
}
