/** Kubernetes runs its admission plug-ins in a fixed order, whatever order they are given in. */
import type { AdmissionPlugin } from "./admission.ts";

const ORDER: readonly string[] = [
  "NamespaceLifecycle",
  "LimitRanger",
  "ServiceAccount",
  "NodeRestriction",
  "TaintNodesByCondition",
  "AlwaysPullImages",
  "PodSecurity",
  "Priority",
  "DefaultTolerationSeconds",
  "DefaultStorageClass",
  "StorageObjectInUseProtection",
  "OwnerReferencesPermissionEnforcement",
  "PersistentVolumeClaimResize",
  "RuntimeClass",
  "CertificateApproval",
  "CertificateSigning",
  "CertificateSubjectRestriction",
  "DefaultIngressClass",
  "PodResizeValidator",
  "", // those of others
  "RBACEscalation",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionWebhook",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionWebhook",
  "ResourceQuota",
];

/** Unknown plug-ins come before policies and webhooks, in the order they have. */
export function inOrder(plugins: readonly AdmissionPlugin[]): readonly AdmissionPlugin[] {
  return plugins.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function placeOf({ name }: AdmissionPlugin): number {
  const place = ORDER.indexOf(name);
  return place < 0 ? ORDER.indexOf("") : place;
}
