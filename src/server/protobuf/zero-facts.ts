/**
 * Facts about upstream's Go types that no published document states: where a zero says something.
 *
 * A pointer tells absent from zero: it is written only when it is meant, and then also when it is
 * zero. Anything else is always written; what JSON makes of a zero that is read depends on whether
 * the field is printed when empty, which is nearly always the case for required fields alone.
 */

/** Field names, separated by blanks, by the message and the package it is in. */
export type FieldNames = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Fields that may be absent. */
export const POINTERS: FieldNames = {
  "io.k8s.api.admissionregistration.v1": {
    MatchResources: "namespaceSelector objectSelector matchPolicy",
    MutatingAdmissionPolicyBindingSpec: "paramRef matchResources",
    MutatingAdmissionPolicySpec: "paramKind matchConstraints failurePolicy",
    MutatingWebhook:
      "failurePolicy matchPolicy namespaceSelector objectSelector sideEffects " +
      "timeoutSeconds reinvocationPolicy",
    Mutation: "applyConfiguration jsonPatch",
    NamedRuleWithOperations: "scope",
    ParamRef: "selector parameterNotFoundAction",
    RuleWithOperations: "scope",
    ServiceReference: "path port",
    ValidatingAdmissionPolicyBindingSpec: "paramRef matchResources",
    ValidatingAdmissionPolicySpec: "paramKind matchConstraints failurePolicy",
    ValidatingAdmissionPolicyStatus: "typeChecking",
    ValidatingWebhook:
      "failurePolicy matchPolicy namespaceSelector objectSelector sideEffects " + "timeoutSeconds",
    Validation: "reason",
    WebhookClientConfig: "url service",
  },
  "io.k8s.api.apps.v1": {
    DaemonSetSpec: "selector revisionHistoryLimit",
    DaemonSetStatus: "collisionCount",
    DaemonSetUpdateStrategy: "rollingUpdate",
    DeploymentSpec: "replicas selector revisionHistoryLimit progressDeadlineSeconds",
    DeploymentStatus: "terminatingReplicas collisionCount",
    DeploymentStrategy: "rollingUpdate",
    ReplicaSetSpec: "replicas selector",
    ReplicaSetStatus: "terminatingReplicas",
    RollingUpdateDaemonSet: "maxUnavailable maxSurge",
    RollingUpdateDeployment: "maxUnavailable maxSurge",
    RollingUpdateStatefulSetStrategy: "partition maxUnavailable",
    StatefulSetSpec:
      "replicas selector revisionHistoryLimit persistentVolumeClaimRetentionPolicy ordinals",
    StatefulSetStatus: "collisionCount",
    StatefulSetUpdateStrategy: "rollingUpdate",
  },
  "io.k8s.api.authentication.v1": {
    TokenRequestSpec: "expirationSeconds boundObjectRef",
  },
  "io.k8s.api.authorization.v1": {
    ResourceAttributes: "fieldSelector labelSelector",
    SelfSubjectAccessReviewSpec: "resourceAttributes nonResourceAttributes",
    SubjectAccessReviewSpec: "resourceAttributes nonResourceAttributes",
  },
  "io.k8s.api.autoscaling.v1": {
    HorizontalPodAutoscalerSpec: "minReplicas targetCPUUtilizationPercentage",
    HorizontalPodAutoscalerStatus:
      "observedGeneration lastScaleTime currentCPUUtilizationPercentage",
  },
  "io.k8s.api.autoscaling.v2": {
    HPAScalingRules: "stabilizationWindowSeconds selectPolicy tolerance",
    HorizontalPodAutoscalerBehavior: "scaleUp scaleDown",
    HorizontalPodAutoscalerSpec: "minReplicas behavior",
    HorizontalPodAutoscalerStatus: "observedGeneration lastScaleTime",
    MetricIdentifier: "selector",
    MetricSpec: "object pods resource containerResource external",
    MetricStatus: "object pods resource containerResource external",
    MetricTarget: "value averageValue averageUtilization",
    MetricValueStatus: "value averageValue averageUtilization",
  },
  "io.k8s.api.batch.v1": {
    CronJobSpec:
      "timeZone startingDeadlineSeconds suspend successfulJobsHistoryLimit " +
      "failedJobsHistoryLimit",
    CronJobStatus: "lastScheduleTime lastSuccessfulTime",
    JobSpec:
      "parallelism completions activeDeadlineSeconds podFailurePolicy successPolicy " +
      "backoffLimit backoffLimitPerIndex maxFailedIndexes selector manualSelector " +
      "ttlSecondsAfterFinished completionMode suspend podReplacementPolicy managedBy",
    JobStatus: "startTime completionTime terminating failedIndexes uncountedTerminatedPods ready",
    PodFailurePolicyOnExitCodesRequirement: "containerName",
    PodFailurePolicyRule: "onExitCodes",
    SuccessPolicyRule: "succeededIndexes succeededCount",
  },
  "io.k8s.api.certificates.v1": {
    CertificateSigningRequestSpec: "expirationSeconds",
  },
  "io.k8s.api.coordination.v1": {
    LeaseSpec:
      "holderIdentity leaseDurationSeconds acquireTime renewTime leaseTransitions strategy " +
      "preferredHolder",
  },
  "io.k8s.api.core.v1": {
    Affinity: "nodeAffinity podAffinity podAntiAffinity",
    AppArmorProfile: "localhostProfile",
    AzureDiskVolumeSource: "cachingMode fsType readOnly kind",
    AzureFilePersistentVolumeSource: "secretNamespace",
    CSIPersistentVolumeSource:
      "controllerPublishSecretRef nodeStageSecretRef nodePublishSecretRef " +
      "controllerExpandSecretRef nodeExpandSecretRef",
    CSIVolumeSource: "readOnly fsType nodePublishSecretRef",
    CephFSPersistentVolumeSource: "secretRef",
    CephFSVolumeSource: "secretRef",
    CinderPersistentVolumeSource: "secretRef",
    CinderVolumeSource: "secretRef",
    ClientIPConfig: "timeoutSeconds",
    ClusterTrustBundleProjection: "name signerName labelSelector optional",
    ConfigMap: "immutable",
    ConfigMapEnvSource: "optional",
    ConfigMapKeySelector: "optional",
    ConfigMapProjection: "optional",
    ConfigMapVolumeSource: "defaultMode optional",
    Container: "restartPolicy livenessProbe readinessProbe startupProbe lifecycle securityContext",
    ContainerRestartRule: "exitCodes",
    ContainerState: "waiting running terminated",
    ContainerStatus: "started resources user stopSignal",
    ContainerUser: "linux",
    DownwardAPIVolumeFile: "fieldRef resourceFieldRef mode",
    DownwardAPIVolumeSource: "defaultMode",
    EmptyDirVolumeSource: "sizeLimit",
    EndpointAddress: "nodeName targetRef",
    EndpointPort: "appProtocol",
    EnvFromSource: "configMapRef secretRef",
    EnvVar: "valueFrom",
    EnvVarSource: "fieldRef resourceFieldRef configMapKeyRef secretKeyRef fileKeyRef",
    EphemeralContainer:
      "restartPolicy livenessProbe readinessProbe startupProbe lifecycle securityContext",
    EphemeralVolumeSource: "volumeClaimTemplate",
    Event: "series related",
    FCVolumeSource: "lun",
    FileKeySelector: "optional",
    FlexPersistentVolumeSource: "secretRef",
    FlexVolumeSource: "secretRef",
    GRPCAction: "service",
    GlusterfsPersistentVolumeSource: "endpointsNamespace",
    HostPathVolumeSource: "type",
    ISCSIPersistentVolumeSource: "secretRef initiatorName",
    ISCSIVolumeSource: "secretRef initiatorName",
    KeyToPath: "mode",
    Lifecycle: "postStart preStop stopSignal",
    LifecycleHandler: "exec httpGet tcpSocket sleep",
    LoadBalancerIngress: "ipMode",
    LocalVolumeSource: "fsType",
    NodeAffinity: "requiredDuringSchedulingIgnoredDuringExecution",
    NodeConfigSource: "configMap",
    NodeConfigStatus: "assigned active lastKnownGood",
    NodeFeatures: "supplementalGroupsPolicy",
    NodeRuntimeHandler: "features",
    NodeRuntimeHandlerFeatures: "recursiveReadOnlyMounts userNamespaces",
    NodeSpec: "configSource",
    NodeStatus: "config features",
    NodeSwapStatus: "capacity",
    NodeSystemInfo: "swap",
    PersistentVolumeClaimSpec:
      "selector storageClassName volumeMode dataSource dataSourceRef " +
      "volumeAttributesClassName",
    PersistentVolumeClaimStatus: "currentVolumeAttributesClassName modifyVolumeStatus",
    PersistentVolumeSpec:
      "gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd iscsi cinder " +
      "cephfs fc flocker flexVolume azureFile vsphereVolume quobyte azureDisk " +
      "photonPersistentDisk portworxVolume scaleIO local storageos csi claimRef volumeMode " +
      "nodeAffinity volumeAttributesClassName",
    PersistentVolumeStatus: "lastPhaseTransitionTime",
    PodAffinityTerm: "labelSelector namespaceSelector",
    PodCertificateProjection: "maxExpirationSeconds",
    PodDNSConfigOption: "value",
    PodResourceClaim: "resourceClaimName resourceClaimTemplateName",
    PodResourceClaimStatus: "resourceClaimName",
    PodSchedulingGroup: "podGroupName",
    PodSecurityContext:
      "seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot " +
      "supplementalGroupsPolicy fsGroup fsGroupChangePolicy seccompProfile appArmorProfile " +
      "seLinuxChangePolicy",
    PodSpec:
      "terminationGracePeriodSeconds activeDeadlineSeconds automountServiceAccountToken " +
      "shareProcessNamespace securityContext affinity priority dnsConfig runtimeClassName " +
      "enableServiceLinks preemptionPolicy setHostnameAsFQDN os hostUsers resources " +
      "hostnameOverride schedulingGroup",
    PodStatus: "startTime extendedResourceClaimStatus resources",
    PortStatus: "error",
    Probe: "exec httpGet tcpSocket grpc terminationGracePeriodSeconds",
    ProjectedVolumeSource: "defaultMode",
    RBDPersistentVolumeSource: "secretRef",
    RBDVolumeSource: "secretRef",
    ReplicationControllerSpec: "replicas template",
    ResourceHealth: "message",
    ResourceQuotaSpec: "scopeSelector",
    ScaleIOPersistentVolumeSource: "secretRef",
    ScaleIOVolumeSource: "secretRef",
    SeccompProfile: "localhostProfile",
    Secret: "immutable",
    SecretEnvSource: "optional",
    SecretKeySelector: "optional",
    SecretProjection: "optional",
    SecretVolumeSource: "defaultMode optional",
    SecurityContext:
      "capabilities privileged seLinuxOptions windowsOptions runAsUser runAsGroup " +
      "runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation procMount " +
      "seccompProfile appArmorProfile",
    ServiceAccount: "automountServiceAccountToken",
    ServiceAccountTokenProjection: "expirationSeconds",
    ServicePort: "appProtocol",
    ServiceSpec:
      "sessionAffinityConfig ipFamilyPolicy allocateLoadBalancerNodePorts loadBalancerClass " +
      "internalTrafficPolicy trafficDistribution",
    SessionAffinityConfig: "clientIP",
    StorageOSPersistentVolumeSource: "secretRef",
    StorageOSVolumeSource: "secretRef",
    Taint: "timeAdded",
    Toleration: "tolerationSeconds",
    TopologySpreadConstraint: "labelSelector minDomains nodeAffinityPolicy nodeTaintsPolicy",
    TypedLocalObjectReference: "apiGroup",
    TypedObjectReference: "apiGroup namespace",
    Volume:
      "hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi " +
      "glusterfs persistentVolumeClaim rbd flexVolume cinder cephfs flocker downwardAPI fc " +
      "azureFile configMap vsphereVolume quobyte azureDisk photonPersistentDisk projected " +
      "portworxVolume scaleIO storageos csi ephemeral image",
    VolumeMount: "recursiveReadOnly mountPropagation",
    VolumeMountStatus: "recursiveReadOnly volumeStatus",
    VolumeNodeAffinity: "required",
    VolumeProjection:
      "secret downwardAPI configMap serviceAccountToken clusterTrustBundle podCertificate",
    VolumeStatus: "image",
    WindowsSecurityContextOptions:
      "gmsaCredentialSpecName gmsaCredentialSpec runAsUserName hostProcess",
  },
  "io.k8s.api.discovery.v1": {
    Endpoint: "hostname targetRef nodeName zone hints",
    EndpointConditions: "ready serving terminating",
    EndpointPort: "name protocol port appProtocol",
  },
  "io.k8s.api.events.v1": {
    Event: "series related",
  },
  "io.k8s.api.flowcontrol.v1": {
    ExemptPriorityLevelConfiguration: "nominalConcurrencyShares lendablePercent",
    FlowSchemaSpec: "distinguisherMethod",
    LimitResponse: "queuing",
    LimitedPriorityLevelConfiguration:
      "nominalConcurrencyShares lendablePercent borrowingLimitPercent",
    PriorityLevelConfigurationSpec: "limited exempt",
    Subject: "user group serviceAccount",
  },
  "io.k8s.api.networking.v1": {
    HTTPIngressPath: "pathType",
    IPAddressSpec: "parentRef",
    IngressBackend: "service resource",
    IngressClassParametersReference: "apiGroup scope namespace",
    IngressClassSpec: "parameters",
    IngressPortStatus: "error",
    IngressRule: "http",
    IngressSpec: "ingressClassName defaultBackend",
    NetworkPolicyPeer: "podSelector namespaceSelector ipBlock",
    NetworkPolicyPort: "protocol port endPort",
  },
  "io.k8s.api.node.v1": {
    RuntimeClass: "overhead scheduling",
  },
  "io.k8s.api.policy.v1": {
    Eviction: "deleteOptions",
    PodDisruptionBudgetSpec: "minAvailable selector maxUnavailable unhealthyPodEvictionPolicy",
  },
  "io.k8s.api.rbac.v1": {
    ClusterRole: "aggregationRule",
  },
  "io.k8s.api.resource.v1": {
    AllocatedDeviceStatus: "shareID data networkData",
    AllocationResult: "nodeSelector allocationTimestamp",
    CapacityRequestPolicy: "default validRange",
    CapacityRequestPolicyRange: "min max step",
    Device: "nodeName nodeSelector allNodes bindsToNode allowMultipleAllocations",
    DeviceAllocationConfiguration: "opaque",
    DeviceAttribute: "int bool string version",
    DeviceCapacity: "requestPolicy",
    DeviceClaimConfiguration: "opaque",
    DeviceClassConfiguration: "opaque",
    DeviceClassSpec: "extendedResourceName",
    DeviceConstraint: "matchAttribute distinctAttribute",
    DeviceRequest: "exactly",
    DeviceRequestAllocationResult: "adminAccess shareID",
    DeviceSelector: "cel",
    DeviceSubRequest: "capacity",
    DeviceTaint: "timeAdded",
    DeviceToleration: "tolerationSeconds",
    ExactDeviceRequest: "adminAccess capacity",
    NodeAllocatableResourceMapping: "capacityKey allocationMultiplier",
    ResourceClaimStatus: "allocation",
    ResourceSliceSpec: "nodeName nodeSelector allNodes perDeviceNodeSelection",
  },
  "io.k8s.api.scheduling.v1": {
    PriorityClass: "preemptionPolicy",
  },
  "io.k8s.api.storage.v1": {
    CSIDriverSpec:
      "attachRequired podInfoOnMount storageCapacity fsGroupPolicy requiresRepublish " +
      "seLinuxMount nodeAllocatableUpdatePeriodSeconds serviceAccountTokenInSecrets " +
      "preventPodSchedulingIfMissing",
    CSINodeDriver: "allocatable",
    CSIStorageCapacity: "nodeTopology capacity maximumVolumeSize",
    StorageClass: "reclaimPolicy allowVolumeExpansion volumeBindingMode",
    TokenRequest: "expirationSeconds",
    VolumeAttachmentSource: "persistentVolumeName inlineVolumeSpec",
    VolumeAttachmentStatus: "attachError detachError",
    VolumeError: "errorCode",
    VolumeNodeResources: "count",
  },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1": {
    CustomResourceConversion: "webhook",
    CustomResourceDefinitionSpec: "conversion",
    CustomResourceDefinitionVersion: "deprecationWarning schema subresources",
    CustomResourceSubresourceScale: "labelSelectorPath",
    CustomResourceSubresources: "status scale",
    CustomResourceValidation: "openAPIV3Schema",
    JSONSchemaProps:
      "$ref default maximum minimum maxLength minLength maxItems minItems multipleOf " +
      "maxProperties minProperties items not additionalProperties additionalItems " +
      "externalDocs example x-kubernetes-preserve-unknown-fields x-kubernetes-list-type " +
      "x-kubernetes-map-type",
    ServiceReference: "path port",
    ValidationRule: "reason optionalOldSelf",
    WebhookClientConfig: "url service",
    WebhookConversion: "clientConfig",
  },
  "io.k8s.apimachinery.pkg.apis.meta.v1": {
    DeleteOptions:
      "gracePeriodSeconds preconditions orphanDependents propagationPolicy " +
      "ignoreStoreReadErrorWithClusterBreakingPotential",
    ManagedFieldsEntry: "time fieldsV1",
    ObjectMeta: "deletionTimestamp deletionGracePeriodSeconds",
    OwnerReference: "controller blockOwnerDeletion",
    Preconditions: "uid resourceVersion",
  },
  "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1": {
    APIServiceSpec: "service",
    ServiceReference: "port",
  },
};

