import type { Env, Log } from "./env.ts";

/** Names one reconcile or one request in logs, causes and traces. */
export type CauseId = string & { readonly __brand: "CauseId" };

/** The only maker of a `CauseId`. */
export function causeId(text: string): CauseId {
  return text as CauseId;
}

/**
 * What makes a program act besides changes of objects that it was told of:
 *
 * - `start`: it has started, and looks at all there is.
 * - `timer`: a time has come that it had set, such as a `requeueAfter`.
 * - `retry`: the try before this one failed.
 * - `resync`: it looks at everything every so often.
 * - `external`: something outside of the API, such as a process, a probe or another cluster.
 *
 * The order is part of what is stored: new ones go at the end.
 */
export const ROOTS = ["start", "timer", "retry", "resync", "external"] as const;
export type Root = (typeof ROOTS)[number];

/**
 * Why a call is made: carried beside it from the client to the cause row of the commit.
 * Everything is optional in meaning, nothing in form, so that a reader never guesses.
 */
export type CallCause = {
  /** Who acts, e.g. `kubectl`, `deployment-controller`, `node-agent/node-1`. Empty: unknown. */
  readonly actor: string;
  /** The reconcile or request this call belongs to. Empty: none. */
  readonly id: CauseId;
  /** Revisions whose events led to this call, ascending; at most 32 are kept. */
  readonly triggers: readonly number[];
  /** W3C trace context to pass on. Empty: none. */
  readonly traceparent: string;
  /** What else led to it, in the order of `ROOTS`, each once. Absent: nothing that is known. */
  readonly roots?: readonly Root[];
};

/** No known cause. */
export const NO_CAUSE: CallCause = { actor: "", id: causeId(""), triggers: [], traceparent: "" };

/** Is told what becomes of the requests that a call makes. */
export interface RequestObserver {
  /** One try was answered with this HTTP status; undefined: no answer came. */
  answered(status: number | undefined): void;
  /** Before the next try there is a wait that the server asked for, or that a lost answer costs. */
  waits(waitMs: number): void;
}

/** Is told how many bytes a try of a request takes on the wire, bodies alone. */
export interface TrafficObserver {
  sent(bytes: number): void;
  /** Not of streams, such as watches. */
  received(bytes: number): void;
}

/** Values that belong to one call rather than to an object: always the last parameter. */
export type Context = {
  /** Aborts when the caller is no longer interested; everything that waits listens to it. */
  readonly signal: AbortSignal;
  readonly cause: CallCause;
  /**
   * In a reconcile its lines say which controller, object (`namespace`, `name`) and run
   * (`reconcileID`) they are of, and why it happens (`causes`).
   */
  readonly log: Log;
  /** Absent: nobody wants to know. */
  readonly requests?: RequestObserver;
  /** Absent: nobody counts. */
  readonly traffic?: TrafficObserver;
  /**
   * Asked before a request that had to wait is sent again: throws where it must not be any more.
   * Absent: it may always be.
   */
  readonly mayRepeat?: () => void;
};

/** The same call, with another signal. */
export function withSignal(context: Context, signal: AbortSignal): Context {
  return { ...context, signal };
}

/** The same call, made for `cause`. */
export function withCause(context: Context, cause: CallCause): Context {
  return { ...context, cause };
}

/** Where a program's calls begin: no cause yet, and the signal that ends it all. */
export function rootContext(env: Pick<Env, "log">, signal: AbortSignal): Context {
  return { signal, cause: NO_CAUSE, log: env.log };
}
