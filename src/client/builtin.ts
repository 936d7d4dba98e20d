/**
 * The built-in kinds, each as a type and, under the same name, as the value that calls take:
 * `client.get(Pod, key, context)` answers a `Pod`.
 *
 * `EventObject` is an event as `kubectl get events` shows it, not an event of a watch. Of kinds
 * that are served in two forms, the newer one has the plain name.
 */
import type * as coreV1 from "../apis/core/v1/types.generated.ts";
import type * as admissionV1 from "../apis/admissionregistration/v1/types.generated.ts";
import type * as apiextensionsV1 from "../apis/apiextensions/v1/types.generated.ts";
import type * as apiregistrationV1 from "../apis/apiregistration/v1/types.generated.ts";
import type * as appsV1 from "../apis/apps/v1/types.generated.ts";
import type * as autoscalingV1 from "../apis/autoscaling/v1/types.generated.ts";
import type * as autoscalingV2 from "../apis/autoscaling/v2/types.generated.ts";
import type * as batchV1 from "../apis/batch/v1/types.generated.ts";
import type * as certificatesV1 from "../apis/certificates/v1/types.generated.ts";
import type * as coordinationV1 from "../apis/coordination/v1/types.generated.ts";
import type * as discoveryV1 from "../apis/discovery/v1/types.generated.ts";
import type * as eventsV1 from "../apis/events/v1/types.generated.ts";
import type * as flowcontrolV1 from "../apis/flowcontrol/v1/types.generated.ts";
import type * as networkingV1 from "../apis/networking/v1/types.generated.ts";
import type * as nodeV1 from "../apis/node/v1/types.generated.ts";
import type * as policyV1 from "../apis/policy/v1/types.generated.ts";
import type * as rbacV1 from "../apis/rbac/v1/types.generated.ts";
import type * as resourceV1 from "../apis/resource/v1/types.generated.ts";
import type * as schedulingV1 from "../apis/scheduling/v1/types.generated.ts";
import type * as storageV1 from "../apis/storage/v1/types.generated.ts";
import type { ApiObject } from "../machinery/object.ts";
import type { ResourceType } from "./resource-type.ts";

/** Settings by key, for pods to read as files or variables. */
export type ConfigMap = coreV1.ConfigMap;
export const ConfigMap: ResourceType<ConfigMap> = namespaced("v1", "ConfigMap", "configmaps");

/** Addresses behind a service. Endpoint slices have taken their place. */
export type Endpoints = coreV1.Endpoints;
export const Endpoints: ResourceType<Endpoints> = namespaced("v1", "Endpoints", "endpoints");

/**
 * Something that happened to an object, as `kubectl get events` shows it. Kept for a while only.
 */
export type EventObject = coreV1.Event;
export const EventObject: ResourceType<EventObject> = namespaced("v1", "Event", "events");

/** Limits and defaults for the resources of each object in a namespace. */
export type LimitRange = coreV1.LimitRange;
export const LimitRange: ResourceType<LimitRange> = namespaced("v1", "LimitRange", "limitranges");

/** Holds objects, so that their names need to be unique among them only. */
export type Namespace = coreV1.Namespace;
export const Namespace: ResourceType<Namespace> = clusterWide("v1", "Namespace", "namespaces");

/** A machine that pods run on. */
export type Node = coreV1.Node;
export const Node: ResourceType<Node> = clusterWide("v1", "Node", "nodes");

/** Storage that outlives pods. */
export type PersistentVolume = coreV1.PersistentVolume;
export const PersistentVolume: ResourceType<PersistentVolume> = clusterWide(
  "v1",
  "PersistentVolume",
  "persistentvolumes",
);

/** Asks for a volume, and then stands for it in its namespace. */
export type PersistentVolumeClaim = coreV1.PersistentVolumeClaim;
export const PersistentVolumeClaim: ResourceType<PersistentVolumeClaim> = namespaced(
  "v1",
  "PersistentVolumeClaim",
  "persistentvolumeclaims",
);

