/**
 * What a request is about, read from method, path and query alone, before anything is looked up.
 * Authorization, metrics and routing all use the same reading, so that none can be fooled by a path
 * another one understands differently.
 */
import { badRequest } from "../machinery/status.ts";
import type { ApiRequest, Method } from "../machinery/request.ts";

export type Verb =
  "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/** A request for objects of a resource. */
export type ResourceInfo = {
  readonly kind: "resource";
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  /** Plural. */
  readonly resource: string;
  /** "" for the main endpoint. */
  readonly subresource: string;
  /** "" for cluster-scoped resources and for requests over all namespaces. */
  readonly namespace: string;
  /** "" for a collection. */
  readonly name: string;
  /** Whether the name stands in the path, rather than in a field selector. */
  readonly isNamed: boolean;
};

/** Any other request: discovery, health, metrics, or nothing we serve. */
export type PathInfo = { readonly kind: "path"; readonly verb: string; readonly path: string };

export type RequestInfo = ResourceInfo | PathInfo;

/** Subresources of a namespace itself; anything else below one is a resource in it. */
const NAMESPACE_SUBRESOURCES: readonly string[] = ["status", "finalize"];

/** Throws BadRequest when the path is not percent-encoded text. */
export function parseRequestInfo(request: ApiRequest): RequestInfo {
  const segments = decodeSegments(request.path);
  const other: PathInfo = {
    kind: "path",
    verb: request.method.toLowerCase(),
    path: request.path,
  };
  const rest = afterGroupVersion(segments);
  if (rest === undefined || rest.segments.length === 0) return other;

  const isWatchPath = rest.segments[0] === "watch" && rest.segments.length > 1;
  const located = locate(isWatchPath ? rest.segments.slice(1) : rest.segments);
  if (located === undefined) return other;

  const named = located.name !== "";
  const verb = isWatchPath ? "watch" : verbOf(request.method, named, request.query);
  if (verb === undefined) return other;
  return {
    kind: "resource",
    verb,
    group: rest.group,
    version: rest.version,
    ...located,
    name: named ? located.name : nameInSelector(verb, request.query),
    isNamed: named,
  };
}

type Located = Pick<ResourceInfo, "resource" | "subresource" | "namespace" | "name">;

function decodeSegments(path: string): readonly string[] {
  const parts = path.split("/").slice(1);
  if (parts.at(-1) === "") parts.pop(); // a trailing slash is tolerated
  try {
    return parts.map((part) => decodeURIComponent(part));
  } catch (error) {
    if (error instanceof URIError) throw badRequest("the path is not valid percent-encoded UTF-8");
    throw error;
  }
}

function afterGroupVersion(
  segments: readonly string[],
):
  | { readonly group: string; readonly version: string; readonly segments: readonly string[] }
  | undefined {
  const [root, first, second] = segments;
  if (root === "api" && first !== undefined) {
    return { group: "", version: first, segments: segments.slice(2) };
  }
  if (root === "apis" && first !== undefined && second !== undefined) {
    return { group: first, version: second, segments: segments.slice(3) };
  }
  return undefined;
}

/** Undefined: deeper than any resource. */
function locate(segments: readonly string[]): Located | undefined {
  const [first = "", second = "", third = ""] = segments;
  const isBelowNamespace =
    first === "namespaces" && segments.length > 2 && !NAMESPACE_SUBRESOURCES.includes(third);
  if (isBelowNamespace) {
    if (second === "" || segments.length > 5) return undefined;
    const [, , resource = "", name = "", subresource = ""] = segments;
    return { resource, name, subresource, namespace: second };
  }
  if (segments.length > 3 || first === "") return undefined;
  // A namespace is in itself: whoever may act in it may be allowed to act on it.
  const namespace = first === "namespaces" ? second : "";
  return { resource: first, name: second, subresource: third, namespace };
}

/** Undefined: a method that is never about objects (HEAD, OPTIONS). */
function verbOf(method: Method, isNamed: boolean, query: URLSearchParams): Verb | undefined {
  switch (method) {
    case "GET":
      if (isNamed) return "get";
      return isTrue(query.get("watch")) ? "watch" : "list";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return isNamed ? "delete" : "deletecollection";
    case "HEAD":
    case "OPTIONS":
      return undefined;
  }
}

/** How query parameters say yes, as Go's strconv.ParseBool and the empty `?watch` do. */
export function isTrue(text: string | null): boolean {
  return text === "" || text === "1" || text === "t" || text?.toLowerCase() === "true";
}

/** `fieldSelector=metadata.name=x` on a collection is a request for that one name. */
function nameInSelector(verb: Verb, query: URLSearchParams): string {
  if (verb !== "list" && verb !== "watch" && verb !== "deletecollection") return "";
  const match = /^metadata\.name==?([^,!=]+)$/.exec(query.get("fieldSelector") ?? "");
  return match?.[1] ?? "";
}
