/** Definitions of custom resources, and their objects. */
import type { Scenario } from "../../scenario.ts";
import { conflicts, life } from "./life.ts";
import { parts } from "./parts.ts";
import { ratcheting } from "./ratcheting.ts";
import { definitionRefusals, schemaRefusals } from "./refusals.ts";
import { ruleRefusals, rules } from "./rules.ts";
import { strictness, values } from "./values.ts";

export const CUSTOM_RESOURCES: readonly Scenario[] = [
  definitionRefusals,
  schemaRefusals,
  ruleRefusals,
  values,
  strictness,
  rules,
  ratcheting,
  parts,
  life,
  conflicts,
];
