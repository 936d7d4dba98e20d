/** What is wrong with a question about access. */
import { labelValueProblem } from "../../../machinery/names.ts";
import type { ObjectMeta } from "../../../machinery/object.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, forbidden, fromProblem, invalid, required } from "../../field-errors.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";
import type {
  FieldSelectorAttributes,
  LabelSelectorAttributes,
  LocalSubjectAccessReview,
  NonResourceAttributes,
  ResourceAttributes,
  SelfSubjectAccessReview,
  SelfSubjectAccessReviewSpec,
  SubjectAccessReview,
} from "./types.generated.ts";

/** What is wrong with a question about somebody. */
export function subjectAccessReviewErrors(review: SubjectAccessReview): readonly FieldError[] {
  return [...subjectErrors(review), ...metadataErrors(review.metadata, "must be empty")];
}

/** What is wrong with a question about oneself. */
export function selfAccessReviewErrors(review: SelfSubjectAccessReview): readonly FieldError[] {
  return [
    ...choiceErrors(review.spec),
    ...resourceErrors("spec.resourceAttributes", review.spec.resourceAttributes),
    ...metadataErrors(review.metadata, "must be empty"),
  ];
}

/** What is wrong with a question about somebody in one namespace. */
export function localAccessReviewErrors(review: LocalSubjectAccessReview): readonly FieldError[] {
  const { namespace = "", ...metadata } = review.metadata;
  const { resourceAttributes, nonResourceAttributes } = review.spec;
  const asked = resourceAttributes?.namespace ?? "";
  const isElsewhere = resourceAttributes !== undefined && asked !== namespace;
  return [
    ...subjectErrors(review),
    ...metadataErrors(metadata, "must be empty except for namespace", review.metadata),
    ...errorIf(
      isElsewhere,
      invalid("spec.resourceAttributes.namespace", asked, "must match metadata.namespace"),
    ),
    ...errorIf(
      nonResourceAttributes !== undefined,
      invalid(
        "spec.nonResourceAttributes",
        printedPath(nonResourceAttributes),
        "disallowed on this kind of request",
      ),
    ),
  ];
}

function subjectErrors({ spec }: Pick<SubjectAccessReview, "spec">): readonly FieldError[] {
  const { user = "", groups = [] } = spec;
  return [
    ...choiceErrors(spec),
    ...errorIf(
      user === "" && groups.length === 0,
      invalid("spec.user", user, "at least one of user or group must be specified"),
    ),
    ...resourceErrors("spec.resourceAttributes", spec.resourceAttributes),
  ];
}

/** A question is about objects or about a path. */
function choiceErrors(spec: SelfSubjectAccessReviewSpec): readonly FieldError[] {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (resource === undefined && path === undefined) {
    const detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    return [invalid("spec.resourceAttributes", null, detail)];
  }
  const detail = "cannot be specified in combination with resourceAttributes";
  return errorIf(
    resource !== undefined && path !== undefined,
    invalid("spec.nonResourceAttributes", printedPath(path), detail),
  );
}

/** As the struct it is upstream, whose fields have capital letters. */
function printedPath(attributes: NonResourceAttributes | undefined): unknown {
  return { Path: attributes?.path ?? "", Verb: attributes?.verb ?? "" };
}

function resourceErrors(
  path: string,
  attributes: ResourceAttributes | undefined,
): readonly FieldError[] {
  if (attributes === undefined) return [];
  const { fieldSelector, labelSelector } = attributes;
  return [
    ...selectorErrors(`${path}.fieldSelector`, fieldSelector),
    ...requirementErrors(`${path}.fieldSelector`, fieldSelector, fieldKeyErrors),
    ...selectorErrors(`${path}.labelSelector`, labelSelector),
    ...requirementErrors(`${path}.labelSelector`, labelSelector, labelKeyErrors),
  ];
}

type SelectorAttributes = FieldSelectorAttributes | LabelSelectorAttributes;
type Requirement = NonNullable<FieldSelectorAttributes["requirements"]>[number];

function selectorErrors(
  path: string,
  selector: SelectorAttributes | undefined,
): readonly FieldError[] {
  if (selector === undefined) return [];
  const { rawSelector = "", requirements = [] } = selector;
  const both = "may not specified at the same time as requirements";
  const neither = `when ${path} is specified, requirements or rawSelector is required`;
  return [
    ...errorIf(
      rawSelector !== "" && requirements.length > 0,
      invalid(`${path}.rawSelector`, rawSelector, both),
    ),
    ...errorIf(
      rawSelector === "" && requirements.length === 0,
      required(`${path}.requirements`, neither),
    ),
  ];
}

/** Operators nobody knows yet are let through: they only ever narrow what is asked. */
function requirementErrors(
  path: string,
  selector: SelectorAttributes | undefined,
  keyErrors: (path: string, requirement: Requirement) => readonly FieldError[],
): readonly FieldError[] {
  return (selector?.requirements ?? []).flatMap((requirement, index) => {
    const at = `${path}.requirements[${index}]`;
    const { operator, values = [] } = requirement;
    const wantsSome = operator === "In" || operator === "NotIn";
    const wantsNone = operator === "Exists" || operator === "DoesNotExist";
    return [
      ...errorIf(
        wantsSome && values.length === 0,
        required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"),
      ),
      ...errorIf(
        wantsNone && values.length > 0,
        forbidden(
          `${at}.values`,
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        ),
      ),
      ...keyErrors(at, requirement),
    ];
  });
}

function fieldKeyErrors(path: string, { key }: Requirement): readonly FieldError[] {
  return errorIf(key === "", required(`${path}.key`, "must be specified"));
}

function labelKeyErrors(path: string, { key, values = [] }: Requirement): readonly FieldError[] {
  return [
    ...labelNameErrors(`${path}.key`, key),
    ...values.flatMap((value, index) =>
      fromProblem(`${path}.values[${index}]`, value, labelValueProblem(value)),
    ),
  ];
}

/** A question has no metadata of its own, but what the server has noted about fields. */
function metadataErrors(
  given: ObjectMeta,
  detail: string,
  shown: ObjectMeta = given,
): readonly FieldError[] {
  const { managedFields: _managedFields, ...metadata } = given;
  return errorIf(Object.keys(metadata).length > 0, invalid("metadata", shown, detail));
}
