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

export type ConfigMap = coreV1.ConfigMap;
export const ConfigMap: ResourceType<ConfigMap> = namespaced("v1", "ConfigMap", "configmaps");

export type Endpoints = coreV1.Endpoints;
export const Endpoints: ResourceType<Endpoints> = namespaced("v1", "Endpoints", "endpoints");

export type EventObject = coreV1.Event;
export const EventObject: ResourceType<EventObject> = namespaced("v1", "Event", "events");

export type LimitRange = coreV1.LimitRange;
export const LimitRange: ResourceType<LimitRange> = namespaced("v1", "LimitRange", "limitranges");

export type Namespace = coreV1.Namespace;
export const Namespace: ResourceType<Namespace> = clusterWide("v1", "Namespace", "namespaces");

export type Node = coreV1.Node;
export const Node: ResourceType<Node> = clusterWide("v1", "Node", "nodes");

export type PersistentVolume = coreV1.PersistentVolume;
export const PersistentVolume: ResourceType<PersistentVolume> = clusterWide(
  "v1",
  "PersistentVolume",
  "persistentvolumes",
);

export type PersistentVolumeClaim = coreV1.PersistentVolumeClaim;
export const PersistentVolumeClaim: ResourceType<PersistentVolumeClaim> = namespaced(
  "v1",
  "PersistentVolumeClaim",
  "persistentvolumeclaims",
);

export type Pod = coreV1.Pod;
export const Pod: ResourceType<Pod> = namespaced("v1", "Pod", "pods");

export type PodTemplate = coreV1.PodTemplate;
export const PodTemplate: ResourceType<PodTemplate> = namespaced(
  "v1",
  "PodTemplate",
  "podtemplates",
);

export type ReplicationController = coreV1.ReplicationController;
export const ReplicationController: ResourceType<ReplicationController> = namespaced(
  "v1",
  "ReplicationController",
  "replicationcontrollers",
);

export type ResourceQuota = coreV1.ResourceQuota;
export const ResourceQuota: ResourceType<ResourceQuota> = namespaced(
  "v1",
  "ResourceQuota",
  "resourcequotas",
);

export type Secret = coreV1.Secret;
export const Secret: ResourceType<Secret> = namespaced("v1", "Secret", "secrets");

export type Service = coreV1.Service;
export const Service: ResourceType<Service> = namespaced("v1", "Service", "services");

export type ServiceAccount = coreV1.ServiceAccount;
export const ServiceAccount: ResourceType<ServiceAccount> = namespaced(
  "v1",
  "ServiceAccount",
  "serviceaccounts",
);

export type MutatingAdmissionPolicy = admissionV1.MutatingAdmissionPolicy;
export const MutatingAdmissionPolicy: ResourceType<MutatingAdmissionPolicy> = clusterWide(
  "admissionregistration.k8s.io/v1",
  "MutatingAdmissionPolicy",
  "mutatingadmissionpolicies",
);

export type MutatingAdmissionPolicyBinding = admissionV1.MutatingAdmissionPolicyBinding;
export const MutatingAdmissionPolicyBinding: ResourceType<MutatingAdmissionPolicyBinding> =
  clusterWide(
    "admissionregistration.k8s.io/v1",
    "MutatingAdmissionPolicyBinding",
    "mutatingadmissionpolicybindings",
  );

export type MutatingWebhookConfiguration = admissionV1.MutatingWebhookConfiguration;
export const MutatingWebhookConfiguration: ResourceType<MutatingWebhookConfiguration> = clusterWide(
  "admissionregistration.k8s.io/v1",
  "MutatingWebhookConfiguration",
  "mutatingwebhookconfigurations",
);

export type ValidatingAdmissionPolicy = admissionV1.ValidatingAdmissionPolicy;
export const ValidatingAdmissionPolicy: ResourceType<ValidatingAdmissionPolicy> = clusterWide(
  "admissionregistration.k8s.io/v1",
  "ValidatingAdmissionPolicy",
  "validatingadmissionpolicies",
);

export type ValidatingAdmissionPolicyBinding = admissionV1.ValidatingAdmissionPolicyBinding;
export const ValidatingAdmissionPolicyBinding: ResourceType<ValidatingAdmissionPolicyBinding> =
  clusterWide(
    "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicyBinding",
    "validatingadmissionpolicybindings",
  );

export type ValidatingWebhookConfiguration = admissionV1.ValidatingWebhookConfiguration;
export const ValidatingWebhookConfiguration: ResourceType<ValidatingWebhookConfiguration> =
  clusterWide(
    "admissionregistration.k8s.io/v1",
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
  );