/** A group of containers that run together: on one node, with one address and shared volumes. */
export type Pod = coreV1.Pod;
export const Pod: ResourceType<Pod> = namespaced("v1", "Pod", "pods");

/** A pod that is kept to make others from. */
export type PodTemplate = coreV1.PodTemplate;
export const PodTemplate: ResourceType<PodTemplate> = namespaced(
  "v1",
  "PodTemplate",
  "podtemplates",
);

/** Keeps as many pods of one template as are wanted. Deployments have taken its place. */
export type ReplicationController = coreV1.ReplicationController;
export const ReplicationController: ResourceType<ReplicationController> = namespaced(
  "v1",
  "ReplicationController",
  "replicationcontrollers",
);

/** How much of something all objects of a namespace may take together. */
export type ResourceQuota = coreV1.ResourceQuota;
export const ResourceQuota: ResourceType<ResourceQuota> = namespaced(
  "v1",
  "ResourceQuota",
  "resourcequotas",
);

/** Secret values by key, for pods to read as files or variables. */
export type Secret = coreV1.Secret;
export const Secret: ResourceType<Secret> = namespaced("v1", "Secret", "secrets");

/** One address for pods that come and go. */
export type Service = coreV1.Service;
export const Service: ResourceType<Service> = namespaced("v1", "Service", "services");

/** Who pods are to the API server. */
export type ServiceAccount = coreV1.ServiceAccount;
export const ServiceAccount: ResourceType<ServiceAccount> = namespaced(
  "v1",
  "ServiceAccount",
  "serviceaccounts",
);

/** Expressions that change objects. Bindings put it to use. */
export type MutatingAdmissionPolicy = admissionV1.MutatingAdmissionPolicy;
export const MutatingAdmissionPolicy: ResourceType<MutatingAdmissionPolicy> = clusterWide(
  "admissionregistration.k8s.io/v1",
  "MutatingAdmissionPolicy",
  "mutatingadmissionpolicies",
);

/** Puts a mutating admission policy to use, and says on what. */
export type MutatingAdmissionPolicyBinding = admissionV1.MutatingAdmissionPolicyBinding;
export const MutatingAdmissionPolicyBinding: ResourceType<MutatingAdmissionPolicyBinding> =
  clusterWide(
    "admissionregistration.k8s.io/v1",
    "MutatingAdmissionPolicyBinding",
    "mutatingadmissionpolicybindings",
  );

/** Webhooks that may change objects and refuse requests. */
export type MutatingWebhookConfiguration = admissionV1.MutatingWebhookConfiguration;
export const MutatingWebhookConfiguration: ResourceType<MutatingWebhookConfiguration> = clusterWide(
  "admissionregistration.k8s.io/v1",
  "MutatingWebhookConfiguration",
  "mutatingwebhookconfigurations",
);

/** Expressions that objects must fulfil. Bindings put it to use. */
export type ValidatingAdmissionPolicy = admissionV1.ValidatingAdmissionPolicy;
export const ValidatingAdmissionPolicy: ResourceType<ValidatingAdmissionPolicy> = clusterWide(
  "admissionregistration.k8s.io/v1",
  "ValidatingAdmissionPolicy",
  "validatingadmissionpolicies",
);

/** Puts a validating admission policy to use, and says on what. */
export type ValidatingAdmissionPolicyBinding = admissionV1.ValidatingAdmissionPolicyBinding;
export const ValidatingAdmissionPolicyBinding: ResourceType<ValidatingAdmissionPolicyBinding> =
  clusterWide(
    "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicyBinding",
    "validatingadmissionpolicybindings",
  );

/** Webhooks that may refuse requests. */
export type ValidatingWebhookConfiguration = admissionV1.ValidatingWebhookConfiguration;
export const ValidatingWebhookConfiguration: ResourceType<ValidatingWebhookConfiguration> =
  clusterWide(
    "admissionregistration.k8s.io/v1",
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
  );

