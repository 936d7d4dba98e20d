/** What a kind demands of the namespaces in which its objects are written. */
import type { Context } from "../../base/context.ts";
import { own, type ApiObject } from "../../machinery/object.ts";
import type { FieldError } from "../../machinery/status.ts";
import type { Store } from "../../store/store.ts";
import { objectOf, prepare } from "./read.ts";
import { storeKey, type Resource, type Resources } from "./resource.ts";

/** What is wrong with a write to this namespace. Looks at the namespace only if it matters. */
export async function namespaceErrors(
  next: ApiObject,
  old: ApiObject | undefined,
  { resource, namespace }: { readonly resource: Resource; readonly namespace: string },
  { resources, store }: { readonly resources: Resources; readonly store: Store },
  context: Context,
): Promise<readonly FieldError[]> {
  const demand = resource.strategy.namespaceDemand?.(next, old);
  if (demand === undefined || namespace === "") return [];
  const namespaces = resources.find({ group: "", version: "v1", resource: "namespaces" });
  if (namespaces === undefined) return [];
  const key = storeKey(namespaces, { namespace: "", name: namespace });
  const entry = await store.get(key, context);
  await prepare([entry], namespaces, context);
  const labels = entry === undefined ? {} : objectOf(entry, namespaces).value.metadata.labels;
  return own(labels ?? {}, demand.label) === "true" ? [] : [demand.error];
}
