/** `describe`: a page per object for people, with its events. */
import { EventObject, ReplicaSet } from "../../client/builtin.ts";
import { isControlledBy } from "../../machinery/owners.ts";
import type { ApiObject } from "../../machinery/object.ts";
import { parseObjectArguments } from "../object-arguments.ts";
import { describeObject } from "../printers/describe/describe.ts";
import type { Session } from "../session.ts";

export async function describeCommand(session: Session, words: readonly string[]): Promise<void> {
  const objects = await readObjects(session, words);
  if (objects.length === 0) session.terminal.warn("No resources found.\n");
  const pages: string[] = [];
  for (const object of objects) pages.push(await pageOf(session, object));
  session.terminal.write(pages.join("\n\n"));
}

async function readObjects(
  session: Session,
  words: readonly string[],
): Promise<readonly ApiObject[]> {
  const mapper = await session.mapper();
  const objects: ApiObject[] = [];
  for (const { word, names } of parseObjectArguments(words, { isNameRequired: false })) {
    const type = mapper.resolve(word);
    const namespace = type.isNamespaced ? session.namespace : "";
    for (const name of names) {
      objects.push(await session.client.get(type, { namespace, name }, session.context));
    }
    if (names.length > 0) continue;
    objects.push(...(await session.client.list(type, { namespace }, session.context)).items);
  }
  return objects;
}

async function pageOf(session: Session, object: ApiObject): Promise<string> {
  const { name, namespace, uid } = object.metadata;
  const fieldSelector = [
    `involvedObject.name=${name ?? ""}`,
    `involvedObject.kind=${object.kind ?? ""}`,
    ...(uid === undefined || object.kind === "Node" ? [] : [`involvedObject.uid=${uid}`]),
  ].join(",");
  const where = { fieldSelector, ...(namespace === undefined ? {} : { namespace }) };
  const events = (await session.client.list(EventObject, where, session.context)).items;
  const owned = object.kind === "Deployment" ? await ownedReplicaSets(session, object) : [];
  return describeObject({ object, events, owned, nowMs: session.env.clock.now() });
}

async function ownedReplicaSets(
  session: Session,
  deployment: ApiObject,
): Promise<readonly ReplicaSet[]> {
  const namespace = deployment.metadata.namespace ?? "";
  const { items } = await session.client.list(ReplicaSet, { namespace }, session.context);
  return items.filter((replicaSet) => isControlledBy(replicaSet, deployment));
}
