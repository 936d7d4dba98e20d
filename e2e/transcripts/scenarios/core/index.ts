/** The kinds of the core group. */
import type { Scenario } from "../../scenario.ts";
import { evictions } from "./evictions.ts";
import { podBinding } from "./pod-binding.ts";
import { podChanges } from "./pod-changes.ts";
import { podFields } from "./pod-fields.ts";
import { podStatus } from "./pod-status.ts";
import { serviceTypes } from "./service-types.ts";
import { smallRefusals } from "./small-refusals.ts";

export const CORE: readonly Scenario[] = [
  evictions,
  podBinding,
  podChanges,
  podFields,
  podStatus,
  serviceTypes,
  smallRefusals,
];