/** Adds a kind to the API. Its name is PLURAL.GROUP. */
export type CustomResourceDefinition = apiextensionsV1.CustomResourceDefinition;
export const CustomResourceDefinition: ResourceType<CustomResourceDefinition> = clusterWide(
  "apiextensions.k8s.io/v1",
  "CustomResourceDefinition",
  "customresourcedefinitions",
);

/** Says who serves a version of an API group. Its name is VERSION.GROUP. */
export type APIService = apiregistrationV1.APIService;
export const APIService: ResourceType<APIService> = clusterWide(
  "apiregistration.k8s.io/v1",
  "APIService",
  "apiservices",
);

/** An old state of a DaemonSet or StatefulSet, kept to go back to. */
export type ControllerRevision = appsV1.ControllerRevision;
export const ControllerRevision: ResourceType<ControllerRevision> = namespaced(
  "apps/v1",
  "ControllerRevision",
  "controllerrevisions",
);

/** Keeps a pod on every node, or on those selected. */
export type DaemonSet = appsV1.DaemonSet;
export const DaemonSet: ResourceType<DaemonSet> = namespaced("apps/v1", "DaemonSet", "daemonsets");

/** Keeps pods of a template running, and replaces them step by step when it changes. */
export type Deployment = appsV1.Deployment;
export const Deployment: ResourceType<Deployment> = namespaced(
  "apps/v1",
  "Deployment",
  "deployments",
);

/** Keeps as many pods of one template as are wanted. Deployments make them. */
export type ReplicaSet = appsV1.ReplicaSet;
export const ReplicaSet: ResourceType<ReplicaSet> = namespaced(
  "apps/v1",
  "ReplicaSet",
  "replicasets",
);

/** Keeps pods with lasting names and volumes: NAME-0, NAME-1 and so on. */
export type StatefulSet = appsV1.StatefulSet;
export const StatefulSet: ResourceType<StatefulSet> = namespaced(
  "apps/v1",
  "StatefulSet",
  "statefulsets",
);

/** The form of version 1: it knows the use of CPU only. */
export type HorizontalPodAutoscalerV1 = autoscalingV1.HorizontalPodAutoscaler;
export const HorizontalPodAutoscalerV1: ResourceType<HorizontalPodAutoscalerV1> = namespaced(
  "autoscaling/v1",
  "HorizontalPodAutoscaler",
  "horizontalpodautoscalers",
);

/** Changes how many pods a workload has, by how busy they are. */
export type HorizontalPodAutoscaler = autoscalingV2.HorizontalPodAutoscaler;
export const HorizontalPodAutoscaler: ResourceType<HorizontalPodAutoscaler> = namespaced(
  "autoscaling/v2",
  "HorizontalPodAutoscaler",
  "horizontalpodautoscalers",
);

/** Makes a job again and again, at the times of a schedule. */
export type CronJob = batchV1.CronJob;
export const CronJob: ResourceType<CronJob> = namespaced("batch/v1", "CronJob", "cronjobs");

/** Runs pods until as many as wanted have ended well. */
export type Job = batchV1.Job;
export const Job: ResourceType<Job> = namespaced("batch/v1", "Job", "jobs");

/** Asks for a certificate. Somebody approves it, and a signer signs it. */
export type CertificateSigningRequest = certificatesV1.CertificateSigningRequest;
export const CertificateSigningRequest: ResourceType<CertificateSigningRequest> = clusterWide(
  "certificates.k8s.io/v1",
  "CertificateSigningRequest",
  "certificatesigningrequests",
);

/** Says for a while who holds something, and that its holder is alive. */
export type Lease = coordinationV1.Lease;
export const Lease: ResourceType<Lease> = namespaced("coordination.k8s.io/v1", "Lease", "leases");

/** Some of the addresses behind a service. Its labels say which service. */
export type EndpointSlice = discoveryV1.EndpointSlice;
export const EndpointSlice: ResourceType<EndpointSlice> = namespaced(
  "discovery.k8s.io/v1",
  "EndpointSlice",
  "endpointslices",
);

