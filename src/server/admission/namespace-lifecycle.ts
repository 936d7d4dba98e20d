import type { Context } from "../../base/context.ts";
import { isTerminating } from "../../machinery/object.ts";
import { forbidden, notFound } from "../../machinery/status.ts";
import type { Store } from "../../store/store.ts";
import { objectOf } from "../registry/read.ts";
import { storeKey, type Resource, type Resources } from "../registry/resource.ts";
import type { AdmissionPlugin, Review } from "./admission.ts";

/** Namespaces no one can delete. */
const LASTING_NAMESPACES: readonly string[] = ["default", "kube-system", "kube-public"];

/**
 * Nothing is created in a namespace that is missing or going, so that deleting a namespace ends.
 * Reads the namespace on every create: the store has it in memory and its object is parsed once.
 */
export function namespaceLifecycle(deps: {
  readonly store: Store;
  readonly resources: Resources;
}): AdmissionPlugin {
  const namespaces = deps.resources.find({ group: "", version: "v1", resource: "namespaces" });
  return {
    name: "NamespaceLifecycle",
    validate: async (review, context) => {
      if (namespaces === undefined) return;
      if (review.resource === namespaces) {
        checkLasting(review);
        return;
      }
      const isNew = review.verb === "create" && review.subresource === "";
      if (isNew && review.namespace !== "")
        await checkLive(review, namespaces, deps.store, context);
    },
  };
}

function checkLasting(review: Review): void {
  if (review.verb !== "delete" || !LASTING_NAMESPACES.includes(review.name)) return;
  throw forbidden(review.resource, review.name, "this namespace may not be deleted");
}

async function checkLive(
  review: Review,
  namespaces: Resource,
  store: Store,
  context: Context,
): Promise<void> {
  const { namespace, name, resource } = review;
  const entry = await store.get(storeKey(namespaces, { namespace: "", name: namespace }), context);
  if (entry === undefined) throw notFound(namespaces, namespace);
  if (!isTerminating(objectOf(entry, namespaces).value)) return;
  const why =
    `unable to create new content in namespace ${namespace} ` + "because it is being terminated";
  throw forbidden(resource, name, why, [
    {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    },
  ]);
}
