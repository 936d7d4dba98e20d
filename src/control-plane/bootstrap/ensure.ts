/**
 * Makes objects of one kind what they should be: one list, then a write for each that is missing or
 * out of date. Whoever comes second, because another server starts at the same time, leaves it to
 * the first.
 */
import type { Context } from "../../base/context.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import { keyOf, keyText } from "../../machinery/key.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Reconciliation } from "./rbac-plan.ts";

/** What becomes of an object that is there. */
export type Reconcile<T> = (wanted: T, present: T) => Reconciliation<T>;

/**
 * Writes that go out together are made durable together, and nothing else is done meanwhile; those
 * in turn take longer and keep nobody waiting.
 */
export type Pace = "together" | "in turn";

export type EnsureDeps = { readonly client: Client; readonly pace: Pace };

/** For objects that are made once and then are people's. */
export function keep(): { readonly kind: "nothing" } {
  return { kind: "nothing" };
}

/** Resolves when all of `wanted` are there as they should be. */
export async function ensure<T extends ApiObject>(
  type: ResourceType<T>,
  wanted: readonly T[],
  reconcile: Reconcile<T>,
  { client, pace }: EnsureDeps,
  context: Context,
): Promise<void> {
  const items = await listed(type, client, context);
  if (items === undefined) return;
  const present = new Map(items.map((object) => [keyText(keyOf(object)), object]));
  const ensureOne = async (object: T): Promise<void> => {
    const old = present.get(keyText(keyOf(object)));
    try {
      await write(type, object, old, reconcile, client, context);
    } catch (error) {
      if (!isStatus(error, "AlreadyExists") && !isStatus(error, "Conflict")) throw error;
    }
  };
  switch (pace) {
    case "together":
      await Promise.all(wanted.map(ensureOne));
      return;
    case "in turn":
      for (const object of wanted) await ensureOne(object);
  }
}

/** Undefined: the server does not have the kind. */
async function listed<T extends ApiObject>(
  type: ResourceType<T>,
  client: Client,
  context: Context,
): Promise<readonly T[] | undefined> {
  try {
    return (await client.list(type, {}, context)).items;
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    throw error;
  }
}

async function write<T extends ApiObject>(
  type: ResourceType<T>,
  wanted: T,
  present: T | undefined,
  reconcile: Reconcile<T>,
  client: Client,
  context: Context,
): Promise<void> {
  if (present === undefined) {
    await client.create(type, wanted, context);
    return;
  }
  const reconciliation = reconcile(wanted, present);
  switch (reconciliation.kind) {
    case "nothing":
      return;
    case "update":
      await client.update(type, reconciliation.object, context);
      return;
    case "replace":
      await client.delete(type, keyOf(present), context);
      await client.create(type, wanted, context);
  }
}
