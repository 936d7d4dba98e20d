/** Jobs, checked in the order in which their problems are reported. */
import { selects } from "../../../machinery/labels.ts";
import { dnsLabelProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { podTemplateErrors } from "../../core/v1/pod-spec-validation.ts";
import {
  errorIf,
  invalid,
  noneOrOneOf,
  notNegative,
  required,
  tooLong,
  tooMany,
  unsupported,
} from "../../field-errors.ts";
import { goStruct, printedSelector } from "../../go-struct.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import { domainPathErrors } from "../../networking/v1/domain-path.ts";
import { countIndexes, parseIndexes } from "./indexes.ts";
import { CONTROLLER_UID_LABEL, generatedLabels, JOB_NAME_LABEL } from "./job-defaults.ts";
import { successPolicyStruct } from "./go-structs.ts";
import { failurePolicyErrors } from "./pod-failure-policy-validation.ts";
import type { Job, JobSpec, SuccessPolicyRule } from "./types.generated.ts";

const INDEXED_PARALLELISM_MAX = 100_000;
const FAILED_INDEXES_MAX = 100_000;
const MANY_COMPLETIONS = 100_000;
const MANY_PARALLELISM_MAX = 10_000;
const MANY_FAILED_INDEXES_MAX = 10_000;
const MANAGED_BY_LENGTH_MAX = 63;
const SUCCESS_RULES_MAX = 20;
const SUCCEEDED_INDEXES_BYTES_MAX = 64 * 1024;

/** What is wrong with a job that has its defaults and its selector. */
export function jobErrors(job: Job, old: Job | undefined): readonly FieldError[] {
  return [
    ...generatedErrors(job, old === undefined || hasGeneratedLabels(old)),
    ...selectedSpecErrors(job.spec),
    ...hostnameErrors(job),
  ];
}

/** What is wrong with the spec of a job, as it selects its pods. */
export function selectedSpecErrors(spec: JobSpec): readonly FieldError[] {
  return [...jobSpecErrors("spec", spec), ...selectorErrors("spec", spec)];
}

/** What is wrong with the spec of a job, or of the jobs that a cron job makes. */
export function jobSpecErrors(field: string, spec: JobSpec): readonly FieldError[] {
  const counts = [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
  ] as const;
  const isUnbacked = spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined;
  return [
    ...counts.flatMap((name) => notNegative(`${field}.${name}`, spec[name])),
    ...errorIf(
      isUnbacked,
      required(`${field}.backoffLimitPerIndex`, "when maxFailedIndexes is specified"),
    ),
    ...managedByErrors(`${field}.managedBy`, spec.managedBy),
    ...noneOrOneOf(`${field}.completionMode`, spec.completionMode, ["NonIndexed", "Indexed"]),
    ...(isIndexed(spec) ? indexedErrors(field, spec) : []),
    ...((spec.completionMode ?? "NonIndexed") === "NonIndexed" ? plainErrors(field, spec) : []),
    ...(spec.podFailurePolicy === undefined
      ? []
      : failurePolicyErrors(`${field}.podFailurePolicy`, spec)),
    ...successPolicyErrors(`${field}.successPolicy`, spec),
    ...replacementErrors(`${field}.podReplacementPolicy`, spec),
    ...podTemplateErrors(`${field}.template`, spec.template),
    ...restartErrors(`${field}.template.spec.restartPolicy`, spec),
  ];
}

/** Whether each completion has a number. */
export function isIndexed(spec: JobSpec): boolean {
  return spec.completionMode === "Indexed";
}

function selectorErrors(field: string, spec: JobSpec): readonly FieldError[] {
  const { selector, template } = spec;
  const detail = "`selector` does not match template `labels`";
  const labels = template.metadata.labels ?? null;
  return [
    ...(selector === undefined
      ? [required(`${field}.selector`)]
      : labelSelectorErrors(`${field}.selector`, selector)),
    ...errorIf(
      labelSelectorErrors("", selector).length === 0 && !selects(selector, template.metadata),
      invalid(`${field}.template.metadata.labels`, labels, detail),
    ),
  ];
}

/** What a job was given must not contradict what its writer set. */
function generatedErrors(job: Job, wantsPrefixed: boolean): readonly FieldError[] {
  const { selector, template, manualSelector = false } = job.spec;
  if (manualSelector || selector === undefined) return [];
  const { uid = "", name = "" } = job.metadata;
  const expected = generatedLabels(name, uid);
  const labels = template.metadata.labels ?? {};
  const prefixed = wantsPrefixed ? [CONTROLLER_UID_LABEL, JOB_NAME_LABEL] : [];
  const order = ["controller-uid", "job-name", ...prefixed];
  const selected = Object.fromEntries(order.map((key) => [key, expected[key] ?? ""]));
  const detail = "`selector` not auto-generated";
  return [
    ...errorIf(uid === "", required("metadata.uid")),
    ...order.flatMap((key) => labelErrors(key, expected[key] ?? "", labels)),
    ...errorIf(
      labelSelectorErrors("", selector).length === 0 && !selects(selector, { labels: selected }),
      invalid("spec.selector", printedSelector(selector), detail),
    ),
  ];
}

/** Jobs of old have only the labels without a prefix. */
function hasGeneratedLabels(job: Job): boolean {
  const labels = job.spec.template.metadata.labels ?? {};
  return Object.hasOwn(labels, CONTROLLER_UID_LABEL) && Object.hasOwn(labels, JOB_NAME_LABEL);
}

function labelErrors(
  key: string,
  expected: string,
  labels: Readonly<Record<string, string>>,
): readonly FieldError[] {
  const field = `spec.template.metadata.labels[${key}]`;
  const actual = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const detail = `must be '${expected}'`;
  return [
    ...errorIf(actual === undefined, required(field, detail)),
    ...errorIf(actual !== undefined && actual !== expected, invalid(field, labels, detail)),
  ];
}

/** The pods of an indexed job have its name and their number as host name. */
function hostnameErrors(job: Job): readonly FieldError[] {
  const { completions = 0 } = job.spec;
  const { name = "" } = job.metadata;
  if (!isIndexed(job.spec) || completions <= 0) return [];
  const longest = `${name}-${completions - 1}`;
  const detail = `will not able to create pod with invalid DNS label: ${longest}`;
  return errorIf(dnsLabelProblem(longest) !== undefined, invalid("metadata.name", name, detail));
}

function managedByErrors(field: string, name: string | undefined): readonly FieldError[] {
  if (name === undefined) return [];
  if (name === "") return [required(field)];
  return [
    ...domainPathErrors(field, name),
    ...errorIf(name.length > MANAGED_BY_LENGTH_MAX, tooLong(field, MANAGED_BY_LENGTH_MAX)),
  ];
}

function indexedErrors(field: string, spec: JobSpec): readonly FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes: failed } = spec;
  const isMany = (completions ?? 0) > MANY_COMPLETIONS && spec.backoffLimitPerIndex !== undefined;
  const mode = "when completion mode is Indexed";
  const upTo = (max: number): string => `must be less than or equal to ${max}`;
  const failedField = `${field}.maxFailedIndexes`;
  return [
    ...errorIf(completions === undefined, required(`${field}.completions`, mode)),
    ...errorIf(
      parallelism > INDEXED_PARALLELISM_MAX,
      invalid(`${field}.parallelism`, parallelism, `${upTo(INDEXED_PARALLELISM_MAX)} ${mode}`),
    ),
    ...errorIf(
      completions !== undefined && failed !== undefined && failed > completions,
      invalid(failedField, failed, "must be less than or equal to completions"),
    ),
    ...errorIf(
      (failed ?? 0) > FAILED_INDEXES_MAX,
      invalid(failedField, failed, upTo(FAILED_INDEXES_MAX)),
    ),
    ...(isMany ? manyErrors(field, spec) : []),
  ];
}

