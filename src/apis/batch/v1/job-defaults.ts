/** Defaults of jobs, of the jobs that cron jobs make, and the selector that jobs are given. */
import type { ObjectMeta } from "../../../machinery/object.ts";
import { EMPTY_TEMPLATE, withPodTemplateDefaults } from "../../core/v1/pod-template.ts";
import type { Job, JobSpec, PodFailurePolicy } from "./types.generated.ts";

export const CONTROLLER_UID_LABEL = "batch.kubernetes.io/controller-uid";
export const JOB_NAME_LABEL = "batch.kubernetes.io/job-name";
const OLD_CONTROLLER_UID_LABEL = "controller-uid";
const OLD_JOB_NAME_LABEL = "job-name";

const BACKOFF_LIMIT = 6;
const BACKOFF_LIMIT_MAX = 2 ** 31 - 1;

/** `job` with its defaults. */
export function withJobDefaults(job: Job): Job {
  const spec = withTemplateDefaults(job.spec);
  const isPlain = spec.completions === undefined && spec.parallelism === undefined;
  const policy = spec.podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed";
  return {
    ...job,
    metadata: withLabelsOf(spec.template.metadata, job.metadata),
    spec: {
      ...spec,
      ...(isPlain ? { completions: 1 } : {}),
      parallelism: spec.parallelism ?? 1,
      backoffLimit:
        spec.backoffLimit ??
        (spec.backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : BACKOFF_LIMIT_MAX),
      completionMode: spec.completionMode ?? "NonIndexed",
      suspend: spec.suspend ?? false,
      podReplacementPolicy: spec.podReplacementPolicy ?? policy,
      manualSelector: spec.manualSelector ?? false,
    },
  };
}

/** The defaults that a job's spec has in a cron job, too. */
export function withTemplateDefaults(spec: JobSpec): JobSpec {
  const { podFailurePolicy } = spec;
  return {
    ...spec,
    template: withPodTemplateDefaults(spec.template ?? EMPTY_TEMPLATE),
    ...(podFailurePolicy === undefined
      ? {}
      : { podFailurePolicy: withPolicyDefaults(podFailurePolicy) }),
  };
}

/** Labels by which a job finds its pods; what its writer set stays, and is checked. */
export function withSelector(job: Job): Job {
  const { name = "", uid = "" } = job.metadata;
  const { spec } = job;
  if (spec.manualSelector === true) return job;
  const labels = { ...generatedLabels(name, uid), ...spec.template.metadata.labels };
  const matchLabels = { [CONTROLLER_UID_LABEL]: uid, ...spec.selector?.matchLabels };
  const metadata = { ...spec.template.metadata, labels };
  // Labels that it was given by default are the very same map upstream, and grow with it.
  const shared = job.metadata.labels;
  const isShared = shared !== undefined && shared === spec.template.metadata.labels;
  return {
    ...job,
    metadata: isShared ? { ...job.metadata, labels } : withLabelsOf(metadata, job.metadata),
    spec: {
      ...spec,
      selector: { ...spec.selector, matchLabels },
      template: { ...spec.template, metadata },
    },
  };
}

/** What the pods of a job are labelled with, under names old and new. */
export function generatedLabels(name: string, uid: string): Readonly<Record<string, string>> {
  return {
    [OLD_CONTROLLER_UID_LABEL]: uid,
    [OLD_JOB_NAME_LABEL]: name,
    [CONTROLLER_UID_LABEL]: uid,
    [JOB_NAME_LABEL]: name,
  };
}

/** A job without labels has those of its pods. */
function withLabelsOf(template: ObjectMeta, metadata: ObjectMeta): ObjectMeta {
  const { labels } = template;
  if (labels === undefined || Object.keys(metadata.labels ?? {}).length > 0) return metadata;
  return { ...metadata, labels };
}

function withPolicyDefaults(policy: PodFailurePolicy): PodFailurePolicy {
  return {
    ...policy,
    rules: policy.rules.map((rule) => ({
      ...rule,
      ...(rule.onPodConditions === undefined
        ? {}
        : {
            onPodConditions: rule.onPodConditions.map((pattern) => ({
              ...pattern,
              status: pattern.status || "True",
            })),
          }),
    })),
  };
}
