/** Waits for an end, as `kubectl wait --for=delete` does. */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { TransportError } from "../../client/transport.ts";
import type { ObjectKey } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";

/** Resolves when there is no such object; who is cut off from the server looks again. */
export async function gone(
  client: Client,
  type: ResourceType,
  key: ObjectKey,
  context: Context,
): Promise<void> {
  for (;;) {
    try {
      if (await isGone(client, type, key, context)) return;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
    }
  }
}

/** True when it is; false when the stream ended before that. */
async function isGone(
  client: Client,
  type: ResourceType,
  { namespace, name }: ObjectKey,
  context: Context,
): Promise<boolean> {
  const which = {
    fieldSelector: `metadata.name=${name}`,
    ...(namespace === "" ? {} : { namespace }),
  };
  const { items, metadata } = await client.list<ApiObject>(type, which, context);
  const { resourceVersion = "" } = metadata;
  if (items.length === 0) return true;
  const watched = await client.watch<ApiObject>(type, { ...which, resourceVersion }, context);
  for await (const events of watched) {
    if (events.some((event) => event.kind === "DELETED")) return true;
  }
  return false;
}
