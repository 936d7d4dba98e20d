/**
 * The paths of a resource and what can be done at each, in no dialect yet: both versions of OpenAPI
 * are written from these.
 */
import { endpointsOf, type Endpoint } from "../discovery/api-groups.ts";
import type { Resource } from "../registry/resource.ts";
import { connectSketches } from "./connect-sketches.ts";
import { groupVersionPath } from "./group-version-path.ts";
import { sketchOperation, type Action } from "./operation-sketch.ts";
import { pathSketch, type PathSketch } from "./path-sketch.ts";

export function pathSketches(resource: Resource): readonly PathSketch[] {
  const base = `/${groupVersionPath(resource.group, resource.version)}`;
  const scoped = resource.isNamespaced ? `${base}/namespaces/{namespace}` : base;
  const collection = `${scoped}/${resource.resource}`;
  const endpoints = endpointsOf(resource);
  const [main] = endpoints.filter(({ subresource }) => subresource === "");
  const named = endpoints.flatMap((endpoint) => {
    const end = endpoint.subresource === "" ? "" : `/${endpoint.subresource}`;
    const path = `${collection}/{name}${end}`;
    return connectSketches(path, endpoint, resource) ?? namedSketch(path, endpoint, resource);
  });
  if (main === undefined) return named;
  return [
    ...(resource.isNamespaced ? everywhere(base, main, resource) : []),
    ...sketchAt(collection, main, COLLECTION_ACTIONS, resource),
    ...named,
    ...watches(`${base}/watch${collection.slice(base.length)}`, main, resource),
  ];
}

type Actions = readonly (readonly [verb: string, action: Action])[];

const COLLECTION_ACTIONS: Actions = [
  ["list", "list"],
  ["create", "post"],
  ["deletecollection", "deletecollection"],
];

const NAMED_ACTIONS: Actions = [
  ["get", "get"],
  ["update", "put"],
  ["patch", "patch"],
  ["delete", "delete"],
];

function namedSketch(path: string, endpoint: Endpoint, resource: Resource): readonly PathSketch[] {
  const isMain = endpoint.subresource === "";
  const actions: Actions = isMain ? NAMED_ACTIONS : [...NAMED_ACTIONS, ["create", "post"]];
  return sketchAt(path, endpoint, actions, resource);
}

/** The lists of all namespaces. */
function everywhere(base: string, main: Endpoint, resource: Resource): readonly PathSketch[] {
  return [
    ...sketchAt(`${base}/${resource.resource}`, main, [["list", "list"]], resource),
    ...watchOf(`${base}/watch/${resource.resource}`, main, "watchlist", resource),
  ];
}

/** The oldest way to watch, which clients are told to leave. */
function watches(collection: string, main: Endpoint, resource: Resource): readonly PathSketch[] {
  const hasOne = main.verbs.includes("get");
  return [
    ...watchOf(collection, main, "watchlist", resource),
    ...(hasOne ? watchOf(`${collection}/{name}`, main, "watch", resource) : []),
  ];
}

function watchOf(
  path: string,
  main: Endpoint,
  action: "watch" | "watchlist",
  resource: Resource,
): readonly PathSketch[] {
  // Custom resources have these paths, but never told.
  return resource.custom === undefined ? sketchAt(path, main, [["watch", action]], resource) : [];
}

function sketchAt(
  path: string,
  endpoint: Endpoint,
  actions: Actions,
  resource: Resource,
): readonly PathSketch[] {
  const operations = actions
    .filter(([verb]) => endpoint.verbs.includes(verb))
    .map(([, action]) => sketchOperation(action, path, endpoint, resource));
  return pathSketch(path, operations);
}
