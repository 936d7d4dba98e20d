/** Who may do what, and what admission does. */
import type { Scenario } from "../../scenario.ts";
import { escalation } from "./escalation.ts";
import { forbidden } from "./forbidden.ts";
import { impersonation } from "./impersonation.ts";
import { limits } from "./limits.ts";
import { namespaces } from "./namespaces.ts";
import { podSecurity } from "./pod-security.ts";
import { pods } from "./pods.ts";
import { policies } from "./policies.ts";
import { quotas } from "./quotas.ts";
import { reviews } from "./reviews.ts";

export const ACCESS: readonly Scenario[] = [
  forbidden,
  impersonation,
  reviews,
  escalation,
  namespaces,
  limits,
  quotas,
  podSecurity,
  pods,
  policies,
];
