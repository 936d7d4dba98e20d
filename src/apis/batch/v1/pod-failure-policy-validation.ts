/** Rules of jobs for pods that failed, checked in the order in which problems are reported. */
import type { FieldError } from "../../../machinery/status.ts";
import { duplicate, errorIf, invalid, required, tooMany, unsupported } from "../../field-errors.ts";
import { labelNameErrors } from "../../meta/v1/label-validation.ts";
import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
} from "./types.generated.ts";

const RULES_MAX = 20;
const EXIT_CODES_MAX = 255;
const PATTERNS_MAX = 20;
const ACTIONS: readonly string[] = ["Count", "FailIndex", "FailJob", "Ignore"];
const OPERATORS: readonly string[] = ["In", "NotIn"];
const STATES: readonly string[] = ["False", "True", "Unknown"];

/** What is wrong with the policy of a job. */
export function failurePolicyErrors(field: string, spec: JobSpec): readonly FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const { containers, initContainers = [] } = spec.template.spec;
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  return [
    ...errorIf(rules.length > RULES_MAX, tooMany(`${field}.rules`, rules.length, RULES_MAX)),
    ...rules.flatMap((rule, index) => ruleErrors(`${field}.rules[${index}]`, rule, spec, names)),
  ];
}

function ruleErrors(
  path: string,
  rule: PodFailurePolicyRule,
  spec: JobSpec,
  names: ReadonlySet<string>,
): readonly FieldError[] {
  const { onExitCodes, onPodConditions = [] } = rule;
  const isByCode = onExitCodes !== undefined;
  const isByCondition = onPodConditions.length > 0;
  const both = "specifying both OnExitCodes and OnPodConditions is not supported";
  const neither = "specifying one of OnExitCodes and OnPodConditions is required";
  return [
    ...actionErrors(`${path}.action`, rule, spec),
    ...(isByCode ? exitCodeErrors(`${path}.onExitCodes`, onExitCodes, names) : []),
    ...(isByCondition ? conditionErrors(`${path}.onPodConditions`, onPodConditions) : []),
    ...errorIf(isByCode && isByCondition, invalid(path, undefined, both)),
    ...errorIf(!isByCode && !isByCondition, invalid(path, undefined, neither)),
  ];
}

function actionErrors(
  field: string,
  { action }: PodFailurePolicyRule,
  spec: JobSpec,
): readonly FieldError[] {
  if (action === "") return [required(field, validValues(ACTIONS))];
  if (action !== "FailIndex") {
    return errorIf(!ACTIONS.includes(action), unsupported(field, action, ACTIONS));
  }
  const detail = "requires the backoffLimitPerIndex to be set";
  return errorIf(spec.backoffLimitPerIndex === undefined, invalid(field, action, detail));
}

function exitCodeErrors(
  field: string,
  requirement: PodFailurePolicyOnExitCodesRequirement,
  names: ReadonlySet<string>,
): readonly FieldError[] {
  const { operator, containerName, values } = requirement;
  const list = `${field}.values`;
  const isUnordered = values.some((value, index) => (values[index - 1] ?? value) > value);
  const unknown = "must be one of the container or initContainer names in the pod template";
  return [
    ...(operator === ""
      ? [required(`${field}.operator`, validValues(OPERATORS))]
      : errorIf(
          !OPERATORS.includes(operator),
          unsupported(`${field}.operator`, operator, OPERATORS),
        )),
    ...errorIf(
      containerName !== undefined && !names.has(containerName),
      invalid(`${field}.containerName`, containerName, unknown),
    ),
    ...errorIf(values.length === 0, invalid(list, null, "at least one value is required")),
    ...errorIf(values.length > EXIT_CODES_MAX, tooMany(list, values.length, EXIT_CODES_MAX)),
    ...valueErrors(list, values, operator),
    ...errorIf(isUnordered, invalid(list, values, "must be ordered")),
  ];
}

function valueErrors(
  field: string,
  values: readonly number[],
  operator: string,
): readonly FieldError[] {
  const seen = new Set<number>();
  return values.flatMap((value, index) => {
    const path = `${field}[${index}]`;
    const isTaken = seen.has(value);
    seen.add(value);
    const zero = "must not be 0 for the In operator";
    return [
      ...errorIf(operator === "In" && value === 0, invalid(path, value, zero)),
      ...errorIf(isTaken, duplicate(path, value)),
    ];
  });
}

function conditionErrors(
  field: string,
  patterns: readonly PodFailurePolicyOnPodConditionsPattern[],
): readonly FieldError[] {
  return [
    ...errorIf(patterns.length > PATTERNS_MAX, tooMany(field, patterns.length, PATTERNS_MAX)),
    ...patterns.flatMap(({ type, status = "" }, index) => {
      const path = `${field}[${index}]`;
      return [
        ...labelNameErrors(`${path}.type`, type),
        ...(status === ""
          ? [required(`${path}.status`, validValues(STATES))]
          : errorIf(!STATES.includes(status), unsupported(`${path}.status`, status, STATES))),
      ];
    }),
  ];
}

function validValues(values: readonly string[]): string {
  return `valid values: [${values.map((value) => JSON.stringify(value)).join(" ")}]`;
}
