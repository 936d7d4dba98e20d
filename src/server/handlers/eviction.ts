/**
 * POST of an Eviction: a deletion that asks the pod's disruption budget first. A budget is charged
 * in its status, by the same compare-and-set as every write, so that of two evictions at once no
 * more succeed than it allows.
 */
import { evictionSchema } from "../../apis/policy/v1/schema.generated.ts";
import type { PodDisruptionBudget } from "../../apis/policy/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { apiTime } from "../../machinery/api-time.ts";
import type { Condition } from "../../machinery/conditions.ts";
import { isFields, own, type ApiObject } from "../../machinery/object.ts";
import type { ApiResponse } from "../../machinery/request.ts";
import { badRequest, notFound, StatusError, success } from "../../machinery/status.ts";
import { statusAnswer } from "../answers.ts";
import { deleteObject } from "../registry/delete.ts";
import { inNamespace } from "../registry/metadata.ts";
import { objectOf, prepare } from "../registry/read.ts";
import { storeKey, storePrefix, type Resource } from "../registry/resource.ts";
import { modifyObject, reviewOf, type WriteTarget } from "../registry/write.ts";
import { decodeObject, type ExpectedKind } from "./body.ts";
import { toDeleteOptions } from "./delete-options.ts";
import { chargeBudget, evictionNeedsBudget, selectsPod, tooManyBudgets } from "./pod-budget.ts";
import { FREE, withPodCondition } from "./pod-conditions.ts";
import type { HandlerDeps, ObjectRequest } from "./request.ts";
import { writeTarget } from "./target.ts";
import { writeOptions } from "./write-options.ts";

const EVICTION: ExpectedKind = {
  group: "policy",
  version: "v1",
  kind: "Eviction",
  schema: evictionSchema,
};

const EVICTED: Condition = {
  type: "DisruptionTarget",
  status: "True",
  reason: "EvictionByEvictionAPI",
  message: "Eviction API: evicting",
};

/** Budgets of one namespace that are looked at. */
const BUDGETS_MAX = 10_000;

export async function evictPod(
  request: ObjectRequest,
  deps: HandlerDeps,
  context: Context,
): Promise<ApiResponse> {
  const { resource, info } = request;
  const options = writeOptions(request.request, "CreateOptions");
  const decoded = decodeObject(request.request, EVICTION, options.fieldValidation);
  if (decoded.object.metadata.name !== info.name) {
    throw badRequest("name in URL does not match name in Eviction object");
  }
  inNamespace(decoded.object, { resource, namespace: info.namespace });
  const sent: unknown = (decoded.object as { readonly deleteOptions?: unknown }).deleteOptions;
  const deletion = toDeleteOptions(isFields(sent) ? sent : {}, request.request);
  const isDryRun = options.isDryRun || deletion.isDryRun;
  const asked = writeTarget(request, { isDryRun, manager: options.manager }, "create");
  const entry = await deps.store.get(storeKey(resource, info), context);
  if (entry === undefined) {
    await requireNamespace(info.namespace, deps, context);
    throw notFound(resource, info.name);
  }
  const review = { ...reviewOf(asked, "create"), old: undefined, kind: EVICTION };
  await deps.admission.admit({ ...review, object: decoded.object }, context);
  const target = { ...asked, isAdmitted: true };
  await chargeBudgets(objectOf(entry, resource).value, target, deps, context);

  const now = apiTime(deps.env.clock.now());
  await modifyObject(
    target,
    { ...FREE, next: (old) => withPodCondition(old, EVICTED, now) },
    deps,
    context,
  );
  await deleteObject(target, deletion.wish, deps, context);
  return statusAnswer({ ...success(), code: 201 }, decoded.warnings);
}

/** Where nothing is, it is the namespace that is missing. */
async function requireNamespace(
  name: string,
  { resources, store }: HandlerDeps,
  context: Context,
): Promise<void> {
  const namespaces = resources.find({ group: "", version: "v1", resource: "namespaces" });
  if (namespaces === undefined) return;
  const entry = await store.get(storeKey(namespaces, { namespace: "", name }), context);
  if (entry === undefined) throw notFound(namespaces, name);
}

/** Takes the eviction off the budget of the pod, if it has one. Throws when that does not allow. */
async function chargeBudgets(
  pod: ApiObject,
  target: WriteTarget,
  deps: HandlerDeps,
  context: Context,
): Promise<void> {
  if (isEndedOrNew(pod)) return;
  const budgets = deps.resources.find({
    group: "policy",
    version: "v1",
    resource: "poddisruptionbudgets",
  });
  if (budgets === undefined) return;
  const matching = (await budgetsOf(budgets, target.namespace, deps, context)).filter((budget) =>
    selectsPod(budget, pod),
  );
  const [budget] = matching;
  if (matching.length > 1) throw new StatusError(tooManyBudgets());
  if (budget === undefined || !evictionNeedsBudget(budget, pod)) return;
  const podName = pod.metadata.name ?? "";
  await modifyObject(
    {
      ...target,
      resource: budgets,
      subresource: "status",
      name: budget.metadata.name ?? "",
      verb: "evict",
    },
    {
      ...FREE,
      next: (old) => chargeBudget(old as PodDisruptionBudget, podName, deps.env.clock.now()),
    },
    deps,
    context,
  );
}

/** Pods that do not run, or are on their way out, disrupt nothing. */
function isEndedOrNew(pod: ApiObject): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return true;
  const { status }: { readonly status?: unknown } = pod as { readonly status?: unknown };
  const phase = isFields(status) ? own(status, "phase") : undefined;
  return phase === "Succeeded" || phase === "Failed" || phase === "Pending";
}

async function budgetsOf(
  budgets: Resource,
  namespace: string,
  deps: HandlerDeps,
  context: Context,
): Promise<readonly PodDisruptionBudget[]> {
  const prefix = storePrefix(budgets, namespace);
  const { entries } = await deps.store.range({ prefix, limit: BUDGETS_MAX }, context);
  await prepare(entries, budgets, context);
  return entries.map((entry) => objectOf(entry, budgets).value as PodDisruptionBudget);
}
