// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  bytes,
  flag,
  int32,
  int64,
  intOrString,
  listOf,
  mapListOf,
  mapOf,
  microTime,
  object,
  owned,
  patched,
  quantity,
  setOf,
  text,
  time,
  withDefault,
} from "../../schema-terms.ts";

export const awsElasticBlockStoreVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  partition: int32,
  readOnly: flag,
  volumeID: text,
}, { typeName: "AWSElasticBlockStoreVolumeSource", required: ["volumeID"] });

export const affinitySchema: StructuralSchema = object({
  nodeAffinity: () => nodeAffinitySchema,
  podAffinity: () => podAffinitySchema,
  podAntiAffinity: () => podAntiAffinitySchema,
}, { typeName: "Affinity" });

export const appArmorProfileSchema: StructuralSchema = object({
  localhostProfile: text,
  type: text,
}, { typeName: "AppArmorProfile", required: ["type"], keptWhenZero: ["localhostProfile"] });

export const attachedVolumeSchema: StructuralSchema = object({
  devicePath: text,
  name: text,
}, { typeName: "AttachedVolume", required: ["name","devicePath"] });

export const azureDiskVolumeSourceSchema: StructuralSchema = object({
  cachingMode: text,
  diskName: text,
  diskURI: text,
  fsType: text,
  kind: text,
  readOnly: flag,
}, { typeName: "AzureDiskVolumeSource", required: ["diskName","diskURI"], keptWhenZero: ["cachingMode","fsType","kind","readOnly"] });

export const azureFilePersistentVolumeSourceSchema: StructuralSchema = object({
  readOnly: flag,
  secretName: text,
  secretNamespace: text,
  shareName: text,
}, { typeName: "AzureFilePersistentVolumeSource", required: ["secretName","shareName"], writtenNull: ["secretNamespace"], keptWhenZero: ["secretNamespace"] });

export const azureFileVolumeSourceSchema: StructuralSchema = object({
  readOnly: flag,
  secretName: text,
  shareName: text,
}, { typeName: "AzureFileVolumeSource", required: ["secretName","shareName"] });

export const bindingSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  target: () => objectReferenceSchema,
}, { typeName: "Binding", required: ["target"], writtenWhenEmpty: ["metadata"] });

export const csiPersistentVolumeSourceSchema: StructuralSchema = object({
  controllerExpandSecretRef: () => secretReferenceSchema,
  controllerPublishSecretRef: () => secretReferenceSchema,
  driver: text,
  fsType: text,
  nodeExpandSecretRef: () => secretReferenceSchema,
  nodePublishSecretRef: () => secretReferenceSchema,
  nodeStageSecretRef: () => secretReferenceSchema,
  readOnly: flag,
  volumeAttributes: mapOf(text),
  volumeHandle: text,
}, { typeName: "CSIPersistentVolumeSource", required: ["driver","volumeHandle"] });

export const csiVolumeSourceSchema: StructuralSchema = object({
  driver: text,
  fsType: text,
  nodePublishSecretRef: () => localObjectReferenceSchema,
  readOnly: flag,
  volumeAttributes: mapOf(text),
}, { typeName: "CSIVolumeSource", required: ["driver"], keptWhenZero: ["fsType","readOnly"] });

export const capabilitiesSchema: StructuralSchema = object({
  add: listOf(text),
  drop: listOf(text),
}, { typeName: "Capabilities" });

export const cephFSPersistentVolumeSourceSchema: StructuralSchema = object({
  monitors: listOf(text),
  path: text,
  readOnly: flag,
  secretFile: text,
  secretRef: () => secretReferenceSchema,
  user: text,
}, { typeName: "CephFSPersistentVolumeSource", required: ["monitors"] });

export const cephFSVolumeSourceSchema: StructuralSchema = object({
  monitors: listOf(text),
  path: text,
  readOnly: flag,
  secretFile: text,
  secretRef: () => localObjectReferenceSchema,
  user: text,
}, { typeName: "CephFSVolumeSource", required: ["monitors"] });

export const cinderPersistentVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  readOnly: flag,
  secretRef: () => secretReferenceSchema,
  volumeID: text,
}, { typeName: "CinderPersistentVolumeSource", required: ["volumeID"] });

export const cinderVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  readOnly: flag,
  secretRef: () => localObjectReferenceSchema,
  volumeID: text,
}, { typeName: "CinderVolumeSource", required: ["volumeID"] });

export const clientIPConfigSchema: StructuralSchema = object({
  timeoutSeconds: int32,
}, { typeName: "ClientIPConfig", keptWhenZero: ["timeoutSeconds"] });

export const clusterTrustBundleProjectionSchema: StructuralSchema = object({
  labelSelector: () => metaV1.labelSelectorSchema,
  name: text,
  optional: flag,
  path: text,
  signerName: text,
}, { typeName: "ClusterTrustBundleProjection", required: ["path"], keptWhenZero: ["name","optional","signerName"] });

export const componentConditionSchema: StructuralSchema = object({
  error: text,
  message: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "ComponentCondition", required: ["type","status"] });

export const componentStatusSchema: StructuralSchema = object({
  apiVersion: text,
  conditions: patched(mapListOf(() => componentConditionSchema, ["type"]), "merge", "type"),
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
}, { typeName: "ComponentStatus", writtenWhenEmpty: ["metadata"] });

export const configMapSchema: StructuralSchema = object({
  apiVersion: text,
  binaryData: mapOf(bytes),
  data: mapOf(text),
  immutable: flag,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
}, { typeName: "ConfigMap", writtenWhenEmpty: ["metadata"], keptWhenZero: ["immutable"] });

export const configMapEnvSourceSchema: StructuralSchema = object({
  name: text,
  optional: flag,
}, { typeName: "ConfigMapEnvSource", keptWhenZero: ["optional"] });

export const configMapKeySelectorSchema: StructuralSchema = object({
  key: text,
  name: text,
  optional: flag,
}, { typeName: "ConfigMapKeySelector", required: ["key"], keptWhenZero: ["optional"], mapType: "atomic" });

export const configMapNodeConfigSourceSchema: StructuralSchema = object({
  kubeletConfigKey: text,
  name: text,
  namespace: text,
  resourceVersion: text,
  uid: text,
}, { typeName: "ConfigMapNodeConfigSource", required: ["namespace","name","kubeletConfigKey"] });

export const configMapProjectionSchema: StructuralSchema = object({
  items: listOf(() => keyToPathSchema),
  name: text,
  optional: flag,
}, { typeName: "ConfigMapProjection", keptWhenZero: ["optional"] });

export const configMapVolumeSourceSchema: StructuralSchema = object({
  defaultMode: int32,
  items: listOf(() => keyToPathSchema),
  name: text,
  optional: flag,
}, { typeName: "ConfigMapVolumeSource", keptWhenZero: ["defaultMode","optional"] });

export const containerSchema: StructuralSchema = object({
  args: listOf(text),
  command: listOf(text),
  env: patched(mapListOf(() => envVarSchema, ["name"]), "merge", "name"),
  envFrom: listOf(() => envFromSourceSchema),
  image: text,
  imagePullPolicy: text,
  lifecycle: () => lifecycleSchema,
  livenessProbe: () => probeSchema,
  name: withDefault(text, ""),
  ports: patched(mapListOf(() => containerPortSchema, ["containerPort","protocol"]), "merge", "containerPort"),
  readinessProbe: () => probeSchema,
  resizePolicy: listOf(() => containerResizePolicySchema),
  resources: () => resourceRequirementsSchema,
  restartPolicy: text,
  restartPolicyRules: listOf(() => containerRestartRuleSchema),
  securityContext: () => securityContextSchema,
  startupProbe: () => probeSchema,
  stdin: flag,
  stdinOnce: flag,
  terminationMessagePath: text,
  terminationMessagePolicy: text,
  tty: flag,
  volumeDevices: patched(mapListOf(() => volumeDeviceSchema, ["devicePath"]), "merge", "devicePath"),
  volumeMounts: patched(mapListOf(() => volumeMountSchema, ["mountPath"]), "merge", "mountPath"),
  workingDir: text,
}, { typeName: "Container", required: ["name"], writtenWhenEmpty: ["resources"], keptWhenZero: ["restartPolicy"] });

