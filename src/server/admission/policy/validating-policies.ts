/** Policies that judge: every expression must come to true, or the bindings say what happens. */
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from "../../../apis/admissionregistration/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import type { Bindings } from "../../../cel/program.ts";
import { StatusError, type StatusReason } from "../../../machinery/status.ts";
import { refusal, type AdmissionPlugin, type Review } from "../admission.ts";
import type { KindOf } from "../cluster-reader.ts";
import type { Evaluator, Expression } from "../matching/expressions.ts";
import { checkConditions, errorText } from "../matching/match-conditions.ts";
import { isExempt } from "../matching/match-rules.ts";
import { compiledValidatingPolicy, type CompiledValidation } from "./compiled-policy.ts";
import {
  evaluationOf,
  failsClosed,
  invocationsOf,
  isQuestion,
  type Invocation,
  type PolicyDeps,
} from "./policy-invocations.ts";

type Policy = ValidatingAdmissionPolicy;
type Binding = ValidatingAdmissionPolicyBinding;

const GROUP = { group: "admissionregistration.k8s.io", version: "v1" };
const POLICIES: KindOf<Policy> = { ...GROUP, resource: "validatingadmissionpolicies" };
const BINDINGS: KindOf<Binding> = { ...GROUP, resource: "validatingadmissionpolicybindings" };

/** Bytes of a message that an expression makes; longer ones are not used. */
export const MESSAGE_BYTES_MAX = 5_120;

/** What speaks against the request. `reason` undefined: it is invalid. */
type Objection = { readonly message: string; readonly reason: string | undefined };

/** An objection that refuses, and whose it is. */
/** `binding` undefined: it is of the policy itself. */
type Denial = Objection & { readonly policy: Policy; readonly binding: Binding | undefined };

export function validatingPolicies(deps: PolicyDeps): AdmissionPlugin {
  return {
    name: "ValidatingAdmissionPolicy",
    concerns: (review) => !isExempt(review) && !isQuestion(review),
    validate: async (review, context) => {
      const policies = await deps.reader.list(POLICIES, "", context);
      if (policies.length === 0) return;
      const bindings = await deps.reader.list(BINDINGS, "", context);
      const denials: Denial[] = [];
      for (const policy of policies) {
        for (const invocation of await invocationsOf(policy, bindings, review, deps, context)) {
          denials.push(...(await judge(policy, invocation, review, deps, context)));
        }
      }
      const [first] = denials;
      if (first !== undefined) throw refused(review, first);
    },
  };
}

/** Warns of what the binding wants warnings of, and gives back what it refuses. */
async function judge(
  policy: Policy,
  invocation: Invocation<Binding>,
  review: Review,
  deps: PolicyDeps,
  context: Context,
): Promise<readonly Denial[]> {
  const { binding } = invocation;
  if (invocation.kind === "misfit") {
    if (!failsClosed(policy)) return [];
    const { message, of } = invocation;
    const at = of === "policy" ? undefined : binding;
    return [{ policy, binding: at, message, reason: undefined }];
  }
  const objections = await objectionsOf(policy, invocation, deps, context);
  const validationActions = binding.spec?.validationActions ?? [];
  if (validationActions.includes("Warn")) {
    const names = `'${policy.metadata.name}' with binding '${binding.metadata.name}'`;
    for (const { message } of objections) {
      review.warn?.(`Validation failed for ValidatingAdmissionPolicy ${names}: ${message}`);
    }
  }
  if (!validationActions.includes("Deny")) return [];
  return objections.map((objection) => ({ ...objection, policy, binding }));
}

async function objectionsOf(
  policy: Policy,
  invocation: Extract<Invocation<Binding>, { readonly kind: "ready" }>,
  deps: PolicyDeps,
  context: Context,
): Promise<readonly Objection[]> {
  const compiled = compiledValidatingPolicy(policy);
  const { evaluator, more, params } = evaluationOf(invocation, compiled, deps, context);
  const failed = (message: string): readonly Objection[] =>
    failsClosed(policy) ? [{ message, reason: undefined }] : [];
  const conditions = await checkConditions(compiled.conditions, evaluator, () => params);
  if (conditions.kind === "unmatched") return [];
  if (conditions.kind === "failed") return failed(conditions.message);
  const objections: Objection[] = [];
  for (const validation of compiled.validations) {
    const evaluation = await evaluator.evaluate(validation.expression, more);
    if (evaluation.kind === "error") {
      objections.push(...failed(errorText(validation.expression, evaluation.error.message)));
    } else if (evaluation.value !== true) {
      const { reason = "Invalid" } = validation.validation;
      objections.push({ message: await messageOf(validation, evaluator, more), reason });
    }
  }
  for (const annotation of compiled.auditAnnotations) {
    const message = await problemOf(annotation, evaluator, more);
    if (message !== undefined) objections.push(...failed(message));
  }
  return objections;
}

async function problemOf(
  expression: Expression,
  evaluator: Evaluator,
  more: () => Bindings,
): Promise<string | undefined> {
  const evaluation = await evaluator.evaluate(expression, more);
  if (evaluation.kind === "value") return undefined;
  return errorText(expression, evaluation.error.message);
}

/** What the policy says is wrong: by an expression, in words, or the expression that was false. */
async function messageOf(
  { validation, expression, message }: CompiledValidation,
  evaluator: Evaluator,
  more: () => Bindings,
): Promise<string> {
  if (message !== undefined) {
    const evaluation = await evaluator.evaluate(message, more);
    const text = evaluation.kind === "value" ? evaluation.value : "";
    const trimmed = typeof text === "string" ? text.trim() : "";
    const isFit =
      trimmed !== "" &&
      !trimmed.includes("\n") &&
      new TextEncoder().encode(trimmed).length <= MESSAGE_BYTES_MAX;
    if (isFit) return trimmed;
  }
  const { message: words = "" } = validation;
  return words === "" ? `failed expression: ${expression.text}` : words.trim();
}

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
};

function refused(review: Review, { policy, binding, message, reason }: Denial): StatusError {
  const bound = binding === undefined ? "" : ` with binding '${binding.metadata.name}'`;
  const names = `'${policy.metadata.name}'${bound}`;
  const why = `ValidatingAdmissionPolicy ${names} denied request: ${message}`;
  const { status } = refusal(review, why, [{ message: why }]);
  const known = reasonOf(reason);
  return new StatusError({ ...status, reason: known, code: CODES[known] ?? 422 });
}

function reasonOf(reason: string | undefined): StatusReason {
  switch (reason) {
    case "Forbidden":
    case "Unauthorized":
    case "RequestEntityTooLarge":
      return reason;
    default:
      return "Invalid";
  }
}
