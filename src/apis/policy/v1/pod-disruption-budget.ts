/** Pod disruption budgets: how many pods may be taken away at once. */
import { pathSegmentProblem } from "../../../machinery/names.ts";
import type { FieldError } from "../../../machinery/status.ts";
import { canonicalForm } from "../../canonical-form.ts";
import { errorIf, invalid, noneOrOneOf, notNegative } from "../../field-errors.ts";
import { over100PercentErrors, podCountOrPercentErrors } from "../../int-or-percent.ts";
import { conditionErrors } from "../../meta/v1/condition-validation.ts";
import { labelSelectorErrors } from "../../meta/v1/label-validation.ts";
import { keepStatus, ORDINARY, statusPart } from "../../ordinary.ts";
import type { Strategy } from "../../strategy.ts";
import { AGE_COLUMN, ageOf, column, NAME_COLUMN, nameOf } from "../../table-columns.ts";
import { podDisruptionBudgetSchema } from "./schema.generated.ts";
import type { PodDisruptionBudget, PodDisruptionBudgetSpec } from "./types.generated.ts";

export const podDisruptionBudgetStrategy: Strategy<PodDisruptionBudget> = {
  ...ORDINARY,
  names: {
    group: "policy",
    version: "v1",
    kind: "PodDisruptionBudget",
    plural: "poddisruptionbudgets",
    singular: "poddisruptionbudget",
    shortNames: ["pdb"],
    categories: [],
    isNamespaced: true,
  },
  schema: podDisruptionBudgetSchema,
  nameProblem: pathSegmentProblem,
  hasGeneration: true,
  isUpdatedUnconditionally: false,
  applyDefaults: (budget) => canonicalForm(budget, podDisruptionBudgetSchema),
  prepareForCreate: (budget) => canonicalForm({ ...budget, status: {} }, podDisruptionBudgetSchema),
  prepareForUpdate: keepStatus,
  validate: (budget) => budgetErrors("spec", budget.spec),
  status: statusPart(statusErrors),
  columns: [
    NAME_COLUMN,
    column("Min Available", "Pods that must stay."),
    column("Max Unavailable", "Pods that may be away."),
    column("Allowed Disruptions", "Pods that may be taken away now.", "integer"),
    AGE_COLUMN,
  ],
  row: (budget, nowMs) => [
    nameOf(budget),
    String(budget.spec.minAvailable ?? "N/A"),
    String(budget.spec.maxUnavailable ?? "N/A"),
    budget.status.disruptionsAllowed ?? 0,
    ageOf(budget, nowMs),
  ],
};

function budgetErrors(field: string, spec: PodDisruptionBudgetSpec): readonly FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  const isBoth = minAvailable !== undefined && maxUnavailable !== undefined;
  // Printed as the struct it is upstream, whose fields have capital letters.
  const printed = {
    MinAvailable: minAvailable ?? null,
    Selector: selector ?? null,
    MaxUnavailable: maxUnavailable ?? null,
    UnhealthyPodEvictionPolicy: policy ?? null,
  };
  const both = "minAvailable and maxUnavailable cannot be both set";
  return [
    ...errorIf(isBoth, invalid(field, printed, both)),
    ...(["minAvailable", "maxUnavailable"] as const).flatMap((name) => {
      const count = spec[name];
      if (count === undefined) return [];
      const path = `${field}.${name}`;
      return [...podCountOrPercentErrors(path, count), ...over100PercentErrors(path, count)];
    }),
    ...labelSelectorErrors(`${field}.selector`, selector),
    ...noneOrOneOf(`${field}.unhealthyPodEvictionPolicy`, policy, [
      "AlwaysAllow",
      "IfHealthyBudget",
    ]),
  ];
}

function statusErrors({ status }: PodDisruptionBudget): readonly FieldError[] {
  const counts = [
    "disruptionsAllowed",
    "currentHealthy",
    "desiredHealthy",
    "expectedPods",
  ] as const;
  return [
    ...conditionErrors("status.conditions", status.conditions),
    ...counts.flatMap((name) => notNegative(`status.${name}`, status[name])),
  ];
}