export const containerExtendedResourceRequestSchema: StructuralSchema = object({
  containerName: text,
  requestName: text,
  resourceName: text,
}, { typeName: "ContainerExtendedResourceRequest", required: ["containerName","resourceName","requestName"] });

export const containerImageSchema: StructuralSchema = object({
  names: listOf(text),
  sizeBytes: int64,
}, { typeName: "ContainerImage", writtenWhenEmpty: ["names"] });

export const containerPortSchema: StructuralSchema = object({
  containerPort: withDefault(int32, 0),
  hostIP: text,
  hostPort: int32,
  name: text,
  protocol: withDefault(text, "TCP"),
}, { typeName: "ContainerPort", required: ["containerPort"] });

export const containerResizePolicySchema: StructuralSchema = object({
  resourceName: text,
  restartPolicy: text,
}, { typeName: "ContainerResizePolicy", required: ["resourceName","restartPolicy"] });

export const containerRestartRuleSchema: StructuralSchema = object({
  action: text,
  exitCodes: () => containerRestartRuleOnExitCodesSchema,
}, { typeName: "ContainerRestartRule", required: ["action"] });

export const containerRestartRuleOnExitCodesSchema: StructuralSchema = object({
  operator: text,
  values: setOf(int32),
}, { typeName: "ContainerRestartRuleOnExitCodes", required: ["operator"] });

export const containerStateSchema: StructuralSchema = object({
  running: () => containerStateRunningSchema,
  terminated: () => containerStateTerminatedSchema,
  waiting: () => containerStateWaitingSchema,
}, { typeName: "ContainerState" });

export const containerStateRunningSchema: StructuralSchema = object({
  startedAt: time,
}, { typeName: "ContainerStateRunning", writtenWhenEmpty: ["startedAt"] });

export const containerStateTerminatedSchema: StructuralSchema = object({
  containerID: text,
  exitCode: int32,
  finishedAt: time,
  message: text,
  reason: text,
  signal: int32,
  startedAt: time,
}, { typeName: "ContainerStateTerminated", required: ["exitCode"], writtenWhenEmpty: ["startedAt","finishedAt"] });

export const containerStateWaitingSchema: StructuralSchema = object({
  message: text,
  reason: text,
}, { typeName: "ContainerStateWaiting" });

export const containerStatusSchema: StructuralSchema = object({
  allocatedResources: mapOf(quantity),
  allocatedResourcesStatus: patched(mapListOf(() => resourceStatusSchema, ["name"]), "merge", "name"),
  containerID: text,
  image: text,
  imageID: text,
  lastState: () => containerStateSchema,
  name: text,
  ready: flag,
  resources: () => resourceRequirementsSchema,
  restartCount: int32,
  started: flag,
  state: () => containerStateSchema,
  stopSignal: text,
  user: () => containerUserSchema,
  volumeMounts: patched(mapListOf(() => volumeMountStatusSchema, ["mountPath"]), "merge", "mountPath"),
}, { typeName: "ContainerStatus", required: ["name","ready","restartCount","image","imageID"], writtenWhenEmpty: ["state","lastState"], keptWhenZero: ["started","stopSignal"] });

export const containerUserSchema: StructuralSchema = object({
  linux: () => linuxContainerUserSchema,
}, { typeName: "ContainerUser" });

export const daemonEndpointSchema: StructuralSchema = object({
  Port: int32,
}, { typeName: "DaemonEndpoint", required: ["Port"] });

export const downwardAPIProjectionSchema: StructuralSchema = object({
  items: listOf(() => downwardAPIVolumeFileSchema),
}, { typeName: "DownwardAPIProjection" });

export const downwardAPIVolumeFileSchema: StructuralSchema = object({
  fieldRef: () => objectFieldSelectorSchema,
  mode: int32,
  path: text,
  resourceFieldRef: () => resourceFieldSelectorSchema,
}, { typeName: "DownwardAPIVolumeFile", required: ["path"], keptWhenZero: ["mode"] });

export const downwardAPIVolumeSourceSchema: StructuralSchema = object({
  defaultMode: int32,
  items: listOf(() => downwardAPIVolumeFileSchema),
}, { typeName: "DownwardAPIVolumeSource", keptWhenZero: ["defaultMode"] });

export const emptyDirVolumeSourceSchema: StructuralSchema = object({
  medium: text,
  sizeLimit: quantity,
}, { typeName: "EmptyDirVolumeSource" });

export const endpointAddressSchema: StructuralSchema = object({
  hostname: text,
  ip: text,
  nodeName: text,
  targetRef: () => objectReferenceSchema,
}, { typeName: "EndpointAddress", required: ["ip"], keptWhenZero: ["nodeName"], mapType: "atomic" });

export const endpointPortSchema: StructuralSchema = object({
  appProtocol: text,
  name: text,
  port: int32,
  protocol: text,
}, { typeName: "EndpointPort", required: ["port"], keptWhenZero: ["appProtocol"], mapType: "atomic" });

export const endpointSubsetSchema: StructuralSchema = object({
  addresses: listOf(() => endpointAddressSchema),
  notReadyAddresses: listOf(() => endpointAddressSchema),
  ports: listOf(() => endpointPortSchema),
}, { typeName: "EndpointSubset" });

export const endpointsSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  subsets: listOf(() => endpointSubsetSchema),
}, { typeName: "Endpoints", writtenWhenEmpty: ["metadata"] });

export const envFromSourceSchema: StructuralSchema = object({
  configMapRef: () => configMapEnvSourceSchema,
  prefix: text,
  secretRef: () => secretEnvSourceSchema,
}, { typeName: "EnvFromSource" });

export const envVarSchema: StructuralSchema = object({
  name: withDefault(text, ""),
  value: text,
  valueFrom: () => envVarSourceSchema,
}, { typeName: "EnvVar", required: ["name"] });

export const envVarSourceSchema: StructuralSchema = object({
  configMapKeyRef: () => configMapKeySelectorSchema,
  fieldRef: () => objectFieldSelectorSchema,
  fileKeyRef: () => fileKeySelectorSchema,
  resourceFieldRef: () => resourceFieldSelectorSchema,
  secretKeyRef: () => secretKeySelectorSchema,
}, { typeName: "EnvVarSource" });

export const ephemeralContainerSchema: StructuralSchema = object({
  args: listOf(text),
  command: listOf(text),
  env: patched(mapListOf(() => envVarSchema, ["name"]), "merge", "name"),
  envFrom: listOf(() => envFromSourceSchema),
  image: text,
  imagePullPolicy: text,
  lifecycle: () => lifecycleSchema,
  livenessProbe: () => probeSchema,
  name: withDefault(text, ""),
  ports: patched(mapListOf(() => containerPortSchema, ["containerPort","protocol"]), "merge", "containerPort"),
  readinessProbe: () => probeSchema,
  resizePolicy: listOf(() => containerResizePolicySchema),
  resources: () => resourceRequirementsSchema,
  restartPolicy: text,
  restartPolicyRules: listOf(() => containerRestartRuleSchema),
  securityContext: () => securityContextSchema,
  startupProbe: () => probeSchema,
  stdin: flag,
  stdinOnce: flag,
  targetContainerName: text,
  terminationMessagePath: text,
  terminationMessagePolicy: text,
  tty: flag,
  volumeDevices: patched(mapListOf(() => volumeDeviceSchema, ["devicePath"]), "merge", "devicePath"),
  volumeMounts: patched(mapListOf(() => volumeMountSchema, ["mountPath"]), "merge", "mountPath"),
  workingDir: text,
}, { typeName: "EphemeralContainer", required: ["name"], keptWhenZero: ["restartPolicy"] });

export const ephemeralVolumeSourceSchema: StructuralSchema = object({
  volumeClaimTemplate: () => persistentVolumeClaimTemplateSchema,
}, { typeName: "EphemeralVolumeSource" });

