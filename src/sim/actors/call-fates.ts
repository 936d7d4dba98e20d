/**
 * What may become of a call, within what a real cluster may do: lost before its effect, lost after
 * it, refused, cut short by the death of who called. Never a write that succeeds against a wrong
 * precondition, never an effect twice.
 */
import {
  internalError,
  serviceUnavailable,
  type StatusError,
  tooManyRequests,
} from "../../machinery/status.ts";
import type { CallName } from "./call-name.ts";

export type Fate =
  | ""
  /** The caller dies before its request arrives anywhere. */
  | "crash before effect"
  /** The request has its effect; the caller dies before it hears so. */
  | "crash after effect"
  /** The caller hears the answer, does all that it does at once, and dies. */
  | "crash after answer"
  /** The request never arrives; the caller sees its connection reset. */
  | "lost before effect"
  /** The request has its effect; the answer never arrives. */
  | "lost after effect"
  /** Somebody else was there first: who names a version is refused by the server itself. */
  | "conflict"
  | "too many requests"
  | "internal error"
  | "unavailable";

const READ: readonly [Fate, ...Fate[]] = [
  "",
  "crash before effect",
  "crash after answer",
  "lost before effect",
  "too many requests",
  "internal error",
  "unavailable",
];

const WRITE: readonly [Fate, ...Fate[]] = [
  "",
  "crash before effect",
  "crash after effect",
  "crash after answer",
  "lost before effect",
  "lost after effect",
  "too many requests",
  "internal error",
  "unavailable",
];

const PRECONDITIONED: readonly [Fate, ...Fate[]] = [...WRITE, "conflict"];

/** The fates a call can have; a conflict only where there is an object to be in conflict about. */
export function fatesOf(call: CallName): readonly [Fate, ...Fate[]] {
  if (!call.isWrite) return READ;
  return call.verb === "update" || call.verb === "patch" ? PRECONDITIONED : WRITE;
}

/** Fates of calls nobody's state depends on are not worth a decision. */
export function isWorthAFate(call: CallName): boolean {
  return call.resource !== "" && !UNWORTHY.includes(call.resource);
}

/** Told to people, or asked about oneself. */
const UNWORTHY: readonly string[] = [
  "events",
  "selfsubjectaccessreviews",
  "selfsubjectrulesreviews",
];

/** The refusal of a fate that is one. */
export function refusalOf(fate: Fate): StatusError | undefined {
  switch (fate) {
    case "too many requests":
      return tooManyRequests("too many requests, please try again later", 1);
    case "internal error":
      return internalError("the simulated server has had an accident");
    case "unavailable":
      return serviceUnavailable("the simulated server is not available");
    case "":
    case "crash before effect":
    case "crash after effect":
    case "crash after answer":
    case "lost before effect":
    case "lost after effect":
    case "conflict":
      return undefined;
  }
}
