/**
 * `setpoint/controller-runtime`: write a controller once, run it in this process against Setpoint
 * or unchanged against any Kubernetes cluster.
 *
 * In the order a newcomer meets them: `defineResource` defines a kind; `controller` says what to do
 * with an object of it; `createManager` runs it. Below that, for those who want it plain: a
 * `Reconciler` brings the world closer to what one object
 * declares and answers with an `Outcome`; sources say what wakes it; a `ControllerSpec` names both;
 * a manager gives many of them informers, queues, workers and an orderly life.
 */
export {
  defineResource,
  type DefinedResource,
  type ObjectOf,
  type ResourceOptions,
} from "../client/resource/define-resource.ts";
export type {
  CommonStatus,
  CustomObject,
  NewCustomObject,
} from "../client/resource/custom-object.ts";
export { ConversionError } from "../client/resource/versions/conversion-error.ts";
export type {
  Converted,
  OlderResource,
  OlderResources,
  OlderVersionOptions,
  OlderVersions,
} from "../client/resource/versions/older-version.ts";
export { SchemaError } from "../client/resource/schema-error.ts";
export {
  structural,
  type InputOf,
  type OutputOf,
  type SchemaSource,
  type StandardSchema,
  type StructuralSchema,
} from "../client/resource/schema-source.ts";
export {
  DefinitionRefusedError,
  installDefinitions,
  type InstallOptions,
} from "../client/resource/install-definitions.ts";
export { conversionPath, definitionAt } from "../client/resource/conversion-address.ts";
export {
  migrateStorage,
  MigrationError,
  type MigrationOptions,
  type MigrationProgress,
} from "../client/resource/migration/migrate-storage.ts";
export { conversion } from "./conversion/conversion.ts";
export {
  defineConditions,
  type ConditionDeclaration,
  type ConditionDeclarations,
  type Conditions,
  type ConditionsOptions,
  type HasConditions,
} from "./conditions/define-conditions.ts";
export type { Severity } from "./conditions/summary.ts";
export { daemon, type Daemon, type DaemonContext, type DaemonOptions } from "./daemons/daemon.ts";
export { controller, watches } from "./declared/controller.ts";
export type {
  ControllerOptions,
  DeclaredController,
  ReconcileObject,
  WakesFunction,
  Watch,
} from "./declared/declared-controller.ts";
export { milliseconds, type Duration } from "./declared/duration.ts";
export type { Intent, PartOf } from "./declared/intent.ts";
export type { Debounce, QueueOptions } from "./declared/queue-options.ts";
export { permissionsOf, rulesOf, type Permission } from "./declared/permissions.ts";
export { PreflightError } from "./declared/preflight.ts";
export {
  dependent,
  type Deletion,
  type Dependent,
  type DependentOptions,
  type Desired,
  type OrderOptions,
  type Reached,
} from "./dependents/dependent.ts";
export { external, type ExternalOptions } from "./dependents/external.ts";
export type { Dependents, DependentsState, DependentState } from "./dependents/dependents-state.ts";
export { DependentsError } from "./dependents/graph.ts";
export { DEPENDENT_LABEL, type Ownership } from "./dependents/ownership.ts";
export type {
  ApplyOptions,
  CreateOptions,
  DeletionOptions,
  ListedOptions,
  Named,
  ReconcileContext,
  WaitOutcome,
} from "./declared/reconcile-context.ts";
export type { StatusChanges, StatusOf } from "./declared/status-changes.ts";
export {
  DONE,
  requeueAfter,
  TerminalError,
  type Outcome,
  type Failures,
  type Reconciler,
  type PlanningNotes,
  type TurnContext,
} from "./controller/outcome.ts";
export type { PaceOptions } from "./queue/pace.ts";
export { LOW_PRIORITY, NORMAL_PRIORITY } from "./queue/priority.ts";
export type { Enqueue, Source, Trigger } from "./sources/source.ts";
export { isWhenServed, whenServed } from "./sources/served-source.ts";
export {
  channelSource,
  ownedSource,
  ownSource,
  periodicSource,
  watchSource,
  type ChannelSource,
  type WatchSourceOptions,
} from "./sources/sources.ts";
export {
  allOf,
  annotationsChanged,
  anyOf,
  finalizersChanged,
  generationChanged,
  labelsChanged,
  not,
  type Predicate,
} from "./sources/predicates.ts";
export type { Awaiting, ControllerDeps, ControllerSpec } from "./controller/controller-spec.ts";
export type { LoopGuardOptions } from "./loop-guard/loop-guard.ts";
export type {
  Cluster,
  ClusterConnection,
  ClusterProvider,
  ConnectDeps,
  ProviderDeps,
  TellClusters,
} from "./multi-cluster/cluster.ts";
export { ClusterGoneError } from "./multi-cluster/cluster-run.ts";
export { clusterChanges, watchesInClusters } from "./multi-cluster/cluster-sources.ts";
export {
  ClusterAwayError,
  type Clusters,
  type ClustersListener,
  type FleetCluster,
} from "./multi-cluster/clusters.ts";
export { createFleetManager, type FleetManager } from "./multi-cluster/fleet-manager.ts";
export type { FleetManagerOptions, HubOptions } from "./multi-cluster/fleet-options.ts";
export { fixedClusters, type FixedCluster } from "./multi-cluster/providers/fixed-clusters.ts";
export {
  kubeconfigClusters,
  type KubeconfigClustersOptions,
} from "./multi-cluster/providers/kubeconfig-clusters.ts";
export {
  namespaceClusters,
  type NamespaceClustersOptions,
} from "./multi-cluster/providers/namespace-clusters.ts";
export {
  clusterProfiles,
  type ClusterProfilesOptions,
} from "./multi-cluster/providers/cluster-profiles.ts";
export {
  secretClusters,
  type SecretClustersOptions,
} from "./multi-cluster/providers/secret-clusters.ts";
export { severalProviders } from "./multi-cluster/providers/several-providers.ts";
export type { ShardOptions } from "./sharding/shard-options.ts";
export { ShardLostError } from "./sharding/shards.ts";
export { createManager, type Manager } from "./manager/manager.ts";
export { planOf, type PlanOptions } from "./plan/plan-of.ts";
export { planText } from "./plan/plan-text.ts";
export {
  changesSomething,
  isCertain,
  type Plan,
  type PlannedEffect,
  type PlannedEnd,
  type PlannedEvent,
  type PlannedRun,
  type PlannedWrite,
} from "./plan/plan.ts";
export type { FieldChange } from "./plan/field-changes.ts";
export type { ManagerOptions } from "./manager/manager-options.ts";
export type { ProcessMetricsOptions } from "./manager/process-metrics.ts";
export type { Health, HealthCheck } from "./manager/health.ts";
export {
  serveProbes,
  type Probed,
  type ProbeServer,
  type ProbeServerOptions,
} from "./http/probe-server.ts";
export type {
  AwaitingKey,
  ClusterReport,
  ControllerReport,
  DebugReport,
  ErrorReport,
  LaterKey,
  LeadershipReport,
  ParkedKey,
  ReadyKey,
  RunningKey,
  SlowedKey,
  ViewReport,
  WebhookReport,
} from "./http/debug/debug-report.ts";
export type { Top } from "./http/debug/top.ts";
export { fencedClient } from "./manager/fenced-client.ts";
export { leaseElection, type LeaseOptions } from "./manager/lease-election.ts";
export type { LeaderElection, Runnable } from "./manager/runnable.ts";
export {
  admission,
  type AdmissionDeps,
  type AdmissionEntry,
  type AdmissionOptions,
  type AdmissionWebhook,
} from "./webhooks/admission.ts";
export type { AdmissionContext, AdmissionOperation } from "./webhooks/admission-context.ts";
export type { Problem } from "./webhooks/admission-verdict.ts";
export type { WebhookCertificates } from "./webhooks/certificates.ts";
export type { WebhookPlace, WebhookService } from "./webhooks/place.ts";
export type { RegistrationMode } from "./webhooks/registrar.ts";
export type {
  ConversionWebhook,
  WebhookClientConfig,
  WebhookHandler,
  WebhookReach,
  WebhookRegistration,
} from "./webhooks/webhook-handler.ts";
export type { WebhookOptions } from "./webhooks/webhook-options.ts";
export {
  Controller,
  ReconcileTimeout,
  type ControllerParts,
  type ControllerState,
} from "./controller/controller.ts";
export { tracedClient, type TracedClientParts } from "./tracing/traced-client.ts";
export { TracedWrites } from "./tracing/traced-writes.ts";
export type {
  ParentContext,
  Span,
  SpanAttributes,
  SpanContext,
  SpanLink,
  SpanOptions,
  Tracer,
} from "./tracing/tracer.ts";
export { observingClient } from "./own-writes.ts";
export { slowStartBatch, type BatchResult } from "./slow-start.ts";
export {
  createMetrics,
  type Counter,
  type Gauge,
  type Histogram,
  type MetricLabels,
  type Metrics,
} from "../base/metrics.ts";
export {
  writtenMetrics,
  type MetricFamily,
  type MetricKind,
  type MetricSample,
  type MetricsFormat,
  type WrittenMetrics,
} from "../base/metrics-text.ts";
export type {
  HeapSpace,
  LagFigure,
  LoopFigures,
  ProcessFigures,
  ProcessSnapshot,
  SystemFigures,
} from "../base/process-figures.ts";
export { realProcess } from "../base/real/process-figures.ts";