export const eventSchema: StructuralSchema = object({
  action: text,
  apiVersion: text,
  count: int32,
  eventTime: microTime,
  firstTimestamp: time,
  involvedObject: () => objectReferenceSchema,
  kind: text,
  lastTimestamp: time,
  message: text,
  metadata: () => metaV1.objectMetaSchema,
  reason: text,
  related: () => objectReferenceSchema,
  reportingComponent: text,
  reportingInstance: text,
  series: () => eventSeriesSchema,
  source: () => eventSourceSchema,
  type: text,
}, { typeName: "Event", required: ["involvedObject"], writtenWhenEmpty: ["metadata","source","firstTimestamp","lastTimestamp","eventTime","reportingComponent","reportingInstance"] });

export const eventSeriesSchema: StructuralSchema = object({
  count: int32,
  lastObservedTime: microTime,
}, { typeName: "EventSeries", writtenWhenEmpty: ["lastObservedTime"] });

export const eventSourceSchema: StructuralSchema = object({
  component: text,
  host: text,
}, { typeName: "EventSource" });

export const execActionSchema: StructuralSchema = object({
  command: listOf(text),
}, { typeName: "ExecAction" });

export const fcVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  lun: int32,
  readOnly: flag,
  targetWWNs: listOf(text),
  wwids: listOf(text),
}, { typeName: "FCVolumeSource", keptWhenZero: ["lun"] });

export const fileKeySelectorSchema: StructuralSchema = object({
  key: text,
  optional: flag,
  path: text,
  volumeName: text,
}, { typeName: "FileKeySelector", required: ["volumeName","path","key"], keptWhenZero: ["optional"], mapType: "atomic" });

export const flexPersistentVolumeSourceSchema: StructuralSchema = object({
  driver: text,
  fsType: text,
  options: mapOf(text),
  readOnly: flag,
  secretRef: () => secretReferenceSchema,
}, { typeName: "FlexPersistentVolumeSource", required: ["driver"] });

export const flexVolumeSourceSchema: StructuralSchema = object({
  driver: text,
  fsType: text,
  options: mapOf(text),
  readOnly: flag,
  secretRef: () => localObjectReferenceSchema,
}, { typeName: "FlexVolumeSource", required: ["driver"] });

export const flockerVolumeSourceSchema: StructuralSchema = object({
  datasetName: text,
  datasetUUID: text,
}, { typeName: "FlockerVolumeSource" });

export const gcePersistentDiskVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  partition: int32,
  pdName: text,
  readOnly: flag,
}, { typeName: "GCEPersistentDiskVolumeSource", required: ["pdName"] });

export const grpcActionSchema: StructuralSchema = object({
  port: int32,
  service: text,
}, { typeName: "GRPCAction", required: ["port"], keptWhenZero: ["service"] });

export const gitRepoVolumeSourceSchema: StructuralSchema = object({
  directory: text,
  repository: text,
  revision: text,
}, { typeName: "GitRepoVolumeSource", required: ["repository"] });

export const glusterfsPersistentVolumeSourceSchema: StructuralSchema = object({
  endpoints: text,
  endpointsNamespace: text,
  path: text,
  readOnly: flag,
}, { typeName: "GlusterfsPersistentVolumeSource", required: ["endpoints","path"], keptWhenZero: ["endpointsNamespace"] });

export const glusterfsVolumeSourceSchema: StructuralSchema = object({
  endpoints: text,
  path: text,
  readOnly: flag,
}, { typeName: "GlusterfsVolumeSource", required: ["endpoints","path"] });

export const httpGetActionSchema: StructuralSchema = object({
  host: text,
  httpHeaders: listOf(() => httpHeaderSchema),
  path: text,
  port: intOrString,
  scheme: text,
}, { typeName: "HTTPGetAction", required: ["port"] });

export const httpHeaderSchema: StructuralSchema = object({
  name: text,
  value: text,
}, { typeName: "HTTPHeader", required: ["name","value"] });

export const hostAliasSchema: StructuralSchema = object({
  hostnames: listOf(text),
  ip: withDefault(text, ""),
}, { typeName: "HostAlias", required: ["ip"] });

export const hostIPSchema: StructuralSchema = object({
  ip: text,
}, { typeName: "HostIP", required: ["ip"] });

export const hostPathVolumeSourceSchema: StructuralSchema = object({
  path: text,
  type: text,
}, { typeName: "HostPathVolumeSource", required: ["path"], keptWhenZero: ["type"] });

export const iscsiPersistentVolumeSourceSchema: StructuralSchema = object({
  chapAuthDiscovery: flag,
  chapAuthSession: flag,
  fsType: text,
  initiatorName: text,
  iqn: text,
  iscsiInterface: text,
  lun: int32,
  portals: listOf(text),
  readOnly: flag,
  secretRef: () => secretReferenceSchema,
  targetPortal: text,
}, { typeName: "ISCSIPersistentVolumeSource", required: ["targetPortal","iqn","lun"], keptWhenZero: ["initiatorName"] });

export const iscsiVolumeSourceSchema: StructuralSchema = object({
  chapAuthDiscovery: flag,
  chapAuthSession: flag,
  fsType: text,
  initiatorName: text,
  iqn: text,
  iscsiInterface: text,
  lun: int32,
  portals: listOf(text),
  readOnly: flag,
  secretRef: () => localObjectReferenceSchema,
  targetPortal: text,
}, { typeName: "ISCSIVolumeSource", required: ["targetPortal","iqn","lun"], keptWhenZero: ["initiatorName"] });

export const imageVolumeSourceSchema: StructuralSchema = object({
  pullPolicy: text,
  reference: text,
}, { typeName: "ImageVolumeSource" });

export const imageVolumeStatusSchema: StructuralSchema = object({
  imageRef: text,
}, { typeName: "ImageVolumeStatus", required: ["imageRef"] });

export const keyToPathSchema: StructuralSchema = object({
  key: text,
  mode: int32,
  path: text,
}, { typeName: "KeyToPath", required: ["key","path"], keptWhenZero: ["mode"] });

export const lifecycleSchema: StructuralSchema = object({
  postStart: () => lifecycleHandlerSchema,
  preStop: () => lifecycleHandlerSchema,
  stopSignal: text,
}, { typeName: "Lifecycle", keptWhenZero: ["stopSignal"] });

export const lifecycleHandlerSchema: StructuralSchema = object({
  exec: () => execActionSchema,
  httpGet: () => httpGetActionSchema,
  sleep: () => sleepActionSchema,
  tcpSocket: () => tcpSocketActionSchema,
}, { typeName: "LifecycleHandler" });

export const limitRangeSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => limitRangeSpecSchema,
}, { typeName: "LimitRange", writtenWhenEmpty: ["metadata","spec"] });

export const limitRangeItemSchema: StructuralSchema = object({
  default: mapOf(quantity),
  defaultRequest: mapOf(quantity),
  max: mapOf(quantity),
  maxLimitRequestRatio: mapOf(quantity),
  min: mapOf(quantity),
  type: text,
}, { typeName: "LimitRangeItem", required: ["type"] });

export const limitRangeSpecSchema: StructuralSchema = object({
  limits: listOf(() => limitRangeItemSchema),
}, { typeName: "LimitRangeSpec", required: ["limits"] });

export const linuxContainerUserSchema: StructuralSchema = object({
  gid: int64,
  supplementalGroups: listOf(int64),
  uid: int64,
}, { typeName: "LinuxContainerUser", required: ["uid","gid"] });

export const loadBalancerIngressSchema: StructuralSchema = object({
  hostname: text,
  ip: text,
  ipMode: text,
  ports: listOf(() => portStatusSchema),
}, { typeName: "LoadBalancerIngress", keptWhenZero: ["ipMode"] });

export const loadBalancerStatusSchema: StructuralSchema = object({
  ingress: listOf(() => loadBalancerIngressSchema),
}, { typeName: "LoadBalancerStatus" });

export const localObjectReferenceSchema: StructuralSchema = object({
  name: withDefault(text, ""),
}, { typeName: "LocalObjectReference", mapType: "atomic" });

export const localVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  path: text,
}, { typeName: "LocalVolumeSource", required: ["path"], keptWhenZero: ["fsType"] });