/** Something that happened to an object, in the form of the group `events.k8s.io`. */
export type EventsEvent = eventsV1.Event;
export const EventsEvent: ResourceType<EventsEvent> = namespaced(
  "events.k8s.io/v1",
  "Event",
  "events",
);

/** Says which requests wait together, and at which priority level. */
export type FlowSchema = flowcontrolV1.FlowSchema;
export const FlowSchema: ResourceType<FlowSchema> = clusterWide(
  "flowcontrol.apiserver.k8s.io/v1",
  "FlowSchema",
  "flowschemas",
);

/** How many requests the server does at a time for a priority level. */
export type PriorityLevelConfiguration = flowcontrolV1.PriorityLevelConfiguration;
export const PriorityLevelConfiguration: ResourceType<PriorityLevelConfiguration> = clusterWide(
  "flowcontrol.apiserver.k8s.io/v1",
  "PriorityLevelConfiguration",
  "prioritylevelconfigurations",
);

/** An address that a service has. Its name is the address. */
export type IPAddress = networkingV1.IPAddress;
export const IPAddress: ResourceType<IPAddress> = clusterWide(
  "networking.k8s.io/v1",
  "IPAddress",
  "ipaddresses",
);

/** Brings requests from outside to services, by host and path. */
export type Ingress = networkingV1.Ingress;
export const Ingress: ResourceType<Ingress> = namespaced(
  "networking.k8s.io/v1",
  "Ingress",
  "ingresses",
);

/** Who serves ingresses. */
export type IngressClass = networkingV1.IngressClass;
export const IngressClass: ResourceType<IngressClass> = clusterWide(
  "networking.k8s.io/v1",
  "IngressClass",
  "ingressclasses",
);

/** What traffic pods may have. */
export type NetworkPolicy = networkingV1.NetworkPolicy;
export const NetworkPolicy: ResourceType<NetworkPolicy> = namespaced(
  "networking.k8s.io/v1",
  "NetworkPolicy",
  "networkpolicies",
);

/** Networks from which services get addresses. */
export type ServiceCIDR = networkingV1.ServiceCIDR;
export const ServiceCIDR: ResourceType<ServiceCIDR> = clusterWide(
  "networking.k8s.io/v1",
  "ServiceCIDR",
  "servicecidrs",
);

/** A way to run containers that pods may ask for. */
export type RuntimeClass = nodeV1.RuntimeClass;
export const RuntimeClass: ResourceType<RuntimeClass> = clusterWide(
  "node.k8s.io/v1",
  "RuntimeClass",
  "runtimeclasses",
);

/** How many pods of an application may be missing when nodes are emptied. */
export type PodDisruptionBudget = policyV1.PodDisruptionBudget;
export const PodDisruptionBudget: ResourceType<PodDisruptionBudget> = namespaced(
  "policy/v1",
  "PodDisruptionBudget",
  "poddisruptionbudgets",
);

/** Rights in all namespaces, or on what is in none. */
export type ClusterRole = rbacV1.ClusterRole;
export const ClusterRole: ResourceType<ClusterRole> = clusterWide(
  "rbac.authorization.k8s.io/v1",
  "ClusterRole",
  "clusterroles",
);

/** Gives the rights of a cluster role everywhere. */
export type ClusterRoleBinding = rbacV1.ClusterRoleBinding;
export const ClusterRoleBinding: ResourceType<ClusterRoleBinding> = clusterWide(
  "rbac.authorization.k8s.io/v1",
  "ClusterRoleBinding",
  "clusterrolebindings",
);

/** Rights within a namespace. */
export type Role = rbacV1.Role;
export const Role: ResourceType<Role> = namespaced("rbac.authorization.k8s.io/v1", "Role", "roles");

/** Gives the rights of a role within a namespace. */
export type RoleBinding = rbacV1.RoleBinding;
export const RoleBinding: ResourceType<RoleBinding> = namespaced(
  "rbac.authorization.k8s.io/v1",
  "RoleBinding",
  "rolebindings",
);

/** Devices of one kind, for claims to name. */
export type DeviceClass = resourceV1.DeviceClass;
export const DeviceClass: ResourceType<DeviceClass> = clusterWide(
  "resource.k8s.io/v1",
  "DeviceClass",
  "deviceclasses",
);

