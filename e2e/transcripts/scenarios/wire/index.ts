/** Negotiation, discovery, verbs, refusals: what holds for every kind. */
import type { Scenario } from "../../scenario.ts";

export const WIRE: readonly Scenario[] = [];
