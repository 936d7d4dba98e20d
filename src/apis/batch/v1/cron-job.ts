/** Cron jobs: jobs that are made at certain times. */
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { containerCells, EMPTY_TEMPLATE } from "../../core/v1/pod-template.ts";
import { podNameWarnings, podTemplateWarnings } from "../../core/v1/pod-warnings.ts";
import { humanAge } from "../../human-duration.ts";
import { keepStatus, ORDINARY, statusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  flagText,
  NAME_COLUMN,
  nameOf,
  NONE,
  selectorText,
  TEMPLATE_COLUMNS,
} from "../../table-columns.ts";
import { cronJobErrors } from "./cron-job-validation.ts";
import { parseCronSchedule } from "./cron-schedule.ts";
import { withTemplateDefaults } from "./job-defaults.ts";
import { jobSpecWarnings } from "./job-warnings.ts";
import { cronJobSchema } from "./schema.generated.ts";
import type { CronJob, CronJobSpec, JobSpec } from "./types.generated.ts";

export const cronJobStrategy: Strategy<CronJob> = {
  ...ORDINARY,
  names: {
    group: "batch",
    version: "v1",
    kind: "CronJob",
    plural: "cronjobs",
    singular: "cronjob",
    shortNames: ["cj"],
    categories: ["all"],
    isNamespaced: true,
  },
  schema: cronJobSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  applyDefaults: (job) => withDefaults(canonicalForm(job, cronJobSchema)),
  prepareForCreate: (job) => ({ ...job, status: {} }),
  prepareForUpdate: keepStatus,
  validate: (job, old) => cronJobErrors(job, jobSpecOf(job), old),
  warnings: (next, old) => [
    ...(old === undefined ? podNameWarnings(nameOf(next)) : []),
    ...jobSpecWarnings("spec.jobTemplate.spec", jobSpecOf(next)),
    ...podTemplateWarnings(
      "spec.jobTemplate.spec.template",
      jobSpecOf(next).template,
      old === undefined ? undefined : jobSpecOf(old).template,
    ),
    ...zoneWarnings(next.spec),
  ],
  status: statusPart(),
  columns: [
    NAME_COLUMN,
    column("Schedule", "When jobs are made."),
    column("Timezone", "Where it is that time."),
    column("Suspend", "Whether no jobs are made for now.", "boolean"),
    column("Active", "Jobs that run.", "integer"),
    column("Last Schedule", "Time since a job was last made."),
    AGE_COLUMN,
    ...TEMPLATE_COLUMNS,
  ],
  row: (job, nowMs) => {
    const { spec, status } = job;
    const { lastScheduleTime: last } = status;
    return [
      nameOf(job),
      spec.schedule,
      spec.timeZone ?? NONE,
      flagText(spec.suspend),
      (status.active ?? []).length,
      last === undefined ? NONE : humanAge(last, nowMs),
      ageOf(job, nowMs),
      ...containerCells(jobSpecOf(job).template),
      selectorText(jobSpecOf(job).selector),
    ];
  },
};

function jobSpecOf(job: CronJob): JobSpec {
  return job.spec.jobTemplate.spec ?? { template: EMPTY_TEMPLATE };
}

function withDefaults(job: CronJob): CronJob {
  const { spec } = job;
  return {
    ...job,
    spec: {
      ...spec,
      concurrencyPolicy: spec.concurrencyPolicy || "Allow",
      suspend: spec.suspend ?? false,
      successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit ?? 3,
      failedJobsHistoryLimit: spec.failedJobsHistoryLimit ?? 1,
      jobTemplate: { ...spec.jobTemplate, spec: withTemplateDefaults(jobSpecOf(job)) },
    },
  };
}

/** Schedules may still name their zone where they did so before. */
function zoneWarnings({ schedule }: CronJobSpec): readonly string[] {
  const parsed = parseCronSchedule(schedule);
  if (parsed.kind === "problem" || !schedule.includes("TZ")) return [];
  return [
    "CRON_TZ or TZ used in spec.spec.schedule is not officially supported, see " +
      "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details",
  ];
}
