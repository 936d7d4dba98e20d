/**
 * An option: who makes an object block the deletion of its owner must be allowed to set finalizers
 * of the owner, and who gives an object owners must be allowed to delete it.
 */
import type { Context } from "../../base/context.ts";
import { parseApiVersion } from "../../machinery/gvk.ts";
import { equalValues } from "../../machinery/json-value.ts";
import type { OwnerReference } from "../../machinery/object.ts";
import type { Authorizer, Decision, ResourceAccess } from "../authz/authorizer.ts";
import type { Resources } from "../registry/resource.ts";
import { refusal, type AdmissionPlugin, type Review } from "./admission.ts";

export function ownerReferencesPermission(deps: {
  readonly authorizer: Authorizer;
  readonly resources: Resources;
}): AdmissionPlugin {
  return {
    name: "OwnerReferencesPermissionEnforcement",
    validate: async (review, context) => {
      const { verb, object, old, subresource } = review;
      if (verb !== "create" && verb !== "update") return;
      const [owners, before] = [ownersOf(object), old === undefined ? [] : ownersOf(old)];
      if (subresource === "status" || equalValues(owners, before)) return;
      if (old !== undefined) await checkDeletion(review, deps.authorizer, context);
      for (const owner of owners) {
        if (owner.blockOwnerDeletion !== true || isBlocking(owner, before)) continue;
        await checkFinalizers(owner, review, deps, context);
      }
    },
  };
}

function ownersOf({ metadata }: Review["object"]): readonly OwnerReference[] {
  return metadata.ownerReferences ?? [];
}

function isBlocking(owner: OwnerReference, before: readonly OwnerReference[]): boolean {
  return before.some(({ uid, blockOwnerDeletion }) => uid === owner.uid && blockOwnerDeletion);
}

async function checkDeletion(
  review: Review,
  authorizer: Authorizer,
  context: Context,
): Promise<void> {
  const { resource, name } = review;
  const { group, version } = resource;
  const place = { group, version, resource: resource.resource, subresource: "", name };
  const decision = await ask(review, { ...place, verb: "delete" }, authorizer, context);
  if (decision.kind === "allowed") return;
  throw refusal(review, `cannot set an ownerRef on a resource you can't delete: ${told(decision)}`);
}

async function checkFinalizers(
  owner: OwnerReference,
  review: Review,
  deps: { readonly authorizer: Authorizer; readonly resources: Resources },
  context: Context,
): Promise<void> {
  const gv = parseApiVersion(owner.apiVersion) ?? { group: "", version: owner.apiVersion };
  const found = deps.resources
    .all()
    .find((each) => each.apiVersion === owner.apiVersion && each.kind === owner.kind);
  if (found === undefined) {
    const kind = `no matches for kind ${JSON.stringify(owner.kind)} in version `;
    const why = "cannot set blockOwnerDeletion in this case because cannot find RESTMapping for";
    const what = `APIVersion ${owner.apiVersion} Kind ${owner.kind}`;
    throw refusal(review, `${why} ${what}: ${kind}${JSON.stringify(owner.apiVersion)}`);
  }
  const place = { ...gv, resource: found.resource, subresource: "finalizers", name: owner.name };
  const wanted = { ...place, verb: "update" };
  const scoped = found.isNamespaced ? review : { ...review, namespace: "" };
  const decision = await ask(scoped, wanted, deps.authorizer, context);
  if (decision.kind === "allowed") return;
  const why =
    "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set " +
    "finalizers on";
  throw refusal(review, `${why}: ${told(decision)}`);
}

type Place = Omit<ResourceAccess, "kind" | "user" | "namespace">;

async function ask(
  { user, namespace }: Review,
  place: Place,
  authorizer: Authorizer,
  context: Context,
): Promise<Decision> {
  return authorizer.authorize({ kind: "resource", user, namespace, ...place }, context);
}

function told({ reason, problem }: Decision): string {
  return `${reason}, ${problem === "" ? "<nil>" : problem}`;
}
