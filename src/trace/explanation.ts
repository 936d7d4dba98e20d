/**
 * The questions one can ask about the past, and what is answered: the API of the group
 * `trace.setpoint.dev`, the same for every tool.
 */
import type { Consequences } from "./explain/consequences.ts";
import type { Fight } from "./explain/fights.ts";
import type { ViewLag } from "./explain/answer.ts";
import type { HotController } from "./explain/hot.ts";
import type { NotReady } from "./explain/not-ready/not-ready.ts";
import type { ReconcileFact } from "./explain/reconcile-fact.ts";
import type { Story } from "./explain/why.ts";
import type { ChangeFact, ObjectName } from "./facts.ts";

export const TRACE_GROUP = "trace.setpoint.dev";
export const TRACE_VERSION = "v1alpha1";

/** Changes that one answer of `History` holds, unless fewer are asked for. */
export const HISTORY_MAX = 500;

export const QUESTIONS = [
  /** Why the object was created, or why `revision` was made. */
  "Why",
  /** What the object waits for, down to what blocks it, and what happens next. */
  "WhyNotReady",
  /** Why the object has gone, or is going. */
  "WhyDeleted",
  /** Why `field` of the object has its value. */
  "WhyChanged",
  /** What happened to the object, newest first. */
  "History",
  /** Which fields of the object are changed to and fro, and by whom. */
  "Fights",
  /** What `revision` led to. */
  "Consequences",
  /** Which controllers work without effect, and what wakes them. */
  "Hot",
  /** How far behind the views are that controllers read from. */
  "Lag",
  /** The newest revision at `time`. */
  "RevisionAt",
] as const;
export type Question = (typeof QUESTIONS)[number];

export type ExplanationSpec = {
  readonly question: Question;
  readonly object?: ObjectName;
  /** As `spec.replicas` or `spec.containers[0].image`; those below it count as well. */
  readonly field?: string;
  readonly revision?: number;
  /** RFC 3339. */
  readonly time?: string;
  readonly limit?: number;
};

/** Only what the question asks for is there. */
export type ExplanationStatus = {
  readonly story?: Story;
  /** What the reconcile knew that made the change which the story begins with. */
  readonly reconcile?: ReconcileFact;
  readonly notReady?: NotReady;
  readonly history?: readonly ChangeFact[];
  readonly fights?: readonly Fight[];
  readonly consequences?: Consequences;
  readonly hot?: readonly HotController[];
  readonly lag?: readonly ViewLag[];
  readonly revision?: number;
  /** What is known where the change itself is older than what is kept. */
  readonly note?: string;
  /** Why there is no answer, and what to do. */
  readonly problem?: string;
};
