// Generated from the published definitions of Kubernetes 1.36: do not edit.
// Made by: npx node tools/generate/main.ts --facts <folder with definitions.json>

import type { StructuralSchema } from "../../../schema/structural-schema.ts";
import * as coreV1 from "../../core/v1/schema.generated.ts";
import * as metaV1 from "../../meta/v1/schema.generated.ts";
import {
  flag,
  int32,
  int64,
  listOf,
  object,
  patched,
  setOf,
  text,
  time,
} from "../../schema-terms.ts";

export const cronJobSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => cronJobSpecSchema,
  status: () => cronJobStatusSchema,
}, { typeName: "CronJob", required: ["spec"], writtenWhenEmpty: ["metadata","spec","status"] });

export const cronJobSpecSchema: StructuralSchema = object({
  concurrencyPolicy: text,
  failedJobsHistoryLimit: int32,
  jobTemplate: () => jobTemplateSpecSchema,
  schedule: text,
  startingDeadlineSeconds: int64,
  successfulJobsHistoryLimit: int32,
  suspend: flag,
  timeZone: text,
}, { typeName: "CronJobSpec", required: ["schedule","jobTemplate"], keptWhenZero: ["failedJobsHistoryLimit","startingDeadlineSeconds","successfulJobsHistoryLimit","suspend","timeZone"] });

export const cronJobStatusSchema: StructuralSchema = object({
  active: listOf(() => coreV1.objectReferenceSchema),
  lastScheduleTime: time,
  lastSuccessfulTime: time,
}, { typeName: "CronJobStatus" });

export const jobSchema: StructuralSchema = object({
  apiVersion: text,
  kind: text,
  metadata: () => metaV1.objectMetaSchema,
  spec: () => jobSpecSchema,
  status: () => jobStatusSchema,
}, { typeName: "Job", writtenWhenEmpty: ["metadata","spec","status"] });

export const jobConditionSchema: StructuralSchema = object({
  lastProbeTime: time,
  lastTransitionTime: time,
  message: text,
  reason: text,
  status: text,
  type: text,
}, { typeName: "JobCondition", required: ["type","status"], writtenWhenEmpty: ["lastProbeTime","lastTransitionTime"] });

export const jobSpecSchema: StructuralSchema = object({
  activeDeadlineSeconds: int64,
  backoffLimit: int32,
  backoffLimitPerIndex: int32,
  completionMode: text,
  completions: int32,
  managedBy: text,
  manualSelector: flag,
  maxFailedIndexes: int32,
  parallelism: int32,
  podFailurePolicy: () => podFailurePolicySchema,
  podReplacementPolicy: text,
  selector: () => metaV1.labelSelectorSchema,
  successPolicy: () => successPolicySchema,
  suspend: flag,
  template: () => coreV1.podTemplateSpecSchema,
  ttlSecondsAfterFinished: int32,
}, { typeName: "JobSpec", required: ["template"], keptWhenZero: ["activeDeadlineSeconds","backoffLimit","backoffLimitPerIndex","completionMode","completions","managedBy","manualSelector","maxFailedIndexes","parallelism","podReplacementPolicy","suspend","ttlSecondsAfterFinished"] });

export const jobStatusSchema: StructuralSchema = object({
  active: int32,
  completedIndexes: text,
  completionTime: time,
  conditions: patched(listOf(() => jobConditionSchema), "merge", "type"),
  failed: int32,
  failedIndexes: text,
  ready: int32,
  startTime: time,
  succeeded: int32,
  terminating: int32,
  uncountedTerminatedPods: () => uncountedTerminatedPodsSchema,
}, { typeName: "JobStatus", keptWhenZero: ["failedIndexes","ready","terminating"] });

export const jobTemplateSpecSchema: StructuralSchema = object({
  metadata: () => metaV1.objectMetaSchema,
  spec: () => jobSpecSchema,
}, { typeName: "JobTemplateSpec", writtenWhenEmpty: ["metadata","spec"] });

export const podFailurePolicySchema: StructuralSchema = object({
  rules: listOf(() => podFailurePolicyRuleSchema),
}, { typeName: "PodFailurePolicy", required: ["rules"] });

export const podFailurePolicyOnExitCodesRequirementSchema: StructuralSchema = object({
  containerName: text,
  operator: text,
  values: setOf(int32),
}, { typeName: "PodFailurePolicyOnExitCodesRequirement", required: ["operator","values"], keptWhenZero: ["containerName"] });

export const podFailurePolicyOnPodConditionsPatternSchema: StructuralSchema = object({
  status: text,
  type: text,
}, { typeName: "PodFailurePolicyOnPodConditionsPattern", required: ["type"], writtenWhenEmpty: ["status"] });

export const podFailurePolicyRuleSchema: StructuralSchema = object({
  action: text,
  onExitCodes: () => podFailurePolicyOnExitCodesRequirementSchema,
  onPodConditions: listOf(() => podFailurePolicyOnPodConditionsPatternSchema),
}, { typeName: "PodFailurePolicyRule", required: ["action"] });

export const successPolicySchema: StructuralSchema = object({
  rules: listOf(() => successPolicyRuleSchema),
}, { typeName: "SuccessPolicy", required: ["rules"] });

export const successPolicyRuleSchema: StructuralSchema = object({
  succeededCount: int32,
  succeededIndexes: text,
}, { typeName: "SuccessPolicyRule", keptWhenZero: ["succeededCount","succeededIndexes"] });

export const uncountedTerminatedPodsSchema: StructuralSchema = object({
  failed: setOf(text),
  succeeded: setOf(text),
}, { typeName: "UncountedTerminatedPods" });