export const modifyVolumeStatusSchema: StructuralSchema = object({
  status: text,
  targetVolumeAttributesClassName: text,
}, { typeName: "ModifyVolumeStatus", required: ["status"] });

export const nfsVolumeSourceSchema: StructuralSchema = object({
  path: text,
  readOnly: flag,
  server: text,
}, { typeName: "NFSVolumeSource", required: ["server","path"] });

export const namespaceSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => namespaceSpecSchema,
  status: () => namespaceStatusSchema,
}, { typeName: "Namespace", writtenWhenEmpty: ["metadata","spec","status"] });

export const namespaceConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "NamespaceCondition", required: ["type","status"], writtenWhenEmpty: ["lastTransitionTime"] });

export const namespaceSpecSchema: StructuralSchema = object({
  finalizers: listOf(text),
}, { typeName: "NamespaceSpec" });

export const namespaceStatusSchema: StructuralSchema = object({
  conditions: patched(mapListOf(() => namespaceConditionSchema, ["type"]), "merge", "type"),
  phase: text,
}, { typeName: "NamespaceStatus" });

export const nodeSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => nodeSpecSchema,
  status: () => nodeStatusSchema,
}, { typeName: "Node", writtenWhenEmpty: ["metadata","spec","status"] });

export const nodeAddressSchema: StructuralSchema = object({
  address: text,
  type: withDefault(text, ""),
}, { typeName: "NodeAddress", required: ["type","address"] });

export const nodeAffinitySchema: StructuralSchema = object({
  preferredDuringSchedulingIgnoredDuringExecution: listOf(() => preferredSchedulingTermSchema),
  requiredDuringSchedulingIgnoredDuringExecution: () => nodeSelectorSchema,
}, { typeName: "NodeAffinity" });

export const nodeAllocatableResourceClaimStatusSchema: StructuralSchema = object({
  containers: setOf(text),
  resourceClaimName: text,
  resources: mapOf(quantity),
}, { typeName: "NodeAllocatableResourceClaimStatus", required: ["resourceClaimName","resources"] });

export const nodeConditionSchema: StructuralSchema = object({
  lastHeartbeatTime: time,
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "NodeCondition", required: ["type","status"], writtenWhenEmpty: ["lastHeartbeatTime","lastTransitionTime"] });

export const nodeConfigSourceSchema: StructuralSchema = object({
  configMap: () => configMapNodeConfigSourceSchema,
}, { typeName: "NodeConfigSource" });

export const nodeConfigStatusSchema: StructuralSchema = object({
  active: () => nodeConfigSourceSchema,
  assigned: () => nodeConfigSourceSchema,
  error: text,
  lastKnownGood: () => nodeConfigSourceSchema,
}, { typeName: "NodeConfigStatus" });

export const nodeDaemonEndpointsSchema: StructuralSchema = object({
  kubeletEndpoint: () => daemonEndpointSchema,
}, { typeName: "NodeDaemonEndpoints", writtenWhenEmpty: ["kubeletEndpoint"] });

export const nodeFeaturesSchema: StructuralSchema = object({
  supplementalGroupsPolicy: flag,
}, { typeName: "NodeFeatures", keptWhenZero: ["supplementalGroupsPolicy"] });

export const nodeRuntimeHandlerSchema: StructuralSchema = object({
  features: () => nodeRuntimeHandlerFeaturesSchema,
  name: text,
}, { typeName: "NodeRuntimeHandler", writtenWhenEmpty: ["name"] });

export const nodeRuntimeHandlerFeaturesSchema: StructuralSchema = object({
  recursiveReadOnlyMounts: flag,
  userNamespaces: flag,
}, { typeName: "NodeRuntimeHandlerFeatures", keptWhenZero: ["recursiveReadOnlyMounts","userNamespaces"] });

export const nodeSelectorSchema: StructuralSchema = object({
  nodeSelectorTerms: listOf(() => nodeSelectorTermSchema),
}, { typeName: "NodeSelector", required: ["nodeSelectorTerms"], mapType: "atomic" });

export const nodeSelectorRequirementSchema: StructuralSchema = object({
  key: text,
  operator: text,
  values: listOf(text),
}, { typeName: "NodeSelectorRequirement", required: ["key","operator"] });

export const nodeSelectorTermSchema: StructuralSchema = object({
  matchExpressions: listOf(() => nodeSelectorRequirementSchema),
  matchFields: listOf(() => nodeSelectorRequirementSchema),
}, { typeName: "NodeSelectorTerm", mapType: "atomic" });

export const nodeSpecSchema: StructuralSchema = object({
  configSource: () => nodeConfigSourceSchema,
  externalID: text,
  podCIDR: text,
  podCIDRs: patched(setOf(text), "merge"),
  providerID: text,
  taints: listOf(() => taintSchema),
  unschedulable: flag,
}, { typeName: "NodeSpec" });

export const nodeStatusSchema: StructuralSchema = object({
  addresses: patched(mapListOf(() => nodeAddressSchema, ["type"]), "merge", "type"),
  allocatable: mapOf(quantity),
  capacity: mapOf(quantity),
  conditions: patched(mapListOf(() => nodeConditionSchema, ["type"]), "merge", "type"),
  config: () => nodeConfigStatusSchema,
  daemonEndpoints: () => nodeDaemonEndpointsSchema,
  declaredFeatures: listOf(text),
  features: () => nodeFeaturesSchema,
  images: listOf(() => containerImageSchema),
  nodeInfo: () => nodeSystemInfoSchema,
  phase: text,
  runtimeHandlers: listOf(() => nodeRuntimeHandlerSchema),
  volumesAttached: listOf(() => attachedVolumeSchema),
  volumesInUse: listOf(text),
}, { typeName: "NodeStatus", writtenWhenEmpty: ["daemonEndpoints","nodeInfo"] });

export const nodeSwapStatusSchema: StructuralSchema = object({
  capacity: int64,
}, { typeName: "NodeSwapStatus", keptWhenZero: ["capacity"] });

export const nodeSystemInfoSchema: StructuralSchema = object({
  architecture: text,
  bootID: text,
  containerRuntimeVersion: text,
  kernelVersion: text,
  kubeProxyVersion: text,
  kubeletVersion: text,
  machineID: text,
  operatingSystem: text,
  osImage: text,
  swap: () => nodeSwapStatusSchema,
  systemUUID: text,
}, { typeName: "NodeSystemInfo", required: ["machineID","systemUUID","bootID","kernelVersion","osImage","containerRuntimeVersion","kubeletVersion","kubeProxyVersion","operatingSystem","architecture"] });

export const objectFieldSelectorSchema: StructuralSchema = object({
  apiVersion: text,
  fieldPath: text,
}, { typeName: "ObjectFieldSelector", required: ["fieldPath"], mapType: "atomic" });

export const objectReferenceSchema: StructuralSchema = object({
  apiVersion: text,
  fieldPath: text,
  kind: text,
  name: text,
  namespace: text,
  resourceVersion: text,
  uid: text,
}, { typeName: "ObjectReference", mapType: "atomic" });

export const persistentVolumeSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => persistentVolumeSpecSchema,
  status: () => persistentVolumeStatusSchema,
}, { typeName: "PersistentVolume", writtenWhenEmpty: ["metadata","spec","status"] });

export const persistentVolumeClaimSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => persistentVolumeClaimSpecSchema,
  status: () => persistentVolumeClaimStatusSchema,
}, { typeName: "PersistentVolumeClaim", writtenWhenEmpty: ["metadata","spec","status"] });

export const persistentVolumeClaimConditionSchema: StructuralSchema = object({
  lastProbeTime: time,
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "PersistentVolumeClaimCondition", required: ["type","status"], writtenWhenEmpty: ["lastProbeTime","lastTransitionTime"] });

export const persistentVolumeClaimSpecSchema: StructuralSchema = object({
  accessModes: listOf(text),
  dataSource: () => typedLocalObjectReferenceSchema,
  dataSourceRef: () => typedObjectReferenceSchema,
  resources: () => volumeResourceRequirementsSchema,
  selector: () => metaV1.labelSelectorSchema,
  storageClassName: text,
  volumeAttributesClassName: text,
  volumeMode: text,
  volumeName: text,
}, { typeName: "PersistentVolumeClaimSpec", writtenWhenEmpty: ["resources"], keptWhenZero: ["storageClassName","volumeAttributesClassName","volumeMode"] });