/** Optional fields whose zero is printed in JSON all the same. */
export const PRINTED_ZEROS: FieldNames = {
  "io.k8s.api.apps.v1": {
    StatefulSetOrdinals: "start",
    StatefulSetSpec: "serviceName",
    StatefulSetStatus: "availableReplicas",
  },
  "io.k8s.api.authentication.v1": {
    TokenRequestStatus: "token",
  },
  "io.k8s.api.batch.v1": {
    PodFailurePolicyOnPodConditionsPattern: "status",
  },
  "io.k8s.api.core.v1": {
    Event: "reportingComponent reportingInstance",
    NodeRuntimeHandler: "name",
  },
  "io.k8s.api.flowcontrol.v1": {
    FlowSchemaSpec: "matchingPrecedence",
    QueuingConfiguration: "queues handSize queueLengthLimit",
  },
  "io.k8s.api.policy.v1": {
    PodDisruptionBudgetStatus: "disruptionsAllowed currentHealthy desiredHealthy expectedPods",
  },
  "io.k8s.api.rbac.v1": {
    RoleRef: "apiGroup",
  },
  "io.k8s.api.scheduling.v1": {
    PriorityClass: "value",
  },
};

/** Required fields whose zero is left out in JSON all the same. */
export const HIDDEN_ZEROS: FieldNames = {
  "io.k8s.api.admissionregistration.v1": {
    ValidatingAdmissionPolicyBindingSpec: "policyName",
  },
  "io.k8s.api.authentication.v1": {
    TokenReviewSpec: "token",
  },
  "io.k8s.api.core.v1": {
    ContainerRestartRule: "action",
    ContainerRestartRuleOnExitCodes: "operator",
    ImageVolumeStatus: "imageRef",
    PodCertificateProjection: "signerName keyType",
  },
  "io.k8s.api.networking.v1": {
    ParentReference: "resource name",
  },
};