function manyErrors(field: string, spec: JobSpec): readonly FieldError[] {
  const { parallelism = 0, maxFailedIndexes: failed } = spec;
  const above = `completions are above ${MANY_COMPLETIONS}`;
  const when = `when ${above} and used with backoff limit per index`;
  const must = `must be specified when completions is above ${MANY_COMPLETIONS}`;
  const upTo = (max: number): string => `must be less than or equal to ${max} ${when}`;
  return [
    ...errorIf(failed === undefined, required(`${field}.maxFailedIndexes`, must)),
    ...errorIf(
      parallelism > MANY_PARALLELISM_MAX,
      invalid(`${field}.parallelism`, parallelism, upTo(MANY_PARALLELISM_MAX)),
    ),
    ...errorIf(
      (failed ?? 0) > MANY_FAILED_INDEXES_MAX,
      invalid(`${field}.maxFailedIndexes`, failed, upTo(MANY_FAILED_INDEXES_MAX)),
    ),
  ];
}

function plainErrors(field: string, spec: JobSpec): readonly FieldError[] {
  const names = ["backoffLimitPerIndex", "maxFailedIndexes"] as const;
  return names
    .filter((name) => spec[name] !== undefined)
    .map((name) => invalid(`${field}.${name}`, spec[name], "requires indexed completion mode"));
}

