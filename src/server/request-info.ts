/**
 * What a request is about, read from method, path and query alone, before anything is looked up.
 * Authorization, metrics and routing all use the same reading, so that none can be fooled by a path
 * another one understands differently.
 */
import { parseFieldQuery, requiredFieldValue } from "../machinery/fields.ts";
import type { ApiRequest, Method } from "../machinery/request.ts";
import { SelectorError } from "../machinery/selector-error.ts";
import { badRequest } from "../machinery/status.ts";

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
  /** What follows the subresource in the path, as sent, with its slash: only proxies have it. */
  readonly tail: string;
  /** As sent; "" unless a collection is read or deleted. */
  readonly fieldSelector: string;
  readonly labelSelector: string;
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
  const root = groupVersionOf(segments);
  if (root === undefined || segments.length === root.length) return other;

  const isWatchPath = segments[root.length] === "watch" && segments.length > root.length + 1;
  const length = isWatchPath ? root.length + 1 : root.length;
  const located = locate(segments.slice(length));
  if (located === undefined) return other;

  const { depth, ...place } = located;
  const named = place.name !== "";
  const verb = isWatchPath ? "watch" : verbOf(request.method, named, request.query);
  if (verb === undefined) return other;
  const isOfCollection = verb === "list" || verb === "watch" || verb === "deletecollection";
  const selector = (key: string): string => (isOfCollection ? (request.query.get(key) ?? "") : "");
  const fieldSelector = selector("fieldSelector");
  return {
    kind: "resource",
    verb,
    group: root.group,
    version: root.version,
    ...place,
    name: named ? place.name : nameInSelector(fieldSelector),
    isNamed: named,
    tail: place.subresource === "" ? "" : tailOf(request.path, length + depth),
    fieldSelector,
    labelSelector: selector("labelSelector"),
  };
}

type Located = Pick<ResourceInfo, "resource" | "subresource" | "namespace" | "name"> & {
  /** Segments that were read. */
  readonly depth: number;
};

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

/** What is left of the path after so many segments; "" if nothing is. */
function tailOf(path: string, depth: number): string {
  const parts = path.split("/").slice(1 + depth);
  return parts.length === 0 ? "" : `/${parts.join("/")}`;
}

/** The group and version a path begins with, and how many segments name them. */
function groupVersionOf(
  segments: readonly string[],
): { readonly group: string; readonly version: string; readonly length: number } | undefined {
  const [root, first, second] = segments;
  if (root === "api" && first !== undefined) return { group: "", version: first, length: 2 };
  if (root === "apis" && first !== undefined && second !== undefined) {
    return { group: first, version: second, length: 3 };
  }
  return undefined;
}

/** Undefined: no resource is named. */
function locate(segments: readonly string[]): Located | undefined {
  const [first = "", second = "", third = ""] = segments;
  const isBelowNamespace =
    first === "namespaces" && segments.length > 2 && !NAMESPACE_SUBRESOURCES.includes(third);
  if (isBelowNamespace) {
    if (second === "") return undefined;
    const [, , resource = "", name = "", subresource = ""] = segments;
    const depth = Math.min(segments.length, 5);
    return { resource, name, subresource, namespace: second, depth };
  }
  if (first === "") return undefined;
  // A namespace is in itself: whoever may act in it may be allowed to act on it.
  const namespace = first === "namespaces" ? second : "";
  const depth = Math.min(segments.length, 3);
  return { resource: first, name: second, subresource: third, namespace, depth };
}

/** Undefined: a method that is never about objects. HEAD asks what GET asks. */
function verbOf(method: Method, isNamed: boolean, query: URLSearchParams): Verb | undefined {
  switch (method) {
    case "GET":
    case "HEAD":
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
    case "OPTIONS":
      return undefined;
  }
}

/** How query parameters say yes: they are there, and are neither "false" nor "0". */
export function isTrue(text: string | null): boolean {
  return text !== null && text !== "0" && text.toLowerCase() !== "false";
}

/** A collection of which one name is selected is a request for that one name. */
function nameInSelector(fieldSelector: string): string {
  if (fieldSelector === "") return "";
  try {
    const name = requiredFieldValue(parseFieldQuery(fieldSelector), "metadata.name");
    return name === "." || name === ".." || /[/%]/.test(name) ? "" : name;
  } catch (error) {
    if (error instanceof SelectorError) return ""; // who reads the selector refuses it
    throw error;
  }
}
