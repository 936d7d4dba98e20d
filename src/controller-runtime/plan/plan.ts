/** What a controller would do: plain values, fit for JSON. */
import type { FieldChange } from "./field-changes.ts";

/** Made by `planOf`; `planText` tells it to people. */
export type Plan = {
  readonly controller: string;
  /** When it was made, RFC 3339. */
  readonly at: string;
  /** One for each object that was looked at, in the order of their keys. */
  readonly runs: readonly PlannedRun[];
  /** Objects that were not looked at, because there are more than `objectsMax`. */
  readonly leftOut: number;
  /** What such a plan cannot know; the same for each. */
  readonly limits: readonly string[];
};

/** One run of the reconcile, whose writes were dry runs. */
export type PlannedRun = {
  /** `default/home` */
  readonly key: string;
  /** In the order in which it asked for them; those that change nothing as well. */
  readonly writes: readonly PlannedWrite[];
  /** Events that it would make about the object. */
  readonly events: readonly PlannedEvent[];
  /** What it would do outside of the cluster, as it says by `ctx.wouldDo`. */
  readonly outside: readonly string[];
  readonly end: PlannedEnd;
};

/** How a run ended. */
export type PlannedEnd =
  | { readonly kind: "done" }
  /** It looks again after this long, or when something wakes it. */
  | { readonly kind: "requeue-after"; readonly delayMs: number }
  /** It goes on when these are there: what comes then is not known. */
  | { readonly kind: "waiting"; readonly for: readonly string[] }
  /** It would fail in earnest as well. */
  | { readonly kind: "failed"; readonly error: string }
  /** It builds on a write that was a dry run only: what comes then is not known. */
  | { readonly kind: "unknown"; readonly why: string };

/** A write that the server has checked, defaulted and answered, and not kept. */
export type PlannedWrite = {
  /** What it would do to the cluster. */
  readonly effect: PlannedEffect;
  /** The call of the client: `patch (apply)`, `update`, ... */
  readonly call: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** `default/home`; of many or of a name that the server makes up: the namespace. */
  readonly key: string;
  /** `status`, `eviction`, ...; "": the object itself. */
  readonly subresource: string;
  /** Against what is stored now. Of what is created: its fields, those that were sent first. */
  readonly changes: readonly FieldChange[];
  /** Whether there are more changes than are told. */
  readonly hasMore: boolean;
  /** What else there is to say: a refusal, finalizers that hold a deletion, ... */
  readonly note: string | undefined;
};

/**
 * `nothing`: the object is as it is wanted. `refused`: the server would refuse it in earnest as
 * well. `unknown`: it is one that nobody can tell without doing it.
 */
export type PlannedEffect = "create" | "change" | "delete" | "nothing" | "refused" | "unknown";

/** An event about the object. */
export type PlannedEvent = {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
};

/** Whether a run would change anything, in the cluster or outside. */
export function changesSomething({ writes, outside }: PlannedRun): boolean {
  return outside.length > 0 || writes.some(({ effect }) => EFFECTIVE.has(effect));
}

/** Whether nothing is left open: no run failed, waits, or ended in what is not known. */
export function isCertain({ runs, leftOut }: Plan): boolean {
  const isKnown = ({ end, writes }: PlannedRun): boolean =>
    (end.kind === "done" || end.kind === "requeue-after") &&
    writes.every(({ effect }) => effect !== "unknown");
  return leftOut === 0 && runs.every(isKnown);
}

const EFFECTIVE: ReadonlySet<PlannedEffect> = new Set(["create", "change", "delete", "unknown"]);

/** What no plan of one controller knows. */
export const PLAN_LIMITS: readonly string[] = [
  "Each object is looked at once, on its own: what later runs would do is not told.",
  "Reads show what is stored, never what the writes of the plan would have made of it.",
  "Other controllers do not act: what they would make of the changes is not told.",
  "Objects that go with their owner are not listed: the garbage collector deletes them later.",
  "What it does outside of the cluster, or by a client that is not its own, is done in earnest " +
    "unless it asks ctx.planning, and is told only where it calls ctx.wouldDo.",
];
