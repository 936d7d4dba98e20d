/**
 * What is logged of reconciles that fail. A key that fails again and again for the same reason is
 * told of once, and not at each of its retries, which would hide everything else:
 *
 *     first, or for another reason   warn; error for a defect, and for what is not tried again
 *     again for the same reason      debug, with how often
 *     the 10th, 100th, 1000th time   error: it keeps failing
 *     success after that             info
 *
 * A conflict is ordinary, and never more than debug. Reasons are the same if their texts are, but
 * for numbers in them.
 */
import { AssertionError } from "../../base/assert.ts";
import type { Log, LogFields } from "../../base/env.ts";
import { isStatus } from "../../machinery/status.ts";
import { parseKey } from "../../machinery/key.ts";
import type { Trigger } from "../sources/source.ts";
import { triggerText } from "../queue/trigger-set.ts";
import { TerminalError } from "./outcome.ts";

/** Keys whose failures are remembered; of more, those that failed first are told of anew. */
export const FAILING_KEYS_MAX = 10_000;

/** Causes that are named in the log of a reconcile. */
export const NAMED_CAUSES_MAX = 3;

/** Characters of a reason that are compared. */
const REASON_LENGTH_MAX = 500;

export type FailureKind = "terminal" | "defect" | "conflict" | "ordinary";

/** What to make of something that a reconcile threw. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof TerminalError) return "terminal";
  if (isStatus(error, "Conflict")) return "conflict";
  return isDefect(error) ? "defect" : "ordinary";
}

/** What no reconciler throws on purpose. */
function isDefect(error: unknown): boolean {
  return (
    !(error instanceof Error) ||
    error instanceof AssertionError ||
    error instanceof TypeError ||
    error instanceof ReferenceError ||
    error instanceof RangeError
  );
}

const MESSAGES: Readonly<Record<FailureKind, string>> = {
  terminal: "reconcile failed for good",
  defect: "reconcile met a defect of the program; it is tried again",
  conflict: "reconcile met a newer object; it is tried again",
  ordinary: "reconcile failed; it is tried again",
};

type Failing = { readonly reason: string; times: number };

export class FailureLog {
  readonly #failing = new Map<string, Failing>();

  /** `fields`: what is said of it besides. */
  failed(key: string, kind: FailureKind, fields: LogFields, log: Log): void {
    const message = MESSAGES[kind];
    if (kind === "conflict") {
      log.debug(message, fields);
      return;
    }
    const times = this.#count(key, reasonOf(fields["error"]));
    const told = times === 1 ? fields : { ...fields, times };
    if (times === 1 && kind === "ordinary") log.warn(message, told);
    else if (times === 1) log.error(message, told);
    else if (isReminder(times)) log.error("reconcile keeps failing for the same reason", told);
    else log.debug(message, told);
  }

  succeeded(key: string, log: Log): void {
    const before = this.#failing.get(key);
    if (before === undefined) return;
    this.#failing.delete(key);
    log.info("reconcile succeeds again", { failures: before.times });
  }

  /** How often in a row it has failed for this reason. */
  #count(key: string, reason: string): number {
    const before = this.#failing.get(key);
    if (before !== undefined && before.reason === reason) {
      before.times += 1;
      return before.times;
    }
    this.#failing.delete(key); // what is new goes to the end
    this.#failing.set(key, { reason, times: 1 });
    const [oldest] = this.#failing.keys();
    if (this.#failing.size > FAILING_KEYS_MAX && oldest !== undefined) this.#failing.delete(oldest);
    return 1;
  }
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  return text.slice(0, REASON_LENGTH_MAX).replace(/\d+/g, "#");
}

function isReminder(times: number): boolean {
  return times >= 10 && Number.isInteger(Math.log10(times));
}

/** What stands in every line that a reconcile logs, besides the name of its controller. */
export function turnFields(key: string, triggers: readonly Trigger[], id: string): LogFields {
  const { namespace, name } = parseKey(key);
  const where = namespace === "" ? { name } : { namespace, name };
  return { ...where, reconcileID: id, causes: causesText(triggers) };
}

/** `Site default/a @42, timer and 2 more`: the first of them say most. */
function causesText(triggers: readonly Trigger[]): string {
  const named = triggers.slice(0, NAMED_CAUSES_MAX).map(triggerText).join(", ");
  const more = triggers.length - NAMED_CAUSES_MAX;
  return more > 0 ? `${named} and ${more} more` : named;
}
