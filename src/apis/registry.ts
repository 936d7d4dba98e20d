/** Every built-in kind, each with its behaviour, in the order in which they are listed. */
import { mutatingPolicyStrategy } from "./admissionregistration/v1/mutating-policy.ts";
import {
  mutatingPolicyBindingStrategy,
  validatingPolicyBindingStrategy,
} from "./admissionregistration/v1/policy-binding.ts";
import { validatingPolicyStrategy } from "./admissionregistration/v1/validating-policy.ts";
import {
  mutatingWebhookConfigurationStrategy,
  validatingWebhookConfigurationStrategy,
} from "./admissionregistration/v1/webhook-configuration.ts";
import { apiServiceStrategy } from "./apiregistration/v1/api-service.ts";
import { customResourceDefinitionStrategy } from "./apiextensions/v1/custom-resource-definition.ts";
import { deploymentStrategy } from "./apps/v1/deployment.ts";
import { replicaSetStrategy } from "./apps/v1/replica-set.ts";
import { certificateSigningRequestStrategy } from "./certificates/v1/signing-request.ts";
import { leaseStrategy } from "./coordination/v1/lease.ts";
import { configMapStrategy } from "./core/v1/config-map.ts";
import { eventStrategy } from "./core/v1/event.ts";
import { namespaceStrategy } from "./core/v1/namespace.ts";
import { nodeStrategy } from "./core/v1/node.ts";
import { podStrategy } from "./core/v1/pod.ts";
import { secretStrategy } from "./core/v1/secret.ts";
import { serviceAccountStrategy } from "./core/v1/service-account.ts";
import { serviceStrategy } from "./core/v1/service.ts";
import { endpointSliceStrategy } from "./discovery/v1/endpoint-slice.ts";
import { flowSchemaStrategy } from "./flowcontrol/v1/flow-schema.ts";
import { priorityLevelStrategy } from "./flowcontrol/v1/priority-level.ts";
import { ingressClassStrategy } from "./networking/v1/ingress-class.ts";
import { ingressStrategy } from "./networking/v1/ingress.ts";
import { ipAddressStrategy } from "./networking/v1/ip-address.ts";
import { networkPolicyStrategy } from "./networking/v1/network-policy.ts";
import { serviceCidrStrategy } from "./networking/v1/service-cidr.ts";
import { runtimeClassStrategy } from "./node/v1/runtime-class.ts";
import { clusterRoleBindingStrategy, roleBindingStrategy } from "./rbac/v1/role-binding.ts";
import { clusterRoleStrategy, roleStrategy } from "./rbac/v1/role.ts";
import { deviceClassStrategy } from "./resource/v1/device-class.ts";
import { resourceClaimTemplateStrategy } from "./resource/v1/resource-claim-template.ts";
import { resourceClaimStrategy } from "./resource/v1/resource-claim.ts";
import { resourceSliceStrategy } from "./resource/v1/resource-slice.ts";
import { priorityClassStrategy } from "./scheduling/v1/priority-class.ts";
import { csiDriverStrategy } from "./storage/v1/csi-driver.ts";
import { csiNodeStrategy } from "./storage/v1/csi-node.ts";
import { csiStorageCapacityStrategy } from "./storage/v1/csi-storage-capacity.ts";
import { storageClassStrategy } from "./storage/v1/storage-class.ts";
import { volumeAttachmentStrategy } from "./storage/v1/volume-attachment.ts";
import { volumeAttributesClassStrategy } from "./storage/v1/volume-attributes-class.ts";
import type { AnyStrategy } from "./strategy.ts";

export const BUILT_IN: readonly AnyStrategy[] = [
  configMapStrategy,
  eventStrategy,
  namespaceStrategy,
  nodeStrategy,
  podStrategy,
  secretStrategy,
  serviceAccountStrategy,
  serviceStrategy,
  deploymentStrategy,
  replicaSetStrategy,
  leaseStrategy,
  endpointSliceStrategy,
  customResourceDefinitionStrategy,
  ingressStrategy,
  ingressClassStrategy,
  ipAddressStrategy,
  networkPolicyStrategy,
  serviceCidrStrategy,
  runtimeClassStrategy,
  clusterRoleStrategy,
  roleStrategy,
  clusterRoleBindingStrategy,
  roleBindingStrategy,
  priorityClassStrategy,
  csiDriverStrategy,
  csiNodeStrategy,
  csiStorageCapacityStrategy,
  storageClassStrategy,
  volumeAttachmentStrategy,
  volumeAttributesClassStrategy,
  flowSchemaStrategy,
  priorityLevelStrategy,
  certificateSigningRequestStrategy,
  apiServiceStrategy,
  mutatingPolicyStrategy,
  mutatingPolicyBindingStrategy,
  validatingPolicyBindingStrategy,
  validatingPolicyStrategy,
  mutatingWebhookConfigurationStrategy,
  validatingWebhookConfigurationStrategy,
  deviceClassStrategy,
  resourceClaimStrategy,
  resourceClaimTemplateStrategy,
  resourceSliceStrategy,
];
