/** Definitions of custom resources, and their objects. */
import type { Scenario } from "../../scenario.ts";

export const CUSTOM_RESOURCES: readonly Scenario[] = [];
