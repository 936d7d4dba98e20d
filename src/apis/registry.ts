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
import { customResourceDefinitionStrategy } from "./apiextensions/v1/custom-resource-definition.ts";
import { apiServiceStrategy } from "./apiregistration/v1/api-service.ts";
import { controllerRevisionStrategy } from "./apps/v1/controller-revision.ts";
import { daemonSetStrategy } from "./apps/v1/daemon-set.ts";
import { deploymentStrategy } from "./apps/v1/deployment.ts";
import { replicaSetStrategy } from "./apps/v1/replica-set.ts";
import { statefulSetStrategy } from "./apps/v1/stateful-set.ts";
import { horizontalPodAutoscalerV1Strategy } from "./autoscaling/v1/horizontal-pod-autoscaler.ts";
import { horizontalPodAutoscalerStrategy } from "./autoscaling/v2/horizontal-pod-autoscaler.ts";
import { cronJobStrategy } from "./batch/v1/cron-job.ts";
import { jobStrategy } from "./batch/v1/job.ts";
import { certificateSigningRequestStrategy } from "./certificates/v1/signing-request.ts";
import { leaseStrategy } from "./coordination/v1/lease.ts";
import { configMapStrategy } from "./core/v1/config-map.ts";
import { endpointsStrategy } from "./core/v1/endpoints.ts";
import { eventStrategy } from "./core/v1/event.ts";
import { limitRangeStrategy } from "./core/v1/limit-range.ts";
import { namespaceStrategy } from "./core/v1/namespace.ts";
import { nodeStrategy } from "./core/v1/node.ts";
import { persistentVolumeStrategy } from "./core/v1/persistent-volume.ts";
import { persistentVolumeClaimStrategy } from "./core/v1/persistent-volume-claim.ts";
import { podStrategy } from "./core/v1/pod.ts";
import { podTemplateStrategy } from "./core/v1/pod-templates.ts";
import { replicationControllerStrategy } from "./core/v1/replication-controller.ts";
import { resourceQuotaStrategy } from "./core/v1/resource-quota.ts";
import { secretStrategy } from "./core/v1/secret.ts";
import { serviceStrategy } from "./core/v1/service.ts";
import { serviceAccountStrategy } from "./core/v1/service-account.ts";
import { endpointSliceStrategy } from "./discovery/v1/endpoint-slice.ts";
import { eventsEventStrategy } from "./events/v1/event.ts";
import { flowSchemaStrategy } from "./flowcontrol/v1/flow-schema.ts";
import { priorityLevelStrategy } from "./flowcontrol/v1/priority-level.ts";
import { ingressStrategy } from "./networking/v1/ingress.ts";
import { ingressClassStrategy } from "./networking/v1/ingress-class.ts";
import { ipAddressStrategy } from "./networking/v1/ip-address.ts";
import { networkPolicyStrategy } from "./networking/v1/network-policy.ts";
import { serviceCidrStrategy } from "./networking/v1/service-cidr.ts";
import { runtimeClassStrategy } from "./node/v1/runtime-class.ts";
import { podDisruptionBudgetStrategy } from "./policy/v1/pod-disruption-budget.ts";
import { clusterRoleStrategy, roleStrategy } from "./rbac/v1/role.ts";
import { clusterRoleBindingStrategy, roleBindingStrategy } from "./rbac/v1/role-binding.ts";
import { deviceClassStrategy } from "./resource/v1/device-class.ts";
import { resourceClaimStrategy } from "./resource/v1/resource-claim.ts";
import { resourceClaimTemplateStrategy } from "./resource/v1/resource-claim-template.ts";
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
  endpointsStrategy,
  eventStrategy,
  limitRangeStrategy,
  namespaceStrategy,
  nodeStrategy,
  persistentVolumeClaimStrategy,
  persistentVolumeStrategy,
  podStrategy,
  podTemplateStrategy,
  replicationControllerStrategy,
  resourceQuotaStrategy,
  secretStrategy,
  serviceAccountStrategy,
  serviceStrategy,
  controllerRevisionStrategy,
  daemonSetStrategy,
  deploymentStrategy,
  replicaSetStrategy,
  statefulSetStrategy,
  horizontalPodAutoscalerStrategy,
  horizontalPodAutoscalerV1Strategy,
  cronJobStrategy,
  jobStrategy,
  eventsEventStrategy,
  podDisruptionBudgetStrategy,
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
