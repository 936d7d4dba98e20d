/** Validating policies, checked in the order in which their problems are reported. */
import { equalValues } from "../../../machinery/json-value.ts";
import { qualifiedNameProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import {
  duplicate,
  errorIf,
  fromProblem,
  invalid,
  noneOrOneOf,
  required,
} from "../../field-errors.ts";
import { byteLength } from "../../meta/v1/label-validation.ts";
import { PolicyExpressions } from "./expressions.ts";
import { matchConditionErrors } from "./match-condition-validation.ts";
import { policyErrors, variableErrors } from "./policy-validation.ts";
import type { AuditAnnotation, ValidatingAdmissionPolicy, Validation } from "./types.generated.ts";

const ANNOTATIONS_MAX = 20;
/** Values are cut at twice as much: an expression is shorter than what it comes to. */
const ANNOTATION_BYTES_MAX = 5 * 1024;
const REASONS: readonly string[] = ["Forbidden", "Invalid", "RequestEntityTooLarge"];

/** What is wrong with a policy that has its defaults. */
export function validatingPolicyErrors(
  policy: ValidatingAdmissionPolicy,
  old?: ValidatingAdmissionPolicy,
): readonly FieldError[] {
  const { spec } = policy;
  const { validations = [], auditAnnotations = [] } = spec;
  const hasParams = spec.paramKind !== undefined;
  const hasVariables = (spec.variables ?? []).length > 0;
  const expressions = new PolicyExpressions({ hasParams, hasVariables });
  const isIdle = validations.length + auditAnnotations.length === 0;
  const detail = "validations or auditAnnotations must contain at least one item";
  return [
    ...policyErrors(spec),
    ...(hasSameConditions(policy, old)
      ? []
      : matchConditionErrors("spec.matchConditions", spec.matchConditions, {
          hasParams,
          hasAuthorizer: true,
        })),
    ...variableErrors("spec.variables", spec.variables, expressions),
    ...errorIf(isIdle, required("spec.validations", detail)),
    ...errorIf(isIdle, required("spec.auditAnnotations", detail)),
    ...validations.flatMap((validation, index) =>
      validationErrors(`spec.validations[${index}]`, validation, expressions),
    ),
    ...annotationErrors("spec.auditAnnotations", policy, expressions),
  ];
}

function hasSameConditions(
  { spec: next }: ValidatingAdmissionPolicy,
  old: ValidatingAdmissionPolicy | undefined,
): boolean {
  return (
    old !== undefined &&
    equalValues(next.paramKind, old.spec.paramKind) &&
    equalValues(next.matchConditions, old.spec.matchConditions)
  );
}

function validationErrors(
  path: string,
  validation: Validation,
  expressions: PolicyExpressions,
): readonly FieldError[] {
  const { expression, message = "", messageExpression = "", reason } = validation;
  const field = `${path}.expression`;
  return [
    ...(expression.trim() === ""
      ? [required(field, "expression is not specified")]
      : expressions.errors(field, expression, ["bool"])),
    ...messageExpressionErrors(`${path}.messageExpression`, messageExpression, expressions),
    ...messageErrors(`${path}.message`, message),
    ...noneOrOneOf(`${path}.reason`, reason, REASONS),
  ];
}

function messageExpressionErrors(
  field: string,
  expression: string,
  expressions: PolicyExpressions,
): readonly FieldError[] {
  if (expression === "") return [];
  if (expression.trim() === "") {
    return [invalid(field, expression, "must be non-empty if specified")];
  }
  return expressions.errors(field, expression, ["string"], { hasAuthorizer: false });
}

function messageErrors(field: string, message: string): readonly FieldError[] {
  const trimmed = message.trim();
  if (message !== "" && trimmed === "") {
    return [invalid(field, message, "message must be non-empty if specified")];
  }
  const isBroken = /[\n\r]/.test(trimmed);
  return errorIf(isBroken, invalid(field, message, "message must not contain line breaks"));
}

function annotationErrors(
  field: string,
  policy: ValidatingAdmissionPolicy,
  expressions: PolicyExpressions,
): readonly FieldError[] {
  const { auditAnnotations: annotations = [] } = policy.spec;
  const keys = new Set<string>();
  const tooMany = `must not have more than ${ANNOTATIONS_MAX} auditAnnotations`;
  return [
    ...errorIf(annotations.length > ANNOTATIONS_MAX, invalid(field, annotations, tooMany)),
    ...annotations.flatMap((annotation, index) => {
      const path = `${field}[${index}]`;
      const isTaken = keys.has(annotation.key);
      keys.add(annotation.key);
      return [
        ...keyErrors(`${path}.key`, policy.metadata.name ?? "", annotation),
        ...valueErrors(`${path}.valueExpression`, annotation, expressions),
        ...errorIf(isTaken, duplicate(`${path}.key`, annotation.key)),
      ];
    }),
  ];
}

/** The key that is written is that of the policy and this one. */
function keyErrors(field: string, policy: string, { key }: AuditAnnotation): readonly FieldError[] {
  if (policy === "") return [invalid(field, key, "requires metadata.name be non-empty")];
  const whole = `${policy}/${key}`;
  return fromProblem(field, whole, qualifiedNameProblem(whole));
}

function valueErrors(
  field: string,
  { valueExpression }: AuditAnnotation,
  expressions: PolicyExpressions,
): readonly FieldError[] {
  const trimmed = valueExpression.trim();
  if (trimmed === "") return [required(field, "valueExpression is not specified")];
  if (byteLength(trimmed) > ANNOTATION_BYTES_MAX) {
    return [required(field, `must not exceed ${ANNOTATION_BYTES_MAX} bytes in length`)];
  }
  return expressions.errors(field, trimmed, ["string", "null"]);
}
