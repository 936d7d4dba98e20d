/** The page of an object: what its kind shows, then its events. */
import type {
  ConfigMap,
  Deployment,
  EventObject,
  Namespace,
  Node,
  Pod,
  ReplicaSet,
  Secret,
  Service,
} from "../../../client/builtin.ts";
import type { ApiObject } from "../../../machinery/object.ts";
import { layOut, type Part } from "./layout.ts";
import { eventsBlock } from "./metadata.ts";
import {
  describeConfigMap,
  describeNamespace,
  describeNode,
  describeOther,
  describeSecret,
  describeService,
} from "./others.ts";
import { describePod } from "./pod.ts";
import { describeDeployment, describeReplicaSet } from "./workload.ts";

/** What a page is made of, gathered by the command. */
export type DescribedObject = {
  readonly object: ApiObject;
  readonly events: readonly EventObject[];
  /** ReplicaSets of a Deployment; empty for other kinds. */
  readonly owned: readonly ReplicaSet[];
  readonly nowMs: number;
};

export function describeObject(described: DescribedObject): string {
  const { events, nowMs } = described;
  return layOut([...partsOf(described), eventsBlock(events, nowMs)]);
}

/** The kind decides the type: objects come from typed endpoints. */
function partsOf({ object, owned }: DescribedObject): readonly Part[] {
  switch (object.kind) {
    case "Pod":
      return describePod(object as Pod);
    case "Deployment":
      return describeDeployment(object as Deployment, owned);
    case "ReplicaSet":
      return describeReplicaSet(object as ReplicaSet);
    case "Service":
      return describeService(object as Service);
    case "ConfigMap":
      return describeConfigMap(object as ConfigMap);
    case "Secret":
      return describeSecret(object as Secret);
    case "Namespace":
      return describeNamespace(object as Namespace);
    case "Node":
      return describeNode(object as Node);
    default:
      return describeOther(object);
  }
}
