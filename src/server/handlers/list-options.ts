/** The query parameters of lists and watches, with upstream's rules about what goes together. */
import { badRequest, invalid, plainRefusal, type FieldError } from "../../machinery/status.ts";
import { isTrue } from "../request-info.ts";

export type VersionMatch = "Exact" | "NotOlderThan" | "";

export type ListOptions = {
  /** 0: all. */
  readonly limit: number;
  readonly continueToken: string;
  /** Undefined: the newest state. */
  readonly resourceVersion: number | undefined;
  readonly match: VersionMatch;
};

/** How a watch begins. */
export type WatchStart =
  /** With all objects there are, at this resource version or later; then maybe a bookmark. */
  | { readonly kind: "state"; readonly atLeast: number; readonly endsWithBookmark: boolean }
  /** With the changes after this resource version. */
  | { readonly kind: "after"; readonly resourceVersion: number }
  /** With the next change. */
  | { readonly kind: "now" };

export type WatchOptions = {
  readonly start: WatchStart;
  readonly allowsBookmarks: boolean;
  readonly timeoutSeconds: number | undefined;
};

const MATCH = "resourceVersionMatch";
const INT64_MAX = 9_223_372_036_854_775_807n;
const UINT64_MAX = 18_446_744_073_709_551_615n;

/** Throws 400 or 422. */
export function listOptions(query: URLSearchParams): ListOptions {
  const limit = integer(query, "limit") ?? 0;
  integer(query, "timeoutSeconds");
  const continueToken = query.get("continue") ?? "";
  checkOptions(listErrors(query));
  // A continued list says itself which version it is of.
  const resourceVersion =
    continueToken === ""
      ? parseResourceVersion(query, (problem) => badRequest(`invalid resource version: ${problem}`))
      : undefined;
  return { limit: Math.max(limit, 0), continueToken, resourceVersion, match: matchOf(query) };
}

/** Throws 400, 422 or, for a resource version that is no number, 500 as upstream does. */
export function watchOptions(query: URLSearchParams): WatchOptions {
  integer(query, "limit");
  const timeoutSeconds = integer(query, "timeoutSeconds");
  // Watches by path, the older way, are judged as lists are.
  const isByQuery = isTrue(query.get("watch"));
  checkOptions(isByQuery ? watchErrors(query) : listErrors(query));
  const asked = parseResourceVersion(query, unreadableVersion);
  const allowsBookmarks = isTrue(query.get("allowWatchBookmarks"));
  const start = startOf(query, isByQuery, asked, allowsBookmarks);
  return { start, allowsBookmarks, timeoutSeconds };
}

/** The `resourceVersion` parameter of a get: at least as new as this. Throws 500. */
export function getResourceVersion(query: URLSearchParams): number | undefined {
  return parseResourceVersion(query, unreadableVersion);
}

function startOf(
  query: URLSearchParams,
  isByQuery: boolean,
  asked: number | undefined,
  allowsBookmarks: boolean,
): WatchStart {
  const atLeast = asked ?? 0;
  if (query.has("sendInitialEvents")) {
    if (isTrue(query.get("sendInitialEvents"))) {
      return { kind: "state", atLeast, endsWithBookmark: allowsBookmarks };
    }
    return atLeast === 0 ? { kind: "now" } : { kind: "after", resourceVersion: atLeast };
  }
  if (atLeast > 0) return { kind: "after", resourceVersion: atLeast };
  return { kind: "state", atLeast, endsWithBookmark: isByQuery && allowsBookmarks };
}

function watchErrors(query: URLSearchParams): readonly FieldError[] {
  const match = query.get(MATCH) ?? "";
  const isStreaming = query.has("sendInitialEvents");
  const errors: FieldError[] = [];
  if (isStreaming && match !== "NotOlderThan") {
    const detail = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
    errors.push(forbiddenField(MATCH, detail));
  }
  if (match === "") return errors;
  if (!isStreaming) {
    const detail =
      "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
    errors.push(forbiddenField(MATCH, detail));
  }
  if (match !== "NotOlderThan") errors.push(unsupportedMatch(match, ["NotOlderThan"]));
  if ((query.get("continue") ?? "") !== "") errors.push(FORBIDDEN_WITH_CONTINUE);
  return errors;
}

function listErrors(query: URLSearchParams): readonly FieldError[] {
  const match = query.get(MATCH) ?? "";
  const resourceVersion = query.get("resourceVersion") ?? "";
  const errors: FieldError[] = [];
  if (match !== "") {
    if (resourceVersion === "") {
      const detail = "resourceVersionMatch is forbidden unless resourceVersion is provided";
      errors.push(forbiddenField(MATCH, detail));
    }
    if ((query.get("continue") ?? "") !== "") errors.push(FORBIDDEN_WITH_CONTINUE);
    if (match !== "Exact" && match !== "NotOlderThan") {
      errors.push(unsupportedMatch(match, ["Exact", "NotOlderThan", ""]));
    }
    if (match === "Exact" && resourceVersion === "0") {
      const detail = 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"';
      errors.push(forbiddenField(MATCH, detail));
    }
  }
  if (query.has("sendInitialEvents")) {
    const detail = "sendInitialEvents is forbidden for list";
    errors.push(forbiddenField("sendInitialEvents", detail));
  }
  return errors;
}

const FORBIDDEN_WITH_CONTINUE: FieldError = forbiddenField(
  MATCH,
  "resourceVersionMatch is forbidden when continue is provided",
);

function matchOf(query: URLSearchParams): VersionMatch {
  const text = query.get(MATCH);
  return text === "Exact" || text === "NotOlderThan" ? text : "";
}

function unsupportedMatch(value: string, supported: readonly string[]): FieldError {
  const list = supported.map((each) => JSON.stringify(each)).join(", ");
  const detail = `supported values: ${list}`;
  return { field: MATCH, type: "FieldValueNotSupported", value, detail };
}

function forbiddenField(field: string, detail: string): FieldError {
  return { field, type: "FieldValueForbidden", detail };
}

function checkOptions(errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", errors);
}

function parseResourceVersion(
  query: URLSearchParams,
  refusal: (problem: string) => Error,
): number | undefined {
  const text = query.get("resourceVersion") ?? "";
  if (text === "") return undefined;
  const isNumber = /^[0-9]+$/.test(text);
  if (isNumber && text.length <= 20 && BigInt(text) <= UINT64_MAX) return Number(text);
  const value = JSON.stringify(text);
  const why = `strconv.ParseUint: parsing ${value}: ${syntaxOrRange(isNumber)}`;
  throw refusal(`resourceVersion: Invalid value: ${value}: ${why}`);
}

function unreadableVersion(problem: string): Error {
  return plainRefusal(500, "", problem);
}

/** What is there must be a number, even if it is empty. */
function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const isNumber = /^[+-]?[0-9]+$/.test(text);
  const digits = text.replace(/^[+-]?0*/, "");
  const isInRange = isNumber && digits.length <= 19 && BigInt(`0${digits}`) <= INT64_MAX;
  if (isInRange) return Number(text);
  const why = syntaxOrRange(isNumber);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
}

function syntaxOrRange(isNumber: boolean): string {
  return isNumber ? "value out of range" : "invalid syntax";
}