export type CustomResourceDefinition = apiextensionsV1.CustomResourceDefinition;
export const CustomResourceDefinition: ResourceType<CustomResourceDefinition> = clusterWide(
  "apiextensions.k8s.io/v1",
  "CustomResourceDefinition",
  "customresourcedefinitions",
);

export type APIService = apiregistrationV1.APIService;
export const APIService: ResourceType<APIService> = clusterWide(
  "apiregistration.k8s.io/v1",
  "APIService",
  "apiservices",
);

export type ControllerRevision = appsV1.ControllerRevision;
export const ControllerRevision: ResourceType<ControllerRevision> = namespaced(
  "apps/v1",
  "ControllerRevision",
  "controllerrevisions",
);

export type DaemonSet = appsV1.DaemonSet;
export const DaemonSet: ResourceType<DaemonSet> = namespaced("apps/v1", "DaemonSet", "daemonsets");

export type Deployment = appsV1.Deployment;
export const Deployment: ResourceType<Deployment> = namespaced(
  "apps/v1",
  "Deployment",
  "deployments",
);

export type ReplicaSet = appsV1.ReplicaSet;
export const ReplicaSet: ResourceType<ReplicaSet> = namespaced(
  "apps/v1",
  "ReplicaSet",
  "replicasets",
);

export type StatefulSet = appsV1.StatefulSet;
export const StatefulSet: ResourceType<StatefulSet> = namespaced(
  "apps/v1",
  "StatefulSet",
  "statefulsets",
);

export type HorizontalPodAutoscalerV1 = autoscalingV1.HorizontalPodAutoscaler;
export const HorizontalPodAutoscalerV1: ResourceType<HorizontalPodAutoscalerV1> = namespaced(
  "autoscaling/v1",
  "HorizontalPodAutoscaler",
  "horizontalpodautoscalers",
);

export type HorizontalPodAutoscaler = autoscalingV2.HorizontalPodAutoscaler;
export const HorizontalPodAutoscaler: ResourceType<HorizontalPodAutoscaler> = namespaced(
  "autoscaling/v2",
  "HorizontalPodAutoscaler",
  "horizontalpodautoscalers",
);

export type CronJob = batchV1.CronJob;
export const CronJob: ResourceType<CronJob> = namespaced("batch/v1", "CronJob", "cronjobs");

export type Job = batchV1.Job;
export const Job: ResourceType<Job> = namespaced("batch/v1", "Job", "jobs");

export type CertificateSigningRequest = certificatesV1.CertificateSigningRequest;
export const CertificateSigningRequest: ResourceType<CertificateSigningRequest> = clusterWide(
  "certificates.k8s.io/v1",
  "CertificateSigningRequest",
  "certificatesigningrequests",
);

export type Lease = coordinationV1.Lease;
export const Lease: ResourceType<Lease> = namespaced("coordination.k8s.io/v1", "Lease", "leases");

export type EndpointSlice = discoveryV1.EndpointSlice;
export const EndpointSlice: ResourceType<EndpointSlice> = namespaced(
  "discovery.k8s.io/v1",
  "EndpointSlice",
  "endpointslices",
);

export type EventsEvent = eventsV1.Event;
export const EventsEvent: ResourceType<EventsEvent> = namespaced(
  "events.k8s.io/v1",
  "Event",
  "events",
);

export type FlowSchema = flowcontrolV1.FlowSchema;
export const FlowSchema: ResourceType<FlowSchema> = clusterWide(
  "flowcontrol.apiserver.k8s.io/v1",
  "FlowSchema",
  "flowschemas",
);

export type PriorityLevelConfiguration = flowcontrolV1.PriorityLevelConfiguration;
export const PriorityLevelConfiguration: ResourceType<PriorityLevelConfiguration> = clusterWide(
  "flowcontrol.apiserver.k8s.io/v1",
  "PriorityLevelConfiguration",
  "prioritylevelconfigurations",
);

export type IPAddress = networkingV1.IPAddress;
export const IPAddress: ResourceType<IPAddress> = clusterWide(
  "networking.k8s.io/v1",
  "IPAddress",
  "ipaddresses",
);

export type Ingress = networkingV1.Ingress;
export const Ingress: ResourceType<Ingress> = namespaced(
  "networking.k8s.io/v1",
  "Ingress",
  "ingresses",
);