export const persistentVolumeClaimStatusSchema: StructuralSchema = object({
  accessModes: listOf(text),
  allocatedResourceStatuses: owned(mapOf(text), "granular"),
  allocatedResources: mapOf(quantity),
  capacity: mapOf(quantity),
  conditions: patched(mapListOf(() => persistentVolumeClaimConditionSchema, ["type"]), "merge", "type"),
  currentVolumeAttributesClassName: text,
  modifyVolumeStatus: () => modifyVolumeStatusSchema,
  phase: text,
}, { typeName: "PersistentVolumeClaimStatus", keptWhenZero: ["currentVolumeAttributesClassName"] });

export const persistentVolumeClaimTemplateSchema: StructuralSchema = object({
  metadata: () => metaV1.objectMetaSchema,
  spec: () => persistentVolumeClaimSpecSchema,
}, { typeName: "PersistentVolumeClaimTemplate", required: ["spec"], writtenWhenEmpty: ["metadata"] });

export const persistentVolumeClaimVolumeSourceSchema: StructuralSchema = object({
  claimName: text,
  readOnly: flag,
}, { typeName: "PersistentVolumeClaimVolumeSource", required: ["claimName"] });

export const persistentVolumeSpecSchema: StructuralSchema = object({
  accessModes: listOf(text),
  awsElasticBlockStore: () => awsElasticBlockStoreVolumeSourceSchema,
  azureDisk: () => azureDiskVolumeSourceSchema,
  azureFile: () => azureFilePersistentVolumeSourceSchema,
  capacity: mapOf(quantity),
  cephfs: () => cephFSPersistentVolumeSourceSchema,
  cinder: () => cinderPersistentVolumeSourceSchema,
  claimRef: owned(() => objectReferenceSchema, "granular"),
  csi: () => csiPersistentVolumeSourceSchema,
  fc: () => fcVolumeSourceSchema,
  flexVolume: () => flexPersistentVolumeSourceSchema,
  flocker: () => flockerVolumeSourceSchema,
  gcePersistentDisk: () => gcePersistentDiskVolumeSourceSchema,
  glusterfs: () => glusterfsPersistentVolumeSourceSchema,
  hostPath: () => hostPathVolumeSourceSchema,
  iscsi: () => iscsiPersistentVolumeSourceSchema,
  local: () => localVolumeSourceSchema,
  mountOptions: listOf(text),
  nfs: () => nfsVolumeSourceSchema,
  nodeAffinity: () => volumeNodeAffinitySchema,
  persistentVolumeReclaimPolicy: text,
  photonPersistentDisk: () => photonPersistentDiskVolumeSourceSchema,
  portworxVolume: () => portworxVolumeSourceSchema,
  quobyte: () => quobyteVolumeSourceSchema,
  rbd: () => rbdPersistentVolumeSourceSchema,
  scaleIO: () => scaleIOPersistentVolumeSourceSchema,
  storageClassName: text,
  storageos: () => storageOSPersistentVolumeSourceSchema,
  volumeAttributesClassName: text,
  volumeMode: text,
  vsphereVolume: () => vsphereVirtualDiskVolumeSourceSchema,
}, { typeName: "PersistentVolumeSpec", keptWhenZero: ["volumeAttributesClassName","volumeMode"] });

export const persistentVolumeStatusSchema: StructuralSchema = object({
  lastPhaseTransitionTime: time,
  message: text,
  phase: text,
  reason: text,
}, { typeName: "PersistentVolumeStatus" });

export const photonPersistentDiskVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  pdID: text,
}, { typeName: "PhotonPersistentDiskVolumeSource", required: ["pdID"] });

export const podSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => podSpecSchema,
  status: () => podStatusSchema,
}, { typeName: "Pod", writtenWhenEmpty: ["metadata","spec","status"] });

export const podAffinitySchema: StructuralSchema = object({
  preferredDuringSchedulingIgnoredDuringExecution: listOf(() => weightedPodAffinityTermSchema),
  requiredDuringSchedulingIgnoredDuringExecution: listOf(() => podAffinityTermSchema),
}, { typeName: "PodAffinity" });

export const podAffinityTermSchema: StructuralSchema = object({
  labelSelector: () => metaV1.labelSelectorSchema,
  matchLabelKeys: listOf(text),
  mismatchLabelKeys: listOf(text),
  namespaceSelector: () => metaV1.labelSelectorSchema,
  namespaces: listOf(text),
  topologyKey: text,
}, { typeName: "PodAffinityTerm", required: ["topologyKey"] });

export const podAntiAffinitySchema: StructuralSchema = object({
  preferredDuringSchedulingIgnoredDuringExecution: listOf(() => weightedPodAffinityTermSchema),
  requiredDuringSchedulingIgnoredDuringExecution: listOf(() => podAffinityTermSchema),
}, { typeName: "PodAntiAffinity" });

export const podCertificateProjectionSchema: StructuralSchema = object({
  certificateChainPath: text,
  credentialBundlePath: text,
  keyPath: text,
  keyType: text,
  maxExpirationSeconds: int32,
  signerName: text,
  userAnnotations: mapOf(text),
}, { typeName: "PodCertificateProjection", required: ["signerName","keyType"], keptWhenZero: ["maxExpirationSeconds"] });

export const podConditionSchema: StructuralSchema = object({
  lastProbeTime: time,
  lastTransitionTime: time,
  message: text,
  observedGeneration: int64,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "PodCondition", required: ["type","status"], writtenWhenEmpty: ["lastProbeTime","lastTransitionTime"] });

export const podDNSConfigSchema: StructuralSchema = object({
  nameservers: listOf(text),
  options: listOf(() => podDNSConfigOptionSchema),
  searches: listOf(text),
}, { typeName: "PodDNSConfig" });

export const podDNSConfigOptionSchema: StructuralSchema = object({
  name: text,
  value: text,
}, { typeName: "PodDNSConfigOption", keptWhenZero: ["value"] });

export const podExtendedResourceClaimStatusSchema: StructuralSchema = object({
  requestMappings: listOf(() => containerExtendedResourceRequestSchema),
  resourceClaimName: text,
}, { typeName: "PodExtendedResourceClaimStatus", required: ["requestMappings","resourceClaimName"] });

export const podIPSchema: StructuralSchema = object({
  ip: withDefault(text, ""),
}, { typeName: "PodIP", required: ["ip"] });

export const podOSSchema: StructuralSchema = object({
  name: text,
}, { typeName: "PodOS", required: ["name"] });

export const podReadinessGateSchema: StructuralSchema = object({
  conditionType: text,
}, { typeName: "PodReadinessGate", required: ["conditionType"] });

export const podResourceClaimSchema: StructuralSchema = object({
  name: withDefault(text, ""),
  resourceClaimName: text,
  resourceClaimTemplateName: text,
}, { typeName: "PodResourceClaim", required: ["name"], keptWhenZero: ["resourceClaimName","resourceClaimTemplateName"] });

export const podResourceClaimStatusSchema: StructuralSchema = object({
  name: withDefault(text, ""),
  resourceClaimName: text,
}, { typeName: "PodResourceClaimStatus", required: ["name"], keptWhenZero: ["resourceClaimName"] });

export const podSchedulingGateSchema: StructuralSchema = object({
  name: withDefault(text, ""),
}, { typeName: "PodSchedulingGate", required: ["name"] });

export const podSchedulingGroupSchema: StructuralSchema = object({
  podGroupName: text,
}, { typeName: "PodSchedulingGroup", keptWhenZero: ["podGroupName"] });

