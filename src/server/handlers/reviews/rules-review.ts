/** What may I do in a namespace? */
import { AUTHORIZATION_GROUP } from "../../../apis/authorization/v1/reviews.ts";
import type {
  SelfSubjectRulesReview,
  SelfSubjectRulesReviewSpec,
  SubjectRulesReviewStatus,
} from "../../../apis/authorization/v1/types.generated.ts";
import { badRequest } from "../../../machinery/status.ts";
import type { RuleList } from "../../authz/authorizer.ts";
import type { Answer } from "./review.ts";

export const answerSelfSubjectRulesReview: Answer = async (question, request, deps, context) => {
  const { spec = {} } = question as { readonly spec?: SelfSubjectRulesReviewSpec };
  const { namespace = "" } = spec;
  if (namespace === "") throw badRequest("no namespace on request");
  const rules = await deps.authorizer.rulesOf(request.user, namespace, context);
  const answer: SelfSubjectRulesReview = {
    kind: "SelfSubjectRulesReview",
    apiVersion: `${AUTHORIZATION_GROUP}/v1`,
    metadata: {},
    spec: {},
    status: statusOf(rules),
  };
  return answer;
};

function statusOf(rules: RuleList): SubjectRulesReviewStatus {
  return {
    resourceRules: rules.resourceRules.map((rule) => ({
      verbs: rule.verbs,
      apiGroups: rule.apiGroups,
      resources: rule.resources,
      ...(rule.resourceNames.length === 0 ? {} : { resourceNames: rule.resourceNames }),
    })),
    nonResourceRules: rules.pathRules.map(({ verbs, paths }) => ({
      verbs,
      nonResourceURLs: paths,
    })),
    incomplete: !rules.isComplete,
    ...(rules.problem === "" ? {} : { evaluationError: rules.problem }),
  };
}
