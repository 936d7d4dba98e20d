/** What a reconcile asks for. Errors are thrown: they are retried with back-off. */
import type { Context } from "../base/context.ts";
import type { ObjectKey } from "../machinery/key.ts";

export type Outcome =
  /** The world matches, or a watched change will wake the key. */
  | { readonly kind: "done" }
  /** Look again after a while; earlier if something wakes the key. */
  | { readonly kind: "requeue-after"; readonly delayMs: number };

export const DONE: Outcome = { kind: "done" };

export function requeueAfter(delayMs: number): Outcome {
  return { kind: "requeue-after", delayMs };
}

/** Not worth a retry: recorded and dropped until something wakes the key. */
export class TerminalError extends Error {
  override readonly name = "TerminalError";
}

/**
 * Brings the world closer to what the object at `key` declares. Gets a key, reads the present
 * state, and must be right whatever events were missed, repeated or merged.
 */
export type Reconciler = (key: ObjectKey, context: Context) => Promise<Outcome>;
