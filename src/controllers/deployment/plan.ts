/**
 * How large each ReplicaSet of a Deployment should be next. Pure: one step at a time, from what is
 * there now, so that the steps can be interrupted, repeated and merged.
 *
 * Every step keeps the budget: the sizes never add up to more than replicas + maxSurge because of
 * it, and what is available never falls below replicas - maxUnavailable because of it.
 */
import type { Deployment, ReplicaSet } from "../../client/builtin.ts";
import { active, availableOf, byAge, isBehind, sizeOf, totalSize } from "./replica-sets.ts";
import { desiredReplicasOf, maxReplicasOf, revisionOf, scaleAnnotations } from "./revisions.ts";
import { isRollingUpdate, rolloutBudget, wantedReplicas } from "./rollout-budget.ts";

/** A ReplicaSet and the size it should have; its annotations should tell of the Deployment. */
export type Scaling = { readonly replicaSet: ReplicaSet; readonly replicas: number };

/** The ReplicaSets of a Deployment, by role. */
export type Generations = {
  /** Has the Deployment's template; undefined before it is made. */
  readonly newest: ReplicaSet | undefined;
  /** All others, the older first. */
  readonly old: readonly ReplicaSet[];
};

/** `revisionHistoryLimit` of a Deployment that keeps every old ReplicaSet. */
const HISTORY_UNLIMITED = 2 ** 31 - 1;
const HISTORY_LIMIT_DEFAULT = 10;

/**
 * What a change of `replicas` asks for, without any step of a rollout. A single ReplicaSet takes
 * the number. In the middle of a rollout each gets its share, so that a bad new template does not
 * gain by it.
 */
export function planScale(
  deployment: Deployment,
  { newest, old }: Generations,
): readonly Scaling[] {
  const wanted = wantedReplicas(deployment);
  const all = newest === undefined ? old : [...old, newest];
  const running = active(all);
  const only = running.length === 1 ? running[0] : undefined;
  const sole = running.length === 0 ? (newest ?? old.at(-1)) : only;
  if (sole !== undefined) return changes(deployment, [{ replicaSet: sole, replicas: wanted }]);
  if (newest !== undefined && isSaturated(deployment, newest)) {
    return changes(
      deployment,
      active(old).map((replicaSet) => ({ replicaSet, replicas: 0 })),
    );
  }
  return isRollingUpdate(deployment) ? planShares(deployment, running) : [];
}

/** Whether `replicas` changed since the ReplicaSets were last scaled. */
export function isScaleChanged(deployment: Deployment, { newest, old }: Generations): boolean {
  const wanted = wantedReplicas(deployment);
  const all = newest === undefined ? old : [...old, newest];
  return active(all).some((set) => {
    const desired = desiredReplicasOf(set);
    return desired !== undefined && desired !== wanted;
  });
}

/** The size of the new ReplicaSet, now `size` large beside `others` pods of old ones. */
export function planNewSize(deployment: Deployment, size: number, others: number): number {
  const wanted = wantedReplicas(deployment);
  if (!isRollingUpdate(deployment) || size > wanted) return wanted;
  const room = wanted + rolloutBudget(deployment).maxSurge - size - others;
  return size + Math.max(0, Math.min(room, wanted - size));
}

/** The next step of a rolling update: first more of the new, then fewer of the old. */
export function planRollingUpdate(
  deployment: Deployment,
  newest: ReplicaSet,
  old: readonly ReplicaSet[],
): readonly Scaling[] {
  const size = planNewSize(deployment, sizeOf(newest), totalSize(old));
  const growth = changes(deployment, [{ replicaSet: newest, replicas: size }]);
  const isGrowing = size !== sizeOf(newest);
  return isGrowing ? growth : planShrink(deployment, newest, active(old));
}

/** The next step of a Recreate: all old pods go, to the last, before the first new one comes. */
export function planRecreate(
  deployment: Deployment,
  { newest, old }: Generations,
  hasOldPods: boolean,
): { readonly kind: "scale"; readonly scalings: readonly Scaling[] } | { readonly kind: "create" } {
  const running = active(old);
  if (running.length > 0) {
    const scalings = running.map((replicaSet) => ({ replicaSet, replicas: 0 }));
    return { kind: "scale", scalings };
  }
  if (hasOldPods) return { kind: "scale", scalings: [] };
  if (newest === undefined) return { kind: "create" };
  const wish = { replicaSet: newest, replicas: wantedReplicas(deployment) };
  const isThere = sizeOf(newest) === wish.replicas;
  return { kind: "scale", scalings: isThere ? [] : [wish] };
}

