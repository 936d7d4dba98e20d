/** All that is checked of an object before it is written, in upstream's order. */
import { runAtOnce, type Interruptible } from "../../base/interruptible.ts";
import type { FieldError } from "../../machinery/status.ts";
import { hasRules } from "../compile.ts";
import type { CustomResourceSchema, ValidationRequest } from "../custom-resource-schema.ts";
import { ROOT_FIELD } from "../field-path.ts";
import { ruleCheck } from "../rules/check-rules.ts";
import type { SchemaNode } from "../schema-node.ts";
import { checkValue } from "./check-value.ts";
import { Correlation } from "./correlation.ts";
import { checkEmbedded } from "./embedded.ts";
import { checkListTypes } from "./list-types.ts";
import { checkScale, checkScaleStatus } from "./scale.ts";
import { ValueErrors, VISITS_MAX } from "./value-errors.ts";

/**
 * Everything that is wrong with an object: the caller's errors of metadata, then the schema, scale,
 * embedded resources, list types, and rules. Rules are left out, with a note, where the object is
 * too broken for them. On an update, errors of what did not change are forgiven.
 */
export function validateCustomResource(
  request: ValidationRequest,
  schema: CustomResourceSchema,
): readonly FieldError[] {
  return runAtOnce(customResourceValidation(request, schema));
}

/** The same as work that can be interrupted. */
export function* customResourceValidation(
  request: ValidationRequest,
  schema: CustomResourceSchema,
): Interruptible<readonly FieldError[]> {
  const { value, old, metadataErrors = [], subresource, warn } = request;
  const told = warn === undefined ? {} : { warn };
  const { root } = schema;
  const correlation = old === undefined ? undefined : new Correlation(value, old, root);
  const errors = [
    ...metadataErrors,
    ...(subresource === "status"
      ? yield* statusErrors(request, root, correlation)
      : yield* objectErrors(request, root, correlation)),
    ...newListErrors(request, root),
  ];
  yield;
  if (errors.some((error) => BLOCKING.includes(error.type))) {
    return hasRules(root) ? [...errors, RULES_LEFT_OUT] : errors;
  }
  const subject = { value, old, correlation, path: "", ...told };
  return [...errors, ...(yield* ruleCheck(subject, root))];
}

function* objectErrors(
  { value, scale, checkMetadata = () => [] }: ValidationRequest,
  root: SchemaNode,
  correlation: Correlation | undefined,
): Interruptible<readonly FieldError[]> {
  return [
    ...(yield* valueCheck(value, root, "", correlation)),
    ...(scale === undefined ? [] : checkScale(value, scale)),
    ...checkEmbedded(value, root, "", checkMetadata),
  ];
}

/** Of a write of the status alone: texts speak of places inside it, fields do not. */
function* statusErrors(
  { value, scale }: ValidationRequest,
  root: SchemaNode,
  correlation: Correlation | undefined,
): Interruptible<readonly FieldError[]> {
  const node = root.properties?.["status"];
  const isChecked = node !== undefined && Object.hasOwn(value, "status");
  return [
    ...(isChecked
      ? yield* valueCheck(value["status"], node, "status", correlation?.field("status"))
      : []),
    ...(scale === undefined ? [] : checkScaleStatus(value, scale)),
  ];
}

/** The errors of a value that stands at `base`, against its schema alone. */
export function checkAgainst(
  value: unknown,
  node: SchemaNode,
  base: string,
  correlation?: Correlation,
): readonly FieldError[] {
  return runAtOnce(valueCheck(value, node, base, correlation));
}

function* valueCheck(
  value: unknown,
  node: SchemaNode,
  base: string,
  correlation?: Correlation,
): Interruptible<readonly FieldError[]> {
  const errors = new ValueErrors({ left: VISITS_MAX });
  yield* checkValue(value, node, "", correlation, errors);
  return errors.fieldErrors(base);
}

/** Duplicates that were there before are nobody's fault now. */
function newListErrors({ value, old }: ValidationRequest, root: SchemaNode): readonly FieldError[] {
  const errors = checkListTypes(value, root);
  if (errors.length === 0 || old === undefined) return errors;
  return checkListTypes(old, root).length === 0 ? errors : [];
}

const BLOCKING: readonly FieldError["type"][] = [
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
];

const RULES_LEFT_OUT: FieldError = {
  field: ROOT_FIELD,
  type: "FieldValueInvalid",
  value: null,
  detail:
    "some validation rules were not checked because the object was invalid; " +
    "correct the existing errors to complete validation",
};