function successPolicyErrors(field: string, spec: JobSpec): readonly FieldError[] {
  const { successPolicy } = spec;
  if (successPolicy === undefined) return [];
  const { rules } = successPolicy;
  if (!isIndexed(spec)) {
    const printed = goStruct(successPolicy, successPolicyStruct);
    return [invalid(field, printed, "requires indexed completion mode")];
  }
  const path = `${field}.rules`;
  const none = "at least one rules must be specified when the successPolicy is specified";
  return [
    ...errorIf(rules.length === 0, required(path, none)),
    ...errorIf(rules.length > SUCCESS_RULES_MAX, tooMany(path, rules.length, SUCCESS_RULES_MAX)),
    ...rules.flatMap((rule, index) =>
      successRuleErrors(`${path}[${index}]`, rule, spec.completions ?? 0),
    ),
  ];
}

function successRuleErrors(
  path: string,
  rule: SuccessPolicyRule,
  completions: number,
): readonly FieldError[] {
  const { succeededCount: count, succeededIndexes: list } = rule;
  const indexes = parseIndexes(list ?? "", completions);
  const total = indexes.kind === "list" ? countIndexes(indexes.ranges) : 0;
  const listField = `${path}.succeededIndexes`;
  const countField = `${path}.succeededCount`;
  const neither = "at least one of succeededCount or succeededIndexes must be specified";
  const upTo = (max: number, what: string): string =>
    `must be less than or equal to ${max} (the number of ${what})`;
  const ofList = "indexes in the specified succeededIndexes field";
  return [
    ...errorIf(count === undefined && list === undefined, required(path, neither)),
    ...errorIf(
      (list ?? "").length > SUCCEEDED_INDEXES_BYTES_MAX,
      tooLong(listField, SUCCEEDED_INDEXES_BYTES_MAX),
    ),
    ...(indexes.kind === "problem"
      ? [invalid(listField, list, `error parsing succeededIndexes: ${indexes.text}`)]
      : []),
    ...notNegative(countField, count),
    ...errorIf(
      (count ?? 0) > completions,
      invalid(countField, count, upTo(completions, "specified completions")),
    ),
    ...errorIf(
      list !== undefined && (count ?? 0) > total,
      invalid(countField, count, upTo(total, ofList)),
    ),
  ];
}

function replacementErrors(field: string, spec: JobSpec): readonly FieldError[] {
  const { podReplacementPolicy: policy, podFailurePolicy } = spec;
  const known = podFailurePolicy === undefined ? ["Failed", "TerminatingOrFailed"] : ["Failed"];
  return noneOrOneOf(field, policy, known);
}

function restartErrors(field: string, spec: JobSpec): readonly FieldError[] {
  const policy = spec.template.spec.restartPolicy ?? "";
  const known = ["OnFailure", "Never"];
  if (policy === "" || policy === "Always") {
    return [required(field, 'valid values: "OnFailure", "Never"')];
  }
  if (!known.includes(policy)) return [unsupported(field, policy, known)];
  if (spec.podFailurePolicy === undefined || policy === "Never") return [];
  const detail = 'only "Never" is supported when podFailurePolicy is specified';
  return [invalid(field, policy, detail)];
}
