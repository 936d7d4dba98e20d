/**
 * Nodes write about themselves only: an admission plug-in for clusters that do not trust their
 * nodes. Authorization lets a node write pods, nodes and leases; this looks into what it writes.
 */
import type { Node, Pod } from "../../../apis/core/v1/types.generated.ts";
import type { TokenRequest } from "../../../apis/authentication/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { forbidden } from "../../../machinery/status.ts";
import type { Store } from "../../../store/store.ts";
import type { AdmissionPlugin, Review } from "../../admission/admission.ts";
import { nodeOfUser } from "./node-authorizer.ts";
import { restrictedLabels } from "./node-labels.ts";
import { referencesOf } from "./pod-references.ts";

const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

/** Off unless a server is given it. */
export function nodeRestriction(deps: { readonly store: Store }): AdmissionPlugin {
  return {
    name: "NodeRestriction",
    concerns: ({ user }) => nodeOfUser(user) !== undefined,
    validate: async (review, context) => {
      const node = nodeOfUser(review.user);
      if (node === undefined) return;
      const { name } = review.user;
      if (node === "") {
        throw refusal(
          review,
          `could not determine node identity from user ${JSON.stringify(name)}`,
        );
      }
      const problem = await problemOf(review, node, deps.store, context);
      if (problem !== undefined) throw refusal(review, problem);
    },
  };
}

async function problemOf(
  review: Review,
  node: string,
  store: Store,
  context: Context,
): Promise<string | undefined> {
  const { resource, subresource } = review;
  switch (`${resource.group}/${resource.resource}`) {
    case "/pods":
      return subresource === "" ? podProblem(review, node) : podPartProblem(review, node);
    case "/nodes":
      return nodeProblem(review, node);
    case "/serviceaccounts":
      return subresource === "token" ? tokenProblem(review, node, store, context) : undefined;
    case "coordination.k8s.io/leases":
      return ownProblem(review, node, "node lease");
    case "storage.k8s.io/csinodes":
      return ownProblem(review, node, "CSINode");
    default:
      return undefined;
  }
}

function podProblem({ verb, object }: Review, node: string): string | undefined {
  const shown = JSON.stringify(node);
  const { metadata, spec } = asPod(object);
  switch (verb) {
    case "create": {
      if (!Object.hasOwn(metadata.annotations ?? {}, MIRROR_ANNOTATION)) {
        const what = `pod does not have ${JSON.stringify(MIRROR_ANNOTATION)} annotation`;
        return `${what}, node ${shown} can only create mirror pods`;
      }
      if (spec.nodeName !== node) {
        return `node ${shown} can only create pods with spec.nodeName set to itself`;
      }
      return mirrorProblem(asPod(object), shown);
    }
    case "delete":
      if (spec.nodeName === node) return undefined;
      return `node ${shown} can only delete pods with spec.nodeName set to itself`;
    case "connect":
    case "update":
      return (
        `unexpected operation "${verb.toUpperCase()}", ` +
        `node ${shown} can only create and delete mirror pods`
      );
  }
}

const REFERENCE_TEXTS = {
  configmaps: "configmaps",
  persistentvolumeclaims: "persistentvolumeclaims",
  resourceclaims: "resource claims",
  secrets: "secrets",
  serviceaccounts: "a service account",
} as const;

/** A pod of the node's own making refers to nothing the node might not see otherwise. */
function mirrorProblem(pod: Pod, node: string): string | undefined {
  const { annotations: _annotations, ...metadata } = pod.metadata;
  const [reference] = referencesOf({ ...pod, metadata });
  if (reference === undefined) return undefined;
  return `node ${node} can not create pods that reference ${REFERENCE_TEXTS[reference.resource]}`;
}

function podPartProblem(review: Review, node: string): string | undefined {
  const { subresource, object, old } = review;
  const shown = JSON.stringify(node);
  const isOwn = asPod(old ?? object).spec.nodeName === node;
  switch (subresource) {
    case "status": {
      if (!isOwn) {
        return `node ${shown} can only update pod status for pods with spec.nodeName set to itself`;
      }
      const isSame = equalValues(object.metadata.labels ?? {}, old?.metadata.labels ?? {});
      return isSame ? undefined : `node ${shown} cannot update labels through pod status`;
    }
    case "eviction":
      return isOwn
        ? undefined
        : `node ${node} can only evict pods with spec.nodeName set to itself`;
    default:
      return (
        `unexpected pod subresource ${JSON.stringify(subresource)}, ` +
        "only 'status' and 'eviction' are allowed"
      );
  }
}

function nodeProblem({ verb, name, object, old }: Review, node: string): string | undefined {
  const shown = JSON.stringify(node);
  const about = object.metadata.name ?? name;
  if (about !== node) return `node ${shown} is not allowed to modify node ${JSON.stringify(about)}`;
  if (verb === "delete") return undefined;
  const restricted = restrictedLabels(object.metadata.labels ?? {}, old?.metadata.labels ?? {});
  if (old === undefined) {
    if (restricted.length === 0) return undefined;
    const labels = restricted.join(", ");
    return `node ${shown} is not allowed to set the following labels: ${labels}`;
  }
  if (!equalValues(object.metadata.ownerReferences ?? [], old.metadata.ownerReferences ?? [])) {
    return `node ${shown} is not allowed to modify ownerReferences`;
  }
  if (!equalValues(asNode(object).spec?.taints ?? [], asNode(old).spec?.taints ?? [])) {
    return `node ${shown} is not allowed to modify taints`;
  }
  if (restricted.length === 0) return undefined;
  return `is not allowed to modify labels: ${restricted.join(", ")}`;
}

async function tokenProblem(
  { object, namespace }: Review,
  node: string,
  store: Store,
  context: Context,
): Promise<string | undefined> {
  const { spec } = object as ApiObject & Pick<TokenRequest, "spec">;
  const { apiVersion = "", kind, name = "", uid = "" } = spec.boundObjectRef ?? {};
  if (kind !== "Pod" || apiVersion !== "v1" || name === "") {
    return "node requested token not bound to a pod";
  }
  if (uid === "") return "node requested token with a pod binding without a uid";
  const entry = await store.get(`/registry/core/pods/${namespace}/${name}`, context);
  const pod = entry === undefined ? undefined : decodePod(entry.value);
  if (pod?.metadata.uid !== uid) return "the UID in the bound object reference does not match";
  if (pod.spec.nodeName === node) return undefined;
  return "node requested token bound to a pod scheduled on a different node";
}

function ownProblem({ name, object }: Review, node: string, what: string): string | undefined {
  const about = object.metadata.name ?? name;
  if (about === node) return undefined;
  return `can only access ${what} with the same name as the requesting node`;
}

function refusal({ resource, name }: Review, why: string): Error {
  return forbidden(resource, name, why);
}

function asPod(object: ApiObject): Pod {
  return object as Pod;
}

function asNode(object: ApiObject): ApiObject & Partial<Pick<Node, "spec">> {
  return object as ApiObject & Partial<Pick<Node, "spec">>;
}

const decoder = new TextDecoder();

/** What the server stores was decoded and validated as its kind. */
function decodePod(bytes: Uint8Array): Pod {
  return JSON.parse(decoder.decode(bytes)) as Pod;
}
