/** What a Kubernetes 1.36 server can serve and this one does not, and why not. */

export type NotServed = {
  /** A group version, and optionally a resource or a subresource of it. */
  readonly what: string;
  readonly why: string;
};

const ALPHA_OR_BETA = "off by default upstream (alpha or beta); use the stable version";

export const NOT_SERVED: readonly NotServed[] = [
  { what: "admissionregistration.k8s.io/v1alpha1", why: ALPHA_OR_BETA },
  { what: "admissionregistration.k8s.io/v1beta1", why: ALPHA_OR_BETA },
  { what: "certificates.k8s.io/v1alpha1", why: ALPHA_OR_BETA },
  { what: "certificates.k8s.io/v1beta1", why: ALPHA_OR_BETA },
  { what: "coordination.k8s.io/v1alpha2", why: ALPHA_OR_BETA },
  { what: "coordination.k8s.io/v1beta1", why: ALPHA_OR_BETA },
  { what: "internal.apiserver.k8s.io/v1alpha1", why: ALPHA_OR_BETA },
  { what: "networking.k8s.io/v1beta1", why: ALPHA_OR_BETA },
  { what: "resource.k8s.io/v1alpha3", why: ALPHA_OR_BETA },
  { what: "resource.k8s.io/v1beta1", why: ALPHA_OR_BETA },
  { what: "resource.k8s.io/v1beta2", why: ALPHA_OR_BETA },
  { what: "scheduling.k8s.io/v1alpha2", why: ALPHA_OR_BETA },
  { what: "storage.k8s.io/v1beta1", why: ALPHA_OR_BETA },
  { what: "storagemigration.k8s.io/v1beta1", why: ALPHA_OR_BETA },
];
