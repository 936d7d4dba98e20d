/** `rollout status`, `history`, `undo`, `restart` of Deployments. */
import { Deployment, ReplicaSet } from "../../client/builtin.ts";
import { findCondition } from "../../machinery/conditions.ts";
import { apiTime, type ApiObject } from "../../machinery/object.ts";
import { isControlledBy } from "../../machinery/owners.ts";
import { follow } from "../follow.ts";
import { parseObjectArguments } from "../object-arguments.ts";
import { formatTable } from "../printers/table.ts";
import type { Session } from "../session.ts";
import { UserError } from "../user-error.ts";

const REVISION = "deployment.kubernetes.io/revision";
const CHANGE_CAUSE = "kubernetes.io/change-cause";
const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";
const TEMPLATE_HASH = "pod-template-hash";

/** Waits until the rollout is complete; throws if it has failed or after `timeoutMs`. */
export async function rolloutStatus(
  session: Session,
  words: readonly string[],
  timeoutMs: number,
): Promise<void> {
  const name = await deploymentName(session, words);
  let last = "";
  const look = (deployment: Deployment | undefined): boolean => {
    if (deployment === undefined) throw new UserError(`deployment "${name}" was deleted`);
    const { text, isDone } = rolloutText(deployment);
    if (text !== last) session.terminal.write(`${text}\n`);
    last = text;
    return isDone;
  };
  await session.client.get(Deployment, keyOf(session, name), session.context);
  await follow(session, Deployment, keyOf(session, name), look, timeoutMs);
}

/** kubectl's words for how far a rollout is. */
export function rolloutText(deployment: Deployment): {
  readonly text: string;
  readonly isDone: boolean;
} {
  const { spec, status, metadata } = deployment;
  const name = metadata.name ?? "";
  const wanted = spec.replicas ?? 1;
  const updated = status.updatedReplicas ?? 0;
  const total = status.replicas ?? 0;
  const available = status.availableReplicas ?? 0;
  const head = `Waiting for deployment "${name}" rollout to finish:`;
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    return { text: "Waiting for deployment spec update to be observed...", isDone: false };
  }
  const progressing = findCondition(status.conditions, "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    throw new UserError(`deployment "${name}" exceeded its progress deadline`);
  }
  if (updated < wanted) {
    const text = `${head} ${updated} out of ${wanted} new replicas have been updated...`;
    return { text, isDone: false };
  }
  if (total > updated) {
    const text = `${head} ${total - updated} old replicas are pending termination...`;
    return { text, isDone: false };
  }
  if (available < updated) {
    const text = `${head} ${available} of ${updated} updated replicas are available...`;
    return { text, isDone: false };
  }
  return { text: `deployment "${name}" successfully rolled out`, isDone: true };
}

export async function rolloutHistory(session: Session, words: readonly string[]): Promise<void> {
  const name = await deploymentName(session, words);
  const sets = await revisionsOf(session, name);
  const rows = sets.map((set) => [
    String(revisionOf(set)),
    set.metadata.annotations?.[CHANGE_CAUSE] ?? "<none>",
  ]);
  session.terminal.write(`deployment.apps/${name}\n`);
  session.terminal.write(`${formatTable(["REVISION", "CHANGE-CAUSE"], rows).join("\n")}\n`);
}

/** Back to `toRevision`, or to the one before the present. */
export async function rolloutUndo(
  session: Session,
  words: readonly string[],
  toRevision: number | undefined,
): Promise<void> {
  const name = await deploymentName(session, words);
  const sets = await revisionsOf(session, name);
  const target =
    toRevision === undefined ? sets.at(-2) : sets.find((set) => revisionOf(set) === toRevision);
  if (target === undefined) {
    const known = sets.map(revisionOf).join(", ");
    throw new UserError("no such revision to go back to", `Known revisions: ${known}`);
  }
  const template = target.spec.template;
  const { [TEMPLATE_HASH]: _hash, ...labels } = template?.metadata?.labels ?? {};
  const value = { ...template, metadata: { ...template?.metadata, labels } };
  const operations = [{ op: "replace", path: "/spec/template", value }];
  const key = keyOf(session, name);
  await session.client.patch(Deployment, key, { kind: "json", operations }, session.context);
  session.terminal.write(`deployment.apps/${name} rolled back\n`);
}

/** New pods for the same template. */
export async function rolloutRestart(session: Session, words: readonly string[]): Promise<void> {
  const name = await deploymentName(session, words);
  const annotations = { [RESTARTED_AT]: apiTime(session.env.clock.now()) };
  const patch = { spec: { template: { metadata: { annotations } } } };
  const key = keyOf(session, name);
  await session.client.patch(Deployment, key, { kind: "strategic", patch }, session.context);
  session.terminal.write(`deployment.apps/${name} restarted\n`);
}

async function revisionsOf(session: Session, name: string): Promise<readonly ReplicaSet[]> {
  const key = keyOf(session, name);
  const deployment = await session.client.get(Deployment, key, session.context);
  const where = { namespace: session.namespace };
  const { items } = await session.client.list(ReplicaSet, where, session.context);
  return items
    .filter((set) => isControlledBy(set, deployment))
    .toSorted((a, b) => revisionOf(a) - revisionOf(b));
}

function revisionOf(object: ApiObject): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0);
}

function keyOf(
  session: Session,
  name: string,
): { readonly namespace: string; readonly name: string } {
  return { namespace: session.namespace, name };
}

async function deploymentName(session: Session, words: readonly string[]): Promise<string> {
  const [only, ...others] = parseObjectArguments(words, { isNameRequired: true });
  const name = only?.names[0];
  if (only === undefined || name === undefined || others.length > 0) {
    throw new UserError("rollout takes one deployment", "For example: rollout status deploy/web");
  }
  const type = (await session.mapper()).resolve(only.word);
  if (type.kind !== "Deployment") {
    throw new UserError(`${type.kind} has no rollouts`, "Name a deployment.");
  }
  return name;
}
