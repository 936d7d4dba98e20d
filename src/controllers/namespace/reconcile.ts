/**
 * Empties a namespace that is being deleted, and lets it go when nothing is left in it. All reads
 * are live: what is still in a namespace that ends must not be forgotten because a view is late.
 */
import { withCause, type Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { Namespace } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type { Discovered, DiscoveredResource } from "../../client/discovery.ts";
import type { MetadataReader } from "../../client/metadata-reader.ts";
import type { ResourceType } from "../../client/resource-type.ts";
import {
  DONE,
  requeueAfter,
  type Outcome,
  type Reconciler,
} from "../../controller-runtime/controller/outcome.ts";
import { apiTime, parseApiTime } from "../../machinery/api-time.ts";
import { groupResource } from "../../machinery/gvk.ts";
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

/** Asks the server what it serves now. */
export type Discover = (context: Context) => Promise<Discovered>;

export type NamespaceReconcilerDeps = {
  readonly client: Client;
  readonly env: Pick<Env, "clock">;
  /** For the lists of what is left. */
  readonly reader: MetadataReader;
  readonly discover: Discover;
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
    return emptyNamespace(deps, namespace, becauseOf(namespace, context));
  };
}

/** A deletion takes many turns, most of them by timers: what is written is for its sake. */
function becauseOf({ metadata }: Namespace, context: Context): Context {
  const { cause } = context;
  const revision = Number(metadata.resourceVersion ?? "");
  if (!Number.isSafeInteger(revision) || cause.triggers.includes(revision)) return context;
  const triggers = [...cause.triggers, revision].sort((a, b) => a - b);
  return withCause(context, { ...cause, triggers });
}

async function emptyNamespace(
  deps: NamespaceReconcilerDeps,
  namespace: Namespace,
  context: Context,
): Promise<Outcome> {
  const { client, env } = deps;
  const { resources, failures: unclear } = await deps.discover(context);
  const kinds = emptiable(resources);
  const run = { deps, namespace: namespace.metadata.name ?? "", context };
  const podContent = await deleteAll(kinds.filter(isPods), run);
  const isFree = planNamespace({ ...podContent, unclear: [] }).kind === "finalize";
  const others = kinds.filter((kind) => !isPods(kind));
  const content = { ...(isFree ? await deleteAll(others, run) : podContent), unclear };
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

/** The kinds objects of namespaces can be deleted of, each in the version the server prefers. */
function emptiable(resources: readonly DiscoveredResource[]): readonly DiscoveredResource[] {
  const kinds = new Map<string, DiscoveredResource>();
  for (const resource of resources) {
    const { type, verbs } = resource;
    const isEmptiable = type.isNamespaced && verbs.includes("delete");
    const name = groupResource(type);
    if (isEmptiable && !kinds.has(name)) kinds.set(name, resource);
  }
  return [...kinds.values()];
}

function isPods({ type }: DiscoveredResource): boolean {
  return type.group === "" && type.resource === "pods";
}

type Run = {
  readonly deps: NamespaceReconcilerDeps;
  readonly namespace: string;
  readonly context: Context;
};

/** Deletes the objects of these kinds in a namespace, and says what is left. */
async function deleteAll(
  kinds: readonly DiscoveredResource[],
  run: Run,
): Promise<Pick<Content, "remains" | "failures">> {
  const results = await Promise.all(kinds.map((kind) => deleteKind(kind, run)));
  return {
    remains: results.flatMap((result) => ("objects" in result ? [result] : [])),
    failures: results.flatMap((result) => ("message" in result ? [result] : [])),
  };
}

async function deleteKind(
  { type, verbs }: DiscoveredResource,
  run: Run,
): Promise<Remains | Failure> {
  if (!verbs.includes("list")) return { type, objects: [] }; // nothing of it is kept
  try {
    const before = await listAll(type, run);
    if (before.length === 0) return { type, objects: [] };
    await deleteObjects({ type, objects: before }, verbs.includes("deletecollection"), run);
    return { type, objects: await listAll(type, run) };
  } catch (error) {
    if (isStatus(error, "NotFound")) return { type, objects: [] }; // the kind has gone meanwhile
    if (!isStatus(error)) throw error; // no answer: nothing is known, and all is tried again
    return { type, message: error.message };
  }
}

async function deleteObjects(
  { type, objects }: Remains,
  hasCollections: boolean,
  { deps: { client }, namespace, context }: Run,
): Promise<void> {
  const options = { namespace, propagationPolicy: "Background" } as const;
  try {
    if (hasCollections) {
      await client.deleteCollection(type, options, context);
      return;
    }
  } catch (error) {
    if (!isStatus(error, "MethodNotAllowed")) throw error;
  }
  for (const object of objects) await deleteOne(client, type, keyOf(object), context);
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
  type: ResourceType,
  { deps: { reader }, namespace, context }: Run,
): Promise<readonly ApiObject[]> {
  const objects: ApiObject[] = [];
  let next: string | undefined;
  do {
    const page = {
      namespace,
      limit: PAGE_LENGTH,
      ...(next === undefined ? {} : { continue: next }),
    };
    const list = await reader.list(type, page, context);
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
