/** The kinds of all other groups. */
import type { Scenario } from "../../scenario.ts";

export const GROUPS: readonly Scenario[] = [];
