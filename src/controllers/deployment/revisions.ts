/**
 * The bookkeeping that a Deployment leaves on its ReplicaSets as annotations: which rollout each
 * belongs to, and what the Deployment wanted when it last scaled them. Clients read it
 * (`kubectl rollout history`), and so does the next reconcile. Pure.
 */
import type { Deployment, ReplicaSet } from "../../client/builtin.ts";
import type { ObjectMeta } from "../../machinery/object.ts";
import { rolloutBudget, wantedReplicas } from "./rollout-budget.ts";

type Annotations = Readonly<Record<string, string>>;

/** The number of a rollout; the newest ReplicaSet has the highest. */
export const REVISION_ANNOTATION = "deployment.kubernetes.io/revision";
/** Earlier revisions of a ReplicaSet that was rolled back to, joined by commas. */
export const REVISION_HISTORY_ANNOTATION = "deployment.kubernetes.io/revision-history";
/** How many replicas the Deployment wanted when it last scaled the ReplicaSet. */
export const DESIRED_REPLICAS_ANNOTATION = "deployment.kubernetes.io/desired-replicas";
/** The same with the surge: what all its ReplicaSets together might have. */
export const MAX_REPLICAS_ANNOTATION = "deployment.kubernetes.io/max-replicas";

/** Longer histories lose their oldest revisions. */
export const REVISION_HISTORY_LENGTH_MAX = 2000;

/** Annotations that mean something on the one object only. */
const NOT_COPIED: ReadonlySet<string> = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  "deprecated.deployment.rollback.to",
  REVISION_ANNOTATION,
  REVISION_HISTORY_ANNOTATION,
  DESIRED_REPLICAS_ANNOTATION,
  MAX_REPLICAS_ANNOTATION,
]);

/** The revision of a ReplicaSet; 0 if it has none. */
export function revisionOf(replicaSet: ReplicaSet): number {
  return numberOf(annotationsOf(replicaSet)[REVISION_ANNOTATION]) ?? 0;
}

/** The highest revision of these; 0 if there is none. */
export function maxRevision(replicaSets: readonly ReplicaSet[]): number {
  return Math.max(0, ...replicaSets.map(revisionOf));
}

/** How many replicas the Deployment wanted when it last scaled this one. */
export function desiredReplicasOf(replicaSet: ReplicaSet): number | undefined {
  return numberOf(annotationsOf(replicaSet)[DESIRED_REPLICAS_ANNOTATION]);
}

/** How many replicas there might have been in all when it was last scaled. */
export function maxReplicasOf(replicaSet: ReplicaSet): number | undefined {
  return numberOf(annotationsOf(replicaSet)[MAX_REPLICAS_ANNOTATION]);
}

/** What a ReplicaSet says when it is scaled for `deployment`. */
export function scaleAnnotations(deployment: Deployment): Annotations {
  const replicas = wantedReplicas(deployment);
  return {
    [DESIRED_REPLICAS_ANNOTATION]: String(replicas),
    [MAX_REPLICAS_ANNOTATION]: String(replicas + rolloutBudget(deployment).maxSurge),
  };
}

/**
 * The annotations of the ReplicaSet that has the Deployment's template, with those of the
 * Deployment copied over. `revision` is one more than those of all others; a higher one of its own
 * stays. A lower one goes into the history: the template was rolled back to.
 */
export function newestAnnotations(
  deployment: Deployment,
  own: Annotations,
  revision: number,
): Annotations {
  const copied = Object.entries(annotationsOf(deployment)).filter(([key]) => !NOT_COPIED.has(key));
  const annotations = { ...own, ...Object.fromEntries(copied) };
  const oldText = own[REVISION_ANNOTATION];
  if (oldText === undefined || oldText === "") {
    return { ...annotations, [REVISION_ANNOTATION]: String(revision) };
  }
  const old = numberOf(oldText);
  if (old === undefined || old >= revision) return annotations;
  return {
    ...annotations,
    [REVISION_ANNOTATION]: String(revision),
    [REVISION_HISTORY_ANNOTATION]: withRevision(own[REVISION_HISTORY_ANNOTATION] ?? "", oldText),
  };
}

function withRevision(history: string, revision: string): string {
  const revisions = history === "" ? [revision] : [...history.split(","), revision];
  let text = revisions.join(",");
  for (let first = 1; text.length > REVISION_HISTORY_LENGTH_MAX; first += 1) {
    text = revisions.slice(first).join(",");
  }
  return text;
}

function annotationsOf(object: { readonly metadata: ObjectMeta }): Annotations {
  return object.metadata.annotations ?? {};
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}
