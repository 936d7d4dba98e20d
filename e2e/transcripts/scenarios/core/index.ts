/** The kinds of the core group. */
import type { Scenario } from "../../scenario.ts";
import { podStatus } from "./pod-status.ts";

export const CORE: readonly Scenario[] = [podStatus];
