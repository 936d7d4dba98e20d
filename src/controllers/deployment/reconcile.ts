/**
 * Brings the ReplicaSets of a Deployment one step nearer to its template and size, and reports how
 * far it is. Every step is a write that wakes the Deployment again, so a rollout goes on by itself,
 * and a controller that starts in the middle of one finds all it needs in the objects.
 */
import type { DeploymentStatus } from "../../apis/apps/v1/types.generated.ts";
import type { Context } from "../../base/context.ts";
import { errorText } from "../../base/error-text.ts";
import { Deployment, Pod, ReplicaSet } from "../../client/builtin.ts";
import { claimObjects } from "../../controller-runtime/claim.ts";
import type { ControllerDeps } from "../../controller-runtime/controller/controller-spec.ts";
import { DONE, requeueAfter } from "../../controller-runtime/controller/outcome.ts";
import type { Outcome, Reconciler } from "../../controller-runtime/controller/outcome.ts";
import { equalValues } from "../../machinery/json-value.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { queryOfSelector } from "../../machinery/labels.ts";
import { isTerminating } from "../../machinery/object.ts";
import { isScaleChanged, planCleanup, planRecreate, planRollingUpdate, planScale } from "./plan.ts";
import type { Generations, Scaling } from "./plan.ts";
import { findNew, isBehind, oldOnes } from "./replica-sets.ts";
import { isRollingUpdate } from "./rollout-budget.ts";
import { claimCandidates, hasPods, ownedSets, SET_INDEXES, type Listers } from "./set-indexes.ts";
import { createNewest, promoteNewest, recordRevision, removeSets, scale } from "./set-writes.ts";
import { deadlineMs, isComplete, newsOfNewest, newsOfPause, progressDeadlineMs } from "./status.ts";
import { statusOfDeployment, statusOfRollout, withNews, type ConditionNews } from "./status.ts";

/** What a step came to. */
type Step = {
  /** With what was learned on the way in its status, not written yet. */
  readonly deployment: Deployment;
  /** Whether it belongs to a rollout, whose progress is measured. */
  readonly isRollout: boolean;
  /** What to throw after all is reported. */
  readonly error?: unknown;
};

/** The loop of all Deployments. */
export function deploymentReconciler(deps: ControllerDeps): Reconciler {
  const deployments = deps.informers.for(Deployment).lister;
  const listers: Listers = {
    sets: deps.informers.for(ReplicaSet, SET_INDEXES).lister,
    pods: deps.informers.for(Pod).lister,
  };

  return async (key, context) => {
    const deployment = deployments.get(key);
    if (deployment === undefined) return DONE;
    await claimSets(deps, deployment, listers, context);
    const step = await makeStep(deps, deployment, listers, context);
    const outcome = await report(deps, deployment.status, step, listers, context);
    if (step.error !== undefined) throw step.error;
    return outcome;
  };
}

async function makeStep(
  deps: ControllerDeps,
  stored: Deployment,
  listers: Listers,
  context: Context,
): Promise<Step> {
  if (isTerminating(stored)) return { deployment: stored, isRollout: false };
  const paused = told(deps, stored, newsOfPause(stored));
  const generations = generationsOf(listers, paused);
  const { deployment, newest } = await syncNewest(deps, paused, generations, context);
  const current = { newest, old: generations.old };

  const isPaused = deployment.spec.paused === true;
  const resizings =
    isPaused || isScaleChanged(deployment, current) ? planScale(deployment, current) : [];
  if (isPaused || resizings.length > 0) {
    await scaleAll(deps, deployment, resizings, context);
    return { deployment, isRollout: false };
  }
  return isRollingUpdate(deployment)
    ? rollingUpdate(deps, deployment, current, context)
    : recreate(deps, deployment, current, listers, context);
}

async function rollingUpdate(
  deps: ControllerDeps,
  deployment: Deployment,
  { newest, old }: Generations,
  context: Context,
): Promise<Step> {
  if (newest === undefined) return makeNewest(deps, deployment, old, context);
  await scaleAll(deps, deployment, planRollingUpdate(deployment, newest, old), context);
  return { deployment, isRollout: true };
}

async function recreate(
  deps: ControllerDeps,
  deployment: Deployment,
  generations: Generations,
  listers: Listers,
  context: Context,
): Promise<Step> {
  const { old } = generations;
  const hasOldPods = hasPods(listers.pods, old) || old.some(mayHavePods);
  const plan = planRecreate(deployment, generations, hasOldPods);
  if (plan.kind === "create") return makeNewest(deps, deployment, old, context);
  await scaleAll(deps, deployment, plan.scalings, context);
  return { deployment, isRollout: true };
}

