/**
 * The built-in kinds, each as a type and, under the same name, as the value that calls take:
 * `client.get(Pod, key, context)` answers a `Pod`.
 */
import type * as appsV1 from "../apis/apps/v1/types.generated.ts";
import type * as coordinationV1 from "../apis/coordination/v1/types.generated.ts";
import type * as discoveryV1 from "../apis/discovery/v1/types.generated.ts";
import type * as autoscalingV1 from "../apis/autoscaling/v1/types.generated.ts";
import type * as coreV1 from "../apis/core/v1/types.generated.ts";
import type * as policyV1 from "../apis/policy/v1/types.generated.ts";
import type { ResourceType } from "./resource-type.ts";

export type ConfigMap = coreV1.ConfigMap;
export const ConfigMap: ResourceType<ConfigMap> = core("ConfigMap", "configmaps");

/** An event as `kubectl get events` shows it; not an event of a watch. */
export type EventObject = coreV1.Event;
export const EventObject: ResourceType<EventObject> = core("Event", "events");

export type Namespace = coreV1.Namespace;
export const Namespace: ResourceType<Namespace> = {
  ...core("Namespace", "namespaces"),
  isNamespaced: false,
};

export type Node = coreV1.Node;
export const Node: ResourceType<Node> = { ...core("Node", "nodes"), isNamespaced: false };

export type Pod = coreV1.Pod;
export const Pod: ResourceType<Pod> = core("Pod", "pods");

export type Secret = coreV1.Secret;
export const Secret: ResourceType<Secret> = core("Secret", "secrets");

export type Service = coreV1.Service;
export const Service: ResourceType<Service> = core("Service", "services");

export type ServiceAccount = coreV1.ServiceAccount;
export const ServiceAccount: ResourceType<ServiceAccount> = core(
  "ServiceAccount",
  "serviceaccounts",
);

export type Deployment = appsV1.Deployment;
export const Deployment: ResourceType<Deployment> = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  resource: "deployments",
  isNamespaced: true,
};

export type ReplicaSet = appsV1.ReplicaSet;
export const ReplicaSet: ResourceType<ReplicaSet> = {
  group: "apps",
  version: "v1",
  kind: "ReplicaSet",
  resource: "replicasets",
  isNamespaced: true,
};

export type Lease = coordinationV1.Lease;
export const Lease: ResourceType<Lease> = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  resource: "leases",
  isNamespaced: true,
};

export type EndpointSlice = discoveryV1.EndpointSlice;
export const EndpointSlice: ResourceType<EndpointSlice> = {
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  resource: "endpointslices",
  isNamespaced: true,
};

/** What is sent to `binding` of a pod: the node it is to run on. */
export type Binding = coreV1.Binding;

/** What is sent to `eviction` of a pod: a deletion that may be refused. */
export type Eviction = policyV1.Eviction;

/** What `scale` of a deployment or replica set reads and writes. */
export type Scale = autoscalingV1.Scale;

function core<Kind extends string>(kind: Kind, resource: string) {
  return { group: "", version: "v1", kind, resource, isNamespaced: true } as const;
}
