/** All scenarios of our own. */
import type { Scenario } from "../scenario.ts";
import { ACCESS } from "./access/index.ts";
import { CHANGES } from "./changes/index.ts";
import { CORE } from "./core/index.ts";
import { CUSTOM_RESOURCES } from "./custom-resources/index.ts";
import { GROUPS } from "./groups/index.ts";
import { WIRE } from "./wire/index.ts";

export const OWN_SCENARIOS: readonly Scenario[] = [
  ...WIRE,
  ...CHANGES,
  ...CUSTOM_RESOURCES,
  ...CORE,
  ...GROUPS,
  ...ACCESS,
];
