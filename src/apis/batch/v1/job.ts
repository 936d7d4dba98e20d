/** Jobs: pods that run to their end, as often as wanted. */
import { isConditionTrue } from "../../../machinery/conditions.ts";
import { parseApiTime } from "../../../machinery/api-time.ts";
import { dnsSubdomainProblem } from "../../../machinery/names.ts";
import { isTerminating } from "../../../machinery/object.ts";
import { containerCells } from "../../core/v1/pod-template.ts";
import { podNameWarnings, podTemplateWarnings } from "../../core/v1/pod-warnings.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { humanDuration } from "../../human-duration.ts";
import { keepStatus, ORDINARY, statusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import {
  AGE_COLUMN,
  ageOf,
  column,
  NAME_COLUMN,
  nameOf,
  selectorText,
  TEMPLATE_COLUMNS,
} from "../../table-columns.ts";
import { withJobDefaults, withSelector } from "./job-defaults.ts";
import { jobStatusErrors } from "./job-status-validation.ts";
import { jobUpdateErrors } from "./job-update-validation.ts";
import { jobErrors } from "./job-validation.ts";
import { jobSpecWarnings } from "./job-warnings.ts";
import { jobSchema } from "./schema.generated.ts";
import type { Job } from "./types.generated.ts";

export const jobStrategy: Strategy<Job> = {
  ...ORDINARY,
  names: {
    group: "batch",
    version: "v1",
    kind: "Job",
    plural: "jobs",
    singular: "job",
    shortNames: [],
    categories: ["all"],
    isNamespaced: true,
  },
  schema: jobSchema,
  nameProblem: dnsSubdomainProblem,
  hasGeneration: true,
  defaultPropagation: "Orphan",
  applyDefaults: (job) => withJobDefaults(canonicalForm(job, jobSchema)),
  prepareForCreate: (job) => ({ ...withSelector(job), status: {} }),
  prepareForUpdate: keepStatus,
  validate: jobErrors,
  validateUpdate: jobUpdateErrors,
  warnings: (next, old) => [
    ...(old === undefined ? podNameWarnings(nameOf(next)) : []),
    ...jobSpecWarnings("spec", next.spec),
    ...podTemplateWarnings("spec.template", next.spec.template, old?.spec.template),
  ],
  status: statusPart(jobStatusErrors),
  fieldSelectors: { "status.successful": (job) => String(job.status.succeeded ?? 0) },
  columns: [
    NAME_COLUMN,
    column("Status", "State of the job in one word."),
    column("Completions", "Pods that succeeded, of those that must."),
    column("Duration", "Time from its begin to its end, or to now."),
    AGE_COLUMN,
    ...TEMPLATE_COLUMNS,
  ],
  row: (job, nowMs) => [
    nameOf(job),
    stateText(job),
    completionsText(job),
    durationText(job, nowMs),
    ageOf(job, nowMs),
    ...containerCells(job.spec.template),
    selectorText(job.spec.selector),
  ],
};

function stateText(job: Job): string {
  const is = (type: string): boolean => isConditionTrue(job.status.conditions, type);
  if (is("Complete")) return "Complete";
  if (is("Failed")) return "Failed";
  if (isTerminating(job)) return "Terminating";
  const others = ["Suspended", "FailureTarget", "SuccessCriteriaMet"];
  return others.find(is) ?? "Running";
}

function completionsText({ spec, status }: Job): string {
  const { completions, parallelism = 0 } = spec;
  const succeeded = status.succeeded ?? 0;
  if (completions !== undefined) return `${succeeded}/${completions}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationText({ status }: Job, nowMs: number): string {
  const { startTime, completionTime } = status;
  if (startTime === undefined) return "";
  const endMs = completionTime === undefined ? nowMs : parseApiTime(completionTime);
  return humanDuration(endMs - parseApiTime(startTime));
}
