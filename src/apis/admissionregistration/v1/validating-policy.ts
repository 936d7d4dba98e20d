/** Validating policies: conditions, as expressions, that objects must meet to be let through. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { errorIf, invalid, required } from "../../field-errors.ts";
import { conditionErrors } from "../../meta/v1/condition-validation.ts";
import { keepStatus, ORDINARY, strictStatusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { withMatchDefaults } from "./match-resources.ts";
import { paramKindText } from "./policy-validation.ts";
import { validatingAdmissionPolicySchema } from "./schema.generated.ts";
import type { ExpressionWarning, ValidatingAdmissionPolicy } from "./types.generated.ts";
import { validatingPolicyErrors } from "./validating-policy-validation.ts";

export const validatingPolicyStrategy: Strategy<ValidatingAdmissionPolicy> = {
  ...ORDINARY,
  names: {
    group: "admissionregistration.k8s.io",
    version: "v1",
    kind: "ValidatingAdmissionPolicy",
    plural: "validatingadmissionpolicies",
    singular: "validatingadmissionpolicy",
    shortNames: [],
    categories: ["api-extensions"],
    isNamespaced: false,
  },
  schema: validatingAdmissionPolicySchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  isUpdatedUnconditionally: false,
  applyDefaults: (policy) => withDefaults(canonicalForm(policy, validatingAdmissionPolicySchema)),
  prepareForCreate: (policy) => ({ ...policy, status: {} }),
  prepareForUpdate: keepStatus,
  validate: validatingPolicyErrors,
  status: strictStatusPart(({ status }) => [
    ...warningErrors(
      "status.typeChecking.expressionWarnings",
      status.typeChecking?.expressionWarnings ?? [],
    ),
    ...conditionErrors("status.conditions", status.conditions),
  ]),
  columns: [
    NAME_COLUMN,
    column("Validations", "How many conditions there are.", "integer"),
    column("ParamKind", "Of what kind its parameters are."),
    AGE_COLUMN,
  ],
  row: (policy, nowMs) => [
    nameOf(policy),
    (policy.spec.validations ?? []).length,
    paramKindText(policy.spec.paramKind),
    ageOf(policy, nowMs),
  ],
};

function withDefaults(policy: ValidatingAdmissionPolicy): ValidatingAdmissionPolicy {
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

/** A path to a field: names with dots between, and indexes or keys in brackets. */
const FIELD_REF = /^[.A-Za-z0-9_[\]'"*@$:,?()=<>!&| /-]+$/;

function warningErrors(
  field: string,
  warnings: readonly ExpressionWarning[],
): readonly FieldError[] {
  return warnings.flatMap(({ warning, fieldRef }, index) => {
    const path = `${field}[${index}]`;
    const reference = fieldRef.trim();
    const isPath = FIELD_REF.test(reference);
    const detail = "invalid JSONPath: unrecognized character in action";
    return [
      ...errorIf(warning === "", required(`${path}.warning`)),
      ...(reference === ""
        ? [required(`${path}.fieldRef`)]
        : errorIf(!isPath, invalid(`${path}.fieldRef`, reference, detail))),
    ];
  });
}