export type IngressClass = networkingV1.IngressClass;
export const IngressClass: ResourceType<IngressClass> = clusterWide(
  "networking.k8s.io/v1",
  "IngressClass",
  "ingressclasses",
);

export type NetworkPolicy = networkingV1.NetworkPolicy;
export const NetworkPolicy: ResourceType<NetworkPolicy> = namespaced(
  "networking.k8s.io/v1",
  "NetworkPolicy",
  "networkpolicies",
);

export type ServiceCIDR = networkingV1.ServiceCIDR;
export const ServiceCIDR: ResourceType<ServiceCIDR> = clusterWide(
  "networking.k8s.io/v1",
  "ServiceCIDR",
  "servicecidrs",
);

export type RuntimeClass = nodeV1.RuntimeClass;
export const RuntimeClass: ResourceType<RuntimeClass> = clusterWide(
  "node.k8s.io/v1",
  "RuntimeClass",
  "runtimeclasses",
);

export type PodDisruptionBudget = policyV1.PodDisruptionBudget;
export const PodDisruptionBudget: ResourceType<PodDisruptionBudget> = namespaced(
  "policy/v1",
  "PodDisruptionBudget",
  "poddisruptionbudgets",
);

export type ClusterRole = rbacV1.ClusterRole;
export const ClusterRole: ResourceType<ClusterRole> = clusterWide(
  "rbac.authorization.k8s.io/v1",
  "ClusterRole",
  "clusterroles",
);

export type ClusterRoleBinding = rbacV1.ClusterRoleBinding;
export const ClusterRoleBinding: ResourceType<ClusterRoleBinding> = clusterWide(
  "rbac.authorization.k8s.io/v1",
  "ClusterRoleBinding",
  "clusterrolebindings",
);

export type Role = rbacV1.Role;
export const Role: ResourceType<Role> = namespaced("rbac.authorization.k8s.io/v1", "Role", "roles");

export type RoleBinding = rbacV1.RoleBinding;
export const RoleBinding: ResourceType<RoleBinding> = namespaced(
  "rbac.authorization.k8s.io/v1",
  "RoleBinding",
  "rolebindings",
);

export type DeviceClass = resourceV1.DeviceClass;
export const DeviceClass: ResourceType<DeviceClass> = clusterWide(
  "resource.k8s.io/v1",
  "DeviceClass",
  "deviceclasses",
);

export type ResourceClaim = resourceV1.ResourceClaim;
export const ResourceClaim: ResourceType<ResourceClaim> = namespaced(
  "resource.k8s.io/v1",
  "ResourceClaim",
  "resourceclaims",
);

export type ResourceClaimTemplate = resourceV1.ResourceClaimTemplate;
export const ResourceClaimTemplate: ResourceType<ResourceClaimTemplate> = namespaced(
  "resource.k8s.io/v1",
  "ResourceClaimTemplate",
  "resourceclaimtemplates",
);

export type ResourceSlice = resourceV1.ResourceSlice;
export const ResourceSlice: ResourceType<ResourceSlice> = clusterWide(
  "resource.k8s.io/v1",
  "ResourceSlice",
  "resourceslices",
);

export type PriorityClass = schedulingV1.PriorityClass;
export const PriorityClass: ResourceType<PriorityClass> = clusterWide(
  "scheduling.k8s.io/v1",
  "PriorityClass",
  "priorityclasses",
);

export type CSIDriver = storageV1.CSIDriver;
export const CSIDriver: ResourceType<CSIDriver> = clusterWide(
  "storage.k8s.io/v1",
  "CSIDriver",
  "csidrivers",
);

export type CSINode = storageV1.CSINode;
export const CSINode: ResourceType<CSINode> = clusterWide(
  "storage.k8s.io/v1",
  "CSINode",
  "csinodes",
);

export type CSIStorageCapacity = storageV1.CSIStorageCapacity;
export const CSIStorageCapacity: ResourceType<CSIStorageCapacity> = namespaced(
  "storage.k8s.io/v1",
  "CSIStorageCapacity",
  "csistoragecapacities",
);

export type StorageClass = storageV1.StorageClass;
export const StorageClass: ResourceType<StorageClass> = clusterWide(
  "storage.k8s.io/v1",
  "StorageClass",
  "storageclasses",
);

export type VolumeAttachment = storageV1.VolumeAttachment;
export const VolumeAttachment: ResourceType<VolumeAttachment> = clusterWide(
  "storage.k8s.io/v1",
  "VolumeAttachment",
  "volumeattachments",
);

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
