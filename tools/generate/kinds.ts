/** What is generated: the kinds served, one line each, and the facts the definitions leave out. */

export type GeneratedKind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
};

/** Every kind whose types and schema are committed, with all that they refer to. */
export const KINDS: readonly GeneratedKind[] = [
  { group: "", version: "v1", kind: "Binding" },
  { group: "", version: "v1", kind: "ComponentStatus" },
  { group: "", version: "v1", kind: "ConfigMap" },
  { group: "", version: "v1", kind: "Endpoints" },
  { group: "", version: "v1", kind: "Event" },
  { group: "", version: "v1", kind: "LimitRange" },
  { group: "", version: "v1", kind: "Namespace" },
  { group: "", version: "v1", kind: "Node" },
  { group: "", version: "v1", kind: "PersistentVolume" },
  { group: "", version: "v1", kind: "PersistentVolumeClaim" },
  { group: "", version: "v1", kind: "Pod" },
  { group: "", version: "v1", kind: "PodTemplate" },
  { group: "", version: "v1", kind: "ReplicationController" },
  { group: "", version: "v1", kind: "ResourceQuota" },
  { group: "", version: "v1", kind: "Secret" },
  { group: "", version: "v1", kind: "Service" },
  { group: "", version: "v1", kind: "ServiceAccount" },
  { group: "admissionregistration.k8s.io", version: "v1", kind: "MutatingAdmissionPolicy" },
  { group: "admissionregistration.k8s.io", version: "v1", kind: "MutatingAdmissionPolicyBinding" },
  { group: "admissionregistration.k8s.io", version: "v1", kind: "MutatingWebhookConfiguration" },
  { group: "admissionregistration.k8s.io", version: "v1", kind: "ValidatingAdmissionPolicy" },
  {
    group: "admissionregistration.k8s.io",
    version: "v1",
    kind: "ValidatingAdmissionPolicyBinding",
  },
  { group: "admissionregistration.k8s.io", version: "v1", kind: "ValidatingWebhookConfiguration" },
  { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" },
  { group: "apiregistration.k8s.io", version: "v1", kind: "APIService" },
  { group: "apps", version: "v1", kind: "ControllerRevision" },
  { group: "apps", version: "v1", kind: "DaemonSet" },
  { group: "apps", version: "v1", kind: "Deployment" },
  { group: "apps", version: "v1", kind: "ReplicaSet" },
  { group: "apps", version: "v1", kind: "StatefulSet" },
  { group: "authentication.k8s.io", version: "v1", kind: "SelfSubjectReview" },
  { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" },
  { group: "authentication.k8s.io", version: "v1", kind: "TokenReview" },
  { group: "authorization.k8s.io", version: "v1", kind: "LocalSubjectAccessReview" },
  { group: "authorization.k8s.io", version: "v1", kind: "SelfSubjectAccessReview" },
  { group: "authorization.k8s.io", version: "v1", kind: "SelfSubjectRulesReview" },
  { group: "authorization.k8s.io", version: "v1", kind: "SubjectAccessReview" },
  { group: "autoscaling", version: "v1", kind: "HorizontalPodAutoscaler" },
  { group: "autoscaling", version: "v1", kind: "Scale" },
  { group: "autoscaling", version: "v2", kind: "HorizontalPodAutoscaler" },
  { group: "batch", version: "v1", kind: "CronJob" },
  { group: "batch", version: "v1", kind: "Job" },
  { group: "certificates.k8s.io", version: "v1", kind: "CertificateSigningRequest" },
  { group: "coordination.k8s.io", version: "v1", kind: "Lease" },
  { group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice" },
  { group: "events.k8s.io", version: "v1", kind: "Event" },
  { group: "flowcontrol.apiserver.k8s.io", version: "v1", kind: "FlowSchema" },
  { group: "flowcontrol.apiserver.k8s.io", version: "v1", kind: "PriorityLevelConfiguration" },
  { group: "networking.k8s.io", version: "v1", kind: "Ingress" },
  { group: "networking.k8s.io", version: "v1", kind: "IngressClass" },
  { group: "networking.k8s.io", version: "v1", kind: "IPAddress" },
  { group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy" },
  { group: "networking.k8s.io", version: "v1", kind: "ServiceCIDR" },
  { group: "node.k8s.io", version: "v1", kind: "RuntimeClass" },
  { group: "policy", version: "v1", kind: "Eviction" },
  { group: "policy", version: "v1", kind: "PodDisruptionBudget" },
  { group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRole" },
  { group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRoleBinding" },
  { group: "rbac.authorization.k8s.io", version: "v1", kind: "Role" },
  { group: "rbac.authorization.k8s.io", version: "v1", kind: "RoleBinding" },
  { group: "resource.k8s.io", version: "v1", kind: "DeviceClass" },
  { group: "resource.k8s.io", version: "v1", kind: "ResourceClaim" },
  { group: "resource.k8s.io", version: "v1", kind: "ResourceClaimTemplate" },
  { group: "resource.k8s.io", version: "v1", kind: "ResourceSlice" },
  { group: "scheduling.k8s.io", version: "v1", kind: "PriorityClass" },
  { group: "storage.k8s.io", version: "v1", kind: "CSIDriver" },
  { group: "storage.k8s.io", version: "v1", kind: "CSINode" },
  { group: "storage.k8s.io", version: "v1", kind: "CSIStorageCapacity" },
  { group: "storage.k8s.io", version: "v1", kind: "StorageClass" },
  { group: "storage.k8s.io", version: "v1", kind: "VolumeAttachment" },
  { group: "storage.k8s.io", version: "v1", kind: "VolumeAttributesClass" },
];

/**
 * Fields that the definitions call optional although a stored object always has them: they are
 * plain structs upstream, so the server fills them with at least `{}`.
 */
export const ALWAYS_PRESENT: Readonly<Record<string, readonly string[]>> = {
  "io.k8s.api.apps.v1.ReplicaSetSpec": ["template"],
  "io.k8s.api.core.v1.PodTemplateSpec": ["metadata", "spec"],
};

/** Fields every kind has when it has them at all, for the same reason. */
export const ALWAYS_PRESENT_ON_KINDS: readonly string[] = ["metadata", "spec", "status"];

/** Definitions that are scalars in JSON, and how they are described. */
export const SCALARS: Readonly<Record<string, { readonly type: string; readonly term: string }>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: "string", term: "quantity" },
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {
    type: "number | string",
    term: "intOrString",
  },
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": { type: "string", term: "time" },
  "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": { type: "string", term: "microTime" },
  "io.k8s.apimachinery.pkg.apis.meta.v1.Duration": { type: "string", term: "text" },
  "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": { type: "unknown", term: "anyObject" },
  "io.k8s.apimachinery.pkg.runtime.RawExtension": { type: "unknown", term: "wholeObject" },
  // Schemas inside schemas: read by the room that compiles them, not field by field.
  ...Object.fromEntries(
    ["JSON", "JSONSchemaPropsOrArray", "JSONSchemaPropsOrBool", "JSONSchemaPropsOrStringArray"].map(
      (name) => [
        `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.${name}`,
        { type: "unknown", term: "anyValue" },
      ],
    ),
  ),
};