export const podSecurityContextSchema: StructuralSchema = object({
  appArmorProfile: () => appArmorProfileSchema,
  fsGroup: int64,
  fsGroupChangePolicy: text,
  runAsGroup: int64,
  runAsNonRoot: flag,
  runAsUser: int64,
  seLinuxChangePolicy: text,
  seLinuxOptions: () => seLinuxOptionsSchema,
  seccompProfile: () => seccompProfileSchema,
  supplementalGroups: listOf(int64),
  supplementalGroupsPolicy: text,
  sysctls: listOf(() => sysctlSchema),
  windowsOptions: () => windowsSecurityContextOptionsSchema,
}, { typeName: "PodSecurityContext", keptWhenZero: ["fsGroup","fsGroupChangePolicy","runAsGroup","runAsNonRoot","runAsUser","seLinuxChangePolicy","supplementalGroupsPolicy"] });

export const podSpecSchema: StructuralSchema = object({
  activeDeadlineSeconds: int64,
  affinity: () => affinitySchema,
  automountServiceAccountToken: flag,
  containers: patched(mapListOf(() => containerSchema, ["name"]), "merge", "name"),
  dnsConfig: () => podDNSConfigSchema,
  dnsPolicy: text,
  enableServiceLinks: flag,
  ephemeralContainers: patched(mapListOf(() => ephemeralContainerSchema, ["name"]), "merge", "name"),
  hostAliases: patched(mapListOf(() => hostAliasSchema, ["ip"]), "merge", "ip"),
  hostIPC: flag,
  hostNetwork: flag,
  hostPID: flag,
  hostUsers: flag,
  hostname: text,
  hostnameOverride: text,
  imagePullSecrets: patched(mapListOf(() => localObjectReferenceSchema, ["name"]), "merge", "name"),
  initContainers: patched(mapListOf(() => containerSchema, ["name"]), "merge", "name"),
  nodeName: text,
  nodeSelector: owned(mapOf(text), "atomic"),
  os: () => podOSSchema,
  overhead: mapOf(quantity),
  preemptionPolicy: text,
  priority: int32,
  priorityClassName: text,
  readinessGates: listOf(() => podReadinessGateSchema),
  resourceClaims: patched(mapListOf(() => podResourceClaimSchema, ["name"]), "merge,retainKeys", "name"),
  resources: () => resourceRequirementsSchema,
  restartPolicy: text,
  runtimeClassName: text,
  schedulerName: text,
  schedulingGates: patched(mapListOf(() => podSchedulingGateSchema, ["name"]), "merge", "name"),
  schedulingGroup: () => podSchedulingGroupSchema,
  securityContext: () => podSecurityContextSchema,
  serviceAccount: text,
  serviceAccountName: text,
  setHostnameAsFQDN: flag,
  shareProcessNamespace: flag,
  subdomain: text,
  terminationGracePeriodSeconds: int64,
  tolerations: listOf(() => tolerationSchema),
  topologySpreadConstraints: patched(mapListOf(() => topologySpreadConstraintSchema, ["topologyKey","whenUnsatisfiable"]), "merge", "topologyKey"),
  volumes: patched(mapListOf(() => volumeSchema, ["name"]), "merge,retainKeys", "name"),
}, { typeName: "PodSpec", required: ["containers"], keptWhenZero: ["activeDeadlineSeconds","automountServiceAccountToken","enableServiceLinks","hostUsers","hostnameOverride","preemptionPolicy","priority","runtimeClassName","setHostnameAsFQDN","shareProcessNamespace","terminationGracePeriodSeconds"] });

export const podStatusSchema: StructuralSchema = object({
  allocatedResources: mapOf(quantity),
  conditions: patched(mapListOf(() => podConditionSchema, ["type"]), "merge", "type"),
  containerStatuses: listOf(() => containerStatusSchema),
  ephemeralContainerStatuses: listOf(() => containerStatusSchema),
  extendedResourceClaimStatus: () => podExtendedResourceClaimStatusSchema,
  hostIP: text,
  hostIPs: patched(listOf(() => hostIPSchema), "merge", "ip"),
  initContainerStatuses: listOf(() => containerStatusSchema),
  message: text,
  nodeAllocatableResourceClaimStatuses: listOf(() => nodeAllocatableResourceClaimStatusSchema),
  nominatedNodeName: text,
  observedGeneration: int64,
  phase: text,
  podIP: text,
  podIPs: patched(mapListOf(() => podIPSchema, ["ip"]), "merge", "ip"),
  qosClass: text,
  reason: text,
  resize: text,
  resourceClaimStatuses: patched(mapListOf(() => podResourceClaimStatusSchema, ["name"]), "merge,retainKeys", "name"),
  resources: () => resourceRequirementsSchema,
  startTime: time,
}, { typeName: "PodStatus" });

export const podTemplateSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  template: () => podTemplateSpecSchema,
}, { typeName: "PodTemplate", writtenWhenEmpty: ["metadata","template"] });

export const podTemplateSpecSchema: StructuralSchema = object({
  metadata: () => metaV1.objectMetaSchema,
  spec: () => podSpecSchema,
}, { typeName: "PodTemplateSpec", writtenWhenEmpty: ["metadata","spec"] });

export const portStatusSchema: StructuralSchema = object({
  error: text,
  port: int32,
  protocol: text,
}, { typeName: "PortStatus", required: ["port","protocol"], keptWhenZero: ["error"] });

export const portworxVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  readOnly: flag,
  volumeID: text,
}, { typeName: "PortworxVolumeSource", required: ["volumeID"] });

export const preferredSchedulingTermSchema: StructuralSchema = object({
  preference: () => nodeSelectorTermSchema,
  weight: int32,
}, { typeName: "PreferredSchedulingTerm", required: ["weight","preference"] });

export const probeSchema: StructuralSchema = object({
  exec: () => execActionSchema,
  failureThreshold: int32,
  grpc: () => grpcActionSchema,
  httpGet: () => httpGetActionSchema,
  initialDelaySeconds: int32,
  periodSeconds: int32,
  successThreshold: int32,
  tcpSocket: () => tcpSocketActionSchema,
  terminationGracePeriodSeconds: int64,
  timeoutSeconds: int32,
}, { typeName: "Probe", keptWhenZero: ["terminationGracePeriodSeconds"] });

export const projectedVolumeSourceSchema: StructuralSchema = object({
  defaultMode: int32,
  sources: listOf(() => volumeProjectionSchema),
}, { typeName: "ProjectedVolumeSource", writtenWhenEmpty: ["sources"], keptWhenZero: ["defaultMode"] });

export const quobyteVolumeSourceSchema: StructuralSchema = object({
  group: text,
  readOnly: flag,
  registry: text,
  tenant: text,
  user: text,
  volume: text,
}, { typeName: "QuobyteVolumeSource", required: ["registry","volume"] });

export const rbdPersistentVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  image: text,
  keyring: text,
  monitors: listOf(text),
  pool: text,
  readOnly: flag,
  secretRef: () => secretReferenceSchema,
  user: text,
}, { typeName: "RBDPersistentVolumeSource", required: ["monitors","image"] });

export const rbdVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  image: text,
  keyring: text,
  monitors: listOf(text),
  pool: text,
  readOnly: flag,
  secretRef: () => localObjectReferenceSchema,
  user: text,
}, { typeName: "RBDVolumeSource", required: ["monitors","image"] });

export const replicationControllerSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => replicationControllerSpecSchema,
  status: () => replicationControllerStatusSchema,
}, { typeName: "ReplicationController", writtenWhenEmpty: ["metadata","spec","status"] });

export const replicationControllerConditionSchema: StructuralSchema = object({
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: withDefault(text, ""),
}, { typeName: "ReplicationControllerCondition", required: ["type","status"], writtenWhenEmpty: ["lastTransitionTime"] });

export const replicationControllerSpecSchema: StructuralSchema = object({
  minReadySeconds: int32,
  replicas: int32,
  selector: owned(mapOf(text), "atomic"),
  template: () => podTemplateSpecSchema,
}, { typeName: "ReplicationControllerSpec", keptWhenZero: ["replicas"] });

export const replicationControllerStatusSchema: StructuralSchema = object({
  availableReplicas: int32,
  conditions: patched(mapListOf(() => replicationControllerConditionSchema, ["type"]), "merge", "type"),
  fullyLabeledReplicas: int32,
  observedGeneration: int64,
  readyReplicas: int32,
  replicas: int32,
}, { typeName: "ReplicationControllerStatus", required: ["replicas"] });

