/** Questions about who may do what. */
import type { Strategy } from "../../strategy.ts";
import { unstoredKind } from "../../unstored-kind.ts";
import {
  localSubjectAccessReviewSchema,
  selfSubjectAccessReviewSchema,
  selfSubjectRulesReviewSchema,
  subjectAccessReviewSchema,
} from "./schema.generated.ts";
import type {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
} from "./types.generated.ts";

export const AUTHORIZATION_GROUP = "authorization.k8s.io";

const CLUSTER = { group: AUTHORIZATION_GROUP, version: "v1", isNamespaced: false } as const;

/** May they? */
export const subjectAccessReviewStrategy: Strategy<SubjectAccessReview> = unstoredKind(
  { ...CLUSTER, kind: "SubjectAccessReview" },
  subjectAccessReviewSchema,
);

/** May they in this namespace? For those who may ask about one namespace only. */
export const localSubjectAccessReviewStrategy: Strategy<LocalSubjectAccessReview> = unstoredKind(
  { ...CLUSTER, isNamespaced: true, kind: "LocalSubjectAccessReview" },
  localSubjectAccessReviewSchema,
);

/** May I? */
export const selfSubjectAccessReviewStrategy: Strategy<SelfSubjectAccessReview> = unstoredKind(
  { ...CLUSTER, kind: "SelfSubjectAccessReview" },
  selfSubjectAccessReviewSchema,
);

/** What may I? */
export const selfSubjectRulesReviewStrategy: Strategy<SelfSubjectRulesReview> = unstoredKind(
  { ...CLUSTER, kind: "SelfSubjectRulesReview" },
  selfSubjectRulesReviewSchema,
);
