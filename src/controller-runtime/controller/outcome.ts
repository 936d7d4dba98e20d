/** What a reconcile asks for. Errors are thrown: they are retried with back-off. */
import { unreachable } from "../../base/assert.ts";
import type { Context } from "../../base/context.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { Trigger } from "../sources/source.ts";

/** What a reconcile says at its end. A failure is none: it is thrown. */
export type Outcome =
  /** The world matches, or a watched change will wake the key. */
  | { readonly kind: "done" }
  /** Look again after a while; earlier if something wakes the key. */
  | {
      readonly kind: "requeue-after";
      readonly delayMs: number;
      /** A whole number (default: the one this turn had). Events have 0, first lists -100. */
      readonly priority?: number;
    }
  /** Not finished: something is awaited that will wake the key, or the time that is given. */
  | { readonly kind: "waiting"; readonly timeoutMs: number | undefined };

/** The world matches what the object declares, or a watched change will wake its key. */
export const DONE: Outcome = { kind: "done" };

/** Looks at the key again after so many milliseconds, or earlier if something wakes it. */
export function requeueAfter(
  delayMs: number,
  options: { readonly priority?: number } = {},
): Outcome {
  if (Number.isNaN(delayMs)) throw new RangeError("NaN is no delay: give milliseconds");
  return { kind: "requeue-after", delayMs, ...options };
}

const KINDS: ReadonlySet<unknown> = new Set<Outcome["kind"]>(["done", "requeue-after", "waiting"]);

/**
 * What a reconcile answered, for whoever forgets to answer. It is thrown like any failure, so that
 * the key comes again with back-off.
 */
export function requireOutcome(answer: Outcome): Outcome {
  const given: unknown = answer; // programs that are not checked by a compiler answer anything
  const isObject = typeof given === "object" && given !== null && "kind" in given;
  if (isObject && KINDS.has(given.kind)) return answer;
  const what = given === undefined ? "nothing" : "no outcome";
  throw new TypeError(
    `the reconcile answered ${what}: end it with "return ctx.done()", requeueAfter or waitFor`,
  );
}

/** The same, and a look again after this long at the latest. */
export function sooner(outcome: Outcome, delayMs: number): Outcome {
  switch (outcome.kind) {
    case "done":
      return { kind: "waiting", timeoutMs: delayMs };
    case "requeue-after":
      return { ...outcome, delayMs: Math.min(outcome.delayMs, delayMs) };
    case "waiting":
      return { kind: "waiting", timeoutMs: Math.min(outcome.timeoutMs ?? delayMs, delayMs) };
    default:
      return unreachable(outcome);
  }
}

/** Not worth a retry: recorded and dropped until something wakes the key. */
export class TerminalError extends Error {
  override readonly name = "TerminalError";
}

/**
 * How often in a row a key has failed, whatever for: ends that throw, and nothing else. Counted by
 * this process since its start.
 */
export type Failures = {
  /** 0: the last run succeeded, or there was none. */
  readonly count: number;
  /** Of the last failure; absent where `count` is 0. */
  readonly message?: string;
  /** When the first of them was, in milliseconds since 1970; absent where `count` is 0. */
  readonly sinceMs?: number;
};

export const NO_FAILURES: Failures = { count: 0 };

/** The context of one reconcile. */
export type TurnContext = Context & {
  /** Of the runs before this one. Absent: there were none. */
  readonly failures?: Failures;
  /** What woke the key since its last turn. Absent: a reconciler is called by hand. */
  readonly causes?: readonly Trigger[];
  /** Absent: it is in earnest. Present: writes are dry runs, and the plan is told what else is. */
  readonly planning?: PlanningNotes;
};

/** Takes down what a run would do outside of the cluster. */
export interface PlanningNotes {
  wouldDo(what: string): void;
}

/**
 * Brings the world closer to what the object at `key` declares. Gets a key, reads the present
 * state, and must be right whatever events were missed, repeated or merged.
 */
export type Reconciler = (key: ObjectKey, context: TurnContext) => Promise<Outcome>;
