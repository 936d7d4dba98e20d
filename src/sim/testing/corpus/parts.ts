/** Words the corpus' controllers share. */
import { ConfigMap, Pod, ReplicaSet, Secret } from "../../../client/builtin.ts";
import type { ResourceType } from "../../../client/resource-type.ts";
import type { ApiObject, OwnerReference } from "../../../machinery/object.ts";
import { create, type Operation } from "../../scenario/operation.ts";
import type { State } from "../../world/state.ts";
import type { Hand } from "./faulty-loop.ts";

export const LABELS: Readonly<Record<string, string>> = { app: "web" };
export const POD_SPEC: {
  readonly containers: readonly { readonly name: string; readonly image: string }[];
} = { containers: [{ name: "web", image: "web" }] };

/** A parent with a number: nobody but the controller under test cares for it. */
export function setOf(replicas: number, name = "web"): Operation {
  const template = { metadata: { labels: LABELS }, spec: POD_SPEC };
  const spec = { replicas, selector: { matchLabels: LABELS }, template };
  return create(ReplicaSet, { metadata: { name }, spec });
}

/** A parent with texts. */
export function settings(name: string, data: Readonly<Record<string, string>>): Operation {
  return create(ConfigMap, { metadata: { name, labels: { role: "parent" } }, data });
}

export function isLive({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase !== "Failed";
}

export function livePods(state: Pick<State, "list">): readonly Pod[] {
  return state.list(Pod).filter(isLive);
}

export function wantedPods(state: State): number {
  return state.get(ReplicaSet, "web")?.spec?.replicas ?? 0;
}

export function parents(hand: Pick<Hand, "list">): readonly ConfigMap[] {
  return hand.list(ConfigMap).filter(({ metadata }) => metadata.labels?.["role"] === "parent");
}

export function ownerOf(type: ResourceType, { metadata }: ApiObject): OwnerReference {
  const { name = "", uid = "" } = metadata;
  const apiVersion = type.group === "" ? type.version : `${type.group}/${type.version}`;
  return { apiVersion, kind: type.kind, name, uid, controller: true };
}

/** Makes a pod; without a name: with one that the server makes up. */
export async function makePod(
  { client, context }: Pick<Hand, "client" | "context">,
  metadata: object = {},
): Promise<ApiObject> {
  const named = "name" in metadata ? {} : { generateName: "web-" };
  const whole = { ...named, namespace: "default", labels: LABELS, ...metadata };
  const pod = { apiVersion: "v1", kind: "Pod", metadata: whole, spec: POD_SPEC };
  return client.create<ApiObject>(Pod, pod, context);
}

export async function makeSecret(
  { client, context }: Pick<Hand, "client" | "context">,
  metadata: object,
  data: Readonly<Record<string, string>> = {},
): Promise<ApiObject> {
  const whole = { namespace: "default", ...metadata };
  const secret = { apiVersion: "v1", kind: "Secret", metadata: whole, stringData: data };
  return client.create<ApiObject>(Secret, secret, context);
}

export function at(name: string): { readonly namespace: string; readonly name: string } {
  return { namespace: "default", name };
}
