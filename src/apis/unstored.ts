/** Every built-in kind that is answered and never stored. */
import { selfSubjectReviewStrategy, tokenReviewStrategy } from "./authentication/v1/reviews.ts";
import {
  localSubjectAccessReviewStrategy,
  selfSubjectAccessReviewStrategy,
  selfSubjectRulesReviewStrategy,
  subjectAccessReviewStrategy,
} from "./authorization/v1/reviews.ts";
import { bindingStrategy } from "./core/v1/binding.ts";
import { componentStatusStrategy } from "./core/v1/component-status.ts";
import type { AnyStrategy } from "./strategy.ts";

export const UNSTORED: readonly AnyStrategy[] = [
  bindingStrategy,
  componentStatusStrategy,
  selfSubjectReviewStrategy,
  tokenReviewStrategy,
  localSubjectAccessReviewStrategy,
  selfSubjectAccessReviewStrategy,
  selfSubjectRulesReviewStrategy,
  subjectAccessReviewStrategy,
];
