/** What one operation takes and answers, in no dialect yet. */
import type { Endpoint } from "../discovery/api-groups.ts";
import { CUSTOM_PATCH_TYPES, PATCH_TYPES } from "../handlers/patch-body.ts";
import type { Resource } from "../registry/resource.ts";
import type { MetaShape } from "./meta-shapes.ts";
import { operationId, tagOf, upperFirst, withArticle } from "./operation-names.ts";
import {
  DELETE_COLLECTION_PARAMETERS,
  DELETE_PARAMETERS,
  GET_PARAMETERS,
  LIST_PARAMETERS,
  LOG_PARAMETERS,
  NAMESPACE,
  nameOf,
  PATCH_PARAMETERS,
  PRETTY,
  WRITE_PARAMETERS,
  type Parameter,
} from "./parameters.ts";

export type Action =
  "get" | "list" | "post" | "put" | "patch" | "delete" | "deletecollection" | "watch" | "watchlist";

export type HttpMethod = "get" | "post" | "put" | "patch" | "delete" | "head" | "options";
export type Kind = { readonly group: string; readonly version: string; readonly kind: string };

/**
 * What is sent or answered: the kind of the resource, its list, what the operation's `kind` says,
 * plain text, or a shape that belongs to no resource.
 */
export type Shape = "object" | "list" | "kind" | "text" | MetaShape;

export type OperationSketch = {
  readonly method: HttpMethod;
  readonly id: string;
  readonly tag: string;
  readonly description: string;
  /** What is done, to which kind; absent where no resource is meant. */
  readonly effect?: { readonly action: Action | "connect"; readonly kind: Kind };
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly shape: Shape; readonly isRequired: boolean };
  /** Media types of what is sent, in bodies or none. */
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  /** Besides 401, which is answered everywhere. */
  readonly answers: readonly (readonly [status: string, shape: Shape])[];
};

const CUSTOM_TYPES: readonly string[] = ["application/json", "application/yaml"];
const PROTOBUF_TYPE = "application/vnd.kubernetes.protobuf";
/** Media types of answers of built-in kinds. */
export const BUILT_IN_TYPES: readonly string[] = [...CUSTOM_TYPES, PROTOBUF_TYPE];
const WATCH_TYPES: readonly string[] = [
  ...BUILT_IN_TYPES,
  "application/json;stream=watch",
  `${PROTOBUF_TYPE};stream=watch`,
];

/** An operation at an endpoint of a resource. */
export function sketchOperation(
  action: Action,
  path: string,
  endpoint: Endpoint,
  resource: Resource,
): OperationSketch {
  const isCustom = resource.custom !== undefined;
  const { group, version, kind } = isCustom ? resource : endpoint;
  const body = bodyOf(action, endpoint, resource);
  return {
    method: methodOf(action),
    id: operationId(nameOfOperation(action, path, endpoint, resource), path),
    tag: tagOf(path),
    description: descriptionOf(action, endpoint, resource),
    effect: { action, kind: { group, version, kind } },
    parameters: [PRETTY, ...placeOf(path, kind), ...optionsOf(action, endpoint, isCustom)],
    ...(body === undefined ? {} : { body }),
    consumes: consumedBy(action, isCustom),
    produces: producedBy(action, endpoint, isCustom),
    answers: answersOf(action, endpoint, resource),
  };
}

/** The parameters in a path. */
export function placeOf(path: string, kind: string): readonly Parameter[] {
  return [
    ...(path.includes("{namespace}") ? [NAMESPACE] : []),
    ...(path.includes("{name}") ? [nameOf(kind)] : []),
  ];
}

/** `NamespacedPodLog`: kind and subresource with the place they are in. */
export function subjectOf(path: string, endpoint: Endpoint, resource: Resource): string {
  const place = path.includes("{namespace}") ? "Namespaced" : "";
  return place + resource.kind + upperFirst(endpoint.subresource);
}

const WORDS: Readonly<Record<Action, string>> = {
  get: "read",
  list: "list",
  post: "create",
  put: "replace",
  patch: "patch",
  delete: "delete",
  deletecollection: "deleteCollection",
  watch: "watch",
  watchlist: "watch",
};

function nameOfOperation(
  action: Action,
  path: string,
  endpoint: Endpoint,
  resource: Resource,
): string {
  const list = action === "watchlist" ? "List" : "";
  const isEverywhere = resource.isNamespaced && !path.includes("{namespace}");
  const suffix = isEverywhere ? "ForAllNamespaces" : "";
  return WORDS[action] + subjectOf(path, endpoint, resource) + list + suffix;
}

