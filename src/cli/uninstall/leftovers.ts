/** What else lives in a namespace: it must not go with the program. */
import { discover } from "../../client/discovery.ts";
import type { RestClient } from "../../client/rest-client.ts";
import type { Context } from "../../base/context.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";

/** Made by the cluster itself in every namespace, or of what is gone already. */
const OWN_KINDS: ReadonlySet<string> = new Set([
  "Event",
  "Lease",
  "Endpoints",
  "EndpointSlice",
  "PodMetrics",
]);
const OWN_NAMES: ReadonlySet<string> = new Set([
  "ConfigMap/kube-root-ca.crt",
  "ServiceAccount/default",
]);

/** `Secret/passwords`, in the server's order of kinds; at most `max` of them. */
export async function leftovers(
  namespace: string,
  max: number,
  { client, context }: { readonly client: RestClient; readonly context: Context },
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { type, verbs } of await discover(client, context)) {
    if (!type.isNamespaced || !verbs.includes("list") || OWN_KINDS.has(type.kind)) continue;
    try {
      const { items } = await client.list(type, { namespace, limit: 100 }, context);
      for (const object of items) {
        const name = `${type.kind}/${object.metadata.name ?? ""}`;
        if (!OWN_NAMES.has(name) && !isLeaving(object)) found.add(name);
      }
    } catch (error) {
      // Kinds that cannot be listed by now are told by nobody.
      if (!isStatus(error)) throw error;
      if (isStatus(error, "Forbidden")) found.add(`${type.kind} (not allowed to look)`);
    }
    if (found.size >= max) break;
  }
  return [...found].slice(0, max);
}

/** Goes by itself: its deletion has begun, or the garbage collector takes it. */
function isLeaving(object: ApiObject): boolean {
  return isTerminating(object) || (object.metadata.ownerReferences ?? []).length > 0;
}
