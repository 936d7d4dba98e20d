/** Who is somebody? */
import { AUTHENTICATION_GROUP } from "../../../apis/authentication/v1/reviews.ts";
import type {
  SelfSubjectReview,
  TokenReview,
  TokenReviewSpec,
  TokenReviewStatus,
  UserInfo as ReviewedUser,
} from "../../../apis/authentication/v1/types.generated.ts";
import { apiTime } from "../../../machinery/api-time.ts";
import type { UserInfo } from "../../../machinery/request.ts";
import { badRequest } from "../../../machinery/status.ts";
import { joinTexts } from "../../authz/authorizer.ts";
import { UNKNOWN_TOKEN, type TokenAuthentication } from "../../authn/bearer-tokens.ts";
import type { Answer } from "./review.ts";

export const answerSelfSubjectReview: Answer = (_question, request, deps) => {
  const answer: SelfSubjectReview = {
    kind: "SelfSubjectReview",
    apiVersion: `${AUTHENTICATION_GROUP}/v1`,
    metadata: { creationTimestamp: apiTime(deps.env.clock.now()) },
    status: { userInfo: reviewedUser(request.user) },
  };
  return answer;
};

export const answerTokenReview: Answer = async (question, _request, deps, context) => {
  const { spec } = question as Partial<Pick<TokenReview, "spec">>;
  const { token = "", audiences = [] }: Partial<TokenReviewSpec> = spec ?? {};
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  const { authentication } = deps;
  const wanted = audiences.length === 0 ? authentication.audiences : audiences;
  const outcome = await authentication.tokens(token, wanted, context);
  return { ...question, status: statusOf(outcome) };
};

function statusOf(outcome: TokenAuthentication): TokenReviewStatus {
  switch (outcome.kind) {
    case "user":
      return {
        authenticated: true,
        user: reviewedUser(outcome.user),
        audiences: outcome.audiences,
      };
    case "none":
      return { user: {}, error: UNKNOWN_TOKEN };
    case "refused":
      return { user: {}, error: joinTexts([UNKNOWN_TOKEN, outcome.problem]) };
  }
}

function reviewedUser({ name, uid, groups, extra }: UserInfo): ReviewedUser {
  return {
    username: name,
    ...(uid === undefined || uid === "" ? {} : { uid }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(extra === undefined || Object.keys(extra).length === 0 ? {} : { extra }),
  };
}
