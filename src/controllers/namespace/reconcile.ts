/**
 * Empties a namespace that is being deleted, and lets it go when nothing is left in it. All reads
 * are live: what is still in a namespace that ends must not be forgotten because a view is late.
 */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { Namespace } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import {
  DONE,
  requeueAfter,
  type Outcome,
  type Reconciler,
} from "../../controller-runtime/outcome.ts";
import { apiTime, parseApiTime } from "../../machinery/api-time.ts";
import { keyOf, type ObjectKey } from "../../machinery/key.ts";
import { isTerminating, type ApiObject } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import {
  NAMESPACE_FINALIZER,
  namespaceStatus,
  planNamespace,
  type Content,
  type Failure,
  type Remains,
} from "./plan.ts";

export type NamespaceReconcilerDeps = {
  readonly client: Client;
  readonly env: Pick<Env, "clock">;
  /** Every namespaced kind there is. */
  readonly types: readonly ResourceType[];
  /** Deletion begins this long after it was asked for. */
  readonly startDelayMs: number;
};

export function namespaceReconciler(deps: NamespaceReconcilerDeps): Reconciler {
  const { client, env, startDelayMs } = deps;
  return async ({ name }, context) => {
    const namespace = await getNamespace(client, { namespace: "", name }, context);
    if (namespace === undefined || !isTerminating(namespace)) return DONE;
    if (!(namespace.spec.finalizers ?? []).includes(NAMESPACE_FINALIZER)) return DONE;
    const begunMs = parseApiTime(namespace.metadata.deletionTimestamp ?? "");
    const waitMs = begunMs + startDelayMs - env.clock.now();
    if (waitMs > 0) return requeueAfter(Math.min(waitMs, startDelayMs)); // the clock may be wrong
    return emptyNamespace(deps, namespace, context);
  };
}

async function emptyNamespace(
  { client, env, types }: NamespaceReconcilerDeps,
  namespace: Namespace,
  context: Context,
): Promise<Outcome> {
  const { name = "" } = namespace.metadata;
  const [pods, others] = [types.filter(isPods), types.filter((type) => !isPods(type))];
  const podContent = await deleteAll(client, name, pods, context);
  const isFree = planNamespace(podContent).kind === "finalize";
  const content = isFree ? await deleteAll(client, name, others, context) : podContent;
  const status = namespaceStatus(namespace, content, apiTime(env.clock.now()));
  const plan = planNamespace(content);
  if (plan.kind === "wait") {
    await client.updateStatus(Namespace, { ...namespace, status }, context);
    return requeueAfter(plan.delayMs);
  }
  const finalizers = (namespace.spec.finalizers ?? []).filter(
    (finalizer) => finalizer !== NAMESPACE_FINALIZER,
  );
  const finalized = { ...namespace, spec: { ...namespace.spec, finalizers } };
  await client.updateSubresource(Namespace, keyOf(namespace), "finalize", finalized, context);
  return DONE;
}

function isPods(type: ResourceType): boolean {
  return type.group === "" && type.resource === "pods";
}

/** Deletes the objects of these kinds in a namespace, and says what is left. */
async function deleteAll(
  client: Client,
  namespace: string,
  types: readonly ResourceType[],
  context: Context,
): Promise<Content> {
  const results = await Promise.all(
    types.map((type) => deleteKind(client, namespace, type, context)),
  );
  return {
    remains: results.flatMap((result) => ("objects" in result ? [result] : [])),
    failures: results.flatMap((result) => ("message" in result ? [result] : [])),
  };
}

async function deleteKind(
  client: Client,
  namespace: string,
  type: ResourceType,
  context: Context,
): Promise<Remains | Failure> {
  try {
    const before = await listAll(client, type, namespace, context);
    if (before.length === 0) return { type, objects: [] };
    await deleteObjects(client, { type, objects: before }, namespace, context);
    return { type, objects: await listAll(client, type, namespace, context) };
  } catch (error) {
    if (!isStatus(error)) throw error; // no answer: nothing is known, and all is tried again
    return { type, message: error.message };
  }
}

async function deleteObjects(
  client: Client,
  { type, objects }: Remains,
  namespace: string,
  context: Context,
): Promise<void> {
  const options = { namespace, propagationPolicy: "Background" } as const;
  try {
    await client.deleteCollection(type, options, context);
  } catch (error) {
    if (!isStatus(error, "MethodNotAllowed")) throw error;
    for (const object of objects) await deleteOne(client, type, keyOf(object), context);
  }
}

async function deleteOne(
  client: Client,
  type: ResourceType,
  key: ObjectKey,
  context: Context,
): Promise<void> {
  try {
    await client.delete(type, key, context, { propagationPolicy: "Background" });
  } catch (error) {
    if (!isStatus(error, "NotFound")) throw error;
  }
}

/** Page by page, so that a namespace of any size fits. */
async function listAll(
  client: Client,
  type: ResourceType,
  namespace: string,
  context: Context,
): Promise<readonly ApiObject[]> {
  const objects: ApiObject[] = [];
  let next: string | undefined;
  do {
    const page = {
      namespace,
      limit: PAGE_LENGTH,
      ...(next === undefined ? {} : { continue: next }),
    };
    const list = await client.list(type, page, context);
    objects.push(...list.items);
    next = list.metadata.continue === "" ? undefined : list.metadata.continue;
  } while (next !== undefined);
  return objects;
}

const PAGE_LENGTH = 500;

async function getNamespace(
  client: Client,
  key: ObjectKey,
  context: Context,
): Promise<Namespace | undefined> {
  try {
    return await client.get(Namespace, key, context);
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    throw error;
  }
}
