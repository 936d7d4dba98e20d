/** Cron jobs, checked in the order in which their problems are reported. */
import type { FieldError } from "../../../machinery/status.ts";
import { errorIf, invalid, notNegative, oneOf, required, unsupported } from "../../field-errors.ts";
import { isTimeZone, parseCronSchedule } from "./cron-schedule.ts";
import { jobSpecErrors } from "./job-validation.ts";
import type { CronJob, CronJobSpec, JobSpec } from "./types.generated.ts";

/** Jobs are named after their cron job, with eleven characters more, in a label. */
export const CRON_JOB_NAME_MAX = 52;

const ZONE_PART = /^[A-Za-z._0-9+-]{1,14}$/;

/** What is wrong with a cron job that has its defaults; `spec` of the job it makes among it. */
export function cronJobErrors(
  job: CronJob,
  jobSpec: JobSpec,
  old: CronJob | undefined,
): readonly FieldError[] {
  const { spec } = job;
  const { name = "" } = job.metadata;
  const { selector, manualSelector } = jobSpec;
  const jobField = "spec.jobTemplate.spec";
  const isTooLong = old === undefined && name.length > CRON_JOB_NAME_MAX;
  const tooLong = `must be no more than ${CRON_JOB_NAME_MAX} characters`;
  const isZoneNew = old === undefined || old.spec.timeZone !== spec.timeZone;
  return [
    ...scheduleErrors("spec.schedule", spec, old?.spec),
    ...notNegative("spec.startingDeadlineSeconds", spec.startingDeadlineSeconds),
    ...(isZoneNew ? timeZoneErrors("spec.timeZone", spec.timeZone) : []),
    ...oneOf("spec.concurrencyPolicy", spec.concurrencyPolicy, ["Allow", "Forbid", "Replace"]),
    ...jobSpecErrors(jobField, jobSpec),
    ...errorIf(
      selector !== undefined,
      invalid(`${jobField}.selector`, selector, "`selector` will be auto-generated"),
    ),
    ...errorIf(
      manualSelector === true,
      unsupported(`${jobField}.manualSelector`, true, ["nil", "false"]),
    ),
    ...notNegative("spec.successfulJobsHistoryLimit", spec.successfulJobsHistoryLimit),
    ...notNegative("spec.failedJobsHistoryLimit", spec.failedJobsHistoryLimit),
    ...errorIf(isTooLong, invalid("metadata.name", name, tooLong)),
  ];
}

function scheduleErrors(
  field: string,
  { schedule, timeZone }: CronJobSpec,
  old: CronJobSpec | undefined,
): readonly FieldError[] {
  if (schedule === "") return [required(field)];
  const parsed = parseCronSchedule(schedule);
  const isOldStyle = old?.schedule.includes("TZ") === true;
  const hasZone = schedule.includes("TZ");
  const twice = "cannot use both timeZone field and TZ or CRON_TZ in schedule";
  const oldStyle = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
  return [
    ...(parsed.kind === "problem" ? [invalid(field, schedule, parsed.text)] : []),
    ...errorIf(isOldStyle && hasZone && timeZone !== undefined, invalid(field, schedule, twice)),
    ...errorIf(!isOldStyle && hasZone, invalid(field, schedule, oldStyle)),
  ];
}

function timeZoneErrors(field: string, zone: string | undefined): readonly FieldError[] {
  if (zone === undefined) return [];
  if (zone === "") return [invalid(field, zone, "timeZone must be nil or non-empty string")];
  const isPart = (part: string): boolean =>
    part !== "." && part !== ".." && !part.startsWith("-") && ZONE_PART.test(part);
  if (!zone.split("/").every(isPart)) return [invalid(field, zone, `unknown time zone ${zone}`)];
  if (zone.toLowerCase() === "local") {
    const detail =
      "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
    return [invalid(field, zone, detail)];
  }
  return errorIf(!isTimeZone(zone), invalid(field, zone, `unknown time zone ${zone}`));
}
