/**
 * What a reflector does next, decided purely: its states, and where each outcome leads. The table
 * is that of client-go, whose answers ten years of outages have shaped.
 */
import { TransportError } from "../client/transport.ts";
import { isStatus } from "../machinery/status.ts";
import { HistoryResetError } from "./history-reset-error.ts";
import { revisionOfText } from "./resource-version.ts";

/** Any state the server has: cheap, and good enough for a first list. */
export const ANY_VERSION = "0";
/** The newest state there is. */
export const NEWEST_VERSION = "";

export type ReflectorState =
  /** Get all objects, not older than `from` (or `ANY_VERSION`, `NEWEST_VERSION`). */
  | { readonly kind: "list"; readonly from: string; readonly way: ListWay }
  /** Follow the changes after `from`. */
  | { readonly kind: "watch"; readonly from: string }
  /** Look whether the server has come as far as `from` at all, then follow the changes after it. */
  | { readonly kind: "verify"; readonly from: string }
  /** Wait a growing while, then go on. */
  | { readonly kind: "back-off"; readonly error: unknown; readonly next: ReflectorState };

/** How all objects are got: as a stream that becomes the watch, or page by page. */
export type ListWay = "stream" | "pages";

/** How a watch came to its end. */
export type WatchEnd = {
  /** Undefined: the server closed the stream as it does from time to time. */
  readonly error: unknown;
  /** Whether the server had begun to answer. */
  readonly isOpened: boolean;
  readonly eventCount: number;
  /** Whether anything was told: an event, or a bookmark. */
  readonly hasNews: boolean;
  readonly durationMs: number;
  /** The newest resource version seen. */
  readonly resourceVersion: string;
};

/** A watch that ends before this without an event did not work, whatever the server says. */
export const SHORT_WATCH_MS = 1_000;

/**
 * Servers send a bookmark about once a minute. One that is silent for so long may wait for a
 * revision that it will not have soon, as it had it before its data was replaced.
 */
export const SILENT_WATCH_MS = 150_000;

/** After a list from `from` failed. */
export function afterListFailure(
  error: unknown,
  state: { readonly from: string; readonly way: ListWay },
): ReflectorState {
  const kind = classify(error);
  if (kind === "unknown-version" && state.from !== NEWEST_VERSION) {
    return { kind: "list", from: NEWEST_VERSION, way: state.way };
  }
  const again: ReflectorState = { kind: "list", from: state.from, way: state.way };
  if (state.way === "stream" && isOfStream(kind, error)) {
    return { ...again, way: "pages" }; // any progress is better than insisting on the better way
  }
  return { kind: "back-off", error, next: again };
}

/**
 * Whether pages may get through where a stream failed so: what stands between may cut long answers,
 * and what serves the kind may fail at a wish it does not know. Not where nobody is, or is busy.
 */
function isOfStream(kind: FailureKind, error: unknown): boolean {
  if (kind === "unreachable") return !(error instanceof TransportError && error.isRefused);
  return kind === "refused" || kind === "internal" || kind === "other";
}

/** After a watch ended, for whatever reason. */
export function afterWatch(end: WatchEnd, way: ListWay): ReflectorState {
  const { error, resourceVersion: from } = end;
  const watch: ReflectorState = { kind: "watch", from };
  const list: ReflectorState = { kind: "list", from, way };
  const hasWorked = end.eventCount > 0 || end.durationMs >= SHORT_WATCH_MS;
  if (error === undefined) {
    const isSilent = !end.hasNews && end.durationMs >= SILENT_WATCH_MS;
    if (hasWorked) return isSilent ? { kind: "verify", from } : watch;
    const short = new Error("the watch ended at once, without an event");
    return { kind: "back-off", error: short, next: list };
  }
  switch (classify(error)) {
    case "unreachable": // nothing is known to be lost: the position still stands
      return end.isOpened && hasWorked ? watch : { kind: "back-off", error, next: watch };
    case "busy":
      return { kind: "back-off", error, next: watch };
    case "internal":
      return { kind: "back-off", error, next: end.isOpened ? list : watch };
    case "reset":
      return { kind: "back-off", error, next: { ...list, from: NEWEST_VERSION } };
    case "unknown-version":
    case "refused":
    case "other":
      return { kind: "back-off", error, next: list };
  }
}

/** After it was looked how far the server is: `newest` is its revision, if it has one. */
export function afterVerifying(from: string, newest: string, way: ListWay): ReflectorState {
  const known = revisionOfText(from);
  const revision = revisionOfText(newest);
  const isReset = known !== undefined && revision !== undefined && revision < known;
  return isReset ? { kind: "list", from: NEWEST_VERSION, way } : { kind: "watch", from };
}

/** Whether a server that refuses a streaming list in this way will always refuse it. */
export function isStreamingUnsupported(error: unknown): boolean {
  return isStatus(error, "Invalid") || isStatus(error, "BadRequest");
}

type FailureKind =
  /** The version is too old, or newer than the server has. */
  | "unknown-version"
  /** The server's history is another one than before. */
  | "reset"
  | "busy" // 429
  | "internal" // 500 InternalError
  | "unreachable" // no answer
  | "refused" // any other Status
  | "other";

function classify(error: unknown): FailureKind {
  if (error instanceof TransportError) return "unreachable";
  if (error instanceof HistoryResetError) return "reset";
  if (!isStatus(error)) return "other";
  if (error.code === 410 || error.reason === "Expired" || isTooLarge(error)) {
    return "unknown-version";
  }
  if (error.code === 429) return "busy";
  if (error.reason === "InternalError") return "internal";
  return "refused";
}

/** The server does not know so new a version (yet): a 504 with a cause, or with a text alone. */
function isTooLarge(error: unknown): boolean {
  if (!isStatus(error)) return false;
  const causes = error.status.details?.causes ?? [];
  return (
    causes.some((cause) => cause.reason === "ResourceVersionTooLarge") ||
    error.message.includes("Too large resource version")
  );
}
