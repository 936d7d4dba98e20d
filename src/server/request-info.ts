/**
 * What a request is about, read from method, path and query alone, before anything is looked up.
 * Authorization, metrics and routing all use the same reading, so that none can be fooled by a path
 * another one understands differently.
 */
import { parseFieldQuery, requiredFieldValue } from "../machinery/fields.ts";
import type { ApiRequest, Method } from "../machinery/request.ts";
import { SelectorError } from "../machinery/selector-error.ts";

export type Verb =
  "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/** A request for objects of a resource. */
export type ResourceInfo = {
  readonly kind: "resource";
  /** "" and "proxy" are for authorizers only: nothing answers to them. */
  readonly verb: Verb | "" | "proxy";
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

/** A path that cannot be read at all, and what is answered to it: not a Status, as upstream. */
export class UnreadablePathError extends Error {
  override readonly name = "UnreadablePathError";
  readonly code: 400 | 500;

  constructor(code: 400 | 500, message: string) {
    super(message);
    this.code = code;
  }
}

/** Throws `UnreadablePathError`. */
export function parseRequestInfo(request: ApiRequest): RequestInfo {
  const segments = segmentsOf(decodePath(request.path));
  const other: PathInfo = {
    kind: "path",
    verb: request.method.toLowerCase(),
    path: decodePath(request.path),
  };
  const root = groupVersionOf(segments);
  if (root === undefined || segments.length === root.length) return other;

  const word = segments[root.length] ?? "";
  const isByPath = word === "watch" || word === "proxy"; // the older way to name a verb
  if (isByPath && segments.length === root.length + 1) {
    const why = `unable to determine kind and namespace from url, ${request.path}`;
    const message = `Internal Server Error: ${JSON.stringify(request.path)}: `;
    throw new UnreadablePathError(500, `${message}failed to create RequestInfo: ${why}`);
  }
  const length = isByPath ? root.length + 1 : root.length;
  const { depth, ...place } = locate(segments.slice(length), word !== "proxy");
  const isNamed = place.name !== "";
  const verb = isByPath ? word : verbOf(request.method, isNamed, request.query);
  const isOfCollection = !isByPath && COLLECTION_VERBS.includes(verb);
  const selector = (key: string): string => (isOfCollection ? (request.query.get(key) ?? "") : "");
  const fieldSelector = selector("fieldSelector");
  return {
    kind: "resource",
    verb,
    group: root.group,
    version: root.version,
    ...place,
    name: isNamed || verb === "deletecollection" ? place.name : nameInSelector(fieldSelector),
    isNamed,
    tail: place.subresource === "" ? "" : tailOf(request.path, length + depth),
    fieldSelector,
    labelSelector: selector("labelSelector"),
  };
}

type Located = Pick<ResourceInfo, "resource" | "subresource" | "namespace" | "name"> & {
  /** Segments that were read. */
  readonly depth: number;
};

/** Verbs that selectors matter to. */
const COLLECTION_VERBS: readonly string[] = ["list", "watch", "deletecollection"];

const decoder = new TextDecoder();

/** Bytes that are no text become replacement characters, which are in no name. */
function decodePath(path: string): string {
  if (/%(?![0-9a-f]{2})/i.test(path)) throw new UnreadablePathError(400, "400 Bad Request");
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = run.split("%").slice(1);
    return decoder.decode(Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)));
  });
}

/** Slashes at both ends count for nothing, nor does it matter whether one was encoded. */
function segmentsOf(path: string): readonly string[] {
  const trimmed = path.replace(/^\/+/, "").replace(/\/+$/, "");
  return trimmed === "" ? [] : trimmed.split("/");
}

/** What is left of the path after so many segments, as sent; "" if nothing is. */
function tailOf(path: string, depth: number): string {
  const parts = path.replace(/^\/+/, "").split(/(\/|%2f)/i);
  return parts.length <= 2 * depth ? "" : `/${parts.slice(2 * depth).join("")}`;
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

function locate(segments: readonly string[], hasSubresources: boolean): Located {
  const [first = "", second = "", third = ""] = segments;
  // A namespace is in itself: whoever may act in it may be allowed to act on it.
  const namespace = first === "namespaces" ? second : "";
  const isBelowNamespace =
    first === "namespaces" && segments.length > 2 && !NAMESPACE_SUBRESOURCES.includes(third);
  const from = isBelowNamespace ? 2 : 0;
  const [resource = "", name = "", subresource = ""] = segments.slice(from);
  const depth = Math.min(segments.length, from + 3);
  return { resource, name, subresource: hasSubresources ? subresource : "", namespace, depth };
}

/** HEAD asks what GET asks; OPTIONS asks for nothing that has a name. */
function verbOf(method: Method, isNamed: boolean, query: URLSearchParams): Verb | "" {
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
      return "";
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
