/** Reads objects that locations are made of, in the form they are served in. */
import type { Context } from "../../base/context.ts";
import type { GroupVersionResource } from "../../machinery/gvk.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { noSuchResource, notFound } from "../../machinery/status.ts";
import type { Store } from "../../store/store.ts";
import { objectOf, prepare } from "../registry/read.ts";
import { storeKey, storePrefix, type Resource, type Resources } from "../registry/resource.ts";

export type ObjectSource = { readonly store: Store; readonly resources: Resources };

type Key = { readonly namespace: string; readonly name: string };

/** Throws NotFound. */
export async function readObject<T extends ApiObject>(
  kind: GroupVersionResource,
  key: Key,
  source: ObjectSource,
  context: Context,
): Promise<T> {
  const object = await findObject<T>(kind, key, source, context);
  if (object === undefined) throw notFound(resourceOf(kind, source), key.name);
  return object;
}

export async function findObject<T extends ApiObject>(
  kind: GroupVersionResource,
  key: Key,
  source: ObjectSource,
  context: Context,
): Promise<T | undefined> {
  const resource = resourceOf(kind, source);
  const entry = await source.store.get(storeKey(resource, key), context);
  if (entry === undefined) return undefined;
  await prepare([entry], resource, context);
  return objectOf(entry, resource).value as T;
}

/** All in a namespace; "" is everywhere. */
export async function listObjects<T extends ApiObject>(
  kind: GroupVersionResource,
  namespace: string,
  source: ObjectSource,
  context: Context,
): Promise<readonly T[]> {
  const resource = resourceOf(kind, source);
  const prefix = storePrefix(resource, namespace);
  const { entries } = await source.store.range({ prefix }, context);
  await prepare(entries, resource, context);
  return entries.map((entry) => objectOf(entry, resource).value as T);
}

function resourceOf(kind: GroupVersionResource, { resources }: ObjectSource): Resource {
  const resource = resources.find(kind);
  if (resource === undefined) throw noSuchResource();
  return resource;
}

export const PODS: GroupVersionResource = { group: "", version: "v1", resource: "pods" };
export const SERVICES: GroupVersionResource = { group: "", version: "v1", resource: "services" };
export const NODES: GroupVersionResource = { group: "", version: "v1", resource: "nodes" };
export const ENDPOINT_SLICES: GroupVersionResource = {
  group: "discovery.k8s.io",
  version: "v1",
  resource: "endpointslices",
};
