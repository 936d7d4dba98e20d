/** Which handler answers which verb of the kinds that are never stored. */
import type { Verb } from "../../request-info.ts";
import type { Resource } from "../../registry/resource.ts";
import type { Handler } from "../request.ts";
import {
  answerLocalSubjectAccessReview,
  answerSelfSubjectAccessReview,
  answerSubjectAccessReview,
} from "./access-reviews.ts";
import { postBinding } from "./bindings.ts";
import { getComponentStatus, listComponentStatuses } from "./component-statuses.ts";
import { answerSelfSubjectReview, answerTokenReview } from "./identity-reviews.ts";
import { reviewHandler, type Answer } from "./review.ts";
import { answerSelfSubjectRulesReview } from "./rules-review.ts";

type Handlers = Readonly<Partial<Record<Verb, Handler>>>;

const answering = (answer: Answer): Handlers => ({ create: reviewHandler(answer) });

/** By group and resource. */
const UNSTORED: ReadonlyMap<string, Handlers> = new Map([
  ["/bindings", { create: postBinding }],
  ["/componentstatuses", { get: getComponentStatus, list: listComponentStatuses }],
  ["authentication.k8s.io/selfsubjectreviews", answering(answerSelfSubjectReview)],
  ["authentication.k8s.io/tokenreviews", answering(answerTokenReview)],
  ["authorization.k8s.io/localsubjectaccessreviews", answering(answerLocalSubjectAccessReview)],
  ["authorization.k8s.io/selfsubjectaccessreviews", answering(answerSelfSubjectAccessReview)],
  ["authorization.k8s.io/selfsubjectrulesreviews", answering(answerSelfSubjectRulesReview)],
  ["authorization.k8s.io/subjectaccessreviews", answering(answerSubjectAccessReview)],
]);

/** Undefined: objects of this resource are stored. */
export function unstoredHandlers(resource: Resource): Handlers | undefined {
  if (resource.custom !== undefined) return undefined;
  return UNSTORED.get(`${resource.group}/${resource.resource}`);
}
