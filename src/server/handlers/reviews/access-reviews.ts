/** May somebody do something? */
import {
  localAccessReviewErrors,
  selfAccessReviewErrors,
  subjectAccessReviewErrors,
} from "../../../apis/authorization/v1/review-validation.ts";
import type {
  LocalSubjectAccessReview,
  ResourceAttributes,
  SelfSubjectAccessReview,
  SelfSubjectAccessReviewSpec,
  SubjectAccessReview,
  SubjectAccessReviewSpec,
  SubjectAccessReviewStatus,
} from "../../../apis/authorization/v1/types.generated.ts";
import type { Context } from "../../../base/context.ts";
import { parseFieldQuery, type FieldRequirement } from "../../../machinery/fields.ts";
import { parseLabelQuery } from "../../../machinery/label-parser.ts";
import type { LabelRequirement } from "../../../machinery/labels.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import type { UserInfo } from "../../../machinery/request.ts";
import { SelectorError } from "../../../machinery/selector-error.ts";
import { invalid, type FieldError } from "../../../machinery/status.ts";
import type { Access, Decision } from "../../authz/authorizer.ts";
import type { HandlerDeps } from "../request.ts";
import type { Answer } from "./review.ts";

export const answerSubjectAccessReview: Answer = (question, _request, deps, context) => {
  const review = decoded<SubjectAccessReview>(question);
  refuse(subjectAccessReviewErrors(review));
  return answered(review, userOf(review.spec), deps, context);
};

export const answerLocalSubjectAccessReview: Answer = (question, _request, deps, context) => {
  const review = decoded<LocalSubjectAccessReview>(question);
  refuse(localAccessReviewErrors(review));
  return answered(review, userOf(review.spec), deps, context);
};

export const answerSelfSubjectAccessReview: Answer = (question, request, deps, context) => {
  const review = decoded<SelfSubjectAccessReview>(question);
  refuse(selfAccessReviewErrors(review));
  return answered(review, request.user, deps, context);
};

async function answered<T extends ApiObject & { readonly spec: SelfSubjectAccessReviewSpec }>(
  review: T,
  user: UserInfo,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiObject> {
  const { access, problem } = accessAsked(review.spec, user);
  const decision = await deps.authorizer.authorize(access, context);
  const status = statusOf(decision, problem);
  return { ...review, status };
}

function statusOf(decision: Decision, problem: string): SubjectAccessReviewStatus {
  const problems = [decision.problem, problem].filter((text) => text !== "");
  return {
    allowed: decision.kind === "allowed",
    ...(decision.kind === "denied" ? { denied: true } : {}),
    ...(decision.reason === "" ? {} : { reason: decision.reason }),
    ...(problems.length === 0 ? {} : { evaluationError: problems.join("; ") }),
  };
}

/** The question an authorizer is asked; `problem` is what of it could not be understood. */
function accessAsked(
  spec: SelfSubjectAccessReviewSpec,
  user: UserInfo,
): { readonly access: Access; readonly problem: string } {
  const { resourceAttributes: asked, nonResourceAttributes: path } = spec;
  if (asked === undefined) {
    const { verb = "", path: text = "" } = path ?? {};
    return { access: { kind: "path", user, verb, path: text }, problem: "" };
  }
  const fields = fieldsAsked(asked);
  const labels = labelsAsked(asked);
  const access: Access = {
    kind: "resource",
    user,
    verb: asked.verb ?? "",
    group: asked.group ?? "",
    version: asked.version ?? "",
    resource: asked.resource ?? "",
    subresource: asked.subresource ?? "",
    namespace: asked.namespace ?? "",
    name: asked.name ?? "",
    ...(fields.known.length === 0 ? {} : { fields: fields.known }),
    ...(labels.known.length === 0 ? {} : { labels: labels.known }),
  };
  const problems = [ignoredText("fieldSelector", fields), ignoredText("labelSelector", labels)];
  return { access, problem: problems.filter((text) => text !== "").join("; ") };
}

/** What of a selector was understood. Without the rest the question is a wider one. */
type Understood<T> = { readonly known: readonly T[]; readonly isAll: boolean };

function ignoredText(field: string, { known, isAll }: Understood<unknown>): string {
  if (isAll) return "";
  const what = known.length > 0 ? "partially ignored" : "ignored";
  return `spec.resourceAttributes.${field} ${what} due to parse error`;
}

function understood<T>(read: () => readonly T[]): Understood<T> {
  try {
    return { known: read(), isAll: true };
  } catch (error) {
    if (error instanceof SelectorError) return { known: [], isAll: false };
    throw error;
  }
}

function fieldsAsked({ fieldSelector }: ResourceAttributes): Understood<FieldRequirement> {
  const { rawSelector = "", requirements = [] } = fieldSelector ?? {};
  if (rawSelector !== "") return understood(() => parseFieldQuery(rawSelector).requirements);
  // Fields have one value: of the operators only those about one value can be asked for.
  const known = requirements.flatMap(({ key, operator, values = [] }): FieldRequirement[] => {
    const [value, ...more] = values;
    if (value === undefined || more.length > 0) return [];
    if (operator === "In") return [{ field: key, operator: "=", value }];
    return operator === "NotIn" ? [{ field: key, operator: "!=", value }] : [];
  });
  return { known, isAll: known.length === requirements.length };
}

const LABEL_OPERATORS: ReadonlyMap<string, LabelRequirement["operator"]> = new Map([
  ["In", "in"],
  ["NotIn", "notin"],
  ["Exists", "exists"],
  ["DoesNotExist", "!"],
]);

function labelsAsked({ labelSelector }: ResourceAttributes): Understood<LabelRequirement> {
  const { rawSelector = "", requirements = [] } = labelSelector ?? {};
  if (rawSelector !== "") return understood(() => parseLabelQuery(rawSelector).requirements);
  const known = requirements.flatMap(({ key, operator, values = [] }): LabelRequirement[] => {
    const meaning = LABEL_OPERATORS.get(operator);
    return meaning === undefined ? [] : [{ key, operator: meaning, values }];
  });
  return { known, isAll: known.length === requirements.length };
}

function userOf(spec: SubjectAccessReviewSpec): UserInfo {
  const { user: name = "", groups = [], uid, extra } = spec;
  return {
    name,
    groups,
    ...(uid === undefined ? {} : { uid }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** Upstream names no kind here. */
function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: "authorization.k8s.io", kind: "" }, "", errors);
}

/** A question was checked against the schema of its kind; a missing spec is an empty one. */
function decoded<T extends ApiObject>(question: ApiObject): T {
  return { spec: {}, ...question } as unknown as T;
}