export const resourceClaimSchema: StructuralSchema = object({
  name: withDefault(text, ""),
  request: text,
}, { typeName: "ResourceClaim", required: ["name"] });

export const resourceFieldSelectorSchema: StructuralSchema = object({
  containerName: text,
  divisor: quantity,
  resource: text,
}, { typeName: "ResourceFieldSelector", required: ["resource"], writtenWhenEmpty: ["divisor"], mapType: "atomic" });

export const resourceHealthSchema: StructuralSchema = object({
  health: text,
  message: text,
  resourceID: withDefault(text, ""),
}, { typeName: "ResourceHealth", required: ["resourceID"], keptWhenZero: ["message"] });

export const resourceQuotaSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => resourceQuotaSpecSchema,
  status: () => resourceQuotaStatusSchema,
}, { typeName: "ResourceQuota", writtenWhenEmpty: ["metadata","spec","status"] });

export const resourceQuotaSpecSchema: StructuralSchema = object({
  hard: mapOf(quantity),
  scopeSelector: () => scopeSelectorSchema,
  scopes: listOf(text),
}, { typeName: "ResourceQuotaSpec" });

export const resourceQuotaStatusSchema: StructuralSchema = object({
  hard: mapOf(quantity),
  used: mapOf(quantity),
}, { typeName: "ResourceQuotaStatus" });

export const resourceRequirementsSchema: StructuralSchema = object({
  claims: mapListOf(() => resourceClaimSchema, ["name"]),
  limits: mapOf(quantity),
  requests: mapOf(quantity),
}, { typeName: "ResourceRequirements" });

export const resourceStatusSchema: StructuralSchema = object({
  name: withDefault(text, ""),
  resources: mapListOf(() => resourceHealthSchema, ["resourceID"]),
}, { typeName: "ResourceStatus", required: ["name"] });

export const seLinuxOptionsSchema: StructuralSchema = object({
  level: text,
  role: text,
  type: text,
  user: text,
}, { typeName: "SELinuxOptions" });

export const scaleIOPersistentVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  gateway: text,
  protectionDomain: text,
  readOnly: flag,
  secretRef: () => secretReferenceSchema,
  sslEnabled: flag,
  storageMode: text,
  storagePool: text,
  system: text,
  volumeName: text,
}, { typeName: "ScaleIOPersistentVolumeSource", required: ["gateway","system","secretRef"], writtenNull: ["secretRef"] });

export const scaleIOVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  gateway: text,
  protectionDomain: text,
  readOnly: flag,
  secretRef: () => localObjectReferenceSchema,
  sslEnabled: flag,
  storageMode: text,
  storagePool: text,
  system: text,
  volumeName: text,
}, { typeName: "ScaleIOVolumeSource", required: ["gateway","system","secretRef"], writtenNull: ["secretRef"] });

export const scopeSelectorSchema: StructuralSchema = object({
  matchExpressions: listOf(() => scopedResourceSelectorRequirementSchema),
}, { typeName: "ScopeSelector", mapType: "atomic" });

export const scopedResourceSelectorRequirementSchema: StructuralSchema = object({
  operator: text,
  scopeName: text,
  values: listOf(text),
}, { typeName: "ScopedResourceSelectorRequirement", required: ["scopeName","operator"] });

export const seccompProfileSchema: StructuralSchema = object({
  localhostProfile: text,
  type: text,
}, { typeName: "SeccompProfile", required: ["type"], keptWhenZero: ["localhostProfile"] });

export const secretSchema: StructuralSchema = object({
  apiVersion: text,
  data: mapOf(bytes),
  immutable: flag,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  stringData: mapOf(text),
  type: text,
}, { typeName: "Secret", writtenWhenEmpty: ["metadata"], keptWhenZero: ["immutable"] });

export const secretEnvSourceSchema: StructuralSchema = object({
  name: text,
  optional: flag,
}, { typeName: "SecretEnvSource", keptWhenZero: ["optional"] });

export const secretKeySelectorSchema: StructuralSchema = object({
  key: text,
  name: text,
  optional: flag,
}, { typeName: "SecretKeySelector", required: ["key"], keptWhenZero: ["optional"], mapType: "atomic" });

export const secretProjectionSchema: StructuralSchema = object({
  items: listOf(() => keyToPathSchema),
  name: text,
  optional: flag,
}, { typeName: "SecretProjection", keptWhenZero: ["optional"] });

export const secretReferenceSchema: StructuralSchema = object({
  name: text,
  namespace: text,
}, { typeName: "SecretReference", mapType: "atomic" });

export const secretVolumeSourceSchema: StructuralSchema = object({
  defaultMode: int32,
  items: listOf(() => keyToPathSchema),
  optional: flag,
  secretName: text,
}, { typeName: "SecretVolumeSource", keptWhenZero: ["defaultMode","optional"] });

export const securityContextSchema: StructuralSchema = object({
  allowPrivilegeEscalation: flag,
  appArmorProfile: () => appArmorProfileSchema,
  capabilities: () => capabilitiesSchema,
  privileged: flag,
  procMount: text,
  readOnlyRootFilesystem: flag,
  runAsGroup: int64,
  runAsNonRoot: flag,
  runAsUser: int64,
  seLinuxOptions: () => seLinuxOptionsSchema,
  seccompProfile: () => seccompProfileSchema,
  windowsOptions: () => windowsSecurityContextOptionsSchema,
}, { typeName: "SecurityContext", keptWhenZero: ["allowPrivilegeEscalation","privileged","procMount","readOnlyRootFilesystem","runAsGroup","runAsNonRoot","runAsUser"] });

export const serviceSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => serviceSpecSchema,
  status: () => serviceStatusSchema,
}, { typeName: "Service", writtenWhenEmpty: ["metadata","spec","status"] });

export const serviceAccountSchema: StructuralSchema = object({
  apiVersion: text,
  automountServiceAccountToken: flag,
  imagePullSecrets: listOf(() => localObjectReferenceSchema),
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  secrets: patched(mapListOf(() => objectReferenceSchema, ["name"]), "merge", "name"),
}, { typeName: "ServiceAccount", writtenWhenEmpty: ["metadata"], keptWhenZero: ["automountServiceAccountToken"] });

export const serviceAccountTokenProjectionSchema: StructuralSchema = object({
  audience: text,
  expirationSeconds: int64,
  path: text,
}, { typeName: "ServiceAccountTokenProjection", required: ["path"], keptWhenZero: ["expirationSeconds"] });

export const servicePortSchema: StructuralSchema = object({
  appProtocol: text,
  name: text,
  nodePort: int32,
  port: withDefault(int32, 0),
  protocol: withDefault(text, "TCP"),
  targetPort: intOrString,
}, { typeName: "ServicePort", required: ["port"], writtenWhenEmpty: ["targetPort"], keptWhenZero: ["appProtocol"] });

export const serviceSpecSchema: StructuralSchema = object({
  allocateLoadBalancerNodePorts: flag,
  clusterIP: text,
  clusterIPs: listOf(text),
  externalIPs: listOf(text),
  externalName: text,
  externalTrafficPolicy: text,
  healthCheckNodePort: int32,
  internalTrafficPolicy: text,
  ipFamilies: listOf(text),
  ipFamilyPolicy: text,
  loadBalancerClass: text,
  loadBalancerIP: text,
  loadBalancerSourceRanges: listOf(text),
  ports: patched(mapListOf(() => servicePortSchema, ["port","protocol"]), "merge", "port"),
  publishNotReadyAddresses: flag,
  selector: owned(mapOf(text), "atomic"),
  sessionAffinity: text,
  sessionAffinityConfig: () => sessionAffinityConfigSchema,
  trafficDistribution: text,
  type: text,
}, { typeName: "ServiceSpec", keptWhenZero: ["allocateLoadBalancerNodePorts","internalTrafficPolicy","ipFamilyPolicy","loadBalancerClass","trafficDistribution"] });

export const serviceStatusSchema: StructuralSchema = object({
  conditions: patched(mapListOf(() => metaV1.conditionSchema, ["type"]), "merge", "type"),
  loadBalancer: () => loadBalancerStatusSchema,
}, { typeName: "ServiceStatus", writtenWhenEmpty: ["loadBalancer"] });