/** By its own report, or because it has not reported since it was resized. */
function mayHavePods(set: ReplicaSet): boolean {
  return isBehind(set) || (set.status.replicas ?? 0) > 0;
}

async function makeNewest(
  deps: ControllerDeps,
  deployment: Deployment,
  old: readonly ReplicaSet[],
  context: Context,
): Promise<Step> {
  const creation = await createNewest(deps, deployment, old, context);
  switch (creation.kind) {
    case "collision": {
      const collisionCount = (deployment.status.collisionCount ?? 0) + 1;
      const status = { ...deployment.status, collisionCount };
      return { deployment: { ...deployment, status }, isRollout: true };
    }
    case "failed": {
      const { name, error } = creation;
      const text = errorText(error);
      const news = newsOfNewest("create-failed", name, text);
      return { deployment: measured(deps, deployment, news), isRollout: false, error };
    }
    case "created":
    case "exists": {
      const { replicaSet } = creation;
      const news = newsOfNewest("created", replicaSet.metadata.name ?? "");
      const noted = await recordRevision(deps, deployment, replicaSet, context);
      return { deployment: measured(deps, noted, news), isRollout: true };
    }
  }
}

/** The new ReplicaSet, if it is there, and the Deployment, both saying that it is the newest. */
async function syncNewest(
  deps: ControllerDeps,
  deployment: Deployment,
  { newest, old }: Generations,
  context: Context,
): Promise<{ readonly deployment: Deployment; readonly newest: ReplicaSet | undefined }> {
  if (newest === undefined) return { deployment, newest };
  const promoted = await promoteNewest(deps, deployment, newest, old, context);
  const noted = await recordRevision(deps, deployment, promoted, context);
  const isMeasured = findCondition(noted.status.conditions, "Progressing") !== undefined;
  if (isMeasured) return { deployment: noted, newest: promoted };
  const news = newsOfNewest("found", promoted.metadata.name ?? "");
  return { deployment: measured(deps, noted, news), newest: promoted };
}

async function report(
  deps: ControllerDeps,
  before: DeploymentStatus,
  { deployment, isRollout }: Step,
  listers: Listers,
  context: Context,
): Promise<Outcome> {
  const nowMs = deps.env.clock.now();
  const sets = ownedSets(listers.sets, deployment);
  const { newest, old } = generationsOf(listers, deployment);
  const statusOf = isRollout ? statusOfRollout : statusOfDeployment;
  const status = statusOf(deployment, sets, newest, nowMs);
  if (
    !isTerminating(deployment) &&
    (deployment.spec.paused === true || isComplete(deployment, status))
  ) {
    await removeSets(deps, planCleanup(deployment, old), context);
  }
  if (!equalValues(before, status)) {
    await deps.client.updateStatus(Deployment, { ...deployment, status }, context);
  }
  const dueMs = isRollout ? deadlineMs(deployment, status) : undefined;
  return dueMs === undefined ? DONE : requeueAfter(Math.max(0, dueMs - nowMs));
}

async function scaleAll(
  deps: ControllerDeps,
  deployment: Deployment,
  scalings: readonly Scaling[],
  context: Context,
): Promise<void> {
  for (const scaling of scalings) await scale(deps, deployment, scaling, context);
}

async function claimSets(
  deps: ControllerDeps,
  deployment: Deployment,
  listers: Listers,
  context: Context,
): Promise<void> {
  const request = {
    owner: deployment,
    ownerType: Deployment,
    type: ReplicaSet,
    selector: queryOfSelector(deployment.spec.selector),
    objects: claimCandidates(listers.sets, deployment),
  };
  await claimObjects(deps.client, request, context);
}

function generationsOf(listers: Listers, deployment: Deployment): Generations {
  const sets = ownedSets(listers.sets, deployment);
  const newest = findNew(deployment, sets);
  return { newest, old: oldOnes(sets, newest) };
}

/** With `news` about Progressing, if that is measured at all. */
function measured(deps: ControllerDeps, deployment: Deployment, news: ConditionNews): Deployment {
  return progressDeadlineMs(deployment) === undefined ? deployment : told(deps, deployment, news);
}

function told(
  deps: ControllerDeps,
  deployment: Deployment,
  news: ConditionNews | undefined,
): Deployment {
  if (news === undefined) return deployment;
  const { status } = deployment;
  const conditions = withNews(status.conditions ?? [], news, deps.env.clock.now());
  return { ...deployment, status: { ...status, conditions } };
}
