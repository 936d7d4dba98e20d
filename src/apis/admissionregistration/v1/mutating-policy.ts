/** Mutating policies: changes, as expressions, that are made to objects on their way in. */
import { equalValues } from "../../../machinery/json-value.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { errorIf, invalid, oneOf, required, unsupported } from "../../field-errors.ts";
import { ORDINARY } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { PolicyExpressions } from "./expressions.ts";
import { matchConditionErrors } from "./match-condition-validation.ts";
import { withMatchDefaults } from "./match-resources.ts";
import { paramKindText, policyErrors, variableErrors } from "./policy-validation.ts";
import { mutatingAdmissionPolicySchema } from "./schema.generated.ts";
import type { MatchResources, MutatingAdmissionPolicy, Mutation } from "./types.generated.ts";
import { REINVOCATION_POLICIES } from "./webhook-validation.ts";

const PATCH_TYPES: readonly string[] = ["ApplyConfiguration", "JSONPatch"];

export const mutatingPolicyStrategy: Strategy<MutatingAdmissionPolicy> = {
  ...ORDINARY,
  names: {
    group: "admissionregistration.k8s.io",
    version: "v1",
    kind: "MutatingAdmissionPolicy",
    plural: "mutatingadmissionpolicies",
    singular: "mutatingadmissionpolicy",
    shortNames: [],
    categories: ["api-extensions"],
    isNamespaced: false,
  },
  schema: mutatingAdmissionPolicySchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isUpdatedUnconditionally: false,
  applyDefaults: (policy) => withDefaults(canonicalForm(policy, mutatingAdmissionPolicySchema)),
  validate: mutatingPolicyErrors,
  columns: [
    NAME_COLUMN,
    column("Mutations", "How many changes there are.", "integer"),
    column("ParamKind", "Of what kind its parameters are."),
    AGE_COLUMN,
  ],
  row: (policy, nowMs) => [
    nameOf(policy),
    (policy.spec.mutations ?? []).length,
    paramKindText(policy.spec.paramKind),
    ageOf(policy, nowMs),
  ],
};

function withDefaults(policy: MutatingAdmissionPolicy): MutatingAdmissionPolicy {
  const { spec } = policy;
  const { failurePolicy = "Fail", matchConstraints } = spec;
  return {
    ...policy,
    spec: {
      ...spec,
      failurePolicy,
      ...(matchConstraints === undefined
        ? {}
        : { matchConstraints: withMatchDefaults(matchConstraints) }),
    },
  };
}

function mutatingPolicyErrors(
  { spec }: MutatingAdmissionPolicy,
  old?: MutatingAdmissionPolicy,
): readonly FieldError[] {
  const { mutations = [], paramKind, reinvocationPolicy } = spec;
  const hasParams = paramKind !== undefined;
  const hasVariables = (spec.variables ?? []).length > 0;
  const expressions = new PolicyExpressions({ hasParams, hasVariables });
  const isSame =
    old !== undefined &&
    equalValues(paramKind, old.spec.paramKind) &&
    equalValues(spec.matchConditions, old.spec.matchConditions);
  const noMutation = "mutations must contain at least one item";
  return [
    ...policyErrors(spec),
    ...operationErrors("spec.matchConstraints", spec.matchConstraints),
    ...(isSame
      ? []
      : matchConditionErrors("spec.matchConditions", spec.matchConditions, {
          hasParams,
          hasAuthorizer: true,
        })),
    ...variableErrors("spec.variables", spec.variables, expressions),
    ...errorIf(mutations.length === 0, required("spec.mutations", noMutation)),
    ...mutations.flatMap((mutation, index) =>
      mutationErrors(`spec.mutations[${index}]`, mutation, expressions),
    ),
    ...oneOf("spec.reinvocationPolicy", reinvocationPolicy, REINVOCATION_POLICIES),
  ];
}

const CHANGING: readonly string[] = ["*", "CONNECT", "CREATE", "UPDATE"];

/** Deletions change nothing. The field is named without a number, as upstream. */
export function operationErrors(
  field: string,
  resources: MatchResources | undefined,
): readonly FieldError[] {
  return (resources?.resourceRules ?? []).flatMap(({ operations = [] }) =>
    operations.flatMap((operation) =>
      errorIf(
        !CHANGING.includes(operation),
        unsupported(`${field}.resourceRules.operations`, operation, CHANGING),
      ),
    ),
  );
}

/** A mutation has the part that its type names, and no other. */
function mutationErrors(
  path: string,
  mutation: Mutation,
  expressions: PolicyExpressions,
): readonly FieldError[] {
  const { patchType, jsonPatch, applyConfiguration } = mutation;
  const needed = `must be specified when patchType is ${patchType}`;
  const superfluous = `must not be specified when patchType is ${patchType}`;
  const jsonField = `${path}.jsonPatch`;
  const applyField = `${path}.applyConfiguration`;
  switch (patchType) {
    case "JSONPatch":
      return [
        ...(jsonPatch === undefined
          ? [required(jsonField, needed)]
          : changeErrors(
              `${jsonField}.expression`,
              jsonPatch.expression,
              "list(JSONPatch)",
              expressions,
            )),
        ...errorIf(
          applyConfiguration !== undefined,
          invalid(applyField, "{applyConfiguration}", superfluous),
        ),
      ];
    case "ApplyConfiguration":
      return [
        ...(applyConfiguration === undefined
          ? [required(applyField, needed)]
          : changeErrors(
              `${applyField}.expression`,
              applyConfiguration.expression,
              "Object",
              expressions,
            )),
        ...errorIf(jsonPatch !== undefined, invalid(jsonField, "{jsonPatch}", superfluous)),
      ];
    default:
      return oneOf(`${path}.patchType`, patchType, PATCH_TYPES);
  }
}

function changeErrors(
  field: string,
  expression: string | undefined,
  result: "Object" | "list(JSONPatch)",
  expressions: PolicyExpressions,
): readonly FieldError[] {
  if (expression === undefined || expression.trim() === "") {
    return [required(field)];
  }
  return expressions.errors(field, expression, [result], { hasPatchTypes: true });
}
