/** What a webhook or policy is about, and the objects in the version it wants to see. */
import type {
  MatchResources,
  RuleWithOperations,
} from "../../../apis/admissionregistration/v1/types.generated.ts";
import type { Namespace } from "../../../apis/core/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import type { GroupVersionKind } from "../../../machinery/gvk.ts";
import { matchesLabels, queryOfSelector, type LabelSelector } from "../../../machinery/labels.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import type { Resource, Resources } from "../../registry/resource.ts";
import type { Review } from "../admission.ts";
import type { ClusterReader } from "../cluster-reader.ts";
import { NAMESPACES } from "../namespace-lifecycle.ts";
import { matchedResource } from "./match-rules.ts";

/** A review in the version that a webhook or policy asked for. */
export type MatchedReview = {
  readonly review: Review;
  /** The form that matched; that of the request, or an equivalent one. */
  readonly resource: Resource;
  readonly kind: GroupVersionKind;
  /** Undefined for deletions. */
  readonly object: ApiObject | undefined;
  readonly old: ApiObject | undefined;
  /** Of the request; undefined for what is in none. */
  readonly namespace: Namespace | undefined;
};

/** What is asked for; the same fields in webhooks and in policies. */
export type Wish = Pick<
  MatchResources,
  "matchPolicy" | "namespaceSelector" | "objectSelector" | "excludeResourceRules"
> & { readonly rules: readonly RuleWithOperations[] };

export type MatchDeps = { readonly resources: Resources; readonly reader: ClusterReader };

/** Undefined: the wish is not about this. */
export async function matchReview(
  wish: Wish,
  review: Review,
  deps: MatchDeps,
  context: Context,
): Promise<MatchedReview | undefined> {
  const equivalents = wish.matchPolicy === "Exact" ? [] : equivalentsOf(review.resource, deps);
  const excluded = wish.excludeResourceRules ?? [];
  if (matchedResource(excluded, review, equivalents) !== undefined) return undefined;
  const resource = matchedResource(wish.rules, review, equivalents);
  if (resource === undefined || !matchesObject(wish.objectSelector, review)) return undefined;
  const namespace = await namespaceOf(review, deps.reader, context);
  if (!matchesNamespace(wish.namespaceSelector, review, namespace)) return undefined;
  return inForm(review, resource, namespace, context);
}

/** Other versions and groups of the same stored objects. */
function equivalentsOf(resource: Resource, { resources }: MatchDeps): readonly Resource[] {
  return resources
    .all()
    .filter((each) => each.keyPrefix === resource.keyPrefix && each !== resource);
}

async function inForm(
  review: Review,
  resource: Resource,
  namespace: Namespace | undefined,
  context: Context,
): Promise<MatchedReview> {
  const { verb, object, old, kind } = review;
  const convert = (each: ApiObject | undefined): Promise<ApiObject | undefined> =>
    kind === undefined
      ? converted(each, review.resource, resource, context)
      : Promise.resolve(each && { ...names(kind), ...each });
  const { group, version } = resource;
  return {
    review,
    resource,
    kind: kind ?? { group, version, kind: resource.kind },
    object: verb === "delete" ? undefined : await convert(object),
    old: await convert(old),
    namespace,
  };
}

async function converted(
  object: ApiObject | undefined,
  from: Resource,
  to: Resource,
  context: Context,
): Promise<ApiObject | undefined> {
  if (object === undefined) return undefined;
  const named = { apiVersion: to.apiVersion, kind: to.kind };
  if (from === to) return { ...object, ...named };
  const stored = (await from.conversion?.toStored(object, context)) ?? object;
  const [served] = (await to.conversion?.fromStored([stored], context)) ?? [stored];
  return { ...(served ?? stored), ...named };
}

/** What a policy or webhook made of an object in its form, in that of the request again. */
export async function revertedObject(
  changed: ApiObject,
  { review, resource }: MatchedReview,
  context: Context,
): Promise<ApiObject> {
  if (resource === review.resource) return changed;
  return (await converted(changed, resource, review.resource, context)) ?? changed;
}

function names(kind: GroupVersionKind): { readonly apiVersion: string; readonly kind: string } {
  const { group, version } = kind;
  return { apiVersion: group === "" ? version : `${group}/${version}`, kind: kind.kind };
}

function matchesObject(
  selector: LabelSelector | undefined,
  { object, old, verb }: Review,
): boolean {
  if (selector === undefined || isEverything(selector)) return true;
  const query = queryOfSelector(selector);
  const isNew = verb !== "delete" && matchesLabels(query, object.metadata.labels);
  return isNew || (old !== undefined && matchesLabels(query, old.metadata.labels));
}

/** Namespaces are matched by their own labels, other objects outside namespaces always. */
function matchesNamespace(
  selector: LabelSelector | undefined,
  review: Review,
  namespace: Namespace | undefined,
): boolean {
  if (selector === undefined || isEverything(selector)) return true;
  const { resource, object } = review;
  const isNamespace = resource.group === "" && resource.resource === "namespaces";
  if (isNamespace) return matchesLabels(queryOfSelector(selector), object.metadata.labels);
  if (review.namespace === "") return true;
  return matchesLabels(queryOfSelector(selector), namespace?.metadata.labels);
}

function isEverything({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

async function namespaceOf(
  { namespace }: Review,
  reader: ClusterReader,
  context: Context,
): Promise<Namespace | undefined> {
  return namespace === "" ? undefined : reader.get(NAMESPACES, "", namespace, context);
}
