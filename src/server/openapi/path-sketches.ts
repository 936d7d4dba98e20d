/**
 * The paths of a resource and what can be done at each, in no dialect yet: both versions of OpenAPI
 * are written from these.
 */
import { apiVersionOf } from "../../machinery/gvk.ts";
import { endpointsOf, type Endpoint } from "../discovery/api-groups.ts";
import { CUSTOM_PATCH_TYPES, PATCH_TYPES } from "../handlers/patch-body.ts";
import type { Resource } from "../registry/resource.ts";

export type Action = "get" | "list" | "post" | "put" | "patch" | "delete" | "deletecollection";
export type Kind = { readonly group: string; readonly version: string; readonly kind: string };

/** An operation. */
export type OperationSketch = {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  readonly action: Action;
  readonly kind: Kind;
  /** Names of query parameters. */
  readonly parameters: readonly string[];
  /** Media types of a patch; none for other bodies. */
  readonly patchTypes: readonly string[];
  /** What is sent and answered: the kind itself, its list, or what `kind` says. */
  readonly shape: "object" | "list" | "kind";
};

export type PathSketch = {
  readonly path: string;
  /** Names of path parameters. */
  readonly parameters: readonly string[];
  readonly operations: readonly OperationSketch[];
};

/** Query parameters of writes: that `fieldValidation` is among them is what kubectl looks for. */
export const WRITE_PARAMETERS: readonly string[] = ["dryRun", "fieldManager", "fieldValidation"];

const PATCH_PARAMETERS: readonly string[] = [...WRITE_PARAMETERS, "force"];

const DELETE_PARAMETERS: readonly string[] = [
  "dryRun",
  "gracePeriodSeconds",
  "orphanDependents",
  "propagationPolicy",
];

const LIST_PARAMETERS: readonly string[] = [
  "allowWatchBookmarks",
  "continue",
  "fieldSelector",
  "labelSelector",
  "limit",
  "resourceVersion",
  "resourceVersionMatch",
  "sendInitialEvents",
  "timeoutSeconds",
  "watch",
];

/** Path below the server's root, without a slash: `api/v1`, `apis/apps/v1`. */
export function groupVersionPath(group: string, version: string): string {
  return `${group === "" ? "api" : "apis"}/${apiVersionOf({ group, version })}`;
}

export function pathSketches(resource: Resource): readonly PathSketch[] {
  const base = `/${groupVersionPath(resource.group, resource.version)}`;
  const scoped = resource.isNamespaced ? `${base}/namespaces/{namespace}` : base;
  const collection = `${scoped}/${resource.resource}`;
  const endpoints = endpointsOf(resource);
  const isListed = endpoints.some(({ subresource, verbs }) => {
    return subresource === "" && verbs.includes("list");
  });
  const everywhere: readonly PathSketch[] =
    resource.isNamespaced && isListed
      ? [
          {
            path: `${base}/${resource.resource}`,
            parameters: [],
            operations: [operation("list", resource, resource, "list")],
          },
        ]
      : [];
  return [
    ...everywhere,
    ...endpoints.flatMap((endpoint) => endpointPaths(collection, endpoint, resource)),
  ];
}

function endpointPaths(
  collection: string,
  endpoint: Endpoint,
  resource: Resource,
): readonly PathSketch[] {
  const place = resource.isNamespaced ? ["namespace"] : [];
  const isMain = endpoint.subresource === "";
  const path = isMain ? `${collection}/{name}` : `${collection}/{name}/${endpoint.subresource}`;
  const named = {
    path,
    parameters: ["name", ...place],
    operations: namedOperations(endpoint, resource),
  };
  if (!isMain) return [named];
  const has = (verb: string): boolean => endpoint.verbs.includes(verb);
  const operations = [
    ...(has("list") ? [operation("list", resource, resource, "list")] : []),
    ...(has("create") ? [operation("post", resource, resource, "object")] : []),
    ...(has("deletecollection") ? [operation("deletecollection", resource, resource, "list")] : []),
  ];
  return [{ path: collection, parameters: place, operations }, named].filter(
    (sketch) => sketch.operations.length > 0,
  );
}

/** The operations on a named object or one of its subresources. */
function namedOperations(endpoint: Endpoint, resource: Resource): readonly OperationSketch[] {
  const isMain = endpoint.subresource === "";
  const isOwnKind = endpoint.kind === resource.kind && endpoint.group === resource.group;
  const shape = isOwnKind ? "object" : "kind";
  const actions: readonly (readonly [verb: string, action: Action])[] = [
    ["get", "get"],
    ["update", "put"],
    ["patch", "patch"],
    ["delete", "delete"],
    ...(isMain ? [] : [["create", "post"] as const]),
  ];
  return actions
    .filter(([verb]) => endpoint.verbs.includes(verb))
    .map(([, action]) => operation(action, endpoint, resource, shape));
}

function operation(
  action: Action,
  { group, version, kind }: Kind,
  resource: Resource,
  shape: OperationSketch["shape"],
): OperationSketch {
  const patchTypes = resource.custom === undefined ? PATCH_TYPES : CUSTOM_PATCH_TYPES;
  return {
    method: methodOf(action),
    action,
    kind: { group, version, kind },
    parameters: parametersOf(action),
    patchTypes: action === "patch" ? patchTypes : [],
    shape,
  };
}

function methodOf(action: Action): OperationSketch["method"] {
  switch (action) {
    case "list":
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

function parametersOf(action: Action): readonly string[] {
  switch (action) {
    case "list":
      return LIST_PARAMETERS;
    case "deletecollection":
      return [...DELETE_PARAMETERS, ...LIST_PARAMETERS];
    case "delete":
      return DELETE_PARAMETERS;
    case "post":
    case "put":
      return WRITE_PARAMETERS;
    case "patch":
      return PATCH_PARAMETERS;
    case "get":
      return [];
  }
}
