/** Which policies, bound by what and with which parameters, look at a review. */
import type {
  MatchResources,
  ParamKind,
  ParamRef,
} from "../../../apis/admissionregistration/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import type { Bindings } from "../../../cel/program.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import type { Authorizer } from "../../authz/authorizer.ts";
import type { Review } from "../admission.ts";
import { Evaluator } from "../matching/expressions.ts";
import { matchReview, type MatchDeps, type MatchedReview } from "../matching/matched-review.ts";
import type { CompiledPolicy } from "./compiled-policy.ts";
import { paramsFor, PolicyMisfit } from "./policy-params.ts";
import { Variables } from "./variables.ts";

export type PolicyDeps = MatchDeps & { readonly authorizer: Authorizer };

export type AnyPolicy = ApiObject & {
  readonly spec?: {
    readonly failurePolicy?: string;
    readonly matchConstraints?: MatchResources;
    readonly paramKind?: ParamKind;
  };
};

export type AnyBinding = ApiObject & {
  readonly spec?: {
    readonly policyName?: string;
    readonly matchResources?: MatchResources;
    readonly paramRef?: ParamRef;
  };
};

/** One evaluation of a policy, or why there is none. */
export type Invocation<B> =
  | {
      readonly kind: "ready";
      readonly binding: B;
      readonly matched: MatchedReview;
      readonly param: ApiObject | undefined;
    }
  | {
      readonly kind: "misfit";
      readonly binding: B;
      readonly of: PolicyMisfit["of"];
      readonly message: string;
    };

/** Of one policy. Bindings in order of their names. */
export async function invocationsOf<B extends AnyBinding>(
  policy: AnyPolicy,
  bindings: readonly B[],
  review: Review,
  deps: PolicyDeps,
  context: Context,
): Promise<readonly Invocation<B>[]> {
  const bound = bindings.filter(({ spec }) => spec?.policyName === policy.metadata.name);
  if (bound.length === 0) return [];
  const { matchConstraints = {}, paramKind } = policy.spec ?? {};
  const matched = await matchReview(wishOf(matchConstraints), review, deps, context);
  if (matched === undefined) return [];
  const invocations: Invocation<B>[] = [];
  for (const binding of bound) {
    const { matchResources, paramRef } = binding.spec ?? {};
    if (!(await isBound(matchResources, review, deps, context))) continue;
    try {
      const params = await paramsFor(paramKind, paramRef, review.namespace, deps, context);
      for (const param of params) invocations.push({ kind: "ready", binding, matched, param });
    } catch (error) {
      if (!(error instanceof PolicyMisfit)) throw error;
      const { of, message } = error;
      invocations.push({ kind: "misfit", binding, of, message });
    }
  }
  return invocations;
}

/** A binding without rules of its own is about all its policy is about. */
async function isBound(
  resources: MatchResources | undefined,
  review: Review,
  deps: PolicyDeps,
  context: Context,
): Promise<boolean> {
  if (resources === undefined) return true;
  return (await matchReview(wishOf(resources), review, deps, context)) !== undefined;
}

const ALL_RULES = [
  { operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"], scope: "*" },
];

function wishOf(resources: MatchResources): Parameters<typeof matchReview>[0] {
  const { resourceRules = [] } = resources;
  return { ...resources, rules: resourceRules.length === 0 ? ALL_RULES : resourceRules };
}

/** Evaluates the expressions of one invocation. */
export function evaluationOf(
  invocation: Extract<Invocation<unknown>, { readonly kind: "ready" }>,
  compiled: CompiledPolicy,
  deps: PolicyDeps,
  context: Context,
): { readonly evaluator: Evaluator; readonly more: () => Bindings; readonly params: Bindings } {
  const { matched, param } = invocation;
  const evaluator = new Evaluator(matched, deps.authorizer, context);
  const params = { params: param ?? null };
  const more = (): Bindings => ({
    ...params,
    variables: new Variables(compiled.variables, evaluator, params),
  });
  return { evaluator, more, params };
}

/** Whether what goes wrong with a policy refuses the request. */
export function failsClosed({ spec }: AnyPolicy): boolean {
  return spec?.failurePolicy !== "Ignore";
}

const QUESTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["authentication.k8s.io", ["selfsubjectreviews", "tokenreviews"]],
  [
    "authorization.k8s.io",
    [
      "localsubjectaccessreviews",
      "selfsubjectaccessreviews",
      "selfsubjectrulesreviews",
      "subjectaccessreviews",
    ],
  ],
]);

/** Who may do what is asked freely: policies have no say in it. */
export function isQuestion({ resource }: Review): boolean {
  return QUESTIONS.get(resource.group)?.includes(resource.resource) === true;
}
