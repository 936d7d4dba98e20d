/** Questions about who somebody is. */
import type { Strategy } from "../../strategy.ts";
import { unstoredKind } from "../../unstored-kind.ts";
import { selfSubjectReviewSchema, tokenReviewSchema } from "./schema.generated.ts";
import type { SelfSubjectReview, TokenReview } from "./types.generated.ts";

export const AUTHENTICATION_GROUP = "authentication.k8s.io";

const PLACE = { group: AUTHENTICATION_GROUP, version: "v1", isNamespaced: false } as const;

/** Who am I? */
export const selfSubjectReviewStrategy: Strategy<SelfSubjectReview> = unstoredKind(
  { ...PLACE, kind: "SelfSubjectReview" },
  selfSubjectReviewSchema,
);

/** Whom does this token stand for? */
export const tokenReviewStrategy: Strategy<TokenReview> = unstoredKind(
  { ...PLACE, kind: "TokenReview" },
  tokenReviewSchema,
);