export const sessionAffinityConfigSchema: StructuralSchema = object({
  clientIP: () => clientIPConfigSchema,
}, { typeName: "SessionAffinityConfig" });

export const sleepActionSchema: StructuralSchema = object({
  seconds: int64,
}, { typeName: "SleepAction", required: ["seconds"] });

export const storageOSPersistentVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  readOnly: flag,
  secretRef: () => objectReferenceSchema,
  volumeName: text,
  volumeNamespace: text,
}, { typeName: "StorageOSPersistentVolumeSource" });

export const storageOSVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  readOnly: flag,
  secretRef: () => localObjectReferenceSchema,
  volumeName: text,
  volumeNamespace: text,
}, { typeName: "StorageOSVolumeSource" });

export const sysctlSchema: StructuralSchema = object({
  name: text,
  value: text,
}, { typeName: "Sysctl", required: ["name","value"] });

export const tcpSocketActionSchema: StructuralSchema = object({
  host: text,
  port: intOrString,
}, { typeName: "TCPSocketAction", required: ["port"] });

export const taintSchema: StructuralSchema = object({
  effect: text,
  key: text,
  timeAdded: time,
  value: text,
}, { typeName: "Taint", required: ["key","effect"] });

export const tolerationSchema: StructuralSchema = object({
  effect: text,
  key: text,
  operator: text,
  tolerationSeconds: int64,
  value: text,
}, { typeName: "Toleration", keptWhenZero: ["tolerationSeconds"] });

export const topologySelectorLabelRequirementSchema: StructuralSchema = object({
  key: text,
  values: listOf(text),
}, { typeName: "TopologySelectorLabelRequirement", required: ["key","values"] });

export const topologySelectorTermSchema: StructuralSchema = object({
  matchLabelExpressions: listOf(() => topologySelectorLabelRequirementSchema),
}, { typeName: "TopologySelectorTerm", mapType: "atomic" });

export const topologySpreadConstraintSchema: StructuralSchema = object({
  labelSelector: () => metaV1.labelSelectorSchema,
  matchLabelKeys: listOf(text),
  maxSkew: int32,
  minDomains: int32,
  nodeAffinityPolicy: text,
  nodeTaintsPolicy: text,
  topologyKey: withDefault(text, ""),
  whenUnsatisfiable: withDefault(text, ""),
}, { typeName: "TopologySpreadConstraint", required: ["maxSkew","topologyKey","whenUnsatisfiable"], keptWhenZero: ["minDomains","nodeAffinityPolicy","nodeTaintsPolicy"] });

export const typedLocalObjectReferenceSchema: StructuralSchema = object({
  apiGroup: text,
  kind: text,
  name: text,
}, { typeName: "TypedLocalObjectReference", required: ["kind","name"], writtenNull: ["apiGroup"], keptWhenZero: ["apiGroup"], mapType: "atomic" });

export const typedObjectReferenceSchema: StructuralSchema = object({
  apiGroup: text,
  kind: text,
  name: text,
  namespace: text,
}, { typeName: "TypedObjectReference", required: ["kind","name"], writtenNull: ["apiGroup"], keptWhenZero: ["apiGroup","namespace"] });

export const volumeSchema: StructuralSchema = object({
  awsElasticBlockStore: () => awsElasticBlockStoreVolumeSourceSchema,
  azureDisk: () => azureDiskVolumeSourceSchema,
  azureFile: () => azureFileVolumeSourceSchema,
  cephfs: () => cephFSVolumeSourceSchema,
  cinder: () => cinderVolumeSourceSchema,
  configMap: () => configMapVolumeSourceSchema,
  csi: () => csiVolumeSourceSchema,
  downwardAPI: () => downwardAPIVolumeSourceSchema,
  emptyDir: () => emptyDirVolumeSourceSchema,
  ephemeral: () => ephemeralVolumeSourceSchema,
  fc: () => fcVolumeSourceSchema,
  flexVolume: () => flexVolumeSourceSchema,
  flocker: () => flockerVolumeSourceSchema,
  gcePersistentDisk: () => gcePersistentDiskVolumeSourceSchema,
  gitRepo: () => gitRepoVolumeSourceSchema,
  glusterfs: () => glusterfsVolumeSourceSchema,
  hostPath: () => hostPathVolumeSourceSchema,
  image: () => imageVolumeSourceSchema,
  iscsi: () => iscsiVolumeSourceSchema,
  name: withDefault(text, ""),
  nfs: () => nfsVolumeSourceSchema,
  persistentVolumeClaim: () => persistentVolumeClaimVolumeSourceSchema,
  photonPersistentDisk: () => photonPersistentDiskVolumeSourceSchema,
  portworxVolume: () => portworxVolumeSourceSchema,
  projected: () => projectedVolumeSourceSchema,
  quobyte: () => quobyteVolumeSourceSchema,
  rbd: () => rbdVolumeSourceSchema,
  scaleIO: () => scaleIOVolumeSourceSchema,
  secret: () => secretVolumeSourceSchema,
  storageos: () => storageOSVolumeSourceSchema,
  vsphereVolume: () => vsphereVirtualDiskVolumeSourceSchema,
}, { typeName: "Volume", required: ["name"] });

export const volumeDeviceSchema: StructuralSchema = object({
  devicePath: withDefault(text, ""),
  name: text,
}, { typeName: "VolumeDevice", required: ["name","devicePath"] });

export const volumeMountSchema: StructuralSchema = object({
  mountPath: withDefault(text, ""),
  mountPropagation: text,
  name: text,
  readOnly: flag,
  recursiveReadOnly: text,
  subPath: text,
  subPathExpr: text,
}, { typeName: "VolumeMount", required: ["name","mountPath"], keptWhenZero: ["mountPropagation","recursiveReadOnly"] });

export const volumeMountStatusSchema: StructuralSchema = object({
  mountPath: withDefault(text, ""),
  name: text,
  readOnly: flag,
  recursiveReadOnly: text,
  volumeStatus: () => volumeStatusSchema,
}, { typeName: "VolumeMountStatus", required: ["name","mountPath"], keptWhenZero: ["recursiveReadOnly"] });

export const volumeNodeAffinitySchema: StructuralSchema = object({
  required: () => nodeSelectorSchema,
}, { typeName: "VolumeNodeAffinity" });

export const volumeProjectionSchema: StructuralSchema = object({
  clusterTrustBundle: () => clusterTrustBundleProjectionSchema,
  configMap: () => configMapProjectionSchema,
  downwardAPI: () => downwardAPIProjectionSchema,
  podCertificate: () => podCertificateProjectionSchema,
  secret: () => secretProjectionSchema,
  serviceAccountToken: () => serviceAccountTokenProjectionSchema,
}, { typeName: "VolumeProjection" });

export const volumeResourceRequirementsSchema: StructuralSchema = object({
  limits: mapOf(quantity),
  requests: mapOf(quantity),
}, { typeName: "VolumeResourceRequirements" });

export const volumeStatusSchema: StructuralSchema = object({
  image: () => imageVolumeStatusSchema,
}, { typeName: "VolumeStatus" });

export const vsphereVirtualDiskVolumeSourceSchema: StructuralSchema = object({
  fsType: text,
  storagePolicyID: text,
  storagePolicyName: text,
  volumePath: text,
}, { typeName: "VsphereVirtualDiskVolumeSource", required: ["volumePath"] });

export const weightedPodAffinityTermSchema: StructuralSchema = object({
  podAffinityTerm: () => podAffinityTermSchema,
  weight: int32,
}, { typeName: "WeightedPodAffinityTerm", required: ["weight","podAffinityTerm"] });

export const windowsSecurityContextOptionsSchema: StructuralSchema = object({
  gmsaCredentialSpec: text,
  gmsaCredentialSpecName: text,
  hostProcess: flag,
  runAsUserName: text,
}, { typeName: "WindowsSecurityContextOptions", keptWhenZero: ["gmsaCredentialSpec","gmsaCredentialSpecName","hostProcess","runAsUserName"] });
