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

export type WatchOptions = {
  readonly resourceVersion: number | undefined;
  readonly allowsBookmarks: boolean;
  /** A streaming list: all objects, a bookmark, then changes. */
  readonly sendsInitialEvents: boolean;
  readonly timeoutSeconds: number | undefined;
};

const MATCHES: readonly VersionMatch[] = ["Exact", "NotOlderThan", ""];
const MATCH = "resourceVersionMatch";

/** Throws 400 or 422. */
export function listOptions(query: URLSearchParams): ListOptions {
  const limit = integer(query, "limit") ?? 0;
  const continueToken = query.get("continue") ?? "";
  const errors = [
    ...matchErrors(query, continueToken),
    ...(query.has("sendInitialEvents")
      ? [forbiddenField("sendInitialEvents", "sendInitialEvents is forbidden for list")]
      : []),
  ];
  if (errors.length > 0) throw invalidOptions(errors);
  const resourceVersion = parseResourceVersion(query, badResourceVersion);
  return { limit: Math.max(limit, 0), continueToken, resourceVersion, match: matchOf(query) ?? "" };
}

/** Throws 400, 422 or, for a resource version that is no number, 500 as upstream does. */
export function watchOptions(query: URLSearchParams): WatchOptions {
  const isStreaming = query.has("sendInitialEvents");
  const allowsBookmarks = isTrue(query.get("allowWatchBookmarks"));
  const errors = watchErrors(query, isStreaming);
  if (errors.length > 0) throw invalidOptions(errors);
  return {
    resourceVersion: parseResourceVersion(query, (text) => {
      const problem = fieldText(text);
      return plainRefusal(500, "", problem);
    }),
    allowsBookmarks,
    sendsInitialEvents: isStreaming && isTrue(query.get("sendInitialEvents")),
    timeoutSeconds: integer(query, "timeoutSeconds"),
  };
}

/** The `resourceVersion` parameter of a get: at least as new as this. */
export function getResourceVersion(query: URLSearchParams): number | undefined {
  return parseResourceVersion(query, badResourceVersion);
}

function watchErrors(query: URLSearchParams, isStreaming: boolean): readonly FieldError[] {
  const match = matchOf(query);
  if (!isStreaming) {
    const given = query.get(MATCH) ?? "";
    if (given === "") return [];
    return [
      forbiddenField(
        MATCH,
        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
      ),
    ];
  }
  if (match === undefined || match === "Exact") {
    return [unsupportedMatch(query.get(MATCH) ?? "", ["NotOlderThan"])];
  }
  if (match !== "NotOlderThan") {
    const detail = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
    return [forbiddenField(MATCH, detail)];
  }
  return [];
}

function matchErrors(query: URLSearchParams, continueToken: string): readonly FieldError[] {
  const match = matchOf(query);
  const resourceVersion = query.get("resourceVersion") ?? "";
  if (match === undefined) return [unsupportedMatch(query.get(MATCH) ?? "", MATCHES)];
  if (match === "") return [];
  if (resourceVersion === "") {
    const detail = "resourceVersionMatch is forbidden unless resourceVersion is provided";
    return [forbiddenField(MATCH, detail)];
  }
  if (continueToken !== "") {
    const detail = "resourceVersionMatch is forbidden when continue is provided";
    return [forbiddenField(MATCH, detail)];
  }
  if (match === "Exact" && resourceVersion === "0") {
    const detail = 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"';
    return [forbiddenField(MATCH, detail)];
  }
  return [];
}

/** Undefined: a value nobody knows. */
function matchOf(query: URLSearchParams): VersionMatch | undefined {
  const text = query.get(MATCH) ?? "";
  return MATCHES.find((each) => each === text);
}

function unsupportedMatch(value: string, supported: readonly string[]): FieldError {
  const list = supported.map((each) => JSON.stringify(each)).join(", ");
  const detail = `supported values: ${list}`;
  return { field: MATCH, type: "FieldValueNotSupported", value, detail };
}

function forbiddenField(field: string, detail: string): FieldError {
  return { field, type: "FieldValueForbidden", detail };
}

function invalidOptions(errors: readonly FieldError[]): Error {
  return invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", errors);
}

function parseResourceVersion(
  query: URLSearchParams,
  refusal: (text: string) => Error,
): number | undefined {
  const text = query.get("resourceVersion") ?? "";
  if (text === "") return undefined;
  const value = /^[0-9]{1,19}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw refusal(text);
  return value;
}

function badResourceVersion(text: string): Error {
  return badRequest(`invalid resource version: ${fieldText(text)}`);
}

function fieldText(text: string): string {
  const value = JSON.stringify(text);
  const why = `strconv.ParseUint: parsing ${value}: invalid syntax`;
  return `resourceVersion: Invalid value: ${value}: ${why}`;
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? "";
  if (text === "") return undefined;
  if (!/^[+-]?[0-9]{1,19}$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}
