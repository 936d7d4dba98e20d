/** Carries out the plan for one budget. */
import type { Context } from "../../base/context.ts";
import type { Env } from "../../base/env.ts";
import { Pod, PodDisruptionBudget } from "../../client/builtin.ts";
import type { Client } from "../../client/client.ts";
import type { EventRecorder } from "../../client/event-recorder-types.ts";
import {
  DONE,
  requeueAfter,
  type Outcome,
  type Reconciler,
} from "../../controller-runtime/controller/outcome.ts";
import type { Informers } from "../../informer/informers.ts";
import { apiTime } from "../../machinery/api-time.ts";
import { labelQueryText, queryOfSelector, selects } from "../../machinery/labels.ts";
import { isTerminating } from "../../machinery/object.ts";
import { isStatus } from "../../machinery/status.ts";
import type { Makers } from "./expected-pods.ts";
import { expectationOf, failedStatus, needsScale, planBudget, type Expectation } from "./plan.ts";

export type BudgetReconcilerDeps = {
  readonly client: Client;
  readonly informers: Informers;
  readonly recorder: EventRecorder;
  readonly env: Pick<Env, "clock">;
  readonly makers: Makers;
};

export function budgetReconciler(deps: BudgetReconcilerDeps): Reconciler {
  const budgets = deps.informers.for(PodDisruptionBudget).lister;
  return async (key, context) => {
    const budget = budgets.get(key);
    if (budget === undefined || isTerminating(budget)) return DONE;
    try {
      return await sync(budget, deps, context);
    } catch (error) {
      if (isStatus(error, "NotFound")) return DONE;
      // A newer budget is on its way here: an eviction has been charged to it.
      if (!isStatus(error, "Conflict") && !context.signal.aborted) {
        await allowNothing(budget, error, deps, context);
      }
      throw error;
    }
  };
}

async function sync(
  budget: PodDisruptionBudget,
  deps: BudgetReconcilerDeps,
  context: Context,
): Promise<Outcome> {
  const { client, recorder, env } = deps;
  const pods = podsOf(budget, deps.informers);
  if (pods.length === 0)
    recorder.normal(budget, PodDisruptionBudget, "NoPods", "No matching pods found");
  const expectation = await expect(budget, pods, deps, context);
  const nowMs = env.clock.now();
  const plan = planBudget(budget, pods, expectation, nowMs);
  for (const pod of plan.notDeleted) {
    const { namespace = "" } = budget.metadata;
    const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
    recorder.warning(pod, Pod, "NotDeleted", message);
  }
  if (plan.status !== budget.status) {
    await client.updateStatus(PodDisruptionBudget, { ...budget, status: plan.status }, context);
  }
  return plan.recheckAtMs === undefined ? DONE : requeueAfter(plan.recheckAtMs - nowMs + 1);
}

function podsOf({ metadata, spec }: PodDisruptionBudget, informers: Informers): readonly Pod[] {
  const { selector } = spec;
  if (selector === undefined) return [];
  const inNamespace = { namespace: metadata.namespace ?? "" };
  const pods = informers.for(Pod).lister.list(inNamespace);
  return pods.filter((pod) => selects(selector, pod.metadata));
}

async function expect(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  { makers, recorder }: BudgetReconcilerDeps,
  context: Context,
): Promise<Expectation> {
  const { spec } = budget;
  if (!needsScale(spec)) return expectationOf(spec, pods.length);
  try {
    const { count, unmanaged } = await makers.expected(pods, context);
    if (unmanaged.length > 0) {
      recorder.warning(budget, PodDisruptionBudget, "UnmanagedPods", unmanagedText(budget));
    }
    return expectationOf(spec, count);
  } catch (error) {
    const why = `Failed to calculate the number of expected pods: ${messageOf(error)}`;
    recorder.warning(budget, PodDisruptionBudget, "CalculateExpectedPodCountFailed", why);
    throw error;
  }
}

function unmanagedText({ spec: { selector } }: PodDisruptionBudget): string {
  const shown = selector === undefined ? "" : labelQueryText(queryOfSelector(selector));
  return (
    `Pods selected by this PodDisruptionBudget (selector: ${shown}) were found to be unmanaged. ` +
    "As a result, the status of the PDB cannot be calculated correctly, which may result in " +
    'undefined behavior. To account for these pods please set ".spec.minAvailable" field of the ' +
    "PDB to an integer value."
  );
}

/** While nobody knows how many pods there should be, no eviction is let through. */
async function allowNothing(
  budget: PodDisruptionBudget,
  error: unknown,
  { client, env }: BudgetReconcilerDeps,
  context: Context,
): Promise<void> {
  const status = failedStatus(budget, messageOf(error), apiTime(env.clock.now()));
  await client.updateStatus(PodDisruptionBudget, { ...budget, status }, context);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
