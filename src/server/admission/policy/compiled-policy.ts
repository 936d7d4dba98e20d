/** The expressions of a policy, compiled once for each state it is stored in. */
import type {
  MatchCondition,
  MutatingAdmissionPolicy,
  Mutation,
  ParamKind,
  ValidatingAdmissionPolicy,
  Validation,
  Variable,
} from "../../../apis/admissionregistration/v1/types.generated.ts";
import {
  policyEnvironment,
  withVariables,
  type Declared,
} from "../../../apis/admissionregistration/v1/policy-environment.ts";
import { CelError } from "../../../cel/cel-error.ts";
import { DYN, type CelType } from "../../../cel/types.ts";
import { expressionOf, type Expression } from "../matching/expressions.ts";

export type NamedExpression = { readonly name: string; readonly expression: Expression };

/** What both kinds of policies have. */
export type CompiledPolicy = {
  readonly conditions: readonly Expression[];
  /** In order: each can name those before it. */
  readonly variables: readonly NamedExpression[];
};

export type CompiledValidation = {
  readonly validation: Validation;
  readonly expression: Expression;
  readonly message: Expression | undefined;
};

export type CompiledValidatingPolicy = CompiledPolicy & {
  readonly validations: readonly CompiledValidation[];
  readonly auditAnnotations: readonly Expression[];
};

export type CompiledMutation = {
  readonly kind: "ApplyConfiguration" | "JSONPatch";
  readonly expression: Expression;
};

export type CompiledMutatingPolicy = CompiledPolicy & {
  readonly mutations: readonly CompiledMutation[];
};

const validating = new WeakMap<ValidatingAdmissionPolicy, CompiledValidatingPolicy>();
const mutating = new WeakMap<MutatingAdmissionPolicy, CompiledMutatingPolicy>();

export function compiledValidatingPolicy(
  policy: ValidatingAdmissionPolicy,
): CompiledValidatingPolicy {
  const known = validating.get(policy);
  if (known !== undefined) return known;
  const { spec } = policy;
  const { compile, conditions, variables } = sharedParts(spec ?? {});
  const made: CompiledValidatingPolicy = {
    conditions,
    variables,
    validations: (spec?.validations ?? []).map((validation) => {
      const { expression, messageExpression = "" } = validation;
      const compiled = { validation, expression: compile(expression) };
      if (messageExpression === "") return { ...compiled, message: undefined };
      return { ...compiled, message: compile(messageExpression, { hasAuthorizer: false }) };
    }),
    auditAnnotations: (spec?.auditAnnotations ?? []).map((each) => compile(each.valueExpression)),
  };
  validating.set(policy, made);
  return made;
}

export function compiledMutatingPolicy(policy: MutatingAdmissionPolicy): CompiledMutatingPolicy {
  const known = mutating.get(policy);
  if (known !== undefined) return known;
  const { spec } = policy;
  const { compile, conditions, variables } = sharedParts(spec ?? {});
  const made: CompiledMutatingPolicy = {
    conditions,
    variables,
    mutations: (spec?.mutations ?? []).map((mutation): CompiledMutation => {
      const { kind, text } = mutationOf(mutation);
      return { kind, expression: compile(text, { hasPatchTypes: true }) };
    }),
  };
  mutating.set(policy, made);
  return made;
}

function mutationOf({ patchType, applyConfiguration, jsonPatch }: Mutation): {
  readonly kind: CompiledMutation["kind"];
  readonly text: string;
} {
  return patchType === "JSONPatch"
    ? { kind: "JSONPatch", text: jsonPatch?.expression ?? "" }
    : { kind: "ApplyConfiguration", text: applyConfiguration?.expression ?? "" };
}

type Spec = {
  readonly paramKind?: ParamKind;
  readonly matchConditions?: readonly MatchCondition[];
  readonly variables?: readonly Variable[];
};

function sharedParts(spec: Spec): CompiledPolicy & {
  readonly compile: (text: string, declared?: Partial<Declared>) => Expression;
} {
  const base: Declared = { hasParams: spec.paramKind !== undefined, hasAuthorizer: true };
  const types = new Map<string, CelType>();
  const compile = (text: string, declared: Partial<Declared> = {}): Expression =>
    expressionOf(text, withVariables(policyEnvironment({ ...base, ...declared }), types));
  const variables: NamedExpression[] = [];
  for (const { name, expression: text } of spec.variables ?? []) {
    const expression = compile(text);
    variables.push({ name, expression });
    types.set(name, expression.program instanceof CelError ? DYN : expression.program.type);
  }
  const conditions = (spec.matchConditions ?? []).map(({ expression }) =>
    expressionOf(expression, policyEnvironment(base)),
  );
  return { compile, conditions, variables };
}
