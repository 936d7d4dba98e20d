/**
 * `setpoint/client`: talking to an API server, in this process or any Kubernetes over HTTP. Typed
 * calls, the built-in kinds, kubeconfigs, discovery, events and leader election.
 *
 * @packageDocumentation
 */

export {
  APIService,
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  CertificateSigningRequest,
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  ControllerRevision,
  CronJob,
  CustomResourceDefinition,
  DaemonSet,
  Deployment,
  DeviceClass,
  EndpointSlice,
  Endpoints,
  EventObject,
  EventsEvent,
  FlowSchema,
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerV1,
  IPAddress,
  Ingress,
  IngressClass,
  Job,
  Lease,
  LimitRange,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  Namespace,
  NetworkPolicy,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  PodTemplate,
  PriorityClass,
  PriorityLevelConfiguration,
  ReplicaSet,
  ReplicationController,
  ResourceClaim,
  ResourceClaimTemplate,
  ResourceQuota,
  ResourceSlice,
  Role,
  RoleBinding,
  RuntimeClass,
  Secret,
  Service,
  ServiceAccount,
  ServiceCIDR,
  StatefulSet,
  StorageClass,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
  VolumeAttachment,
  VolumeAttributesClass,
} from "./builtin.ts";
export type {
  Client,
  DeleteOptions,
  ListOptions,
  Patch,
  Subresource,
  WatchOptions,
  WriteOptions,
} from "./client.ts";
export { rootContext, type Context } from "../base/context.ts";
export type { Env, Log, LogFields } from "../base/env.ts";
export { logTo, type LogOptions, type LogRecord, type LogSink } from "../base/log.ts";
export type { LogLevel, LogLevels, LogRule, RecordLevel } from "../base/log-levels.ts";
export type { Loggable } from "../base/log-value.ts";
export { realEnv, type RealEnvOptions } from "../base/real/env.ts";
export { jsonLog, programLog, type LogOutput, type ProgramLogOptions } from "../base/real/log.ts";
export { clientFromKubeconfig } from "./node/connect.ts";
export { CredentialsError } from "./node/exec-credentials.ts";
export {
  clientOfProgram,
  type ProgramClient,
  type ProgramClientOptions,
} from "./node/program-environment.ts";
export type { CountingOptions } from "./http/counted-transport.ts";
export type { ClientMetric, ClientMetrics } from "./metered-transport.ts";
export { discover, type DiscoveredResource } from "./discovery.ts";
export {
  createEventRecorder,
  type EventRecorderDeps,
  type EventRecorderOptions,
  type RunningEventRecorder,
} from "./event-recorder.ts";
export type { EventRecorder } from "./event-recorder-types.ts";
export type {
  ClientCertificate,
  ConnectionOptions,
  ShownCredentials,
  TlsMaterial,
} from "./http/connection-options.ts";
export { httpTransport } from "./http/http-transport.ts";
export { inProcessTransport, type Dispatch, type InProcessOptions } from "./in-process.ts";
export {
  LeaderElector,
  LeadershipLostError,
  type LeaderElectionOptions,
} from "./leader-election.ts";
export { metadataOf, type PartialObjectMetadata } from "./metadata-of.ts";
export {
  inClusterAccess,
  loadKubeconfig,
  writeKubeconfig,
  type ClusterAccess,
  type KubeconfigOptions,
  type NewKubeconfig,
} from "./node/kubeconfig.ts";
export { KubeconfigError } from "./node/kubeconfig-error.ts";
export type { ObjectInput } from "./object-input.ts";
export type { ResourceType } from "./resource-type.ts";
export { UnexpectedResponseError } from "./response.ts";
export {
  RestClient,
  type RawRequest,
  type RestClientDeps,
  type RestClientOptions,
} from "./rest-client.ts";
export { createRestMapper, RestMapper, UnknownKindError } from "./rest-mapper.ts";
export type { RetryOptions } from "./retry.ts";
export { TransportError, type Transport } from "./transport.ts";
export type { ClientCall, Interceptor } from "./wrappers/client-through.ts";
export { interceptedClient } from "./wrappers/intercepted-client.ts";
export { namespacedClient, OtherNamespaceError } from "./wrappers/namespaced-client.ts";
export { dryRunClient, withFieldOwner, withFieldValidation } from "./wrappers/write-options.ts";
