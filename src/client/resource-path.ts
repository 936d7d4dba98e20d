/** Where objects of a kind are served. */
import { apiVersionOf } from "../machinery/gvk.ts";
import type { ObjectKey } from "../machinery/key.ts";
import { badRequest } from "../machinery/status.ts";
import type { ResourceType } from "./resource-type.ts";

/** `/apis/apps/v1/namespaces/default/deployments`; all namespaces if `namespace` is "". */
export function collectionPath(type: ResourceType, namespace: string): string {
  const root = type.group === "" ? "/api" : "/apis";
  const base = `${root}/${apiVersionOf(type)}`;
  if (!type.isNamespaced || namespace === "") return `${base}/${type.resource}`;
  return `${base}/namespaces/${segment(namespace, "namespace")}/${type.resource}`;
}

/**
 * The path of one object. Throws a 400 `StatusError` for names that would make it the path of
 * something else: a DELETE without a name would empty the collection.
 */
export function objectPath(type: ResourceType, key: ObjectKey, subresource?: string): string {
  const collection = newObjectPath(type, key.namespace);
  const path = `${collection}/${segment(key.name, "name")}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** The collection a new object is posted to. Throws if a namespaced kind gets no namespace. */
export function newObjectPath(type: ResourceType, namespace: string): string {
  if (type.isNamespaced && namespace === "") {
    throw badRequest(`a ${type.kind} lives in a namespace, but none was given`);
  }
  return collectionPath(type, namespace);
}

/** One percent-encoded path segment: never empty, never a step up, never two. */
function segment(text: string, what: string): string {
  if (text === "" || text === "." || text === "..") {
    throw badRequest(`the ${what} ${JSON.stringify(text)} cannot be part of a path`);
  }
  return encodeURIComponent(text);
}
