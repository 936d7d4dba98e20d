/** Policies that change objects, by configurations to apply or by JSON patches. */
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
} from "../../../apis/admissionregistration/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import { equalValues } from "../../../machinery/json-value.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { StatusError } from "../../../machinery/status.ts";
import { refusal, type AdmissionPlugin, type Review } from "../admission.ts";
import type { KindOf } from "../cluster-reader.ts";
import { checkConditions, errorText } from "../matching/match-conditions.ts";
import { isExempt } from "../matching/match-rules.ts";
import type { MatchedReview } from "../matching/matched-review.ts";
import { askAgain, decodedObject } from "../webhook/webhook-plugins.ts";
import { compiledMutatingPolicy } from "./compiled-policy.ts";
import { mutated, MutationFault } from "./mutations.ts";
import {
  evaluationOf,
  failsClosed,
  invocationsOf,
  isQuestion,
  type Invocation,
  type PolicyDeps,
} from "./policy-invocations.ts";

type Policy = MutatingAdmissionPolicy;
type Binding = MutatingAdmissionPolicyBinding;

const GROUP = { group: "admissionregistration.k8s.io", version: "v1" };
const POLICIES: KindOf<Policy> = { ...GROUP, resource: "mutatingadmissionpolicies" };
const BINDINGS: KindOf<Binding> = { ...GROUP, resource: "mutatingadmissionpolicybindings" };

export function mutatingPolicies(deps: PolicyDeps): AdmissionPlugin {
  return {
    name: "MutatingAdmissionPolicy",
    tellsEdits: true,
    concerns: (review) => {
      const isChange = review.verb === "create" || review.verb === "update";
      return isChange && !isExempt(review) && !isQuestion(review);
    },
    mutate: async (review, context) => {
      const policies = await deps.reader.list(POLICIES, "", context);
      if (policies.length === 0) return review.object;
      const bindings = await deps.reader.list(BINDINGS, "", context);
      let { object } = review;
      for (const policy of policies) {
        const key = `policy ${policy.metadata.uid}`;
        if (review.run?.isSecond === true && !review.run.again.has(key)) continue;
        const changed = await changedBy(policy, bindings, { ...review, object }, deps, context);
        if (changed === undefined) continue;
        if (!equalValues(changed, object)) {
          review.edited?.(`policy ${policy.metadata.name}`);
          askAgain(review);
        }
        object = changed;
        if (policy.spec?.reinvocationPolicy === "IfNeeded") review.run?.given.set(key, object);
      }
      return object;
    },
  };
}

/** Undefined: the policy is not about this. */
async function changedBy(
  policy: Policy,
  bindings: readonly Binding[],
  review: Review,
  deps: PolicyDeps,
  context: Context,
): Promise<ApiObject | undefined> {
  let object: ApiObject | undefined;
  for (const binding of bindings) {
    // Each binding and parameter sees what those before it made.
    for (let index = 0; ; index += 1) {
      const now = { ...review, object: object ?? review.object };
      const invocations = await invocationsOf(policy, [binding], now, deps, context);
      const invocation = invocations[index];
      if (invocation === undefined) break;
      try {
        object = (await change(policy, invocation, now.object, deps, context)) ?? object;
      } catch (error) {
        if (!(error instanceof MutationFault)) throw error;
        if (failsClosed(policy)) throw refused(review, policy, binding, error.message);
      }
    }
  }
  return object;
}

/** Undefined: its conditions do not hold. Throws a `MutationFault`. */
async function change(
  policy: Policy,
  invocation: Invocation<Binding>,
  current: ApiObject,
  deps: PolicyDeps,
  context: Context,
): Promise<ApiObject | undefined> {
  if (invocation.kind === "misfit") throw new MutationFault(invocation.message);
  const compiled = compiledMutatingPolicy(policy);
  let matched: MatchedReview = invocation.matched;
  const { evaluator, params } = evaluationOf(invocation, compiled, deps, context);
  const conditions = await checkConditions(compiled.conditions, evaluator, () => params);
  if (conditions.kind === "unmatched") return undefined;
  if (conditions.kind === "failed") throw new MutationFault(conditions.message);
  let object = matched.object ?? current;
  for (const { kind, expression } of compiled.mutations) {
    matched = { ...matched, object };
    const next = evaluationOf({ ...invocation, matched }, compiled, deps, context);
    const evaluation = await next.evaluator.evaluate(expression, next.more);
    if (evaluation.kind === "error") {
      throw new MutationFault(errorText(expression, evaluation.error.message));
    }
    object = mutated(object, kind, evaluation.value, matched.resource);
  }
  try {
    return await decodedObject(object, matched, context);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new MutationFault(error.message, { cause: error });
  }
}

function refused(review: Review, policy: Policy, binding: Binding, why: string): StatusError {
  const names = `'${policy.metadata.name}' with binding '${binding.metadata.name}'`;
  const message = `policy ${names} denied request: ${why}`;
  const { status } = refusal(review, message, [{ message }]);
  return new StatusError({ ...status, message, reason: "Invalid" });
}