function descriptionOf(
  action: Action,
  { subresource, verbs }: Endpoint,
  { kind, custom }: Resource,
): string {
  const part = subresource === "" ? "" : `${subresource} of `;
  const isWatched = custom === undefined && verbs.includes("watch");
  switch (action) {
    case "get":
      return `read ${part}the specified ${kind}`;
    case "list":
      return `${isWatched ? "list or watch" : "list"} objects of kind ${kind}`;
    case "post":
      return `create ${part}${withArticle(kind)}`;
    case "put":
      return `replace ${part}the specified ${kind}`;
    case "patch":
      return `partially update ${part}the specified ${kind}`;
    case "delete":
      return `delete ${part}${withArticle(kind)}`;
    case "deletecollection":
      return `delete collection of ${kind}`;
    case "watch":
      return `Deprecated: watch one ${kind}. List with watch and a field selector instead.`;
    case "watchlist":
      return `Deprecated: watch objects of kind ${kind}. List with watch instead.`;
  }
}

function optionsOf(action: Action, endpoint: Endpoint, isCustom: boolean): readonly Parameter[] {
  switch (action) {
    case "list":
    case "watch":
    case "watchlist":
      return LIST_PARAMETERS;
    case "deletecollection":
      return isCustom ? LIST_PARAMETERS : DELETE_COLLECTION_PARAMETERS;
    case "delete":
      return DELETE_PARAMETERS;
    case "post":
    case "put":
      return WRITE_PARAMETERS;
    case "patch":
      return PATCH_PARAMETERS;
    case "get":
      if (isLog(endpoint)) return LOG_PARAMETERS;
      return isCustom ? GET_PARAMETERS : [];
  }
}

function isLog({ subresource }: Endpoint): boolean {
  return subresource === "log";
}

/** What a subresource holds: the object in another view, or something of its own. */
function shapeOf(endpoint: Endpoint, resource: Resource): Shape {
  if (isLog(endpoint)) return "text";
  const isOwn = endpoint.kind === resource.kind && endpoint.group === resource.group;
  if (isOwn) return "object";
  return endpoint.kind === "Scale" ? "Scale" : "kind";
}

function bodyOf(
  action: Action,
  endpoint: Endpoint,
  resource: Resource,
): OperationSketch["body"] | undefined {
  switch (action) {
    case "post":
    case "put":
      return { shape: shapeOf(endpoint, resource), isRequired: true };
    case "patch":
      return { shape: "Patch", isRequired: true };
    case "delete":
      return { shape: "DeleteOptions", isRequired: false };
    case "deletecollection":
      if (resource.custom !== undefined) return undefined;
      return { shape: "DeleteOptions", isRequired: false };
    case "get":
    case "list":
    case "watch":
    case "watchlist":
      return undefined;
  }
}

function consumedBy(action: Action, isCustom: boolean): readonly string[] {
  if (action === "patch") return isCustom ? CUSTOM_PATCH_TYPES : PATCH_TYPES;
  return isCustom ? CUSTOM_TYPES : ["*/*"];
}

function producedBy(action: Action, endpoint: Endpoint, isCustom: boolean): readonly string[] {
  if (isCustom) return CUSTOM_TYPES;
  if (isLog(endpoint)) return ["text/plain", ...BUILT_IN_TYPES];
  const isStream = action === "list" || action === "watch" || action === "watchlist";
  return isStream ? WATCH_TYPES : BUILT_IN_TYPES;
}

/** A kind whose deletion answers with the object, though nobody was told. */
const UNTOLD = "Namespace";

function answersOf(
  action: Action,
  endpoint: Endpoint,
  resource: Resource,
): OperationSketch["answers"] {
  const shape = shapeOf(endpoint, resource);
  const isCustom = resource.custom !== undefined;
  switch (action) {
    case "list":
      return [["200", "list"]];
    case "watch":
    case "watchlist":
      return [["200", "WatchEvent"]];
    case "deletecollection":
      return [["200", "Status"]];
    case "delete": {
      const isTold = resource.strategy.isReturnedWhenDeleted && resource.kind !== UNTOLD;
      return statuses(isTold && !isCustom ? shape : "Status", "200", "202");
    }
    case "get":
      return [["200", shape]];
    case "patch":
      return isCustom ? [["200", shape]] : statuses(shape, "200", "201");
    case "put":
      return statuses(shape, "200", "201");
    case "post":
      return statuses(shape, "200", "201", "202");
  }
}

function statuses(shape: Shape, ...codes: readonly string[]): OperationSketch["answers"] {
  return codes.map((code) => [code, shape]);
}

function methodOf(action: Action): HttpMethod {
  switch (action) {
    case "list":
    case "watch":
    case "watchlist":
      return "get";
    case "deletecollection":
      return "delete";
    case "get":
    case "post":
    case "put":
    case "patch":
    case "delete":
      return action;
  }
}