/** Old ReplicaSets beyond `revisionHistoryLimit`: the earliest, and only such without pods. */
export function planCleanup(
  deployment: Deployment,
  old: readonly ReplicaSet[],
): readonly ReplicaSet[] {
  const limit = deployment.spec.revisionHistoryLimit ?? HISTORY_LIMIT_DEFAULT;
  if (limit === HISTORY_UNLIMITED) return [];
  const living = old.filter((set) => set.metadata.deletionTimestamp === undefined);
  return living
    .toSorted((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b))
    .slice(0, Math.max(0, living.length - limit))
    .filter(isDone);
}

/**
 * Old pods go: first those that serve nobody, then as many as the budget allows. Unlike upstream,
 * none go while a status is older than a size: a ReplicaSet that was emptied and filled again would
 * otherwise lend its former pods to the count.
 */
function planShrink(
  deployment: Deployment,
  newest: ReplicaSet,
  old: readonly ReplicaSet[],
): readonly Scaling[] {
  if ([...old, newest].some(isBehind)) return [];
  const minAvailable = wantedReplicas(deployment) - rolloutBudget(deployment).maxUnavailable;
  const newUnavailable = sizeOf(newest) - availableOf(newest);
  const sizes = new Map(old.map((set) => [set, sizeOf(set)]));
  const shrink = (limit: number, howMany: (set: ReplicaSet, size: number) => number): void => {
    let left = limit;
    for (const [set, size] of sizes) {
      const count = Math.max(0, Math.min(left, howMany(set, size)));
      sizes.set(set, size - count);
      left -= count;
    }
  };
  // New pods that are not available yet may never be: pods enough must stay without them.
  const removable = totalSize(old) + sizeOf(newest) - minAvailable - newUnavailable;
  if (removable <= 0) return [];
  shrink(removable, (set, size) => size - availableOf(set));
  const available = [...old, newest].reduce((sum, set) => sum + availableOf(set), 0);
  shrink(available - minAvailable, (_, size) => size);
  return [...sizes]
    .filter(([set, size]) => size !== sizeOf(set))
    .map(([replicaSet, replicas]) => ({ replicaSet, replicas }));
}

/** Spreads what is missing or too much over all, by their sizes. */
function planShares(deployment: Deployment, running: readonly ReplicaSet[]): readonly Scaling[] {
  const wanted = wantedReplicas(deployment);
  const most = wanted > 0 ? wanted + rolloutBudget(deployment).maxSurge : 0;
  const total = most - totalSize(running);
  // The larger first, as they bear a rounding best; then the newer to grow, the older to shrink.
  const ordered = running.toSorted(
    (a, b) => sizeOf(b) - sizeOf(a) || (total > 0 ? byAge(b, a) : byAge(a, b)),
  );
  let left = total;
  const shares = ordered.map((replicaSet) => {
    const wish = shareOf(deployment, replicaSet, most);
    const share = total > 0 ? Math.min(wish, left) : total < 0 ? Math.max(wish, left) : 0;
    left -= share;
    return { replicaSet, replicas: sizeOf(replicaSet) + share };
  });
  const [largest, ...others] = shares;
  if (largest === undefined) return [];
  const replicas = Math.max(0, largest.replicas + left);
  return changes(deployment, [{ ...largest, replicas }, ...others]);
}

/** By how much `replicaSet` should grow to keep its part of the whole. */
function shareOf(deployment: Deployment, replicaSet: ReplicaSet, most: number): number {
  const size = sizeOf(replicaSet);
  if (most === 0) return -size;
  const before = maxReplicasOf(replicaSet) ?? 0;
  const whole = before > 0 ? before : (deployment.status.replicas ?? 0);
  return whole === 0 ? 0 : Math.round((size * most) / whole) - size;
}

/** Whether the new ReplicaSet has all pods there should be, so that the old are not needed. */
function isSaturated(deployment: Deployment, newest: ReplicaSet): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    sizeOf(newest) === wanted &&
    desiredReplicasOf(newest) === wanted &&
    newest.status.availableReplicas === wanted &&
    !isBehind(newest)
  );
}

/** Whether an old ReplicaSet has no pods and knows it. */
function isDone(set: ReplicaSet): boolean {
  return sizeOf(set) === 0 && (set.status.replicas ?? 0) === 0 && !isBehind(set);
}

/** The scalings that would change something: a size, or what the annotations tell. */
function changes(deployment: Deployment, scalings: readonly Scaling[]): readonly Scaling[] {
  const told = Object.entries(scaleAnnotations(deployment));
  return scalings.filter(
    ({ replicaSet, replicas }) =>
      sizeOf(replicaSet) !== replicas ||
      told.some(([key, value]) => replicaSet.metadata.annotations?.[key] !== value),
  );
}