/** Devices that a container uses. */
export type ResourceClaim = resourceV1.ResourceClaim;
export const ResourceClaim: ResourceType<ResourceClaim> = namespaced(
  "resource.k8s.io/v1",
  "ResourceClaim",
  "resourceclaims",
);

/** Claims that are made for pods. */
export type ResourceClaimTemplate = resourceV1.ResourceClaimTemplate;
export const ResourceClaimTemplate: ResourceType<ResourceClaimTemplate> = namespaced(
  "resource.k8s.io/v1",
  "ResourceClaimTemplate",
  "resourceclaimtemplates",
);

/** Devices of a pool, as a driver tells of them. */
export type ResourceSlice = resourceV1.ResourceSlice;
export const ResourceSlice: ResourceType<ResourceSlice> = clusterWide(
  "resource.k8s.io/v1",
  "ResourceSlice",
  "resourceslices",
);

/** A priority that pods may have. */
export type PriorityClass = schedulingV1.PriorityClass;
export const PriorityClass: ResourceType<PriorityClass> = clusterWide(
  "scheduling.k8s.io/v1",
  "PriorityClass",
  "priorityclasses",
);

/** What is to be known about a CSI driver. Its name is that of the driver. */
export type CSIDriver = storageV1.CSIDriver;
export const CSIDriver: ResourceType<CSIDriver> = clusterWide(
  "storage.k8s.io/v1",
  "CSIDriver",
  "csidrivers",
);

/** Which CSI drivers a node has. Its name is that of the node. */
export type CSINode = storageV1.CSINode;
export const CSINode: ResourceType<CSINode> = clusterWide(
  "storage.k8s.io/v1",
  "CSINode",
  "csinodes",
);

/** How much storage there is in a place. */
export type CSIStorageCapacity = storageV1.CSIStorageCapacity;
export const CSIStorageCapacity: ResourceType<CSIStorageCapacity> = namespaced(
  "storage.k8s.io/v1",
  "CSIStorageCapacity",
  "csistoragecapacities",
);

/** A kind of storage that volumes are made of when they are asked for. */
export type StorageClass = storageV1.StorageClass;
export const StorageClass: ResourceType<StorageClass> = clusterWide(
  "storage.k8s.io/v1",
  "StorageClass",
  "storageclasses",
);

/** Has a volume attached to a node. */
export type VolumeAttachment = storageV1.VolumeAttachment;
export const VolumeAttachment: ResourceType<VolumeAttachment> = clusterWide(
  "storage.k8s.io/v1",
  "VolumeAttachment",
  "volumeattachments",
);

/** Settings of volumes that may be changed while they are in use. */
export type VolumeAttributesClass = storageV1.VolumeAttributesClass;
export const VolumeAttributesClass: ResourceType<VolumeAttributesClass> = clusterWide(
  "storage.k8s.io/v1",
  "VolumeAttributesClass",
  "volumeattributesclasses",
);

/** What is sent to `binding` of a pod: the node it is to run on. */
export type Binding = coreV1.Binding;

/** What is sent to `eviction` of a pod: a deletion that may be refused. */
export type Eviction = policyV1.Eviction;

/** What `scale` of a deployment or replica set reads and writes. */
export type Scale = autoscalingV1.Scale;

function namespaced<T extends ApiObject>(
  groupVersion: string,
  kind: string,
  resource: string,
): ResourceType<T> {
  return { ...gvOf(groupVersion), kind, resource, isNamespaced: true };
}

function clusterWide<T extends ApiObject>(
  groupVersion: string,
  kind: string,
  resource: string,
): ResourceType<T> {
  return { ...gvOf(groupVersion), kind, resource, isNamespaced: false };
}

function gvOf(groupVersion: string): { readonly group: string; readonly version: string } {
  const [first = "", second] = groupVersion.split("/");
  return second === undefined ? { group: "", version: first } : { group: first, version: second };
}
