/** The kinds of all other groups. */
import type { Scenario } from "../../scenario.ts";
import { budgetRules, networkRules, sliceRules } from "./networks.ts";
import { podsAndNodes } from "./pods-and-nodes.ts";
import { accessRules, policyRules } from "./policies.ts";
import { claimRules, storageRules } from "./storage.ts";
import { autoscalerVersions, eventGroups } from "./versions.ts";
import { jobRules, scales, workloadRules } from "./workloads.ts";

export const GROUPS: readonly Scenario[] = [
  workloadRules("groups-workloads"),
  jobRules("groups-jobs"),
  scales("groups-scales"),
  autoscalerVersions("groups-autoscalers"),
  eventGroups("groups-events"),
  networkRules("groups-networks"),
  budgetRules("groups-budgets"),
  sliceRules("groups-slices"),
  storageRules("groups-storage"),
  claimRules("groups-claims"),
  accessRules("groups-access"),
  policyRules("groups-policies"),
  podsAndNodes,
];
