/** The objects a binding gives a policy as parameters. */
import type {
  ParamKind,
  ParamRef,
} from "../../../apis/admissionregistration/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import { matchesLabels, queryOfSelector } from "../../../machinery/labels.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import type { Resource } from "../../registry/resource.ts";
import type { MatchDeps } from "../matching/matched-review.ts";

/** A policy or binding that cannot be used; its failure policy says what that means. */
export class PolicyMisfit extends Error {
  override readonly name = "PolicyMisfit";
  /** Whose fault it is. */
  readonly of: "policy" | "binding";

  constructor(of: "policy" | "binding", why: string) {
    super(`failed to configure ${of}: ${why}`);
    this.of = of;
  }
}

/** Parameters of one binding that are looked at. */
export const PARAMS_MAX = 1_000;

/**
 * One for each evaluation; `[undefined]` for policies without parameters, none to skip the binding.
 * Throws a `PolicyMisfit`.
 */
export async function paramsFor(
  paramKind: ParamKind | undefined,
  paramRef: ParamRef | undefined,
  requestNamespace: string,
  deps: MatchDeps,
  context: Context,
): Promise<readonly (ApiObject | undefined)[]> {
  if (paramKind === undefined) return [undefined];
  const resource = findKind(paramKind, deps);
  if (paramRef === undefined) return [undefined]; // upstream binds null
  const namespace = namespaceOf(resource, paramRef, requestNamespace);
  const found = await find(resource, namespace, paramRef, deps, context);
  if (found.length > 0) return found;
  if (paramRef.parameterNotFoundAction === "Allow") return [];
  throw new PolicyMisfit(
    "binding",
    "no params found for policy binding with `Deny` " + "parameterNotFoundAction",
  );
}

function findKind({ apiVersion = "", kind = "" }: ParamKind, { resources }: MatchDeps): Resource {
  const found = resources
    .all()
    .find((each) => each.apiVersion === apiVersion && each.kind === kind);
  if (found !== undefined) return found;
  const gvk = `${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
  throw new PolicyMisfit("policy", `failed to find resource referenced by paramKind: '${gvk}'`);
}

function namespaceOf(
  resource: Resource,
  { namespace = "" }: ParamRef,
  requestNamespace: string,
): string {
  if (!resource.isNamespaced) {
    if (namespace === "") return "";
    throw new PolicyMisfit(
      "binding",
      "paramRef.namespace must not be provided for a " + "cluster-scoped `paramKind`",
    );
  }
  const found = namespace === "" ? requestNamespace : namespace;
  if (found !== "") return found;
  throw new PolicyMisfit(
    "binding",
    "cannot use namespaced paramRef in policy binding that " + "matches cluster-scoped resources",
  );
}

async function find(
  resource: Resource,
  namespace: string,
  { name = "", selector }: ParamRef,
  { reader }: MatchDeps,
  context: Context,
): Promise<readonly ApiObject[]> {
  if (name !== "") {
    const found = await reader.get<ApiObject>(resource, namespace, name, context);
    return found === undefined ? [] : [found];
  }
  const query = queryOfSelector(selector ?? {});
  const all = await reader.listOf<ApiObject>(resource, namespace, context);
  return all.filter(({ metadata }) => matchesLabels(query, metadata.labels)).slice(0, PARAMS_MAX);
}
