/** What is generated: the kinds served, one line each, and the facts the definitions leave out. */

export type GeneratedKind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
};

/** Every kind whose types and schema are committed, with all that they refer to. */
export const KINDS: readonly GeneratedKind[] = [
  { group: "", version: "v1", kind: "Binding" },
  { group: "", version: "v1", kind: "ConfigMap" },
  { group: "", version: "v1", kind: "Event" },
  { group: "", version: "v1", kind: "Namespace" },
  { group: "", version: "v1", kind: "Node" },
  { group: "", version: "v1", kind: "Pod" },
  { group: "", version: "v1", kind: "Secret" },
  { group: "", version: "v1", kind: "Service" },
  { group: "", version: "v1", kind: "ServiceAccount" },
  { group: "apps", version: "v1", kind: "Deployment" },
  { group: "apps", version: "v1", kind: "ReplicaSet" },
  { group: "autoscaling", version: "v1", kind: "Scale" },
  { group: "coordination.k8s.io", version: "v1", kind: "Lease" },
  { group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice" },
  { group: "policy", version: "v1", kind: "Eviction" },
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
  "io.k8s.apimachinery.pkg.runtime.RawExtension": { type: "unknown", term: "anyObject" },
};
