/** `logs`: what a container wrote, of one pod or of a pod of a workload. */
import { Deployment, Pod, ReplicaSet } from "../../client/builtin.ts";
import { objectPath } from "../../client/resource-path.ts";
import { labelQueryText, queryOfSelector, type LabelSelector } from "../../machinery/labels.ts";
import type { Session } from "../session.ts";
import { UserError } from "../user-error.ts";

export type LogsOptions = {
  readonly container: string | undefined;
  readonly isFollowing: boolean;
  readonly isPrevious: boolean;
  readonly hasTimestamps: boolean;
  readonly tail: number | undefined;
  readonly sinceSeconds: number | undefined;
};

export async function logs(session: Session, target: string, options: LogsOptions): Promise<void> {
  const name = await podName(session, target);
  const query = new URLSearchParams();
  const set = (key: string, value: string | number | undefined): void => {
    if (value !== undefined) query.set(key, String(value));
  };
  set("container", options.container);
  if (options.isFollowing) query.set("follow", "true");
  if (options.isPrevious) query.set("previous", "true");
  if (options.hasTimestamps) query.set("timestamps", "true");
  set("tailLines", options.tail);
  set("sinceSeconds", options.sinceSeconds);

  const path = `${objectPath(Pod, { namespace: session.namespace, name })}/log`;
  const response = await session.client.request({ path, query }, session.context);
  const decoder = new TextDecoder();
  if (response.body.kind === "bytes") session.terminal.write(decoder.decode(response.body.bytes));
  if (response.body.kind !== "stream") return;
  for await (const chunk of response.body.chunks) {
    session.terminal.write(decoder.decode(chunk, { stream: true }));
  }
}

async function podName(session: Session, target: string): Promise<string> {
  const [word, name] = target.includes("/") ? target.split("/") : ["pod", target];
  if (word === undefined || name === undefined) throw new UserError(`"${target}" names no pod`);
  const type = (await session.mapper()).resolve(word);
  if (type.kind === "Pod") return name;
  const key = { namespace: session.namespace, name };
  if (type.kind === "Deployment") {
    const { spec } = await session.client.get(Deployment, key, session.context);
    return firstPodOf(session, spec.selector, target);
  }
  if (type.kind === "ReplicaSet") {
    const { spec } = await session.client.get(ReplicaSet, key, session.context);
    return firstPodOf(session, spec.selector, target);
  }
  throw new UserError(`${type.kind} has no logs`, "Name a pod, a deployment or a replicaset.");
}

async function firstPodOf(
  session: Session,
  selector: LabelSelector,
  target: string,
): Promise<string> {
  const labelSelector = labelQueryText(queryOfSelector(selector));
  const where = { namespace: session.namespace, labelSelector };
  const { items } = await session.client.list(Pod, where, session.context);
  const names = items.map(({ metadata }) => metadata.name ?? "").sort();
  const [first] = names;
  if (first === undefined) throw new UserError(`${target} has no pods yet`);
  if (names.length > 1) {
    session.terminal.warn(`Found ${names.length} pods, using pod/${first}\n`);
  }
  return first;
}
