/** Questions about who somebody is. */
import type { Strategy } from "../../strategy.ts";
import { unstoredKind } from "../../unstored-kind.ts";
import {
  selfSubjectReviewSchema,
  tokenRequestSchema,
  tokenReviewSchema,
} from "./schema.generated.ts";
import type { SelfSubjectReview, TokenRequest, TokenReview } from "./types.generated.ts";

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

/** A token, please: served as a part of service accounts, not as a resource of its own. */
export const tokenRequestStrategy: Strategy<TokenRequest> = unstoredKind(
  { ...PLACE, isNamespaced: true, kind: "TokenRequest" },
  tokenRequestSchema,
);
