/** Who may do what, and what admission does. */
import type { Scenario } from "../../scenario.ts";

export const ACCESS: readonly Scenario[] = [];
