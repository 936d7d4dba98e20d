/** Lists, watches, patches, applies, deletes. */
import type { Scenario } from "../../scenario.ts";

export const CHANGES: readonly Scenario[] = [];
